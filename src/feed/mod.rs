//! What brings events in: the contract on the wire, decoding and checking, privacy at the door, Kafka, files.
//! The only module that names rdkafka. It knows nothing of where events are stored.

#![warn(missing_docs)]

pub(crate) mod alerts;
pub(crate) mod asyncapi;
mod at_end;
pub(crate) mod checkup;
pub mod cluster;
mod commits;
mod committer;
pub(crate) mod connection;
pub(crate) mod consumer;
pub mod contract;
pub(crate) mod debezium;
pub mod decode;
mod describe;
pub mod door;
mod explain;
pub(crate) mod fit;
mod headers;
pub(crate) mod import;
pub(crate) mod inlet;
mod inquiry;
pub mod kafka_error;
pub mod observer;
pub(crate) mod ours;
pub(crate) mod own_feed;
mod packed;
pub mod partition;
pub(crate) mod passage;
pub(crate) mod pause;
pub mod privacy;
pub(crate) mod probe;
pub mod producer;
pub(crate) mod ranges;
mod rebalance;
pub(crate) mod rejected;
pub mod rejection;
mod seen;
mod taken;
pub mod topics;
mod trouble;
pub(crate) mod unharmed;
