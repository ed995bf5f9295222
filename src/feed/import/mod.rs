//! Files: any CSV of cases becomes events of the contract, by a mapping that says which column means what.
//! The same file and mapping always give the same events under the same ids, so importing again doubles nothing.

mod clock;
mod encoding;
mod fault;
mod importer;
mod input;
mod mapping;
mod records;
mod rejects;
mod row_events;
mod seen;
mod summary;
#[cfg(test)]
mod tests;

pub use fault::{Fault, RowProblem};
pub use importer::{ImportError, Importer, Outgoing, Progress};
pub use mapping::{Mapping, MappingError, Streams};
pub use summary::{EventTally, Reason, Summary};
