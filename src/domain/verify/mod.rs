//! Is everything there, once, and folded? What a verification compares, and what it may find, without any server:
//! ranges of offsets in, findings out.

mod finding;
mod partition;
mod range;
mod verdict;

pub use finding::{Finding, Kind};
pub use partition::{Known, Log, sort};
pub use range::{Range, count, joined};
pub use verdict::{Looked, Note, Verdict};
