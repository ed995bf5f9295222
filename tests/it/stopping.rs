//! Stopping, sharing and waiting: nothing is lost, nothing is doubled, and the exit code says what happened.

#![allow(clippy::disallowed_methods, reason = "how long another process takes, in real time")]

use std::time::{Duration, Instant};

use crate::{
    messages::lives,
    proxy::{Line, Proxy},
    quarantine::every_offset_once,
    service::{Service, pause},
    town::Town,
};

#[test]
fn a_stop_in_the_middle_drains_and_the_next_run_goes_on() {
    let town = Town::new();
    let sent = town.send("grid", &lives("s", 5_000));
    let mut service = Service::start(&town, &[("BATCH__ROWS_MAX", "500")]);
    crate::service::wait_for("the first rows", Duration::from_secs(30), || town.ledger_places() > 0);
    let ended = service.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("everything taken is written and committed"), "{}", ended.stderr);
    town.run_until_caught_up();
    every_offset_once(&town, sent);
    assert_eq!(town.number("SELECT countIf(standing = 'closed' AND rows = 4) FROM {db}.cases FINAL"), 5_000);
}

#[test]
fn without_clickhouse_the_service_waits_and_a_stop_ends_it() {
    let town = Town::new();
    town.send("grid", &lives("w", 10));
    let nowhere = [("CLICKHOUSE__URL", "http://127.0.0.1:1")];
    let mut service = Service::start(&town, &nowhere);
    service.wait_for_log("waiting; nothing is lost");
    let (status, body) = service.get("/readyz");
    assert!(status == 503 && body.contains("clickhouse"), "{status} {body}");
    assert_eq!(service.get("/livez").0, 200);
    assert!(service.metric("tongguan_paused") > 0.0);
    let ended = service.stop();
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(ended.stderr.contains("nothing was taken"), "{}", ended.stderr);
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 40);
}

/// Forty messages taken, none of them written.
fn cut_off(town: &Town, drain_timeout_s: &str) -> Service {
    let proxy = Proxy::new(&town.url, Line::Open);
    let settings = [("CLICKHOUSE__URL", proxy.url.as_str()), ("SHUTDOWN__DRAIN_TIMEOUT_S", drain_timeout_s)];
    let service = Service::start(town, &settings);
    service.wait_until_ready();
    proxy.set(Line::Gone);
    town.send("grid", &lives("w", 10));
    service.wait_for_log("waiting; nothing is lost");
    // The batch collected meanwhile is handed over.
    pause(300);
    service
}

#[test]
fn a_stop_without_clickhouse_takes_one_deadline_and_says_what_is_left() {
    let town = Town::new();
    let mut service = cut_off(&town, "2");
    let started = Instant::now();
    let ended = service.stop();
    let took = started.elapsed();
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(Duration::from_millis(1_900) < took && took < Duration::from_millis(3_500), "{took:?}");
    assert!(ended.stderr.contains("stopped before everything was written"), "{}", ended.stderr);
    assert!(ended.stderr.contains(r#""messages":0,"left":40"#), "{}", ended.stderr);
    town.run_until_caught_up();
    every_offset_once(&town, 40);
}

#[test]
fn a_second_signal_ends_at_once_and_the_exit_code_says_that_something_is_left() {
    let town = Town::new();
    let mut service = cut_off(&town, "60");
    service.signal("-INT");
    service.wait_for_log("asked to stop");
    pause(500);
    assert!(service.is_running());
    service.signal("-TERM");
    let ended = service.ended(Duration::from_secs(3));
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(ended.stderr.contains("a second signal") && ended.stderr.contains(r#""left":40"#), "{}", ended.stderr);
}

#[test]
fn instances_that_come_and_go_share_the_work_and_leave_the_rows_of_one() {
    let alone = Town::new();
    let messages = lives("i", 3_000);
    let (first, second) = messages.split_at(messages.len() / 2);
    alone.send("grid", first);
    let town = alone.sibling();
    let small = [("BATCH__ROWS_MAX", "300"), ("SWEEP__INTERVAL_S", "1"), ("SWEEP__GRACE_S", "0")];
    let mut one = Service::start(&town, &small);
    let mut two = Service::start(&town, &small);
    for service in [&one, &two] {
        service.wait_until_ready();
    }
    alone.send("grid", second);
    assert_eq!(one.stop().code, Some(0));
    let mut three = Service::start(&town, &small);
    let sent = messages.len() as u64;
    crate::service::wait_for("every message", Duration::from_secs(40), || town.ledger_places() == sent);
    let closed = "SELECT countIf(rows = 4) FROM {db}.cases FINAL";
    town.until(closed, 3_000);
    for service in [&mut two, &mut three] {
        assert_eq!(service.stop().code, Some(0));
    }
    alone.run_until_caught_up();
    every_offset_once(&town, sent);
    assert_eq!(town.cases(), alone.cases());
}
