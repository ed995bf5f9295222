//! 推送: alerts to addresses that want them (docs/alerts.md, Pushing). Each address has its position and its task.

mod post;
mod step;

use std::{sync::Arc, time::Duration};

use rand::Rng as _;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

pub use self::post::HookSetupError;
use self::{
    post::HookClient,
    step::{HookStep, step},
};
use crate::{
    domain::{alert::AlertKind, time::Millis},
    feed::{
        alerts::{AlertData, AlertSubscriber, ReceivedAlert, SubscribeError},
        connection::Connection,
    },
    metrics,
};

/// An address and what it wants; an empty list: everything.
#[derive(Clone)]
pub struct Hook {
    pub name: String,
    pub url: String,
    pub secret: String,
    pub kinds: Vec<AlertKind>,
    pub units: Vec<String>,
    pub streams: Vec<String>,
    /// Where it begins when it is new.
    pub from_start: bool,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What all addresses have in common.
#[derive(Clone, Debug)]
pub struct HookParts {
    pub connection: Connection,
    pub topic: String,
    pub within: Duration,
    pub tries_max: u32,
    pub pause_min: Duration,
    pub pause_max: Duration,
    pub now: fn() -> Millis,
}

/// What was passed over since the position was last written down, at most.
const UNWRITTEN_MAX: u32 = 500;
const POLL: Duration = Duration::from_millis(200);

/// Why it ended before it was asked to.
enum HookEnd {
    Off,
    Away(SubscribeError),
}

/// Pushes to one address until it is asked to stop, or the address says that it is gone.
pub async fn push(hook: Hook, parts: HookParts, stop: CancellationToken) -> Result<(), HookSetupError> {
    let client = HookClient::new(&hook, parts.within)?;
    let mut pusher = Pusher { hook, parts, client, attempt: 0 };
    // What is under way is not finished: it is sent again at the next start.
    let _ = stop.run_until_cancelled(pusher.go_on()).await;
    Ok(())
}

struct Pusher {
    hook: Hook,
    parts: HookParts,
    client: HookClient,
    attempt: u32,
}

impl Pusher {
    async fn go_on(&mut self) {
        let hook = self.hook.name.clone();
        loop {
            match self.follow().await {
                HookEnd::Off => {
                    metrics::alert_pushed(&hook, "off");
                    // Nothing waits for it any more.
                    metrics::alert_push_lag(&hook, 0);
                    tracing::error!(hook, "the address is gone (410): it is off until the next start");
                    return std::future::pending().await;
                }
                HookEnd::Away(error) => {
                    let error = error.to_string();
                    tracing::warn!(
                        hook,
                        error,
                        attempt = self.attempt,
                        "no alerts can be read for this address; waiting"
                    );
                    sleep(self.pause(None)).await;
                }
            }
        }
    }

    async fn follow(&mut self) -> HookEnd {
        let (parts, group) = (self.parts.clone(), format!("{}-hook-{}", self.parts.connection.group, self.hook.name));
        let from_start = self.hook.from_start;
        let opened = blocking(move || AlertSubscriber::open(&parts.connection, &group, &parts.topic, from_start)).await;
        let mut subscriber = match opened {
            Ok(subscriber) => Arc::new(std::sync::Mutex::new(subscriber)),
            Err(error) => return HookEnd::Away(error),
        };
        tracing::info!(hook = self.hook.name, "alerts are pushed");
        let mut passed: Option<ReceivedAlert> = None;
        let mut unwritten = 0;
        loop {
            let next = with(&mut subscriber, |subscriber| subscriber.poll(POLL)).await;
            let done = match next {
                Err(error) => return HookEnd::Away(error),
                Ok(None) => {
                    metrics::alert_push_lag(&self.hook.name, 0);
                    passed.take()
                }
                Ok(Some(alert)) if self.wants(&alert) => {
                    if self.deliver(&alert, &mut subscriber).await.is_err() {
                        return HookEnd::Off;
                    }
                    Some(alert)
                }
                Ok(Some(alert)) => {
                    unwritten += 1;
                    passed = Some(alert);
                    passed.take_if(|_| unwritten >= UNWRITTEN_MAX)
                }
            };
            if let Some(done) = done {
                (passed, unwritten) = (None, 0);
                if let Err(error) = with(&mut subscriber, move |subscriber| subscriber.commit(&done)).await {
                    return HookEnd::Away(error);
                }
            }
        }
    }

