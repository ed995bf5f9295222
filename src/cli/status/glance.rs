//! How an instance is, from two samples of its metrics and its own word on readiness.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    health::{CheckReport, Readiness},
    metrics::samples::Samples,
};

/// What is not known is none: this version does not say, or has not seen it yet. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Glance {
    pub version: Option<String>,
    pub commit: Option<String>,
    pub up_since_s: Option<f64>,
    pub ready: Option<bool>,
    pub not_ready: Vec<CheckReport>,
    pub topics: BTreeMap<String, Topic>,
    pub messages_per_s: Option<f64>,
    pub last_commit_s: Option<f64>,
    /// By stream.
    pub last_event_s: BTreeMap<String, f64>,
    pub quarantine_waiting: Option<f64>,
    /// Of ClickHouse, by its code, since the start.
    pub clickhouse_errors: BTreeMap<String, f64>,
    pub paused: Option<bool>,
    pub unreadable: Option<f64>,
    pub commits_refused: Option<f64>,
    pub generation: Option<f64>,
    pub memory_bytes: Option<f64>,
    /// By share.
    pub held_bytes: BTreeMap<String, f64>,
    pub http_connections: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Topic {
    pub lag: Option<f64>,
    /// Partitions in which messages wait and nothing moves.
    pub stuck: Vec<String>,
}

const RECEIVED: &str = "tongguan_messages_received_total";
const QUARANTINED: &str = "tongguan_quarantined_total";

impl Glance {
    /// `earlier` was taken `apart_s` seconds before `now`.
    pub(super) fn of(readiness: Option<Readiness>, earlier: &Samples, now: &Samples, apart_s: f64) -> Self {
        let add = |a: f64, b: f64| a + b;
        let info = "tongguan_build_info";
        Self {
            version: now.label(info, "version"),
            commit: now.label(info, "commit"),
            up_since_s: now.sum("process_start_time_seconds"),
            ready: readiness.as_ref().map(|said| said.ready),
            not_ready: readiness.map(|said| said.checks).unwrap_or_default().into_iter().filter(|c| !c.ok).collect(),
            topics: topics(now),
            messages_per_s: rate(earlier, now, apart_s),
            last_commit_s: now.sum("tongguan_last_commit_timestamp_seconds").filter(|at| *at > 0.0),
            last_event_s: now.by("tongguan_last_event_timestamp_seconds", "stream", f64::max),
            quarantine_waiting: now.sum("tongguan_quarantine_waiting"),
            clickhouse_errors: now.by("tongguan_clickhouse_errors_total", "code", add),
            paused: now.sum("tongguan_paused").map(|paused| paused > 0.0),
            unreadable: now.sum("tongguan_unreadable_total"),
            commits_refused: now.sum("tongguan_commit_refused_total"),
            generation: now.sum("tongguan_generation"),
            memory_bytes: now.sum("process_resident_memory_bytes"),
            held_bytes: now.by("tongguan_memory_held_bytes", "share", add),
            http_connections: now.sum("tongguan_http_connections"),
        }
    }
}

fn topics(now: &Samples) -> BTreeMap<String, Topic> {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for (name, lag) in now.by("tongguan_consumer_lag_messages", "topic", |a, b| a + b) {
        topics.entry(name).or_default().lag = Some(lag);
    }
    for sample in now.each("tongguan_partition_stuck").iter().filter(|sample| sample.value > 0.0) {
        let label = |name: &str| sample.labels.get(name).cloned().unwrap_or_default();
        topics.entry(label("topic")).or_default().stuck.push(label("partition"));
    }
    topics
}

/// Understood and set aside together. A counter that fell has begun anew: the instance was restarted in between.
fn rate(earlier: &Samples, now: &Samples, apart_s: f64) -> Option<f64> {
    let taken = |samples: &Samples| match (samples.sum(RECEIVED), samples.sum(QUARANTINED)) {
        (None, None) => None,
        (received, set_aside) => Some(received.unwrap_or(0.0) + set_aside.unwrap_or(0.0)),
    };
    let grown = taken(now)? - taken(earlier).unwrap_or(0.0);
    (apart_s > 0.0 && grown >= 0.0).then(|| grown / apart_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_known() {
        let none = Samples::default();
        assert_eq!(Glance::of(None, &none, &none, 1.0), Glance::default());
    }

    #[test]
    fn it_is_put_together_from_every_partition_and_share() {
        let now = Samples::parse(
            "tongguan_build_info{version=\"1\",commit=\"abc\"} 1\n\
             tongguan_consumer_lag_messages{topic=\"t\",partition=\"0\"} 3\n\
             tongguan_consumer_lag_messages{topic=\"t\",partition=\"1\"} 4\n\
             tongguan_partition_stuck{topic=\"t\",partition=\"0\"} 0\n\
             tongguan_partition_stuck{topic=\"t\",partition=\"1\"} 1\n\
             tongguan_last_event_timestamp_seconds{stream=\"grid\",source=\"a\"} 5\n\
             tongguan_last_event_timestamp_seconds{stream=\"grid\",source=\"b\"} 9\n\
             tongguan_quarantine_waiting{stream=\"grid\"} 2\n\
             tongguan_last_commit_timestamp_seconds 0\n\
             tongguan_paused 1\n",
        );
        let readiness = Readiness {
            ready: false,
            checks: [("schema", true), ("clickhouse", false)]
                .map(|(name, ok)| CheckReport { name: name.into(), ok, detail: "refused".into() })
                .to_vec(),
        };
        let found = Glance::of(Some(readiness), &Samples::default(), &now, 1.0);
        assert_eq!((found.version.as_deref(), found.commit.as_deref()), (Some("1"), Some("abc")));
        assert_eq!(found.topics["t"], Topic { lag: Some(7.0), stuck: vec!["1".into()] });
        assert_eq!(found.last_event_s["grid"], 9.0);
        assert_eq!((found.quarantine_waiting, found.last_commit_s, found.paused), (Some(2.0), None, Some(true)));
        assert_eq!(found.not_ready.iter().map(|check| check.name.as_str()).collect::<Vec<_>>(), ["clickhouse"]);
    }

    #[test]
    fn a_rate_comes_from_two_samples_and_a_restart_between_gives_none() {
        let of = |received: f64| Samples::parse(&format!("{RECEIVED}{{topic=\"t\"}} {received}\n{QUARANTINED} 10"));
        assert_eq!(rate(&of(100.0), &of(150.0), 2.0), Some(25.0));
        assert_eq!(rate(&of(100.0), &of(100.0), 2.0), Some(0.0));
        assert_eq!(rate(&of(100.0), &of(5.0), 2.0), None);
        assert_eq!(rate(&of(100.0), &of(150.0), 0.0), None);
    }
}
