//! Cases whose messages lie on several partitions under several instances: every case is whole as soon as its messages are
//! written, through kills, stops and a zombie, and the rows are those of one undisturbed run.
#![allow(clippy::disallowed_methods, reason = "how long other processes take, in real time")]

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde_json::json;
use tongguan::feed::topics;

use crate::{
    messages::{Message, at, event_of},
    service::{Service, pause, wait_for},
    town::Town,
};

/// Small batches, so that the instances meet often; neither a sweep nor a comparison of notes comes to help.
const UNAIDED: [(&str, &str); 4] =
    [("BATCH__ROWS_MAX", "400"), ("SWEEP__INTERVAL_S", "86400"), ("SWEEP__WINDOW_S", "1"), ("SWEEP__GRACE_S", "3600")];
const STEPS: [&str; 6] = ["accepted", "dispatched", "signed", "submitted", "closed", "reopened"];

/// One step of so many cases, under keys that say nothing of the case: they go to all partitions.
fn step(cases: usize, step: usize) -> Vec<Message> {
    let kind = STEPS[step];
    let data = if kind == "dispatched" { json!({ "unit": "U" }) } else { json!({}) };
    let message = |case: usize| {
        let case = format!("S-{case:05}");
        let event = event_of(&format!("{case}/{step}"), &case, kind, &at(step * 10), data.clone());
        Message { key: format!("{:016x}", rand::random::<u64>()), ..event }
    };
    (0..cases).map(message).collect()
}

fn send_steps(town: &Town, cases: usize, steps: std::ops::Range<usize>) {
    for number in steps {
        for some in step(cases, number).chunks(500) {
            town.send("hotline", some);
        }
    }
}

fn instances(town: &Town, number: usize, more: &[(&str, &str)]) -> Vec<Service> {
    let settings: Vec<(&str, &str)> = UNAIDED.iter().chain(more).copied().collect();
    let all: Vec<Service> = (0..number).map(|_| Service::start(town, &settings)).collect();
    all.iter().for_each(Service::wait_until_ready);
    all
}

const BEHIND: &str = "SELECT count() FROM (SELECT case_id, uniqExact(topic, partition, offset) AS n FROM {db}.events GROUP BY case_id) AS e \
     LEFT JOIN (SELECT case_id, rows FROM {db}.cases FINAL) AS c USING (case_id) WHERE n != c.rows";

/// The rows are those of one undisturbed run over the same topics.
fn assert_as_undisturbed(town: &Town, messages: u64) {
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", messages);
    assert_eq!(town.number(BEHIND), 0, "cases folded from a part of their messages");
    let alone = town.sibling();
    alone.run_until_caught_up();
    let (one, other) = (alone.cases(), town.cases());
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
}

/// Watches until each case has all of its messages; seconds from `since`, sorted.
fn seconds_until_whole(town: &Town, cases: usize, since: Instant) -> Vec<f64> {
    let mut whole: HashMap<String, f64> = HashMap::new();
    let sql = format!("SELECT case_id FROM {{db}}.cases FINAL WHERE rows = {}", STEPS.len());
    wait_for("every case to be whole", Duration::from_secs(120), || {
        let seconds = since.elapsed().as_secs_f64();
        for case in town.query(&sql).lines() {
            whole.entry(case.to_owned()).or_insert(seconds);
        }
        whole.len() == cases
    });
    let mut seconds: Vec<f64> = whole.into_values().collect();
    seconds.sort_by(f64::total_cmp);
    seconds
}

#[allow(clippy::print_stderr, reason = "what was measured")]
fn whole_within_seconds(number: usize, cases: usize) {
    let town = Town::new();
    let all = instances(&town, number, &[]);
    send_steps(&town, cases, 0..STEPS.len());
    let sent_at = Instant::now();
    let seconds = seconds_until_whole(&town, cases, sent_at);
    let in_ledger = town.ledger_places();
    assert_eq!(in_ledger, (cases * STEPS.len()) as u64);
    let found: f64 = all.iter().map(|one| one.metric("tongguan_split_cases_total")).sum();
    let swept: f64 = all.iter().map(|one| one.metric("tongguan_swept_cases_total")).sum();
    eprintln!(
        "{number} instances, {cases} cases: whole after the last message was sent: median {:.2} s, max {:.2} s; found split {found}",
        seconds[seconds.len() / 2],
        seconds[seconds.len() - 1]
    );
    assert!(found >= cases as f64 / 2.0 && swept == 0.0, "found {found}, swept {swept}");
    drop(all);
    assert_as_undisturbed(&town, in_ledger);
}

