//! Stopping, sharing and waiting: nothing is lost, nothing is doubled, and the exit code says what happened.

use crate::{messages::lives, quarantine::every_offset_once, service::Service, town::Town};

#[test]
fn a_stop_in_the_middle_drains_and_the_next_run_goes_on() {
    let town = Town::new();
    let sent = town.send("grid", &lives("s", 5_000));
    let mut service = Service::start(&town, &[("BATCH__ROWS_MAX", "500")]);
    crate::service::wait_for("the first rows", std::time::Duration::from_secs(30), || town.ledger_places() > 0);
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
    service.stop();
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 40);
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
    crate::service::wait_for("every message", std::time::Duration::from_secs(40), || town.ledger_places() == sent);
    let closed = "SELECT countIf(rows = 4) FROM {db}.cases FINAL";
    town.until(closed, 3_000);
    for service in [&mut two, &mut three] {
        assert_eq!(service.stop().code, Some(0));
    }
    alone.run_until_caught_up();
    every_offset_once(&town, sent);
    assert_eq!(town.cases(), alone.cases());
}
