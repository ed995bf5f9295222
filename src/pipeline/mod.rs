//! The loop: receive, decode, batch, ledger, fold, cases, commit. It holds the only clock, and the one hard rule:
//! no offset is committed before its rows are acknowledged.
//!
//! ```text
//! poll thread            bounded channel (1)          writer task
//! receive ─ decode ─ batch ────────────────▶ ledger ─ look up ─ fold ─┬─ next batch …
//!                                                                      └─ cases ─ commit
//! ```

pub mod ahead;
pub mod alerts;
pub mod batch;
mod begun;
pub mod cache;
pub mod checks;
pub mod clock;
mod closing;
mod counting;
mod flow;
mod folding;
pub mod generation;
pub mod handover;
mod lighten;
mod lookup;
mod movement;
pub mod notes;
pub mod observing;
pub mod part;
mod partitions;
pub mod placer;
pub mod placing;
mod probe;
pub mod progress;
pub mod quarantine;
pub mod rebuild;
pub mod receive;
pub mod refold;
pub mod renewal;
pub mod retry;
pub mod run;
pub mod scratch;
pub mod survey;
mod tending;
mod touched;
pub mod trouble;
pub mod verify;
pub mod watch;
pub mod writer;

pub use run::{RunError, RunParts, run};
pub use tending::{Latest, ReceiveError};