#[test]
fn under_two_instances_every_case_is_whole_within_seconds() {
    whole_within_seconds(2, 3_000);
}

#[test]
fn under_three_instances_every_case_is_whole_within_seconds() {
    whole_within_seconds(3, 2_000);
}

#[test]
fn what_is_stopped_in_order_is_whole_and_what_is_killed_is_whole_when_it_comes_back() {
    let town = Town::new();
    let cases = 1_000;
    let mut all = instances(&town, 3, &[]);
    send_steps(&town, cases, 0..2);
    // Killed in the middle of its work; its heirs go on after its session.
    all[0].signal("-KILL");
    send_steps(&town, cases, 2..4);
    all.push(instances(&town, 1, &[]).remove(0));
    send_steps(&town, cases, 4..STEPS.len());
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", (cases * STEPS.len()) as u64);
    all.iter_mut().skip(1).for_each(|one| assert_eq!(one.stop().code, Some(0)));
    // Whatever was in hand when they stopped is written, or taken again; nothing is left to a comparison.
    town.run_until_caught_up_with(&UNAIDED);
    assert_as_undisturbed(&town, (cases * STEPS.len()) as u64);
}

#[test]
fn an_instance_that_was_frozen_past_its_session_leaves_no_case_in_part() {
    let town = Town::new();
    let cases = 1_000;
    let all = instances(&town, 2, &[]);
    send_steps(&town, cases, 0..3);
    all[0].signal("-STOP");
    send_steps(&town, cases, 3..5);
    pause(8_000);
    all[0].signal("-CONT");
    send_steps(&town, cases, 5..STEPS.len());
    seconds_until_whole(&town, cases, Instant::now());
    drop(all);
    assert_as_undisturbed(&town, (cases * STEPS.len()) as u64);
}

/// Both have died after the note and before the case, and nobody reads their messages again: the note alone brings it about.
#[test]
fn a_note_outlives_the_writers_and_is_taken_up_by_whoever_comes() {
    let town = Town::new();
    let cases = 300;
    let all = instances(&town, 2, &[]);
    send_steps(&town, cases, 0..1);
    town.until("SELECT count() FROM {db}.cases FINAL", cases as u64);
    town.query("RENAME TABLE {db}.cases TO {db}.cases_away");
    send_steps(&town, cases, 1..2);
    let open = "SELECT uniqExact(case_id) FROM {db}.behind";
    wait_for("notes", Duration::from_secs(30), || town.number(open) > 20);
    all.iter().for_each(|one| one.signal("-KILL"));
    drop(all);
    town.query("RENAME TABLE {db}.cases_away TO {db}.cases");
    let noted_behind = format!("{BEHIND} AND case_id IN (SELECT case_id FROM {{db}}.behind)");
    assert!(town.number(&noted_behind) > 0, "nothing was left behind");
    // Another installation's topics, the same database.
    let prefix = format!("{}_other.", town.database);
    let elsewhere =
        [("KAFKA__TOPIC_PREFIX", prefix.as_str()), ("KAFKA__GROUP", &prefix), ("SWEEP__INTERVAL_S", "86400")];
    let mut settings = elsewhere.to_vec();
    settings.push(("SWEEP__GRACE_S", "1"));
    let mut service = Service::start(&town, &settings);
    town.until(&noted_behind, 0);
    town.until("SELECT uniqExact(case_id) FROM {db}.behind FINAL WHERE settled_at = toDateTime64(0, 3)", 0);
    wait_for("the gauge", Duration::from_secs(10), || service.metric("tongguan_cases_behind") == 0.0);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 0.0);
    assert_eq!(service.stop().code, Some(0));
    let names = ["hotline", "grid"].map(|stream| format!("{prefix}case-events.{stream}"));
    town.wait(topics::delete(&town.brokers, &[&names[0], &names[1]])).expect("topics are deleted");
    town.run_until_caught_up_with(&UNAIDED);
    assert_as_undisturbed(&town, (cases * 2) as u64);
}
