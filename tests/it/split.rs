//! Cases whose messages lie on several partitions under several instances: every case is whole as soon as its messages are
//! written, through kills, stops and a zombie, and the rows are those of one undisturbed run.
#![allow(clippy::disallowed_methods, reason = "how long other processes take, in real time")]

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde_json::json;
use tongguan::feed::{cluster::Cluster, topics};

use crate::{
    messages::{Message, at, event_of},
    service::{Service, pause, wait_for},
    town::Town,
};

/// Small batches, so that the instances meet often; neither a sweep nor a comparison of notes comes to help.
const UNAIDED: [(&str, &str); 4] = [
    ("BATCH__ROWS_MAX", "400"),
    ("SWEEP__INTERVAL_S", "86400"),
    ("SWEEP__GRACE_S", "3600"),
    ("STREAMS__BUILT_IN", "hotline"),
];
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
    // Each has some of the four partitions: ready is also who has none.
    all.iter().for_each(|one| one.wait_for_log("case-events.hotline["));
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

/// Watches until each case is folded from all of its messages; when that was, and when its last message was in the ledger.
fn watch(town: &Town, cases: usize, since: Instant) -> (Vec<f64>, Vec<f64>) {
    let (mut whole, mut there): (HashMap<String, f64>, HashMap<String, f64>) = Default::default();
    let messages = STEPS.len();
    let in_ledger = format!(
        "SELECT case_id FROM {{db}}.events GROUP BY case_id HAVING uniqExact(topic, partition, offset) = {messages}"
    );
    let folded = format!("SELECT case_id FROM {{db}}.cases FINAL WHERE rows = {messages}");
    wait_for("every case to be whole", Duration::from_secs(120), || {
        for (sql, seen) in [(&folded, &mut whole), (&in_ledger, &mut there)] {
            let found = town.query(sql);
            let seconds = since.elapsed().as_secs_f64();
            for case in found.lines().filter(|case| !case.is_empty()) {
                seen.entry(case.to_owned()).or_insert(seconds);
            }
        }
        whole.len() == cases
    });
    let lags = whole.iter().map(|(case, at)| (at - there[case]).max(0.0));
    let sorted = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        seconds
    };
    (sorted(lags.collect()), sorted(whole.into_values().collect()))
}

#[allow(clippy::print_stderr, reason = "what was measured")]
fn whole_within_seconds(number: usize, cases: usize) {
    let town = Town::new();
    let all = instances(&town, number, &[]);
    send_steps(&town, cases, 0..STEPS.len() - 1);
    let last = step(cases, STEPS.len() - 1);
    let since = Instant::now();
    town.send("hotline", &last);
    let (lags, seconds) = watch(&town, cases, since);
    let in_ledger = town.ledger_places();
    assert_eq!(in_ledger, (cases * STEPS.len()) as u64);
    let total = |name: &str| all.iter().map(|one| one.metric(name)).sum::<f64>();
    let (found, swept) = (total("tongguan_split_cases_total"), total("tongguan_swept_cases_total"));
    let middle = |sorted: &[f64]| (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    let (in_ledger_for, sent_for) = (middle(&lags), middle(&seconds));
    eprintln!(
        "{number} instances, {cases} cases, {found} found split: seconds until whole (median, max): {in_ledger_for:.2?} after the \
         ledger had all of the case, {sent_for:.2?} after everything was sent"
    );
    assert!(found >= cases as f64 / 2.0 && swept == 0.0, "found {found}, swept {swept}");
    drop(all);
    assert_as_undisturbed(&town, in_ledger);
}

#[test]
fn one_instance_alone_finds_nothing_split_and_notes_nothing() {
    let town = Town::new();
    let all = instances(&town, 1, &[]);
    send_steps(&town, 50, 0..STEPS.len());
    watch(&town, 50, Instant::now());
    assert_eq!(all[0].metric("tongguan_split_cases_total"), 0.0);
    assert_eq!(town.number("SELECT count() FROM {db}.behind"), 0);
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
    watch(&town, cases, Instant::now());
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
    let elsewhere = [
        ("KAFKA__TOPIC_PREFIX", prefix.as_str()),
        ("KAFKA__GROUP", &prefix),
        ("SWEEP__INTERVAL_S", "86400"),
        ("SWEEP__GRACE_S", "1"),
    ];
    let mut service = Service::start(&town, &elsewhere);
    let patience = Duration::from_secs(120);
    wait_for("what was noted to be whole", patience, || town.number(&noted_behind) == 0);
    let open = "SELECT uniqExact(case_id) FROM {db}.behind FINAL WHERE settled_at = toDateTime64(0, 3)";
    wait_for("the notes to be settled", patience, || town.number(open) == 0);
    wait_for("the gauge", patience, || service.metric("tongguan_cases_behind") == 0.0);
    assert_eq!(service.metric("tongguan_swept_cases_total"), 0.0);
    assert_eq!(service.stop().code, Some(0));
    let names = ["hotline", "grid"].map(|stream| format!("{prefix}case-events.{stream}"));
    town.wait(topics::delete(&Cluster::plain(&town.brokers), &[&names[0], &names[1]])).expect("topics are deleted");
    town.run_until_caught_up_with(&UNAIDED);
    assert_as_undisturbed(&town, (cases * 2) as u64);
}
