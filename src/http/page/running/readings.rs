//! What an operator reads: each number of the service with its unit, the threshold of its alert, and where the runbook goes on. Every
//! number is one of `/metrics`, or the growth of one.

use crate::{
    http::ServiceStatus,
    metrics::samples::{MetricSample, Samples},
};

/// What the service says, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    pub(super) status: &'a ServiceStatus,
    pub(super) now_s: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadingUnit {
    Messages,
    Cases,
    Times,
    PerSecond,
    /// A length of time.
    Seconds,
    /// A moment, told by how long ago it was.
    Ago,
    Bytes,
    Share,
    YesNo,
}

/// When the alert looks up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    None,
    Above(f64),
    Below(f64),
    /// The budget and so many bytes more.
    AboveBudget(f64),
}

/// A line of the table: how it is called, what it is read from, and what is too much.
#[derive(Debug)]
pub(super) struct ReadingRule {
    pub(super) id: &'static str,
    pub(super) name: (&'static str, &'static str),
    pub(super) metric: &'static str,
    pub(super) unit: ReadingUnit,
    pub(super) bound: Bound,
    /// In deploy/prometheus and docs/runbook.md; empty where there is none.
    pub(super) alert: &'static str,
    pub(super) value: fn(&Look<'_>) -> Option<f64>,
}

#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) rule: &'static ReadingRule,
    /// None: this service does not say, or nothing has happened that could be told of.
    pub(super) value: Option<f64>,
    pub(super) limit: Option<f64>,
    pub(super) is_over: bool,
}

const LAG: &str = "tongguan_consumer_lag_messages";
const RECEIVED: &str = "tongguan_messages_received_total";
const QUARANTINED: &str = "tongguan_quarantined_total";
const DELAY: &str = "tongguan_visible_delay_seconds";
const COMMITTED: &str = "tongguan_last_commit_timestamp_seconds";
const WAITING: &str = "tongguan_quarantine_waiting";
const OLDEST: &str = "tongguan_quarantine_oldest_timestamp_seconds";
const SWEPT: &str = "tongguan_last_sweep_timestamp_seconds";
const VERIFIED: &str = "tongguan_last_verify_timestamp_seconds";
const MEMORY_MAX: &str = "tongguan_memory_max_bytes";
pub(super) const ERRORS: &str = "tongguan_clickhouse_errors_total";

use Bound::{Above, AboveBudget, Below};
use ReadingUnit::{Ago, Bytes, Cases, Messages, PerSecond, Seconds, Share, Times, YesNo};

