//! The sweep: what lies in the ledger unfolded, and nobody noted, is folded, however old it is.

use tongguan::{
    domain::{
        event::{Envelope, Event, Place},
        fact::Fact,
        time::Millis,
    },
    store::ledger,
};

use crate::{
    messages::{at, event},
    service::Service,
    town::Town,
};

const OFTEN: [(&str, &str); 2] = [("SWEEP__INTERVAL_S", "1"), ("SWEEP__GRACE_S", "1")];
const DAY_MS: i64 = 86_400_000;

/// As another instance would write it that knows nothing of the rest.
fn closed(case: &str, offset: i64, age_ms: i64) -> Event {
    Event {
        place: Place { topic: "elsewhere".into(), partition: 9, offset },
        envelope: Envelope::Bare,
        ingested_at: Millis(tongguan::pipeline::clock::now().0 - age_ms),
        stream: "hotline".into(),
        case_id: case.into(),
        source: "other".into(),
        id: format!("close-{offset}").into(),
        occurred_at: Millis::parse(&at(50)).unwrap(),
        recorded_at: None,
        seq: 0,
        fact: Fact::Closed { how: "".into(), result: "".into() },
    }
}

#[test]
fn a_case_that_another_instance_knows_more_of_is_folded_again_and_counted() {
    let town = Town::new();
    let service = Service::start(&town, &OFTEN);
    service.wait_until_ready();
    town.send("hotline", &[event("P", "accepted", &at(1), serde_json::json!({}))]);
    town.until("SELECT count() FROM {db}.cases WHERE case_id = 'P'", 1);
    let other = [closed("P", 1, 0)];
    town.wait(async { ledger::insert(&town.store(), ledger::encode(other.iter())).await.unwrap() });
    town.until("SELECT count() FROM {db}.cases FINAL WHERE case_id = 'P' AND standing = 'closed' AND rows = 2", 1);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 1.0);
    // The instance has it all in memory now, so that its next event builds on both.
    town.send("hotline", &[event("P", "reopened", &at(60), serde_json::json!({}))]);
    town.until("SELECT count() FROM {db}.cases FINAL WHERE case_id = 'P' AND standing = 'open' AND rows = 3", 1);
}

#[test]
fn a_row_that_reaches_the_ledger_late_is_swept_and_a_stream_of_nobody_is_left_alone() {
    let town = Town::new();
    let service = Service::start(&town, &OFTEN);
    service.wait_until_ready();
    let sweeps = || service.metric_so_far("tongguan_stage_seconds_count{stage=\"sweep\"}").unwrap_or(0.0);
    let some_sweeps = |more: f64| {
        let before = sweeps();
        crate::service::wait_for("sweeps", std::time::Duration::from_secs(30), || sweeps() >= before + more);
    };
    some_sweeps(2.0);
    let stray = Event { stream: "nobody".into(), ..closed("N", 2, 5_000) };
    let late = [closed("L", 1, 40 * DAY_MS), stray];
    town.wait(async { ledger::insert(&town.store(), ledger::encode(late.iter())).await.unwrap() });
    town.until("SELECT count() FROM {db}.cases FINAL WHERE case_id = 'L' AND standing = 'closed'", 1);
    some_sweeps(2.0);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 1.0);
    assert_eq!(town.number("SELECT count() FROM {db}.cases"), 1);
}

#[test]
fn more_cases_than_one_sweep_takes_are_all_swept() {
    let town = Town::new();
    let others: Vec<Event> = (0..12_000).map(|n| closed(&format!("M-{n}"), n, 400 * DAY_MS)).collect();
    town.wait(async { ledger::insert(&town.store(), ledger::encode(others.iter())).await.unwrap() });
    let service = Service::start(&town, &OFTEN);
    let closed = || town.number("SELECT count() FROM {db}.cases FINAL WHERE standing = 'closed'");
    crate::service::wait_for("12,000 cases", std::time::Duration::from_secs(120), || closed() == 12_000);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 12_000.0);
    // Another one goes on where this one was, and compares nothing twice.
    town.until("SELECT countIf(next < seen) FROM {db}.swept FINAL", 0);
    drop(service);
    let service = Service::start(&town, &OFTEN);
    let sweeps = || service.metric_so_far("tongguan_stage_seconds_count{stage=\"sweep\"}").unwrap_or(0.0);
    crate::service::wait_for("sweeps", std::time::Duration::from_secs(120), || sweeps() >= 2.0);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 0.0);
}
