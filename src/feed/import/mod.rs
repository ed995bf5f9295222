//! Files: any table of cases, as text or workbook (or given row by row: `given.rs`), becomes events of the contract, by a mapping that says which column means what.
//! The same file and mapping always give the same events under the same ids, so importing again doubles nothing.

mod archive;
mod clock;
mod encoding;
mod fault;
mod given;
mod importer;
mod in_chinese;
mod lines;
mod mapping;
mod not_text;
mod one;
mod profile;
mod propose;
mod question;
mod read_error;
mod record;
mod records;
mod rejects;
mod row_events;
mod sending;
mod serial;
mod shape;
mod source;
mod split;
mod summary;
mod table;
mod taking;
#[cfg(test)]
mod tests;
mod workbook;

pub use fault::{Fault, RowProblem};
pub use given::{GivenCell, GivenRows};
pub use importer::{ImportError, ImportProgress, Importer};
pub use in_chinese::ImportUnread;
pub use mapping::{Mapping, MappingError, Streams};
pub use one::RowMapping;
pub use propose::*;
pub use question::{ImportQuestion, is_the_mapping_at_fault};
pub use rejects::RejectsIn;
pub use sending::ImportSending;
pub use summary::{ColumnTally, EventTally, PassedOver, Summary, Values};
pub use taking::Outgoing;
