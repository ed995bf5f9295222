//! The way of an import's events to Kafka: counted, and at the end acknowledged.

use std::time::Duration;

use super::taking::Outgoing;
use crate::feed::{
    cluster::Cluster,
    producer::{ProduceError, Producer, Wrapping},
};

/// How long the brokers may take to acknowledge the last messages.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct ImportSending {
    producer: Producer,
    topic: String,
    sent: u64,
}

impl ImportSending {
    pub fn to(cluster: &Cluster, topic: &str) -> Result<Self, ProduceError> {
        Ok(Self { producer: Producer::new(cluster)?, topic: topic.to_owned(), sent: 0 })
    }

    pub fn send(&mut self, event: Outgoing<'_>) -> Result<(), ProduceError> {
        self.producer.send(&self.topic, event.case_id, event.payload, Wrapping::Structured)?;
        self.sent += 1;
        Ok(())
    }

    /// Handed over, acknowledged or not.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many were acknowledged: all of them.
    pub fn finish(self) -> Result<u64, ProduceError> {
        self.producer.finish(PATIENCE)
    }
}
