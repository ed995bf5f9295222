//! Every metric: name, help, unit and labels in one table, and the functions that record them.
//!
//! Functions take counts for a whole batch: an event must not pay for finding its metric. Labels
//! are few and known beforehand; never a case number, a person or free text.

mod delays;
mod process;
mod pulling;
pub mod samples;
mod sources;
mod standing;
mod table;
#[cfg(test)]
mod tests;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tokio_util::sync::CancellationToken;

pub use self::pulling::{pull_counts, pull_every, pull_newest, pull_passed, pull_trouble};
pub use self::standing::{
    calendar_ends, generation, is_working_time, judged_by, last_event, policy_ends, quarantine_waits, swept, verified,
};
pub use self::table::{MetricKind, MetricRow};
use self::{
    delays::Delays,
    table::{
        MetricKind::{Counter, Gauge, Histogram},
        *,
    },
};

/// For those who check that what they name exists.
pub fn table() -> &'static [MetricRow] {
    METRICS
}

/// What the build found; see `build.rs`.
pub const COMMIT: &str = env!("TONGGUAN_COMMIT");

/// Kept beside the recorder: it would hold every single delay until the next upkeep.
static DELAYS: Delays = Delays::new();
static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);

/// What has been recorded in this process.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

/// Switches recording on. Later calls return the same, since a process has one recorder.
pub fn install(version: &'static str) -> Result<Metrics, BuildError> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(metrics) = &*installed {
        return Ok(metrics.clone());
    }
    let recorder = recorder()?;
    let metrics = Metrics(recorder.handle());
    metrics::set_global_recorder(recorder)?;
    describe(version);
    Ok(installed.insert(metrics).clone())
}

impl Metrics {
    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        process::record();
        let mut text = self.0.render();
        DELAYS.render(VISIBLE_DELAY, HELP_VISIBLE_DELAY, &mut text);
        text
    }

    /// The lines of a text whose metrics begin like that: of a file beside which others stand, so that nothing is there twice.
    pub fn render_of(&self, begin: &str) -> String {
        let name = |line: &'_ str| line.trim_start_matches("# HELP ").trim_start_matches("# TYPE ").starts_with(begin);
        self.0.render().lines().filter(|line| name(line)).map(|line| format!("{line}\n")).collect()
    }

    /// Sums up what was recorded; without it, histograms grow in memory when nobody reads them.
    pub async fn keep_up(self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(Duration::from_secs(5));
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            self.0.run_upkeep();
        }
    }
}

/// One step of the way from Kafka to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricStage {
    Ledger,
    Lookup,
    Fold,
    Cases,
    Quarantine,
    Commit,
    Sweep,
}

impl MetricStage {
    fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Lookup => "lookup",
            Self::Fold => "fold",
            Self::Cases => "cases",
            Self::Quarantine => "quarantine",
            Self::Commit => "commit",
            Self::Sweep => "sweep",
        }
    }
}

pub fn messages_received(topic: &str, envelope: &'static str, n: u64) {
    counter!(MESSAGES, "topic" => topic.to_owned(), "envelope" => envelope).increment(n);
}

pub fn events(stream: &str, event_type: &str, n: u64) {
    counter!(EVENTS, "stream" => stream.to_owned(), "type" => event_type.to_owned()).increment(n);
}

pub fn quarantined(stream: &str, reason: &str, n: u64) {
    counter!(QUARANTINED, "stream" => stream.to_owned(), "reason" => reason.to_owned()).increment(n);
}

pub fn unknown_fields(stream: &str, n: u64) {
    counter!(UNKNOWN_FIELDS, "stream" => stream.to_owned()).increment(n);
}

pub fn ahead_of_time(stream: &str, n: u64) {
    counter!(AHEAD, "stream" => stream.to_owned()).increment(n);
}

pub fn duplicates(stream: &str, n: u64) {
    counter!(DUPLICATES, "stream" => stream.to_owned()).increment(n);
}

pub fn conflicts(stream: &str, n: u64) {
    counter!(CONFLICTS, "stream" => stream.to_owned()).increment(n);
}

pub fn out_of_order(stream: &str, n: u64) {
    counter!(OUT_OF_ORDER, "stream" => stream.to_owned()).increment(n);
}

