//! `/status`: how the service is, as JSON for the page: its checks, and everything that `/metrics` says, now and some minutes ago,
//! so that whoever asks for the first time knows rates at once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{HttpState, asking};
use crate::{
    health::Readiness,
    metrics::{Metrics, samples::Samples},
};

/// The body of `/status`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct ServiceStatus {
    pub readiness: Readiness,
    /// What stands still although it could move.
    pub stuck: Option<String>,
    pub now: Samples,
    /// The nearest first.
    pub earlier: Vec<EarlierSamples>,
}

/// Of those metrics of which a growth is told.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct EarlierSamples {
    pub ago_s: f64,
    pub samples: Samples,
}

/// What a growth is told of.
const GROWING: &[&str] = &[
    "tongguan_messages_received_total",
    "tongguan_events_total",
    "tongguan_quarantined_total",
    "tongguan_clickhouse_errors_total",
    "tongguan_visible_delay_seconds_bucket",
    "tongguan_stage_seconds_bucket",
    "tongguan_stage_seconds_sum",
    "tongguan_stage_seconds_count",
    "tongguan_batch_rows_sum",
    "tongguan_batch_rows_count",
    "tongguan_commit_refused_total",
    "tongguan_swept_cases_total",
];
const EVERY: Duration = Duration::from_secs(10);
/// One minute, five, and a quarter of an hour, which is what the alerts look back.
const SPANS: [Duration; 3] = [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900)];

/// What was sampled lately.
#[derive(Clone, Debug, Default)]
pub struct Recent(Arc<Mutex<VecDeque<(Instant, Samples)>>>);

impl Recent {
    /// Samples until `stop`.
    pub async fn keep(self, metrics: Metrics, stop: CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            self.note(Instant::now(), Samples::parse(&metrics.render()).only(GROWING));
        }
    }

    fn note(&self, now: Instant, samples: Samples) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((now, samples));
        while kept.front().is_some_and(|(at, _)| *at + SPANS[SPANS.len() - 1] + EVERY < now) {
            kept.pop_front();
        }
    }

    /// Of each span the oldest that is in it.
    fn earlier(&self, now: Instant) -> Vec<EarlierSamples> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |span: &Duration| kept.iter().find(|(at, _)| now < *at + *span + EVERY / 2);
        let told = |(at, samples): &(Instant, Samples)| EarlierSamples {
            ago_s: (now - *at).as_secs_f64(),
            samples: samples.clone(),
        };
        SPANS.iter().filter_map(within).map(told).collect()
    }
}

pub(super) fn status(state: &HttpState) -> ServiceStatus {
    ServiceStatus {
        readiness: state.health.readiness(),
        stuck: state.health.stuck(),
        now: Samples::parse(&state.metrics.render()),
        earlier: state.recent.earlier(Instant::now()),
    }
}

/// Where the service is that a page tells of.
#[derive(Clone, Debug)]
pub enum ServiceAt {
    /// In this process.
    Here(HttpState),
    /// At this address.
    There(String),
    Nowhere,
}

/// A service of this machine answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

impl ServiceAt {
    pub(super) async fn ask(&self) -> Result<ServiceStatus, String> {
        match self {
            Self::Here(state) => Ok(status(state)),
            Self::Nowhere => Err("http.listen is empty and page.service too: nobody can be asked".to_owned()),
            Self::There(url) => {
                let url = format!("{}/status", url.trim_end_matches('/'));
                let answer = asking::get(&url, PATIENCE).await.map_err(|error| error.to_string())?;
                if answer.status != 200 {
                    return Err(format!("{url} answered with status {}: an older Tongguan?", answer.status));
                }
                serde_json::from_str(&answer.body).map_err(|error| format!("{url} is no status of Tongguan: {error}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_tells_of_the_oldest_sample_in_it_and_older_ones_go() {
        let (recent, start) = (Recent::default(), Instant::now());
        let at = |s: u64| start + Duration::from_secs(s);
        let ago = |now: u64| recent.earlier(at(now)).iter().map(|one| one.ago_s as u64).collect::<Vec<_>>();
        assert!(ago(0).is_empty());
        recent.note(at(0), Samples::default());
        assert_eq!(ago(20), [20, 20, 20], "a young process tells of its beginning");
        (1..=200).for_each(|n| recent.note(at(n * 10), Samples::default()));
        assert_eq!(ago(2_000), [60, 300, 900]);
        assert!(recent.0.lock().unwrap().len() < 100);
    }

    #[tokio::test]
    async fn where_no_service_is_the_reason_is_told() {
        assert!(ServiceAt::Nowhere.ask().await.unwrap_err().contains("page.service"));
        let away = ServiceAt::There("http://127.0.0.1:1".to_owned()).ask().await.unwrap_err();
        assert!(away.contains("is the service running?"), "{away}");
    }
}
