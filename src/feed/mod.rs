//! What brings events in: the contract on the wire, decoding and checking, privacy at the door, Kafka, files.
//! The only module that names rdkafka. It knows nothing of where events are stored.

pub mod contract;
pub mod producer;
pub mod topics;