    fn wants(&self, alert: &ReceivedAlert) -> bool {
        let Some(event) = &alert.event else {
            tracing::warn!(hook = self.hook.name, offset = alert.offset, "no alert: passed over");
            return false;
        };
        let Hook { kinds, units, streams, .. } = &self.hook;
        let AlertData { unit, stream, .. } = &event.data;
        AlertKind::from_type(&event.kind).is_some_and(|kind| kinds.is_empty() || kinds.contains(&kind))
            && (units.is_empty() || units.contains(unit))
            && (streams.is_empty() || streams.contains(stream))
    }

    /// Until it is taken or passed over. An error: the address is gone.
    async fn deliver(&mut self, alert: &ReceivedAlert, subscriber: &mut Subscriber) -> Result<(), ()> {
        let Some(event) = &alert.event else { return Ok(()) };
        let hook = self.hook.name.clone();
        let mut refusals = 0;
        let mut said_at: Option<Instant> = None;
        loop {
            let answer = self.client.post(&event.id, &alert.payload, (self.parts.now)()).await;
            let (id, told) = (&event.id, answer.told());
            match step(&answer, refusals, self.parts.tries_max) {
                HookStep::Taken => {
                    self.attempt = 0;
                    metrics::alert_pushed(&hook, "taken");
                    return Ok(());
                }
                HookStep::Off => return Err(()),
                HookStep::PassOver => {
                    self.attempt = 0;
                    metrics::alert_pushed(&hook, "refused");
                    tracing::error!(
                        hook,
                        id,
                        answer = told,
                        tries = refusals + 1,
                        "refused by the address and passed over"
                    );
                    return Ok(());
                }
                HookStep::Again { counts, after } => {
                    refusals += u32::from(counts);
                    metrics::alert_pushed(&hook, "again");
                    let is_news = said_at.is_none_or(|at| at.elapsed() >= SAID_EVERY);
                    if is_news {
                        said_at = Some(Instant::now());
                        let place = ReceivedAlert { event: None, payload: Vec::new(), ..*alert };
                        let behind = with(subscriber, move |subscriber| Ok(subscriber.behind(&place))).await;
                        if let Ok(Some(behind)) = behind {
                            metrics::alert_push_lag(&hook, behind + 1);
                        }
                        tracing::warn!(hook, id, answer = told, "the address does not take it; it is sent again");
                    }
                    sleep(self.pause(after)).await;
                }
            }
        }
    }

    /// Doubles up to the longest, with jitter; what the address asks for is kept to.
    fn pause(&mut self, after: Option<Duration>) -> Duration {
        let HookParts { pause_min, pause_max, .. } = self.parts;
        let full = pause_min.saturating_mul(2u32.saturating_pow(self.attempt.min(16))).min(pause_max);
        self.attempt = self.attempt.saturating_add(1);
        after.unwrap_or_else(|| full.mul_f64(rand::rng().random_range(0.5..=1.0)))
    }
}

/// Between two lines about one alert that is not taken.
const SAID_EVERY: Duration = Duration::from_secs(60);

type Subscriber = Arc<std::sync::Mutex<AlertSubscriber>>;

/// The library waits, so it waits on a thread of its own.
async fn with<T: Send + 'static>(
    subscriber: &mut Subscriber,
    ask: impl FnOnce(&mut AlertSubscriber) -> Result<T, SubscribeError> + Send + 'static,
) -> Result<T, SubscribeError> {
    let subscriber = Arc::clone(subscriber);
    blocking(move || ask(&mut subscriber.lock().unwrap_or_else(std::sync::PoisonError::into_inner))).await
}

async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, SubscribeError> + Send + 'static,
) -> Result<T, SubscribeError> {
    tokio::task::spawn_blocking(ask).await.unwrap_or_else(|error| Err(SubscribeError::Away(error.to_string())))
}
