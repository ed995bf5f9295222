//! ClickHouse: the ledger, the cases, the quarantine, and the queries over them.
//! The only module that names a table or a column. It knows nothing of Kafka.

#![warn(missing_docs)]

pub(crate) mod alerts;
pub mod answer;
pub(crate) mod arrow;
pub(crate) mod behind;
pub(crate) mod case_attributes;
pub mod case_row;
pub mod cases;
pub mod client;
mod connector;
pub mod error;
pub mod error_table;
pub(crate) mod gaps;
mod insert;
pub mod kpi;
mod largest;
mod latest;
pub mod ledger;
pub mod ledger_read;
pub mod ledger_stream;
mod line;
mod literal;
pub(crate) mod mark;
pub mod migrate;
pub(crate) mod migration_step;
pub mod migrations;
pub(crate) mod native;
pub mod published;
pub mod quarantine;
pub mod query;
pub mod rebuilds;
mod relation;
pub(crate) mod report;
mod resting;
pub(crate) mod running;
pub(crate) mod scratch;
pub(crate) mod server;
pub(crate) mod survey;
pub(crate) mod sweep;
pub(crate) mod tally;
pub(crate) mod topics;
pub(crate) mod verify;
pub mod views;
pub(crate) mod whatif;

pub use client::Store;
pub use error::StoreError;
