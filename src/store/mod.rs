//! ClickHouse: the ledger, the cases, the quarantine, and the queries over them.
//! The only module that names a table or a column. It knows nothing of Kafka.

pub mod alerts;
pub mod arrow;
pub mod behind;
pub mod case_attributes;
pub mod case_row;
pub mod cases;
pub mod client;
mod connector;
pub mod error;
pub mod error_table;
pub mod gaps;
mod insert;
pub mod kpi;
pub mod ledger;
pub mod ledger_read;
pub mod ledger_stream;
mod line;
mod literal;
pub mod mark;
pub mod migrate;
pub mod native;
pub mod published;
pub mod quarantine;
pub mod query;
pub mod rebuilds;
pub mod relation;
pub mod report;
mod resting;
pub mod running;
pub mod scratch;
pub mod server;
pub mod survey;
pub mod sweep;
pub mod tally;
pub mod topics;
pub mod verify;
pub mod views;
pub mod whatif;

pub use client::Store;
pub use error::StoreError;
