//! ClickHouse: the ledger, the cases, the quarantine, and the queries over them.
//! The only module that names a table or a column. It knows nothing of Kafka.

pub mod case_attributes;
pub mod case_row;
pub mod cases;
pub mod client;
mod connector;
pub mod error;
pub mod gaps;
pub mod kpi;
pub mod ledger;
pub mod ledger_read;
pub mod ledger_stream;
pub mod migrate;
pub mod native;
pub mod published;
pub mod quarantine;
pub mod rebuilds;
pub mod report;
pub mod scratch;
pub mod sweep;
pub mod tally;
pub mod topics;
pub mod whatif;

pub use client::Store;
pub use error::StoreError;
