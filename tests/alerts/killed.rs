//! Senders that are killed at any moment, and two that would both send: every alert once.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
};
use serde_json::{Value, json};
use tongguan::domain::time::Millis;

use crate::{
    messages::{Message, event},
    sender::{Alerted, accepted, long},
    service::{Service, pause, wait_for},
    town::Town,
};

const CASES: i64 = 500;
const EVERY_MS: i64 = 30;
const KILLS: usize = 24;

fn start() -> Millis {
    Millis::parse("2021-03-05T09:00:00+08:00").unwrap()
}

fn text(at: Millis) -> String {
    at.rfc3339(&jiff::tz::TimeZone::UTC)
}

/// Their dues come one after the other while the senders die; the yellow light was before alerts began.
fn cases() -> Vec<Message> {
    let case = |number: i64| {
        let due = start().plus(500 + number * EVERY_MS);
        let data = json!({"kind": "表扬", "due_at": text(due)});
        event(&format!("K{number:04}"), "accepted", &text(start().plus(-3_600_000)), data)
    };
    (0..CASES).map(case).collect()
}

fn subjects(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["subject"].as_str().unwrap().to_owned()).collect()
}

/// Sees messages that are not committed yet.
struct Watcher(BaseConsumer);

impl Watcher {
    fn new(town: &Town) -> Self {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &town.brokers)
            .set("group.id", "nobody")
            .set("isolation.level", "read_uncommitted")
            .set("fetch.wait.max.ms", "10")
            .set("enable.partition.eof", "true")
            .create()
            .unwrap();
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&town.topic("alerts"), 0, Offset::Beginning).unwrap();
        consumer.assign(&list).unwrap();
        Self(consumer)
    }

    /// All there are, aborted ones too.
    fn count(&self, town: &Town) -> usize {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&town.topic("alerts"), 0, Offset::Beginning).unwrap();
        self.0.assign(&list).unwrap();
        let next = || self.0.poll(Duration::from_secs(30)).expect("Kafka answers").ok();
        std::iter::from_fn(next).count()
    }

    fn see_something(&self, patience: Duration) {
        // What is there already is old.
        while self.0.poll(Duration::from_millis(5)).is_some() {}
        let _ = self.0.poll(patience);
    }
}

#[test]
fn every_alert_is_on_the_topic_once_whatever_is_killed_when() {
    let alerted = Alerted::new();
    alerted.tell(&cases());
    let first = alerted.command(&["run", "--once", "--begin", &text(start().plus(-60_000))], &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let began = Instant::now();
    let seed = rand::random();
    eprintln!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut read_back, mut fenced) = (0, 0);
    let sender = || {
        let now = start().plus(began.elapsed().as_millis() as i64);
        alerted.start(&["run", "--begin", &text(now)], &[("ALERTS__TAKE_OVER_AFTER_S", "2")])
    };
    let mut look = |mut service: Service| {
        service.signal("-KILL");
        let log = service.ended(Duration::from_secs(10)).stderr;
        read_back += usize::from(log.contains("were read back from the topic"));
        fenced += usize::from(log.contains("another instance sends now"));
    };
    let watcher = Watcher::new(&alerted.town);
    let mut killed = 0;
    while killed < KILLS {
        let one = sender();
        // Every third time another one takes over while the first is at it.
        let other = (killed % 3 == 2).then(|| {
            pause(random.random_range(100..400));
            sender()
        });
        // At any moment, or just when something is being sent: before its commit, or before it is written down.
        match random.random_bool(0.4) {
            true => pause(random.random_range(150..900)),
            false => {
                watcher.see_something(Duration::from_secs(2));
                pause(random.random_range(0..40));
            }
        }
        killed += 1 + usize::from(other.is_some());
        look(one);
        if let Some(other) = other {
            look(other);
        }
    }
    eprintln!("{killed} killed in {:?}: {read_back} starts read back, {fenced} were fenced", began.elapsed());
    // Then one is left in peace until all dues have come.
    let mut last = sender();
    wait_for("all alerts", Duration::from_secs(60), || {
        alerted.town.number("SELECT uniqExact(id) FROM {db}.alerts") as i64 == CASES
    });
    assert_eq!(last.stop().code, Some(0));

    let events = alerted.events();
    let ids: BTreeSet<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    let cases: BTreeSet<String> = subjects(&events).into_iter().collect();
    assert_eq!((events.len(), ids.len(), cases.len()), (CASES as usize, CASES as usize, CASES as usize));
    let aborted = Watcher::new(&alerted.town).count(&alerted.town) - CASES as usize;
    eprintln!("{aborted} messages were aborted");
    let places = alerted.town.number("SELECT uniqExact(partition, offset) FROM {db}.alerts FINAL");
    assert_eq!(places as i64, CASES, "the table is the topic");
}

