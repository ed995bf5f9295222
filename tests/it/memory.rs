//! The process keeps to `memory.max_mb` and 64 MB, 32 of them its code, whatever comes: every input of hostile feeds one after the other, and a backlog that
//! grows while ClickHouse is away.
#![allow(clippy::print_stdout, reason = "how much it was is what one wants to know")]

use std::time::Duration;

use serde_json::json;

use crate::{
    messages::{at, bare, event_of, lives},
    produce::{Broker, Codec, Record, batch},
    proxy::{Line, Proxy},
    service::{Service, pause, wait_for},
    town::Town,
};

const MAX_MB: u64 = 256;
/// The 64, without the optimised program's code: a tested one's may be larger.
const SLACK_MB: u64 = 64 - 32;
const LONG: Duration = Duration::from_secs(300);
const TAKEN: &str = "SELECT uniqExact(topic, partition, offset) + (SELECT uniqExact(topic, partition, offset) FROM {db}.quarantine) FROM {db}.events";

fn record(payload: impl Into<Vec<u8>>) -> Record {
    Record { key: Some(b"k".to_vec()), payload: Some(payload.into()), ..Record::default() }
}

fn with_header(name: &[u8], value: Vec<u8>) -> Record {
    Record {
        headers: vec![(name.to_vec(), Some(value))],
        ..record(bare("m-1", "accepted", &at(1), &json!({})).payload)
    }
}

fn accepted(data: serde_json::Value) -> Record {
    record(bare("m-1", "accepted", &at(1), &data).payload)
}

/// Each with how often it comes, in how many batches.
fn inputs() -> Vec<(&'static str, Record, usize, usize, Codec)> {
    let large = 900_000;
    let text = |text: String| accepted(json!({ "description": text }));
    vec![
        ("header names in GBK", with_header(&[0xC0, 0xB4, 0xD4, 0xB4], b"x".to_vec()), 100, 10, Codec::None),
        ("a batch by zstd", accepted(json!({})), 500, 10, Codec::Zstd),
        (
            "34 headers",
            Record { headers: vec![(b"x".to_vec(), None); 34], ..accepted(json!({})) },
            100,
            10,
            Codec::None,
        ),
        ("keys of 900 KB", Record { key: Some(vec![b'k'; large]), ..accepted(json!({})) }, 1, 150, Codec::None),
        ("headers of 900 KB", with_header(b"x", vec![0xFF; large]), 1, 150, Codec::None),
        ("texts of 900 KB", text("字".repeat(large / 3)), 1, 150, Codec::None),
        ("texts of 900 KB by gzip", text("字".repeat(large / 3)), 150, 1, Codec::Gzip),
        ("200 MB in one batch by gzip", record(vec![b' '; 1_000_000]), 200, 1, Codec::Gzip),
        ("200 MB in one message by zstd", record(vec![b' '; 200_000_000]), 1, 1, Codec::Zstd),
        ("labels without end", text("vx_".repeat(330_000)), 1, 20, Codec::None),
        ("other labels", text("qq_".repeat(330_000)), 1, 20, Codec::None),
        (
            "a name of 150,000 letters",
            accepted(json!({ "description": "某".repeat(100_000), "reporter": { "name": "张".repeat(50_000) } })),
            1,
            20,
            Codec::None,
        ),
        ("a due of the year 9999", accepted(json!({ "due_at": "9999-12-31T23:59:59+08:00" })), 1, 1, Codec::None),
        (
            "a byte-order mark",
            record([b"\xEF\xBB\xBF".to_vec(), accepted(json!({})).payload.unwrap()].concat()),
            1,
            1,
            Codec::None,
        ),
    ]
}

#[test]
fn every_hostile_input_stays_within_the_budget() {
    let town = Town::new();
    let max = MAX_MB.to_string();
    let mut service = Service::start(&town, &[("MEMORY__MAX_MB", &max)]);
    service.wait_until_ready();
    let (topic, mut broker) = (town.topic("hotline"), Broker::at(&town.brokers));
    let mut sent = 0;
    for (what, record, records, batches, codec) in inputs() {
        let packed = batch(std::iter::repeat_n(&record, records), codec);
        for _ in 0..batches {
            broker.produce(&topic, 0, &packed);
            sent += records as u64;
        }
        wait_for(what, LONG, || town.number(TAKEN) == sent);
        println!("{} MB  {what}", service.peak_held_mb());
        assert!(service.peak_held_mb() <= MAX_MB + SLACK_MB, "{what}: {} MB held", service.peak_held_mb());
    }
    assert_eq!(service.get("/readyz").0, 200);
    assert_eq!(service.stop().code, Some(0));
}

/// Many messages of one case, then single ones: each is folded with all that came before.
#[test]
fn a_case_of_seventy_thousand_messages_stays_within_the_budget() {
    const MESSAGES: u64 = 70_000;
    let town = Town::new();
    let max = MAX_MB.to_string();
    let mut service = Service::start(&town, &[("MEMORY__MAX_MB", &max)]);
    service.wait_until_ready();
    let (topic, mut broker) = (town.topic("hotline"), Broker::at(&town.brokers));
    let dispatched = |number: u64| {
        let unit = json!({ "unit": format!("U{}", number % 50), "due_at": "2021-03-16T00:00:00+08:00" });
        record(event_of(&number.to_string(), "long", "dispatched", &at(number as usize % 20_000), unit).payload)
    };
    for first in (0..MESSAGES).step_by(1_000) {
        let records: Vec<Record> = (first..first + 1_000).map(dispatched).collect();
        broker.produce(&topic, 0, &batch(&records, Codec::Lz4));
    }
    let folded = "SELECT max(rows) FROM {db}.cases WHERE case_id = 'long'";
    wait_for("all of them to be folded", LONG, || town.number(folded) == MESSAGES);
    for number in MESSAGES..MESSAGES + 5 {
        broker.produce(&topic, 0, &batch(&[dispatched(number)], Codec::None));
        wait_for("one more", LONG, || town.number(folded) == number + 1);
    }
    println!("{} MB", service.peak_held_mb());
    assert!(service.peak_held_mb() <= MAX_MB + SLACK_MB, "{} MB held", service.peak_held_mb());
    assert_eq!(service.stop().code, Some(0));
}

/// What is fed while ClickHouse is away, and then written; `feed` gives the number of messages.
pub fn stays_within_its_budget(feed: impl FnOnce(&Town) -> u64) {
    let town = Town::new();
    let proxy = Proxy::new(&town.url, Line::Open);
    let max = MAX_MB.to_string();
    let mut service = Service::start(&town, &[("MEMORY__MAX_MB", &max), ("CLICKHOUSE__URL", &proxy.url)]);
    service.wait_until_ready();
    proxy.set(Line::Gone);
    let sent = feed(&town);
    pause(8_000);
    proxy.set(Line::Open);
    wait_for("everything to be written", Duration::from_secs(600), || town.number(TAKEN) == sent);
    println!("{} MB, {sent} messages", service.peak_held_mb());
    assert!(service.peak_held_mb() <= MAX_MB + SLACK_MB, "{} MB held", service.peak_held_mb());
    assert_eq!(service.stop().code, Some(0));
}

/// What the ledger holds of a batch's cases, their rows and what is kept of them, all at once: 645 MB before a batch was folded part by
/// part, 476 before lists came in pieces and the allocator gave back what is free (decision 0013).
#[test]
fn a_backlog_that_grows_while_clickhouse_is_away_stays_within_the_budget() {
    const CASES: usize = 60_000;
    stays_within_its_budget(|town| town.send("grid", &lives("b", CASES)) + town.send("hotline", &lives("b", CASES)));
}
