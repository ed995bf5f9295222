//! What brings events in: the contract on the wire, decoding and checking, privacy at the door, Kafka, files.
//! The only module that names rdkafka. It knows nothing of where events are stored.

pub mod asyncapi;
mod at_end;
pub mod checkup;
pub mod cluster;
mod committer;
pub mod consumer;
pub mod contract;
pub mod decode;
mod describe;
pub mod door;
mod explain;
pub mod fit;
mod headers;
pub mod import;
pub mod inlet;
mod inquiry;
pub mod kafka_error;
mod nearest;
pub mod observer;
pub mod ours;
pub mod own_feed;
mod packed;
pub mod passage;
pub mod pause;
pub mod privacy;
pub mod probe;
pub mod producer;
pub mod ranges;
mod rebalance;
pub mod rejected;
pub mod rejection;
mod seen;
mod taken;
pub mod topics;
mod trouble;
pub mod unharmed;
