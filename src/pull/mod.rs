//! Databases of others: what a task asks of them, their rows one by one, and how far they were read.
//! It knows nothing of Kafka and of ClickHouse; what becomes of a row is said by `feed::import`.

mod cell;
mod connection;
mod error;
mod growth;
mod kept;
mod refused;
mod statement;
mod table;
mod task;

pub use connection::PullConnection;
pub use error::PullError;
pub use growth::{GrowingKind, Growth, ticks};
pub use kept::{KeptError, KeptRows, PullCounts, PullFolder, RowHash};
pub use refused::{RefusedRow, RefusedRows};
pub use statement::{PullFrom, PullRange};
pub use table::{PulledRow, PulledTable, TableError};
pub use task::{DatabaseKind, PullTask, TaskError};
