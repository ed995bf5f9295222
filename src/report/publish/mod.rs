//! Publishing: the figures of a report are frozen together with the verdict of every case behind them, hashed and chained, so
//! that a later change of either is seen. docs/decisions/0009 says why it is safe to do twice at once, and to be killed.
//!
//! - `snapshot`: the cases of one instant
//! - `recount`: figures from verdicts
//! - `digest`: what is hashed, byte for byte
//! - `chain`: which heads are editions
//! - `publishing`: the order of the writes
//! - `verifying`, `problem`: is everything as it was published?
//! - `value`, `text`, `json`: what people and programs read

mod chain;
pub(crate) mod digest;
pub(crate) mod json;
pub(crate) mod problem;
pub(crate) mod publishing;
pub(crate) mod recount;
pub(crate) mod snapshot;
pub(crate) mod text;
pub(crate) mod value;
pub(crate) mod verifying;

pub use self::{chain::Chain, publishing::close};
pub(crate) use self::{
    publishing::{PublishError, PublishOrder, filed, publish},
    verifying::{Verified, Wanted, checked, verify},
};
