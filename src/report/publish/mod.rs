//! Publishing: the figures of a report are frozen together with the verdict of every case behind them, hashed and chained, so
//! that a later change of either is seen. docs/decisions/0009 says why it is safe to do twice at once, and to be killed.
//!
//! - [`snapshot`]: the cases of one instant
//! - [`recount`]: figures from verdicts
//! - [`digest`]: what is hashed, byte for byte
//! - [`chain`]: which heads are editions
//! - [`publishing`]: the order of the writes
//! - [`verifying`], [`problem`]: is everything as it was published?
//! - [`value`], [`text`], [`json`]: what people and programs read

pub mod chain;
pub mod digest;
pub mod json;
pub mod problem;
pub mod publishing;
pub mod recount;
pub mod snapshot;
pub mod text;
pub mod value;
pub mod verifying;

pub use self::{
    chain::Chain,
    publishing::{PublishError, PublishOrder, Published, close, filed, publish},
    verifying::{Verified, Wanted, checked, verify},
};
