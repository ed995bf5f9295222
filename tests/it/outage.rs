//! ClickHouse is away, late, or cut off in the middle of an answer: the service waits, goes on by itself, and the rows are
//! those of an undisturbed run.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    gateway::{Does, Gateway},
    messages::lives,
    proxy::{Line, Proxy},
    quarantine::every_offset_once,
    service::{Service, pause, wait_for},
    town::Town,
};

/// Without the time of arrival, which differs between runs.
fn ledger(town: &Town) -> String {
    town.query(
        "SELECT * EXCEPT ingested_at FROM {db}.events FINAL ORDER BY topic, partition, offset FORMAT JSONEachRow",
    )
}

#[test]
fn clickhouse_may_come_later_than_the_service_and_answer_nonsense_at_first() {
    let town = Town::new();
    let sent = town.send("grid", &lives("l", 20));
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let mut service = Service::spawn(&town, &["run", "--until-caught-up"], &[("CLICKHOUSE__URL", &url)]);
    service.wait_for_log("waiting; nothing is lost");
    let proxy = Proxy::at(address, &town.url, Line::BadGateway);
    service.wait_for_log("502 Bad Gateway");
    pause(300);
    assert!(service.is_running(), "{}", service.stderr());
    proxy.set(Line::Open);
    let ended = service.ended(Duration::from_secs(30));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    every_offset_once(&town, sent);
}

#[test]
fn an_answer_that_is_lost_changes_no_row() {
    let town = Town::new();
    let sent = town.send("hotline", &lives("a", 300));
    let undisturbed = town.sibling();
    undisturbed.run_until_caught_up();
    let proxy = Proxy::new(&town.url, Line::LosesAnswers(vec!["events", "cases"]));
    let ended = town.run_until_caught_up_with(&[("CLICKHOUSE__URL", &proxy.url), ("BATCH__ROWS_MAX", "500")]);
    assert_eq!(proxy.lost(), ["events", "cases"]);
    assert!(ended.stderr.contains("clickhouse is back"), "{}", ended.stderr);
    every_offset_once(&town, sent);
    assert_eq!(town.number("SELECT count() FROM {db}.cases FINAL"), 300);
    assert_eq!(ledger(&town), ledger(&undisturbed));
    assert_eq!(town.cases(), undisturbed.cases());
}

#[test]
fn partitions_are_given_up_also_while_clickhouse_is_away() {
    let town = Town::new();
    let sent = town.send("grid", &lives("g", 1_000));
    let proxy = Proxy::new(&town.url, Line::Open);
    let behind =
        [("CLICKHOUSE__URL", proxy.url.as_str()), ("BATCH__ROWS_MAX", "100"), ("SHUTDOWN__DRAIN_TIMEOUT_S", "1")];
    let mut waiting = Service::start(&town, &behind);
    waiting.wait_until_ready();
    proxy.set(Line::Gone);
    waiting.wait_for_log("waiting; nothing is lost");
    let at_first = town.ledger_places();
    assert!(at_first < sent, "ClickHouse went away too late");
    // Another instance comes. It gets its share, although the first has more in hand than it can write.
    let mut other = Service::start(&town, &[("BATCH__ROWS_MAX", "100")]);
    wait_for("rows of the other", Duration::from_secs(30), || town.ledger_places() > at_first);
    assert_eq!(waiting.stop().code, Some(4), "{}", waiting.stderr());
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", sent);
    town.until("SELECT countIf(rows = 4) FROM {db}.cases FINAL", 1_000);
    assert_eq!(other.stop().code, Some(0));
    every_offset_once(&town, sent);
}

#[test]
fn a_clickhouse_that_is_frozen_is_seen_while_nothing_arrives_and_so_is_its_return() {
    let town = Town::new();
    let is_frozen = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_frozen);
    let gateway = Gateway::new(&town.url, move |_| if seen.load(Ordering::SeqCst) { Does::Hang } else { Does::Pass });
    let service = Service::start(&town, &[("CLICKHOUSE__URL", &gateway.url)]);
    service.wait_until_ready();
    assert_eq!(service.metric("tongguan_clickhouse_up"), 1.0);
    is_frozen.store(true, Ordering::SeqCst);
    wait_for("it to be seen", Duration::from_secs(15), || service.get("/readyz").0 == 503);
    let (_, body) = service.get("/readyz");
    assert!(body.contains("no whole answer within"), "{body}");
    assert_eq!(service.metric("tongguan_clickhouse_up"), 0.0);
    is_frozen.store(false, Ordering::SeqCst);
    wait_for("its return to be seen", Duration::from_secs(15), || service.get("/readyz").0 == 200);
    let log = service.stderr();
    assert_eq!((log.matches("clickhouse cannot take it").count(), log.matches("clickhouse is back").count()), (1, 1));
}

#[test]
fn a_look_up_that_is_never_answered_holds_nobody_up_for_long() {
    let town = Town::new();
    let sent = town.send("grid", &lives("u", 50));
    let is_swallowed = Arc::new(AtomicBool::new(false));
    let once = Arc::clone(&is_swallowed);
    let gateway = Gateway::new(&town.url, move |asked| {
        let is_look_up = String::from_utf8_lossy(&asked.body).contains("JSONExtract(");
        if is_look_up && !once.swap(true, Ordering::SeqCst) { Does::Hang } else { Does::Pass }
    });
    town.run_until_caught_up_with(&[("CLICKHOUSE__URL", &gateway.url), ("CLICKHOUSE__LOOKUP_TIMEOUT_S", "1")]);
    assert!(is_swallowed.load(Ordering::SeqCst));
    every_offset_once(&town, sent);
    assert_eq!(town.number("SELECT count() FROM {db}.cases FINAL"), 50);
}

#[test]
fn what_goes_on_is_said_once_and_counted_each_time() {
    let town = Town::new();
    let proxy = Proxy::new(&town.url, Line::Open);
    let service = Service::start(&town, &[("CLICKHOUSE__URL", proxy.url.as_str())]);
    service.wait_until_ready();
    proxy.set(Line::Gone);
    let sent = town.send("grid", &lives("s", 20));
    let count = || service.metric_so_far("tongguan_clickhouse_errors_total{code=\"gone\"}").unwrap_or(0.0);
    wait_for("many tries", Duration::from_secs(30), || count() >= 20.0);
    assert_eq!(service.stderr().matches("clickhouse cannot take it").count(), 1, "{}", service.stderr());
    proxy.set(Line::Open);
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", sent);
    service.wait_for_log("clickhouse is back");
}