#[rustfmt::skip]
pub(super) const READINGS: &[ReadingRule] = &[
    rule("lag", ("积压", "lag"), LAG, Messages, Above(10_000.0), "TongguanLagGrows", |look| look.sum(LAG)),
    rule("rate", ("每秒消息", "messages a second"), RECEIVED, PerSecond, Bound::None, "", |look| look.rate()),
    rule("delay", ("入库延迟（99%，五分钟）", "visible after (99 %, five minutes)"), DELAY, Seconds, Above(5.0), "TongguanVisibleLate", |look| look.quantile(DELAY, None, MINUTES_5)),
    rule("commit", ("最近提交", "last commit"), COMMITTED, Ago, Above(600.0), "TongguanNothingCommitted", |look| look.ago(COMMITTED)),
    rule("ready", ("就绪", "ready"), "tongguan_ready", YesNo, Below(1.0), "TongguanNotReady", |look| look.sum("tongguan_ready")),
    rule("paused", ("在等 ClickHouse", "waits for ClickHouse"), "tongguan_paused", YesNo, Above(0.0), "TongguanPaused", |look| look.sum("tongguan_paused")),
    rule("errors", ("ClickHouse 报错（一刻钟）", "errors of ClickHouse (quarter of an hour)"), ERRORS, Times, Above(3.0), "TongguanClickHouseErrors", |look| look.grown(ERRORS, MINUTES_15)),
    rule("brokers", ("已连 Kafka 节点", "brokers connected"), "tongguan_kafka_brokers_connected", Times, Below(1.0), "TongguanKafkaAway", |look| look.sum("tongguan_kafka_brokers_connected")),
    rule("stuck", ("停滞分区", "partitions that stand still"), "tongguan_partition_stuck", Times, Above(0.0), "TongguanPartitionStuck", |look| look.sum("tongguan_partition_stuck")),
    rule("unreadable", ("读不了的消息", "messages that cannot be read"), "tongguan_unreadable_total", Times, Above(0.0), "TongguanUnreadable", |look| look.sum("tongguan_unreadable_total")),
    rule("gaps", ("未读即删（启动以来）", "gone before they were read (since the start)"), "tongguan_gap_messages_total", Messages, Above(0.0), "TongguanGap", |look| look.sum("tongguan_gap_messages_total")),
    rule("refused", ("提交被拒（一刻钟）", "commits refused (quarter of an hour)"), "tongguan_commit_refused_total", Times, Above(5.0), "TongguanCommitRefused", |look| look.grown("tongguan_commit_refused_total", MINUTES_15)),
    rule("restarts", ("内部出错后恢复（启动以来）", "broke off and began anew (since the start)"), "tongguan_restarts_total", Times, Above(0.0), "TongguanBrokeOff", |look| look.sum("tongguan_restarts_total")),
    rule("waiting", ("隔离待处理", "waits in quarantine"), WAITING, Messages, Above(100.0), "TongguanQuarantineWaits", |look| look.sum(WAITING)),
    rule("oldest", ("最早的隔离消息", "the oldest in quarantine"), OLDEST, Ago, Above(259_200.0), "TongguanQuarantineOld", |look| look.oldest()),
    rule("sweep", ("最近巡检", "last sweep"), SWEPT, Ago, Above(1_800.0), "TongguanSweepOverdue", |look| look.ago(SWEPT)),
    rule("behind", ("未按全部消息归并的案件", "cases not folded from everything"), "tongguan_cases_behind", Cases, Above(1_000.0), "TongguanCasesBehind", |look| look.sum("tongguan_cases_behind")),
    rule("swept", ("巡检修补（启动以来）", "mended by sweeps (since the start)"), "tongguan_swept_cases_total", Cases, Bound::None, "TongguanSweepRepairs", |look| look.sum("tongguan_swept_cases_total")),
    rule("verify", ("最近核对无误", "last verified"), VERIFIED, Ago, Above(129_600.0), "TongguanVerifyOverdue", |look| look.ago(VERIFIED)),
    rule("memory", ("常驻内存", "resident memory"), "process_resident_memory_bytes", Bytes, AboveBudget(64.0 * 1024.0 * 1024.0), "TongguanMemoryHigh", |look| look.sum("process_resident_memory_bytes")),
    rule("descriptors", ("描述符占用", "descriptors in use"), "process_open_fds", Share, Above(0.8), "TongguanDescriptorsHigh", |look| look.descriptors()),
    rule("ahead", ("时间超前的事件（启动以来）", "events ahead of time (since the start)"), "tongguan_ahead_of_time_total", Times, Bound::None, "TongguanAheadOfTime", |look| look.sum("tongguan_ahead_of_time_total")),
];

