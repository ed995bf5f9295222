//! What was last seen of the service and of ClickHouse, and what it comes to.

use std::sync::{Arc, OnceLock};

use super::{LivePart, readings::Look};
use crate::{
    domain::time::Millis,
    http::{ServiceStatus, page::words::Lang},
    store::running::StoreStanding,
};

/// The last good answer, and why there is no newer one.
#[derive(Debug)]
pub(in crate::http::page) struct Held<T> {
    pub(super) value: Option<Arc<T>>,
    /// Of the value.
    pub(super) at: Millis,
    pub(super) trouble: Option<String>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), at: self.at, trouble: self.trouble.clone() }
    }
}

impl<T> Held<T> {
    pub(super) fn nothing() -> Self {
        Self { value: None, at: Millis(0), trouble: None }
    }

    /// An answer replaces the one before; trouble only says that there is none.
    pub(super) fn then(&self, answer: Result<T, String>, now: Millis) -> Self {
        match answer {
            Ok(value) => Self { value: Some(Arc::new(value)), at: now, trouble: None },
            Err(trouble) => Self { trouble: Some(trouble), ..self.clone() },
        }
    }
}

#[derive(Debug)]
pub(in crate::http::page) struct RunningSeen {
    pub(super) at: Millis,
    pub(super) service: Held<ServiceStatus>,
    pub(super) store: Held<StoreStanding>,
    /// Written once for all readers of a language.
    pub(super) parts: [OnceLock<Vec<LivePart>>; 2],
}

/// What an operator has to know first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RunningVerdict {
    pub(super) tone: VerdictTone,
    pub(super) title: (&'static str, &'static str),
    pub(super) text: String,
    /// Of the runbook; empty where nothing is wrong.
    pub(super) alert: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VerdictTone {
    Well,
    Worse,
    /// Nobody says.
    Unknown,
}

const LAG: &str = "tongguan_consumer_lag_messages";

impl RunningSeen {
    pub(super) fn new(at: Millis, service: Held<ServiceStatus>, store: Held<StoreStanding>) -> Self {
        Self { at, service, store, parts: Default::default() }
    }

    pub(super) fn look(&self) -> Option<Look<'_>> {
        self.service.value.as_deref().map(|status| Look { status, now_s: self.service.at.0 as f64 / 1e3 })
    }

    /// When the last message was taken in: the service knows of every batch, ClickHouse of what it has.
    pub(super) fn taken_until(&self) -> Option<Millis> {
        let heard = |status: &Arc<ServiceStatus>| {
            let all = status.now.each("tongguan_last_event_timestamp_seconds").iter();
            all.map(|sample| (sample.value * 1e3) as i64).filter(|at| *at > 0).max()
        };
        let stored = self.store.value.as_ref().and_then(|store| store.until.taken_at);
        self.service.value.as_ref().and_then(heard).max(stored).map(Millis)
    }

    /// The first of these that is so.
    pub(super) fn verdict(&self) -> RunningVerdict {
        use VerdictTone::{Unknown, Well, Worse};
        let told = |tone, title, text: &str, alert| RunningVerdict { tone, title, text: text.to_owned(), alert };
        if let Some(trouble) = &self.service.trouble {
            return told(Unknown, ("没有服务应答", "No service answers"), trouble, "TongguanDown");
        }
        let Some((look, status)) = self.look().zip(self.service.value.as_ref()) else {
            return told(Unknown, ("还没有问到", "Not asked yet"), "", "");
        };
        let is = |name: &str| look.sum(name).is_some_and(|value| value > 0.0);
        let failing = status.readiness.checks.iter().filter(|check| !check.ok);
        let failing: Vec<String> = failing.map(|check| format!("{}: {}", check.name, check.detail)).collect();
        if let Some(stuck) = &status.stuck {
            return told(Worse, ("停滞，需要重启", "It stands still; restart it"), stuck, "TongguanNotReady");
        }
        let failing = failing.join("；");
        let checks: &[(bool, (&'static str, &'static str), &'static str)] = &[
            (is("tongguan_paused"), ("已暂停：在等 ClickHouse", "Paused: it waits for ClickHouse"), "TongguanPaused"),
            (is("tongguan_partition_stuck"), ("有分区停滞", "A partition stands still"), "TongguanPartitionStuck"),
            (!status.readiness.ready, ("未就绪", "Not ready"), "TongguanNotReady"),
            (
                look.is_over("commit"),
                ("有积压但没有提交", "Messages wait and nothing is committed"),
                "TongguanNothingCommitted",
            ),
        ];
        if let Some((_, title, alert)) = checks.iter().find(|(is_so, ..)| *is_so) {
            return told(Worse, *title, &failing, alert);
        }
        match look.sum(LAG) {
            Some(0.0) => told(Well, ("已追平，没有积压", "Caught up: nothing waits"), "", ""),
            _ => told(Well, ("在运转", "It moves"), "", ""),
        }
    }

    /// Why what the pages say is old, where it is.
    pub(super) fn age(&self, now: Millis, stale_after_ms: i64) -> Option<RunningVerdict> {
        let verdict = self.verdict();
        if verdict.tone == VerdictTone::Worse {
            return Some(verdict);
        }
        let is_old = self.taken_until().is_none_or(|at| now.0 - at.0 > stale_after_ms);
        let is_working = self.look().and_then(|look| look.sum("tongguan_working_hours")) != Some(0.0);
        let silent = RunningVerdict {
            tone: VerdictTone::Unknown,
            title: ("许久没有新数据", "Nothing has come for long"),
            text: String::new(),
            alert: "TongguanStreamSilent",
        };
        match verdict.tone {
            VerdictTone::Unknown => is_old.then_some(verdict),
            _ => (is_old && is_working).then_some(silent),
        }
    }
}

