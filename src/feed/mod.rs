//! What brings events in: the contract on the wire, decoding and checking, privacy at the door, Kafka, files.
//! The only module that names rdkafka. It knows nothing of where events are stored.

mod at_end;
mod committer;
pub mod consumer;
pub mod contract;
pub mod decode;
pub mod door;
mod explain;
pub mod import;
pub mod inquiry;
pub mod privacy;
pub mod producer;
mod rebalance;
pub mod rejection;
mod taken;
pub mod topics;
