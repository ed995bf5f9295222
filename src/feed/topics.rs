//! Creates topics that are missing, and says clearly which are.

use std::time::Duration;

use rdkafka::{
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    error::{KafkaError, RDKafkaErrorCode},
};

use super::{cluster::Cluster, inquiry};

/// Why topics could not be made, deleted or looked at.
#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    /// No broker answers: wait, or mend the connection that `why` tells of.
    #[error("cannot reach Kafka at {brokers}: {why}")]
    Unreachable {
        /// `kafka.brokers`.
        brokers: String,
        /// What the connection met, in words for a person.
        why: String,
        /// What the client gave back, mostly a mere time-out.
        source: Box<KafkaError>,
    },
    /// The client refuses the settings of the connection: mend `kafka.*`.
    #[error("cannot set up a Kafka client")]
    Setup(#[source] KafkaError),
    /// The brokers refuse it: mostly the account may not create topics.
    #[error("cannot create topic {topic}: {code}")]
    NotCreated {
        /// Its name.
        topic: String,
        /// The brokers' reason.
        code: RDKafkaErrorCode,
    },
}

impl TopicError {
    /// The client said what it knows.
    pub(super) fn silent(brokers: &str, source: KafkaError) -> Self {
        Self::Unreachable { brokers: brokers.to_owned(), why: source.to_string(), source: Box::new(source) }
    }
}

const PATIENCE: Duration = Duration::from_secs(10);

/// Creates the topics that do not exist yet. `replication` -1 leaves the factor to the brokers.
pub async fn ensure(cluster: &Cluster, topics: &[&str], partitions: i32, replication: i32) -> Result<(), TopicError> {
    let admin = admin(cluster)?;
    let wanted: Vec<NewTopic<'_>> =
        topics.iter().map(|topic| NewTopic::new(topic, partitions, TopicReplication::Fixed(replication))).collect();
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    let created = match admin.create_topics(&wanted, &options).await {
        Ok(created) => created,
        Err(source) => return Err(unreachable(cluster, source).await),
    };
    for result in created {
        match result {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => return Err(TopicError::NotCreated { topic, code }),
        }
    }
    Ok(())
}

/// Deletes topics; those that do not exist are no error.
pub async fn delete(cluster: &Cluster, topics: &[&str]) -> Result<(), TopicError> {
    let admin = admin(cluster)?;
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
    match admin.delete_topics(topics, &options).await {
        Ok(_) => Ok(()),
        Err(source) => Err(unreachable(cluster, source).await),
    }
}

fn admin(cluster: &Cluster) -> Result<AdminClient<DefaultClientContext>, TopicError> {
    cluster.client().create().map_err(TopicError::Setup)
}

/// An administrator's client hears of no errors but its own time-out, so that another one is asked why.
async fn unreachable(cluster: &Cluster, source: KafkaError) -> TopicError {
    let asked = cluster.clone();
    let why = tokio::task::spawn_blocking(move || inquiry::why(&asked)).await.ok().flatten();
    let why = why.unwrap_or_else(|| "it does not answer. Is it running, and is kafka.brokers right?".to_owned());
    TopicError::Unreachable { brokers: cluster.brokers.clone(), why, source: Box::new(source) }
}
