//! Alerts (docs/alerts.md): the cases that may have something to tell, what was sent, and how far the sender has come.

mod candidates;
mod sent;

pub use self::{
    candidates::{AlertChoice, page, quarantined, taken_in},
    sent::{AlertReached, AlertRow, AlertSelection, insert, known, listed, note_reached, positions, reached},
};
