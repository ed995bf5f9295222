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
}

impl HealthCheck {
    const ALL: [Self; 5] = [Self::Kafka, Self::Assignment, Self::Partitions, Self::ClickHouse, Self::Schema];

    fn name(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::Assignment => "kafka_assignment",
            Self::Partitions => "partitions",
            Self::ClickHouse => "clickhouse",
            Self::Schema => "schema",
        }
    }
}

/// One shared view; clones see the same.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    outcomes: [Option<Result<String, String>>; HealthCheck::ALL.len()],
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

impl Health {
    /// Cheap when nothing changed, so it may be called for every batch.
    pub fn set(&self, check: HealthCheck, outcome: Result<&str, &str>) {
        let mut seen = self.seen();
        let slot = &mut seen.outcomes[check as usize];
        if slot.as_ref().map(as_text) != Some(outcome) {
            *slot = Some(outcome.map(str::to_owned).map_err(str::to_owned));
        }
    }

    /// What is wrong with it, as far as was seen; none before the first look.
    pub fn trouble(&self, check: HealthCheck) -> Option<String> {
        self.seen().outcomes[check as usize].as_ref().and_then(|outcome| outcome.as_ref().err().cloned())
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
        let report = |check: HealthCheck| {
            let (ok, detail) = match &seen.outcomes[check as usize] {
                Some(Ok(detail)) => (true, detail.as_str()),
                Some(Err(detail)) => (false, detail.as_str()),
                None => (false, "not checked yet"),
            };
            CheckReport { name: check.name().to_owned(), ok, detail: detail.to_owned() }
        };
        let checks: Vec<_> = HealthCheck::ALL.into_iter().map(report).collect();
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
        for check in HealthCheck::ALL {
            assert!(!health.readiness().ready);
            assert_eq!(health.readiness().checks[check as usize].detail, "not checked yet");
            health.set(check, Ok("fine"));
        }
        assert!(health.readiness().ready);
    }

    #[test]
    fn it_is_ready_when_every_check_is_and_no_longer_when_one_fails() {
        let health = Health::default();
        for check in HealthCheck::ALL {
            health.set(check, Ok("fine"));
        }
        assert!(health.readiness().ready);
        health.clone().set(HealthCheck::Schema, Err("at 2, this program needs 3"));
        let readiness = health.readiness();
        assert!(!readiness.ready);
        assert_eq!(readiness.checks[HealthCheck::Schema as usize].detail, "at 2, this program needs 3");
    }
}
