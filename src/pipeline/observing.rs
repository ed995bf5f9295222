//! Looks at Kafka every few seconds from outside the consumer: says whether the brokers answer, shows each partition's lag, and
//! leaves what was seen for the poll thread.

use std::{
    convert::Infallible,
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::tending::Latest;
use crate::{
    feed::observer::{Observation, Observer},
    health::{Health, HealthCheck},
    metrics,
};

#[derive(Debug)]
pub struct Observing {
    pub observer: Arc<Observer>,
    pub latest: Latest,
    pub health: Health,
}

/// With the patience of a look, an outage is seen within a dozen seconds.
const EVERY: Duration = Duration::from_secs(4);

impl Observing {
    /// For as long as it is let.
    pub async fn keep(self) -> Infallible {
        loop {
            let observer = Arc::clone(&self.observer);
            let looked = tokio::task::spawn_blocking(move || observer.look()).await;
            let trouble = match looked {
                Ok(Ok(seen)) => {
                    for (partition, extent) in &seen.extents {
                        metrics::consumer_lag(&partition.topic, partition.partition, extent.lag());
                    }
                    let trouble = trouble_in(&seen);
                    let count = seen.extents.len();
                    *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), seen));
                    trouble.ok_or(count)
                }
                Ok(Err(error)) => Ok(self.observer.last_trouble().unwrap_or_else(|| error.to_string())),
                Err(broken) => Ok(broken.to_string()),
            };
            self.say(trouble);
            metrics::ready(self.health.readiness().ready);
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Each change once.
    fn say(&self, trouble: Result<String, usize>) {
        let before = self.health.trouble(HealthCheck::Kafka);
        match trouble {
            Ok(trouble) => {
                if before.is_none() {
                    tracing::error!(trouble, "kafka does not answer as it should; nothing is lost, waiting");
                }
                self.health.set(HealthCheck::Kafka, Err(&trouble));
            }
            Err(partitions) => {
                if before.is_some() {
                    tracing::info!("kafka answers again");
                }
                self.health.set(HealthCheck::Kafka, Ok(&format!("{partitions} partitions answer")));
            }
        }
    }
}

/// What an answer says that is not as it should be.
fn trouble_in(seen: &Observation) -> Option<String> {
    if let Some(topic) = seen.gone.first() {
        return Some(format!("topic {topic} is not there: create it, or take its stream out of the configuration"));
    }
    let (partition, why) = seen.unanswered.first_key_value()?;
    let others = match seen.unanswered.len() - 1 {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    Some(format!("{}[{}]: {why}{others}", partition.topic, partition.partition))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::partition::Partition;

    #[test]
    fn a_topic_that_is_gone_and_a_partition_without_a_leader_are_trouble() {
        let mut seen = Observation::default();
        assert_eq!(trouble_in(&seen), None);
        for number in 0..2 {
            seen.unanswered.insert(Partition { topic: "t".into(), partition: number }, "no broker leads it".into());
        }
        assert_eq!(trouble_in(&seen).unwrap(), "t[0]: no broker leads it (and 1 more)");
        seen.gone.push("u".into());
        assert!(trouble_in(&seen).unwrap().contains("topic u is not there"));
    }
}
