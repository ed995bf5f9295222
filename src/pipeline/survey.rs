//! What is shown of the state of things beside the counters: is it working time, until when do the policy and the calendar
//! last, when was each source heard, what waits in quarantine, when was everything last verified.
//!
//! It has a connection to ClickHouse of its own, asks seldom and gives up soon: the writer never waits for it.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock;
use crate::{
    domain::{calendar::civil::DAY, rules::Limits},
    metrics,
    store::{
        Store, StoreError,
        survey::{self as query, WaitingMessages},
    },
};

/// How far the flag of the working hours may lag behind the clock.
const TICK: Duration = Duration::from_secs(10);
/// ClickHouse is asked this often, or as much more seldom as an answer takes more than a twentieth of the time.
const ASK_EVERY: Duration = Duration::from_secs(60);
const REST: u32 = 20;
const DEADLINE: Duration = Duration::from_secs(10);
/// A source that was not heard for so long is no longer awaited. Also how long the end of a rule is shown once it has come.
const REMEMBERED: i64 = 30 * DAY;

#[derive(Debug)]
pub struct Survey {
    pub store: Store,
    pub streams: Vec<String>,
    pub limits: Arc<Limits>,
}

impl Survey {
    /// Everything that needs no server, so that it is there from the first second.
    pub fn show(&self) {
        let (now, limits) = (clock::now(), &self.limits);
        metrics::judged_by(&limits.policy_version, &limits.calendar_version);
        metrics::calendar_ends(limits.calendar.ends_at().0);
        metrics::policy_ends(limits.policy.next_end(now.plus(-REMEMBERED)).map(|at| at.0));
        metrics::is_working_time(limits.calendar.working().is_working(now));
    }

    pub async fn keep(self, stop: CancellationToken) {
        let _ = stop.run_until_cancelled(self.go_on()).await;
    }

    async fn go_on(self) {
        let mut asking = Asking { waited: self.streams.iter().cloned().collect(), has_heard: false };
        let mut fails = false;
        let mut next_ask = Instant::now();
        loop {
            self.show();
            if Instant::now() >= next_ask {
                let started = Instant::now();
                let answer = self.ask(&mut asking).await;
                next_ask = Instant::now() + ASK_EVERY.max(started.elapsed() * REST);
                match &answer {
                    Err(reason) if !fails => {
                        tracing::warn!(reason, "cannot ask what waits in quarantine; its metrics keep the last answer");
                    }
                    Ok(()) if fails => tracing::info!("what waits in quarantine is known again"),
                    _ => {}
                }
                fails = answer.is_err();
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// What was heard before the start is asked until it is answered, and then no more: from there on every batch tells.
    async fn ask(&self, asking: &mut Asking) -> Result<(), String> {
        asking.show(&in_time(DEADLINE, query::waiting(&self.store, DEADLINE)).await?);
        metrics::verified(in_time(DEADLINE, query::verified(&self.store, DEADLINE)).await?);
        if !asking.has_heard {
            let since = clock::now().plus(-REMEMBERED);
            let heard = in_time(DEADLINE, query::heard(&self.store, &self.streams, since, DEADLINE)).await?;
            heard.iter().for_each(|one| metrics::last_event(&one.stream, &one.source, one.last_at));
            asking.has_heard = true;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Asking {
    /// Streams of which something waits or has waited; also those that are not declared any more.
    waited: BTreeSet<String>,
    has_heard: bool,
}

impl Asking {
    /// Where nothing waits any more, nothing is what is shown.
    fn show(&mut self, waiting: &[WaitingMessages]) {
        self.waited.extend(waiting.iter().map(|one| one.stream.clone()));
        for stream in &self.waited {
            match waiting.iter().find(|one| one.stream == *stream) {
                Some(one) => metrics::quarantine_waits(stream, one.messages, Some(one.oldest_at)),
                None => metrics::quarantine_waits(stream, 0, None),
            }
        }
    }
}

async fn in_time<T>(limit: Duration, asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, String> {
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", limit.as_secs_f32())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_that_never_comes_is_not_waited_for() {
        let never = std::future::pending::<Result<(), StoreError>>();
        assert_eq!(in_time(Duration::from_millis(10), never).await, Err("no answer within 0.01 s".into()));
    }
}
