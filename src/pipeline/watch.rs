//! Is anything moving? `/livez` fails when nothing does although it could, because then only a restart helps.
//! While ClickHouse makes us wait a restart would not help, and nothing is said.

use std::{convert::Infallible, sync::Arc, time::Duration};

use super::progress::Progress;
use crate::health::{Health, HealthCheck};

/// So many looks without any change are a standstill.
const LOOKS: u32 = 20;

#[derive(Debug)]
pub struct Watch {
    pub progress: Arc<Progress>,
    pub health: Health,
    pub stuck_after: Duration,
}

impl Watch {
    /// Looks for as long as it is let.
    pub async fn keep(self) -> Infallible {
        let mut seen = Seen::default();
        loop {
            tokio::time::sleep(self.stuck_after / LOOKS).await;
            let stuck = seen.judge(&self.look());
            let stuck = stuck.map(|what| format!("{what} for {} s", self.stuck_after.as_secs()));
            if stuck != self.health.stuck() {
                match &stuck {
                    Some(reason) => tracing::error!(reason, "stuck; /livez asks for a restart"),
                    None => tracing::info!("moving again"),
                }
                self.health.set_stuck(stuck);
            }
        }
    }

    fn look(&self) -> Look {
        let counts = self.progress.counts();
        Look {
            polls: counts.polls,
            batches: counts.batches,
            has_work: counts.in_hand() > 0,
            waits: self.health.trouble(HealthCheck::ClickHouse).is_some(),
        }
    }
}

#[derive(Clone, Debug)]
struct Look {
    /// None when polling has ended.
    polls: Option<u64>,
    batches: u64,
    has_work: bool,
    /// ClickHouse makes us wait.
    waits: bool,
}

#[derive(Debug, Default)]
struct Seen {
    polls: Standstill,
    batches: Standstill,
}

impl Seen {
    fn judge(&mut self, look: &Look) -> Option<&'static str> {
        let polls = self.polls.looks(look.polls);
        let batches = self.batches.looks((look.has_work && !look.waits).then_some(look.batches));
        if polls >= LOOKS {
            Some("Kafka was not polled")
        } else if batches >= LOOKS {
            Some("ClickHouse answers, messages wait, and none was written")
        } else {
            None
        }
    }
}

/// How often a count was seen unchanged; none is a count that may stand still.
#[derive(Debug, Default)]
struct Standstill {
    last: Option<u64>,
    looks: u32,
}

impl Standstill {
    fn looks(&mut self, count: Option<u64>) -> u32 {
        self.looks = if count.is_some() && count == self.last { self.looks + 1 } else { 0 };
        self.last = count;
        self.looks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: Look = Look { polls: Some(1), batches: 7, has_work: true, waits: false };

    /// The verdict after so many looks at things, polls going on.
    fn after(looks: u32, look: &Look) -> Option<&'static str> {
        let mut seen = Seen::default();
        (0..looks).map(|n| seen.judge(&Look { polls: Some(n.into()), ..look.clone() })).last().flatten()
    }

    #[test]
    fn a_writer_that_has_work_and_writes_nothing_is_stuck_in_the_end() {
        assert_eq!(after(LOOKS, &BUSY), None);
        assert!(after(LOOKS + 1, &BUSY).is_some());
    }

    #[test]
    fn without_work_or_while_clickhouse_makes_us_wait_nothing_is_stuck() {
        assert_eq!(after(9 * LOOKS, &Look { has_work: false, ..BUSY }), None);
        assert_eq!(after(9 * LOOKS, &Look { waits: true, ..BUSY }), None);
    }

    #[test]
    fn the_time_that_clickhouse_made_us_wait_does_not_count() {
        let mut seen = Seen::default();
        for n in 0..3 * u64::from(LOOKS) {
            let look = Look { polls: Some(n), waits: n % u64::from(LOOKS) == 0, ..BUSY };
            assert_eq!(seen.judge(&look), None, "{n}");
        }
    }

    #[test]
    fn a_poll_thread_that_stands_still_is_stuck_until_it_polls_again_or_ends() {
        let mut seen = Seen::default();
        let idle = Look { has_work: false, ..BUSY };
        assert!((0..=LOOKS).map(|_| seen.judge(&idle)).last().flatten().is_some());
        assert_eq!(seen.judge(&Look { polls: Some(2), ..idle.clone() }), None);
        for _ in 0..9 * LOOKS {
            assert_eq!(seen.judge(&Look { polls: None, ..idle.clone() }), None);
        }
    }

    #[tokio::test]
    async fn the_verdict_is_shown_in_time_and_taken_back() {
        let (progress, health) = (Arc::<Progress>::default(), Health::default());
        let stuck_after = Duration::from_millis(100);
        let watch = Watch { progress: Arc::clone(&progress), health: health.clone(), stuck_after };
        let task = tokio::spawn(watch.keep());
        let shown = async |wanted: bool| {
            while health.stuck().is_some() != wanted {
                tokio::time::sleep(stuck_after / 10).await;
            }
        };
        shown(true).await;
        assert!(health.stuck().unwrap().contains("Kafka was not polled"));
        progress.polling_is_over();
        shown(false).await;
        task.abort();
    }
}