impl RunningVerdict {
    pub(super) fn title(&self, lang: Lang) -> &'static str {
        lang.of(self.title.0, self.title.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        health::{CheckReport, Readiness},
        metrics::samples::Samples,
    };

    fn seen(ready: bool, metrics: &str, trouble: Option<&str>) -> RunningSeen {
        let check = CheckReport { name: "clickhouse".into(), ok: ready, detail: "refused".into() };
        let status = ServiceStatus {
            readiness: Readiness { ready, checks: vec![check] },
            stuck: None,
            now: Samples::parse(metrics),
            earlier: Vec::new(),
        };
        let service =
            Held { value: Some(Arc::new(status)), at: Millis(10_000_000), trouble: trouble.map(str::to_owned) };
        RunningSeen::new(Millis(10_000_000), service, Held::nothing())
    }

    #[test]
    fn what_is_wrong_is_said_first_and_by_its_name() {
        for (ready, metrics, trouble, title) in [
            (true, "tongguan_consumer_lag_messages 0", None, "Caught up: nothing waits"),
            (true, "tongguan_consumer_lag_messages 5", None, "It moves"),
            (false, "tongguan_paused 1", None, "Paused: it waits for ClickHouse"),
            (false, "tongguan_partition_stuck{partition=\"1\"} 1", None, "A partition stands still"),
            (false, "", None, "Not ready"),
            (
                true,
                "tongguan_consumer_lag_messages 50\ntongguan_last_commit_timestamp_seconds 9000",
                None,
                "Messages wait and nothing is committed",
            ),
            (true, "tongguan_paused 1", Some("gone"), "No service answers"),
        ] {
            assert_eq!(seen(ready, metrics, trouble).verdict().title.1, title, "{metrics}");
        }
        assert_eq!(seen(false, "", None).verdict().text, "clickhouse: refused");
    }

    #[test]
    fn data_are_old_when_nothing_came_in_working_hours_or_nobody_answers() {
        let heard = |hours: u8| {
            format!("tongguan_last_event_timestamp_seconds{{stream=\"a\"}} 9000\ntongguan_working_hours {hours}\n")
        };
        let (soon, later) = (Millis(9_100_000), Millis(9_000_000 + 3_600_001));
        let is_old = |seen: &RunningSeen, now| seen.age(now, 3_600_000).is_some();
        assert_eq!(seen(true, &heard(1), None).taken_until(), Some(Millis(9_000_000)));
        assert!(!is_old(&seen(true, &heard(1), None), soon) && is_old(&seen(true, &heard(1), None), later));
        assert!(!is_old(&seen(true, &heard(0), None), later), "at night nothing is awaited");
        assert!(is_old(&seen(true, &heard(0), Some("gone")), later), "but somebody should answer");
        assert!(!is_old(&seen(true, &heard(1), Some("gone")), soon));
    }

    #[test]
    fn what_was_known_stays_when_there_is_no_newer_answer() {
        let first = Held::nothing().then(Ok(7), Millis(5));
        let then = first.then(Err("away".to_owned()), Millis(9));
        assert_eq!((then.value.as_deref(), then.at, then.trouble.as_deref()), (Some(&7), Millis(5), Some("away")));
    }
}