const fn rule(
    id: &'static str,
    name: (&'static str, &'static str),
    metric: &'static str,
    unit: ReadingUnit,
    bound: Bound,
    alert: &'static str,
    value: fn(&Look<'_>) -> Option<f64>,
) -> ReadingRule {
    ReadingRule { id, name, metric, unit, bound, alert, value }
}

/// Which of the earlier samples: `http::status` has one of a minute ago, of five, and of a quarter of an hour.
const MINUTE: usize = 0;
pub(super) const MINUTES_5: usize = 1;
pub(super) const MINUTES_15: usize = 2;

impl Look<'_> {
    pub(super) fn readings(&self) -> Vec<Reading> {
        READINGS.iter().map(|rule| self.reading(rule)).collect()
    }

    /// Of one reading; the others are not made.
    pub(super) fn is_over(&self, id: &str) -> bool {
        READINGS.iter().filter(|rule| rule.id == id).any(|rule| self.reading(rule).is_over)
    }

    fn reading(&self, rule: &'static ReadingRule) -> Reading {
        let value = (rule.value)(self);
        let (limit, is_over) = match rule.bound {
            Bound::None => (None, false),
            Above(limit) => (Some(limit), value.is_some_and(|value| value > limit)),
            Below(limit) => (Some(limit), value.is_some_and(|value| value < limit)),
            AboveBudget(more) => {
                let limit = self.sum(MEMORY_MAX).filter(|max| *max > 0.0).map(|max| max + more);
                (limit, value.zip(limit).is_some_and(|(value, limit)| value > limit))
            }
        };
        // Where next to nothing waits, nothing has to be committed.
        let is_idle = rule.id == "commit" && self.sum(LAG).is_none_or(|lag| lag <= 10.0);
        Reading { rule, value, limit, is_over: is_over && !is_idle }
    }

    pub(super) fn sum(&self, name: &str) -> Option<f64> {
        self.status.now.sum(name)
    }

    /// Since a moment that is told in seconds since 1970; none for never.
    fn ago(&self, name: &str) -> Option<f64> {
        let at = self.status.now.sum(name).filter(|at| *at > 0.0)?;
        Some((self.now_s - at).max(0.0))
    }

    fn oldest(&self) -> Option<f64> {
        let at = self.status.now.each(OLDEST).iter().map(|sample| sample.value).filter(|at| *at > 0.0);
        at.reduce(f64::min).map(|at| (self.now_s - at).max(0.0))
    }

    fn earlier(&self, span: usize) -> Option<(&Samples, f64)> {
        self.status.earlier.get(span).map(|earlier| (&earlier.samples, earlier.ago_s))
    }

    /// How much a counter has grown, over all its labels.
    fn grown(&self, name: &str, span: usize) -> Option<f64> {
        let (earlier, _) = self.earlier(span)?;
        Some(self.sum(name).unwrap_or(0.0) - earlier.sum(name).unwrap_or(0.0))
    }

    /// The same of one label.
    pub(super) fn grown_of(&self, name: &str, (label, value): (&str, &str), span: usize) -> Option<f64> {
        let (earlier, _) = self.earlier(span)?;
        let of = |samples: &Samples| total(samples, name, Some((label, value)));
        Some(of(&self.status.now) - of(earlier))
    }

    /// Understood and set aside together, over the last minute.
    fn rate(&self) -> Option<f64> {
        let (_, ago_s) = self.earlier(MINUTE).filter(|(_, ago_s)| *ago_s > 0.0)?;
        Some((self.grown(RECEIVED, MINUTE)? + self.grown(QUARANTINED, MINUTE)?) / ago_s)
    }

    fn descriptors(&self) -> Option<f64> {
        let most = self.sum("process_max_fds").filter(|most| *most > 0.0)?;
        Some(self.sum("process_open_fds")? / most)
    }

    /// As Prometheus reckons it, of what came within the span; none where nothing came.
    pub(super) fn quantile(&self, name: &str, of: Option<(&str, &str)>, span: usize) -> Option<f64> {
        const Q: f64 = 0.99;
        let (earlier, _) = self.earlier(span)?;
        let bucket = format!("{name}_bucket");
        let mut grown: Vec<(f64, f64)> = Vec::new();
        for sample in self.status.now.each(&bucket).iter().filter(|sample| is_of(sample, of)) {
            let before = earlier.each(&bucket).iter().find(|before| before.labels == sample.labels);
            let bound = sample.labels.get("le").and_then(|le| le.trim_start_matches('+').parse().ok())?;
            grown.push((bound, sample.value - before.map_or(0.0, |before| before.value)));
        }
        grown.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let rank = grown.last().map(|(_, all)| all * Q).filter(|rank| *rank > 0.0)?;
        let at = grown.iter().position(|(_, count)| *count >= rank)?;
        let (below, below_count) = if at == 0 { (0.0, 0.0) } else { grown[at - 1] };
        let (bound, count) = grown[at];
        if bound.is_infinite() {
            return Some(below);
        }
        Some(below + (bound - below) * (rank - below_count) / (count - below_count))
    }

    /// The mean of a histogram over the span.
    pub(super) fn mean(&self, name: &str, of: Option<(&str, &str)>, span: usize) -> Option<f64> {
        let (earlier, _) = self.earlier(span)?;
        let grown = |end: &str| {
            let name = format!("{name}_{end}");
            total(&self.status.now, &name, of) - total(earlier, &name, of)
        };
        let count = grown("count");
        (count > 0.0).then(|| grown("sum") / count)
    }
}

fn is_of(sample: &MetricSample, of: Option<(&str, &str)>) -> bool {
    of.is_none_or(|(label, value)| sample.labels.get(label).is_some_and(|found| found == value))
}

