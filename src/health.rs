//! How the process is doing, as far as it knows: written by the pipeline, shown by `http`.
//!
//! It holds what was last seen and judges nothing; it never asks Kafka or ClickHouse itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What must be right before the service takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthCheck {
    /// The brokers answer for every topic and partition.
    Kafka,
    /// The group has given us partitions (none is an answer too), and it is known where to go on with each.
    Assignment,
    /// Every partition that has messages gives them.
    Partitions,
    /// ClickHouse answers.
    ClickHouse,
    /// The tables are at the version this program writes.
    Schema,
    /// Somebody else's database answers.
    Database,
    /// What has to be kept can be written.
    Disk,
}

impl HealthCheck {
    const OF_THE_SERVICE: [Self; 5] = [Self::Kafka, Self::Assignment, Self::Partitions, Self::ClickHouse, Self::Schema];

    /// As `/readyz` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::Assignment => "kafka_assignment",
            Self::Partitions => "partitions",
            Self::ClickHouse => "clickhouse",
            Self::Schema => "schema",
            Self::Database => "database",
            Self::Disk => "disk",
        }
    }
}

/// One shared view; clones see the same.
#[derive(Debug, Clone)]
pub struct Health(Arc<Mutex<Seen>>);

#[derive(Debug)]
struct Seen {
    /// None: not checked yet.
    outcomes: Vec<(HealthCheck, Option<Result<String, String>>)>,
    stuck: Option<String>,
}

/// The body of `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Readiness {
    pub ready: bool,
    pub checks: Vec<CheckReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct CheckReport {
    pub name: String,
    pub ok: bool,
    pub detail: String,
}

impl Default for Health {
    fn default() -> Self {
        Self::of(&HealthCheck::OF_THE_SERVICE)
    }
}

impl Health {
    /// Of a process that is ready when these are right.
    pub fn of(checks: &[HealthCheck]) -> Self {
        let outcomes = checks.iter().map(|check| (*check, None)).collect();
        Self(Arc::new(Mutex::new(Seen { outcomes, stuck: None })))
    }

    /// Cheap when nothing changed, so it may be called for every batch. What the process does not need is not kept.
    pub fn set(&self, check: HealthCheck, outcome: Result<&str, &str>) {
        let mut seen = self.seen();
        let Some((_, slot)) = seen.outcomes.iter_mut().find(|(known, _)| *known == check) else { return };
        if slot.as_ref().map(as_text) != Some(outcome) {
            *slot = Some(outcome.map(str::to_owned).map_err(str::to_owned));
        }
    }

    /// What is wrong with it, as far as was seen; none before the first look.
    pub fn trouble(&self, check: HealthCheck) -> Option<String> {
        let seen = self.seen();
        let (_, outcome) = seen.outcomes.iter().find(|(known, _)| *known == check)?;
        outcome.as_ref()?.as_ref().err().cloned()
    }

    /// There is work and nothing moves: says since when, or that it moves again. While the
    /// environment makes us wait we are not stuck, and a restart would not help.
    pub fn set_stuck(&self, since: Option<String>) {
        self.seen().stuck = since;
    }

    pub fn stuck(&self) -> Option<String> {
        self.seen().stuck.clone()
    }

    pub fn readiness(&self) -> Readiness {
        let seen = self.seen();
        let report = |(check, outcome): &(HealthCheck, Option<Result<String, String>>)| {
            let (ok, detail) = match outcome {
                Some(Ok(detail)) => (true, detail.as_str()),
                Some(Err(detail)) => (false, detail.as_str()),
                None => (false, "not checked yet"),
            };
            CheckReport { name: check.name().to_owned(), ok, detail: detail.to_owned() }
        };
        let checks: Vec<_> = seen.outcomes.iter().map(report).collect();
        Readiness { ready: checks.iter().all(|check| check.ok), checks }
    }

    /// A panic elsewhere does not make what was seen wrong.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn as_text(outcome: &Result<String, String>) -> Result<&str, &str> {
    outcome.as_deref().map_err(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_checked_is_not_ready() {
        let health = Health::default();
        for check in HealthCheck::OF_THE_SERVICE {
            assert!(!health.readiness().ready);
            assert_eq!(health.readiness().checks[check as usize].detail, "not checked yet");
            health.set(check, Ok("fine"));
        }
        assert!(health.readiness().ready);
    }

    #[test]
    fn it_is_ready_when_every_check_is_and_no_longer_when_one_fails() {
        let health = Health::default();
        for check in HealthCheck::OF_THE_SERVICE {
            health.set(check, Ok("fine"));
        }
        assert!(health.readiness().ready);
        health.clone().set(HealthCheck::Schema, Err("at 2, this program needs 3"));
        let readiness = health.readiness();
        assert!(!readiness.ready);
        assert_eq!(readiness.checks[HealthCheck::Schema as usize].detail, "at 2, this program needs 3");
    }

    #[test]
    fn a_process_is_asked_for_what_it_needs_and_for_nothing_else() {
        let health = Health::of(&[HealthCheck::Kafka, HealthCheck::Database]);
        health.set(HealthCheck::ClickHouse, Err("away"));
        health.set(HealthCheck::Kafka, Ok("answers"));
        assert!(!health.readiness().ready);
        health.set(HealthCheck::Database, Ok("answers"));
        let names: Vec<String> = health.readiness().checks.into_iter().map(|check| check.name).collect();
        assert!(health.readiness().ready && names == ["kafka", "database"], "{names:?}");
        assert_eq!(health.trouble(HealthCheck::ClickHouse), None);
    }
}
