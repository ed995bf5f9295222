//! Kafka is away: it is told, in time, and memory does not grow.
#![allow(clippy::disallowed_methods, reason = "an answer in time is what is asked for")]

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask},
    events::{event, told, without_unit},
    inlet::{Feeders, Inlet},
    wrappings::{JSON, NDJSON, gzip},
};

const NOBODY: [(&str, &str); 2] = [("KAFKA__BROKERS", "127.0.0.1:1"), ("INLET__ACK_TIMEOUT_S", "1")];

fn come_again(answer: &Answer) {
    let after = answer.header("retry-after").unwrap_or_else(|| panic!("when to come again: {}", answer.text()));
    assert!(after.parse::<u64>().is_ok(), "{after}");
}

/// As a whole, or each event by itself; the document allows both.
fn failed(answer: &Answer, count: u64) {
    if answer.status == 503 {
        answer.problem(503);
        come_again(answer);
    } else {
        assert_eq!(answer.counts(), [0, 0, 0, 0, count], "{}", answer.text());
        assert!(answer.items().iter().all(|(_, status)| *status == 503), "{}", answer.text());
    }
}

#[test]
fn without_kafka_events_are_a_503_with_when_to_come_again_and_the_process_lives() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&NOBODY);
    let begun = Instant::now();
    for number in 1..4 {
        let answer = Ask::json(&event("A", number)).to(&inlet);
        answer.problem(503);
        come_again(&answer);
        // What is wrong with an event itself may be told or not.
        let wrong = Ask::json(&without_unit("A", 1)).to(&inlet);
        assert!([422, 503].contains(&wrong.status), "{}", wrong.text());
    }
    let batch: Vec<Value> = (1..=100).map(|number| event(&format!("B-{}", number % 7), number)).collect();
    failed(&Ask::lines(&batch).to(&inlet), 100);
    failed(&Ask::json(&json!(batch)).to(&inlet), 100);
    assert!(begun.elapsed() < Duration::from_secs(45), "each waits a second: {:?}", begun.elapsed());
    assert_eq!(inlet.get("/livez").status, 200);
    assert_eq!(inlet.get("/readyz").status, 503);
    assert!(inlet.get("/metrics").text().contains("\ntongguan_inlet_ready 0\n"));
}

/// A little under the limit.
fn large() -> Vec<Value> {
    let long = "x".repeat(100_000);
    (1..50).map(|number| told(&format!("L-{number}"), number, "urged", json!({ "reason": long }))).collect()
}

fn at_once(inlet: &Inlet, ask: &Ask, count: usize) -> Vec<Answer> {
    thread::scope(|scope| {
        let begun: Vec<_> = (0..count).map(|_| scope.spawn(|| ask.to(inlet))).collect();
        begun.into_iter().map(|one| one.join().expect("an answer")).collect()
    })
}

#[test]
fn two_hundred_large_requests_at_once_are_sent_away_and_memory_does_not_grow() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[&NOBODY[..], &[("INLET__IN_FLIGHT_MB", "20")]].concat());
    let lines: String = large().iter().map(|event| format!("{event}\n")).collect();
    let list = gzip(json!(large()).to_string().as_bytes());
    for ask in [Ask::post(NDJSON, lines), Ask::post(JSON, list).header("content-encoding", "gzip")] {
        for answer in at_once(&inlet, &ask, 200) {
            failed(&answer, 49);
        }
    }
    let peak = inlet.service.peak_mb();
    assert!(peak < 250, "{peak} MB");
    let answer = Ask::json(&event("A", 1)).to(&inlet);
    answer.problem(503);
    assert_eq!(inlet.get("/livez").status, 200);
}

#[test]
fn beyond_what_may_be_under_way_a_sender_is_told_to_come_again_and_then_taken() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[("INLET__IN_FLIGHT_MB", "20")]);
    inlet.wait_until_ready();
    let ask = Ask::lines(&large());
    let answers = at_once(&inlet, &ask, 50);
    for answer in answers.iter().filter(|answer| answer.status == 503) {
        answer.problem(503);
        come_again(answer);
    }
    let read: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 503).collect();
    assert_eq!(read.iter().map(|answer| answer.counts()[0]).sum::<u64>(), 49, "each was taken once");
    assert!(read.iter().all(|answer| answer.counts()[0] + answer.counts()[1] == 49));
    assert_eq!(feeders.stood("hotline").len(), 49);
    assert_eq!(ask.to(&inlet).counts(), [0, 49, 0, 0, 0]);
}

/// As config/default.toml says of the log: one line per step of life, none per event.
#[test]
fn the_log_tells_that_kafka_is_away_and_not_again_for_every_event_or_attempt() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[&NOBODY[..], &[("LOG__LEVEL", "info")]].concat());
    let batch: Vec<Value> = (1..=500).map(|number| event(&format!("Q-{number}"), number)).collect();
    let wrong: Vec<Value> = (1..=500).map(|number| without_unit(&format!("W-{number}"), number)).collect();
    for _ in 0..4 {
        failed(&Ask::lines(&batch).to(&inlet), 500);
        let refused = Ask::lines(&wrong).to(&inlet);
        assert!(refused.status == 503 || refused.counts()[2] == 500, "{}", refused.status);
    }
    let log = inlet.log();
    assert!(log.contains("kafka") || log.contains("Kafka"), "{log}");
    let lines = log.lines().count();
    assert!(lines < 50, "{lines} lines:\n{}", log.lines().take(20).collect::<Vec<_>>().join("\n"));
}
