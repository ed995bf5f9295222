//! The loop: receive, decode, batch, ledger, fold, cases, commit. It holds the only clock, and the one hard rule:
//! no offset is committed before its rows are acknowledged.
//!
//! ```text
//! poll thread            bounded channel (1)          writer task
//! receive ─ decode ─ batch ────────────────▶ ledger ─ look up ─ fold ─┬─ next batch …
//!                                                                      └─ cases ─ commit
//! ```

pub mod ahead;
pub mod batch;
mod begun;
pub mod cache;
pub mod clock;
mod closing;
pub mod generation;
pub mod handover;
mod lighten;
pub mod quarantine;
pub mod rebuild;
pub mod receive;
pub mod refold;
pub mod renewal;
pub mod retry;
pub mod run;
pub mod scratch;
pub mod sweep;
mod touched;
pub mod unharmed;
pub mod watch;
pub mod writer;

pub use run::{Parts, RunError, run};