#[test]
fn who_stands_by_takes_over_when_the_other_is_gone() {
    let alerted = Alerted::new();
    let settings = [("ALERTS__TAKE_OVER_AFTER_S", "2"), ("ALERTS__LISTEN", "127.0.0.1:0")];
    let one = alerted.start(&["run"], &settings);
    one.wait_until_ready();
    one.wait_for_log("this instance sends the alerts");
    let mut other = alerted.start(&["run"], &settings);
    other.wait_for_log("this instance sends the alerts");
    one.wait_for_log("standing by");
    wait_for("one sender", Duration::from_secs(30), || {
        (one.metric("tongguan_alerts_sending"), other.metric("tongguan_alerts_sending")) == (0.0, 1.0)
    });
    assert_eq!(one.get("/readyz").0, 200, "who stands by is ready");
    other.signal("-KILL");
    other.ended(Duration::from_secs(10));
    one.wait_for_log("taking over");
    wait_for("the sender", Duration::from_secs(30), || one.metric("tongguan_alerts_sending") == 1.0);
}

/// By the first the alert TongguanAlertsNotSent knows it, by the second a person.
#[test]
fn a_sender_that_waits_for_its_clickhouse_from_the_start_shows_that_it_never_passed() {
    let alerted = Alerted::new();
    let settings = [("ALERTS__LISTEN", "127.0.0.1:0"), ("CLICKHOUSE__URL", "http://127.0.0.1:1")];
    let mut waiting = alerted.start(&["run"], &settings);
    waiting.wait_for_log("clickhouse");
    let passed = "tongguan_alerts_last_pass_timestamp_seconds";
    wait_for("the metric", Duration::from_secs(30), || waiting.metric_so_far(passed) == Some(0.0));
    let (status, body) = waiting.get("/readyz");
    assert!(status == 503 && body.contains(r#"{"name":"clickhouse","ok":false,"#), "{body}");
    waiting.stop();
    let sending = alerted.start(&["run"], &settings[..1]);
    wait_for("a pass", Duration::from_secs(30), || sending.metric_so_far(passed).is_some_and(|at| at > 1e9));
}

#[test]
fn what_was_sent_and_not_written_down_when_it_died_is_read_back_and_not_sent_again() {
    let alerted = Alerted::new();
    alerted.at("05 09:00", &[]);
    alerted.tell(&[accepted("A", "05 09:00", "05 10:00"), accepted("B", "05 09:00", "05 11:00")]);
    alerted.at("05 10:01", &[]);
    let table = || alerted.town.number("SELECT uniqExact(id) FROM {db}.alerts");
    let sent = |kinds: &[&str]| alerted.told().iter().filter(|told| kinds.contains(&told.as_str())).count();
    assert_eq!((alerted.told().len(), table()), (1, 1));
    // ClickHouse takes no more rows.
    alerted.town.query("ALTER TABLE {db}.alerts MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1");
    let mut service = alerted.start(&["run", "--begin", &long("05 11:01")], &[]);
    wait_for("B on the topic", Duration::from_secs(30), || sent(&["overdue B"]) == 1);
    service.wait_for_log("clickhouse cannot take it");
    assert_eq!(table(), 1);
    service.signal("-KILL");
    service.ended(Duration::from_secs(10));
    alerted.town.query("ALTER TABLE {db}.alerts RESET SETTING parts_to_delay_insert, parts_to_throw_insert");
    let next = alerted.command(&["run", "--once", "--begin", &long("05 11:02")], &[]);
    assert!(next.stderr.contains("were read back from the topic"), "{}", next.stderr);
    assert_eq!(alerted.told(), ["overdue A", "overdue B"]);
    assert_eq!(table(), 2);
}