pub fn scrubbed_items(kind: &'static str, n: u64) {
    counter!(SCRUBBED, "kind" => kind).increment(n);
}

pub fn batch_rows(rows: usize) {
    histogram!(BATCH_ROWS).record(rows as f64);
}

pub fn stage_took(stage: MetricStage, took: Duration) {
    histogram!(STAGE_SECONDS, "stage" => stage.name()).record(took);
}

/// `code` is ClickHouse's number, or a fixed word such as `silent` when it did not answer.
pub fn clickhouse_error(code: &str) {
    counter!(CLICKHOUSE_ERRORS, "code" => code.to_owned()).increment(1);
}

pub fn clickhouse_up(is_up: bool) {
    gauge!(CLICKHOUSE_UP).set(f64::from(u8::from(is_up)));
}

pub fn paused(is_paused: bool) {
    gauge!(PAUSED).set(f64::from(u8::from(is_paused)));
}

/// By the group's commits and the log's end: every instance shows the same, for every partition.
pub fn consumer_lag(topic: &str, partition: i32, messages: u64) {
    gauge!(LAG, "topic" => topic.to_owned(), "partition" => partition.to_string()).set(messages as f64);
}

pub fn ready(is_ready: bool) {
    gauge!(READY).set(f64::from(u8::from(is_ready)));
}

pub fn partition_stuck(topic: &str, partition: i32, is_stuck: bool) {
    let partition = partition.to_string();
    gauge!(STUCK, "topic" => topic.to_owned(), "partition" => partition).set(f64::from(u8::from(is_stuck)));
}

pub fn brokers_connected(n: usize) {
    gauge!(BROKERS).set(n as f64);
}

pub fn unreadable(topic: &str, partition: i32, n: u64) {
    counter!(UNREADABLE, "topic" => topic.to_owned(), "partition" => partition.to_string()).increment(n);
}

pub fn gap_messages(topic: &str, partition: i32, n: u64) {
    counter!(GAP_MESSAGES, "topic" => topic.to_owned(), "partition" => partition.to_string()).increment(n);
}

pub fn commit_refused() {
    counter!(COMMIT_REFUSED).increment(1);
}

pub fn restarted(n: u64) {
    counter!(RESTARTS).increment(n);
}

/// Of a partition, before anything happened to it.
pub fn start_partition_at_zero(topic: &str, partition: i32) {
    partition_stuck(topic, partition, false);
    unreadable(topic, partition, 0);
    gap_messages(topic, partition, 0);
}

pub fn certificate_ends(file: &str, at: jiff::Timestamp) {
    gauge!(CERTIFICATE_END, "file" => file.to_owned()).set(at.as_second() as f64);
}

pub fn tls_renewal_broken(is_so: bool) {
    gauge!(TLS_RENEWAL_BROKEN).set(f64::from(u8::from(is_so)));
}

pub fn committed(at_ms: i64) {
    gauge!(LAST_COMMIT).set(at_ms as f64 / 1e3);
}

/// Of each message of a batch, in seconds.
pub fn visible_delays(delays_s: impl IntoIterator<Item = f64>) {
    DELAYS.add(delays_s);
}

pub fn cases_looked_up(n: u64) {
    counter!(LOOKED_UP).increment(n);
}

/// What one share of the budget holds.
pub fn held(share: &'static str, bytes: usize) {
    gauge!(HELD, "share" => share).set(bytes as f64);
}

/// What all shares have together.
pub fn memory_max(bytes: usize) {
    gauge!(MEMORY_MAX).set(bytes as f64);
}

/// Counts in a share of the budget as long as it lives.
#[derive(Debug)]
pub struct Holding {
    share: &'static str,
    bytes: usize,
}

impl Holding {
    pub fn new(share: &'static str, bytes: usize) -> Self {
        gauge!(HELD, "share" => share).increment(bytes as f64);
        Self { share, bytes }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        gauge!(HELD, "share" => self.share).decrement(self.bytes as f64);
    }
}

pub fn split_cases(n: u64) {
    counter!(SPLIT).increment(n);
}

pub fn cases_behind(n: u64) {
    gauge!(BEHIND).set(n as f64);
}

pub fn swept_cases(n: u64) {
    counter!(SWEPT).increment(n);
}

