//! File descriptors: what the system lets this process have, and how many of them the http port may take.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The port gets one part of so many; Kafka, ClickHouse and files keep the rest.
const PARTS: u64 = 4;
/// Enough to ask how the process is, however few there are.
const LEAST: usize = 4;

/// None: without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptors {
    pub soft: Option<u64>,
    pub hard: Option<u64>,
}

pub fn now() -> Descriptors {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    Descriptors { soft: current, hard: maximum }
}

/// Raises the soft limit to the hard one, which any process may do. What is in force afterwards.
pub fn raised() -> Descriptors {
    let before = now();
    let wanted = Rlimit { current: before.hard, maximum: before.hard };
    if before.soft != before.hard
        && let Err(error) = setrlimit(Resource::Nofile, wanted)
    {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    now()
}

/// `http.connections_max`, as far as descriptors allow.
pub fn connections(wanted: usize, soft: Option<u64>) -> usize {
    let share = soft.map_or(usize::MAX, |soft| usize::try_from(soft / PARTS).unwrap_or(usize::MAX));
    wanted.min(share.max(LEAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_quarters_of_the_descriptors_are_kept_for_kafka_and_clickhouse() {
        for (wanted, soft, allowed) in [
            (128, Some(1_024), 128),
            (1_000, Some(1_024), 256),
            (128, Some(256), 64),
            (128, Some(8), 4),
            (1_000, None, 1_000),
        ] {
            assert_eq!(connections(wanted, soft), allowed, "{wanted} of {soft:?}");
        }
    }
}
