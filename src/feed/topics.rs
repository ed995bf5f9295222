//! Creates topics that are missing, and says clearly which are.

use std::time::Duration;

use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    error::{KafkaError, RDKafkaErrorCode},
};

#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    #[error("cannot reach Kafka at {brokers}. Is it running, and is kafka.brokers right?")]
    Unreachable { brokers: String, source: KafkaError },
    #[error("cannot create topic {topic}: {code}")]
    NotCreated { topic: String, code: RDKafkaErrorCode },
}

const PATIENCE: Duration = Duration::from_secs(10);

/// Creates the topics that do not exist yet. `replication` -1 leaves the factor to the brokers.
pub async fn ensure(brokers: &str, topics: &[&str], partitions: i32, replication: i32) -> Result<(), TopicError> {
    let unreachable = |source| TopicError::Unreachable { brokers: brokers.to_owned(), source };
    let admin = admin(brokers).map_err(unreachable)?;
    let wanted: Vec<NewTopic<'_>> =
        topics.iter().map(|topic| NewTopic::new(topic, partitions, TopicReplication::Fixed(replication))).collect();
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    for result in admin.create_topics(&wanted, &options).await.map_err(unreachable)? {
        match result {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => return Err(TopicError::NotCreated { topic, code }),
        }
    }
    Ok(())
}

/// Deletes topics; those that do not exist are no error.
pub async fn delete(brokers: &str, topics: &[&str]) -> Result<(), TopicError> {
    let unreachable = |source| TopicError::Unreachable { brokers: brokers.to_owned(), source };
    let admin = admin(brokers).map_err(unreachable)?;
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    admin.delete_topics(topics, &options).await.map_err(unreachable)?;
    Ok(())
}

fn admin(brokers: &str) -> Result<AdminClient<DefaultClientContext>, KafkaError> {
    ClientConfig::new().set("bootstrap.servers", brokers).create()
}