pub fn rebalance(kind: &'static str) {
    counter!(REBALANCES, "kind" => kind).increment(1);
}

pub fn consumer_renewals(n: u64) {
    counter!(RENEWALS).increment(n);
}

pub fn inlet_request(status: u16) {
    counter!(INLET_REQUESTS, "status" => status.to_string()).increment(1);
}

/// Of messages set aside, so many were not told on their topic.
pub fn rejections_untold(n: usize) {
    counter!(REJECTIONS_UNTOLD).increment(n as u64);
}

pub fn inlet_keys_broken(is_so: bool) {
    gauge!(INLET_KEYS_BROKEN).set(f64::from(u8::from(is_so)));
}

pub fn inlet_ready(is_so: bool) {
    gauge!(INLET_READY).set(f64::from(u8::from(is_so)));
}

pub fn inlet_event(stream: &str, status: u16) {
    counter!(INLET_EVENTS, "stream" => stream.to_owned(), "status" => status.to_string()).increment(1);
}

pub fn alert_sent(kind: &'static str) {
    counter!(ALERTS_SENT, "kind" => kind).increment(1);
}

pub fn alert_dropped(why: &'static str) {
    counter!(ALERTS_DROPPED, "why" => why).increment(1);
}

pub fn alerts_sending(is_so: bool) {
    gauge!(ALERTS_SENDING).set(f64::from(u8::from(is_so)));
}

pub fn alerts_quiet(is_so: bool) {
    gauge!(ALERTS_QUIET).set(f64::from(u8::from(is_so)));
}

/// By the clock by which they are decided.
pub fn alerts_passed(at_s: f64) {
    gauge!(ALERTS_PASSED).set(at_s);
}

pub fn alert_pushed(hook: &str, result: &'static str) {
    counter!(ALERT_PUSHES, "hook" => hook.to_owned(), "result" => result).increment(1);
}

pub fn alert_push_lag(hook: &str, messages: u64) {
    gauge!(ALERT_PUSH_LAG, "hook" => hook.to_owned()).set(messages as f64);
}

pub fn http_connections(open: usize) {
    gauge!(HTTP_CONNECTIONS).set(open as f64);
}

/// Of a sender of alerts, before it has passed.
pub fn start_alerts_at_zero() {
    alerts_sending(false);
    alerts_quiet(false);
    alerts_passed(0.0);
}

/// An alert on an increase does not see a counter that is born as 1, so they are born as 0.
pub fn start_at_zero(streams: &[&str], reasons: &[&str]) {
    for stream in streams {
        unknown_fields(stream, 0);
        ahead_of_time(stream, 0);
        duplicates(stream, 0);
        conflicts(stream, 0);
        out_of_order(stream, 0);
        last_event(stream, sources::OTHER, 0);
        quarantine_waits(stream, 0, None);
        reasons.iter().for_each(|reason| quarantined(stream, reason, 0));
    }
    cases_looked_up(0);
    split_cases(0);
    cases_behind(0);
    swept_cases(0);
    consumer_renewals(0);
    restarted(0);
    rejections_untold(0);
    counter!(COMMIT_REFUSED).increment(0);
    brokers_connected(0);
    ready(false);
    ["assigned", "revoked"].iter().for_each(|kind| counter!(REBALANCES, "kind" => *kind).increment(0));
    paused(false);
    clickhouse_up(false);
    tls_renewal_broken(false);
    committed(0);
    swept(0);
    verified(0);
    generation(0);
    ["fetched", "collected", "waiting", "written", "encoded", "cached"].into_iter().for_each(|share| held(share, 0));
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for (kind, name, ..) in METRICS {
        if let Histogram(bounds) = kind {
            builder = builder.set_buckets_for_metric(Matcher::Full((*name).to_owned()), bounds)?;
        }
    }
    Ok(builder.build_recorder())
}

fn describe(version: &'static str) {
    for (kind, name, unit, _, help) in METRICS {
        match kind {
            Counter => describe_counter!(*name, *unit, *help),
            Gauge => describe_gauge!(*name, *unit, *help),
            Histogram(_) => describe_histogram!(*name, *unit, *help),
        }
    }
    gauge!(BUILD_INFO, "version" => version, "commit" => COMMIT).set(1.0);
}