fn total(samples: &Samples, name: &str, of: Option<(&str, &str)>) -> f64 {
    samples.each(name).iter().filter(|sample| is_of(sample, of)).map(|sample| sample.value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{health::Readiness, http::EarlierSamples};

    fn status(now: &str, earlier: &str) -> ServiceStatus {
        let earlier = |ago_s: f64| EarlierSamples { ago_s, samples: Samples::parse(earlier) };
        ServiceStatus {
            readiness: Readiness { ready: true, checks: Vec::new() },
            stuck: None,
            now: Samples::parse(now),
            earlier: [50.0, 300.0, 900.0].map(earlier).into(),
        }
    }

    fn value(status: &ServiceStatus, id: &str) -> Reading {
        let look = Look { status, now_s: 10_000.0 };
        look.readings().into_iter().find(|reading| reading.rule.id == id).unwrap()
    }

    #[test]
    fn every_threshold_is_the_one_of_its_alert_and_every_metric_exists() {
        let alerts = include_str!("../../../../deploy/prometheus/rules/alerts.yml");
        let runbook = include_str!("../../../../docs/runbook.md");
        for rule in READINGS {
            assert!(crate::metrics::table().iter().any(|(_, name, ..)| *name == rule.metric), "{}", rule.metric);
            let Some((_, text)) = alerts.split_once(&format!("- alert: {}\n", rule.alert)) else {
                assert_eq!(rule.alert, "", "{}: there is no such alert", rule.id);
                continue;
            };
            assert!(runbook.contains(&format!("\n## {}\n", rule.alert)), "{}", rule.alert);
            let text = text.split("- alert:").next().unwrap();
            let bound = match rule.bound {
                Bound::None => continue,
                Above(0.0) => "> 0".to_owned(),
                Above(limit) => format!("> {limit}"),
                Below(_) => "== 0".to_owned(),
                AboveBudget(_) => "+ 64) * 1024 * 1024".to_owned(),
            };
            let is_one = bound == "> 0" && text.contains("== 1");
            assert!(text.contains(&bound) || is_one, "{}: {bound} in {text}", rule.alert);
        }
    }

    #[test]
    fn a_rate_a_growth_and_an_age_are_reckoned_from_the_metrics() {
        let now = status(
            "tongguan_messages_received_total{topic=\"a\"} 400\ntongguan_quarantined_total{stream=\"s\"} 100\n\
             tongguan_clickhouse_errors_total{code=\"252\"} 7\ntongguan_last_commit_timestamp_seconds 9000\n\
             tongguan_consumer_lag_messages{partition=\"0\"} 6\ntongguan_consumer_lag_messages{partition=\"1\"} 5\n",
            "tongguan_messages_received_total{topic=\"a\"} 200\ntongguan_quarantined_total{stream=\"s\"} 50\n",
        );
        assert_eq!(value(&now, "rate").value, Some(5.0));
        assert_eq!(value(&now, "lag").value, Some(11.0));
        let errors = value(&now, "errors");
        assert_eq!((errors.value, errors.is_over), (Some(7.0), true));
        let commit = value(&now, "commit");
        assert_eq!((commit.value, commit.is_over), (Some(1_000.0), true));
        assert_eq!(value(&now, "verify").value, None, "never");
    }

    #[test]
    fn nothing_committed_is_no_fault_where_nothing_waits() {
        let idle = status("tongguan_last_commit_timestamp_seconds 1\ntongguan_consumer_lag_messages 10\n", "");
        assert!(!value(&idle, "commit").is_over);
    }

    #[test]
    fn a_quantile_is_the_one_that_prometheus_reckons() {
        let buckets = |counts: [u64; 4]| {
            let line = |(le, n): (&str, u64)| format!("tongguan_visible_delay_seconds_bucket{{le=\"{le}\"}} {n}\n");
            ["0.5", "1", "2.5", "+Inf"].into_iter().zip(counts).map(line).collect::<String>()
        };
        let of = |now, before| value(&status(&buckets(now), &buckets(before)), "delay").value;
        assert_eq!(of([9, 9, 9, 9], [9, 9, 9, 9]), None, "nothing came");
        assert_eq!(of([100, 100, 100, 100], [0; 4]), Some(0.495));
        assert_eq!(of([10, 98, 100, 100], [10, 0, 0, 0]), Some(1.75));
        assert_eq!(of([0, 0, 0, 100], [0; 4]), Some(2.5), "no more is known than the last border");
    }
}
