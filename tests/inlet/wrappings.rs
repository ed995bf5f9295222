//! An event may come in any wrapping that the document names; what stands on Kafka, and the case, is the same.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{
    client::{Ask, EVENTS},
    events::{SOURCE, attributes, bare, changed, event, flat, told, without},
    inlet::{Feeders, Inlet},
    messages::at,
    stood::{Stood, essence},
    town::Town,
};

pub const STRUCTURED: &str = "application/cloudevents+json";
pub const BATCH: &str = "application/cloudevents-batch+json";
pub const JSON: &str = "application/json";
pub const NDJSON: &str = "application/x-ndjson";

/// An event whose text is in GBK.
pub const GBK: &[u8] = b"{\"type\":\"case.urged.v1\",\"case_id\":\"G\",\"occurred_at\":\"2021-03-08T09:41:00+08:00\",\"by\":\"\xb6\xbd\xb2\xec\"}";

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// The data of one event, its attributes beside it.
pub fn binary(event: &Value) -> Ask {
    let ask = Ask::post(JSON, event["data"].to_string());
    attributes(event).iter().fold(ask, |ask, (name, value)| ask.header(name, value))
}

/// Those that are answered as one event, by name.
fn as_one(event: &Value) -> Vec<(&'static str, Ask)> {
    let text = event.to_string();
    vec![
        ("structured", Ask::post(STRUCTURED, text.clone())),
        ("with a charset", Ask::post("application/cloudevents+json; charset=utf-8", text.clone())),
        ("binary", binary(event)),
        ("bare", Ask::json(&bare(event))),
        ("flat", Ask::json(&flat(event))),
        ("structured as json", Ask::json(event)),
        ("indented", Ask::post(JSON, serde_json::to_string_pretty(event).unwrap())),
        ("gzip", Ask::post(STRUCTURED, gzip(text.as_bytes())).header("content-encoding", "gzip")),
        ("zstd", Ask::post(STRUCTURED, zstd(text.as_bytes())).header("content-encoding", "zstd")),
        ("bare gzip", Ask::post(JSON, gzip(bare(event).to_string().as_bytes())).header("content-encoding", "gzip")),
    ]
}

/// Those that are answered as a batch.
fn as_batch(event: &Value) -> Vec<(&'static str, Ask)> {
    let line = format!("{event}\n");
    vec![
        ("batch", Ask::post(BATCH, json!([event]).to_string())),
        ("list of bare", Ask::json(&json!([bare(event)]))),
        ("list of structured", Ask::json(&json!([event]))),
        ("line", Ask::post(NDJSON, line.clone())),
        ("bare line without an end", Ask::post(NDJSON, bare(event).to_string())),
        ("among empty lines", Ask::post(NDJSON, format!("\n\r\n{event}\r\n\n"))),
        ("lines gzip", Ask::post(NDJSON, gzip(line.as_bytes())).header("content-encoding", "gzip")),
        (
            "batch zstd",
            Ask::post(BATCH, zstd(json!([event]).to_string().as_bytes())).header("content-encoding", "zstd"),
        ),
    ]
}

/// Everything that an event may say of itself, of a case with a Chinese number.
fn full(case: &str) -> Value {
    let data = json!({ "kind": "投诉", "channel": "12345", "urgency": "一般", "due_at": "2021-03-16T00:00:00+08:00" });
    changed(told(case, 1, "accepted", data), |event| {
        event["recordedtime"] = json!(at(2));
        event["sequence"] = json!("7");
    })
}

fn send_in_every_wrapping(inlet: &Inlet) -> Vec<(String, Value)> {
    let (one, batch) = (as_one(&full("")).len(), as_batch(&full("")).len());
    let mut sent = Vec::new();
    for index in 0..one + batch {
        let event = full(&format!("热线 100%-{index:02}"));
        let (name, ask) = if index < one { as_one(&event).remove(index) } else { as_batch(&event).remove(index - one) };
        let answer = ask.to(inlet);
        match index < one {
            true => assert_eq!(answer.is(202)["id"], event["id"], "{name}"),
            false => assert_eq!(answer.counts(), [1, 0, 0, 0, 0], "{name}: {}", answer.text()),
        }
        sent.push((name.to_owned(), event));
    }
    sent
}

fn find<'a>(all: &'a [Stood], event: &Value) -> &'a Stood {
    let mut own = all.iter().filter(|one| one.key == event["subject"].as_str().unwrap());
    let found = own.next().unwrap_or_else(|| panic!("not on Kafka under its case: {event}\n{all:?}"));
    assert!(own.next().is_none(), "twice: {event}");
    found
}

#[test]
fn an_event_stands_on_kafka_under_its_case_whichever_wrapping_it_came_in() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let sent = send_in_every_wrapping(&inlet);
    let all = feeders.stood("hotline");
    assert_eq!(all.len(), sent.len());
    for (name, event) in &sent {
        assert_eq!(find(&all, event).event(), essence(event), "{name}");
    }
    assert!(feeders.stood("grid").is_empty());
}

#[test]
fn the_same_case_comes_out_whichever_wrapping_its_event_came_in() {
    let town = Town::new();
    let inlet = Inlet::start(&town, &[]);
    let sent = send_in_every_wrapping(&inlet);
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    let kinds = town.rows(
        "SELECT count() AS cases, uniqExact(tuple(* EXCEPT (case_id, last_ingested_at))) AS kinds FROM {db}.cases FINAL",
    );
    assert_eq!(kinds[0], json!({ "cases": sent.len(), "kinds": 1 }), "{:#?}", town.cases());
    for (name, event) in &sent {
        let case = town.case("hotline", event["subject"].as_str().unwrap());
        assert_eq!((&case["urgency"], &case["kind"]), (&json!("一般"), &json!("投诉")), "{name}");
    }
}

#[test]
fn what_was_taken_stands_at_the_place_that_the_answer_names() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for case in ["A", "B", "C", "D", "E"] {
        for number in 1..4 {
            let event = event(case, number);
            let said = Ask::json(&event).path("/v1/events?stream=grid").to(&inlet).is(202);
            let place = &said["place"];
            assert_eq!((&said["status"], &said["id"]), (&json!(202), &event["id"]));
            assert_eq!(place["topic"], feeders.0.topic("grid"));
            let all = feeders.stood("grid");
            let found = all.iter().find(|one| place["partition"] == one.partition && place["offset"] == one.offset);
            assert_eq!(found.unwrap_or_else(|| panic!("{said}: {all:?}")).event(), essence(&event));
        }
    }
}

#[test]
fn a_bare_event_without_id_and_source_gets_both_and_the_same_ones_again() {
    let town = Town::new();
    let inlet = Inlet::start(&town, &[]);
    let nameless = without(&without(&bare(&event("N", 1)), "id"), "source");
    let first = Ask::json(&nameless).to(&inlet).is(202)["id"].clone();
    assert!(first.as_str().is_some_and(|id| !id.is_empty()), "{first}");
    assert_eq!(Ask::json(&nameless).to(&inlet).is(200)["id"], first);
    let other = changed(nameless, |event| event["data"]["level"] = json!("city"));
    assert_ne!(Ask::json(&other).to(&inlet).is(202)["id"], first);
    town.run_until_caught_up();
    assert_eq!(town.case("hotline", "N")["events"], 2);
}

#[test]
fn the_example_of_the_document_is_taken_and_so_are_those_of_the_contract() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let document = std::fs::read_to_string(crate::local::root().join("docs/inlet.md")).unwrap();
    let example = document.split("-d '").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert_eq!(Ask::post(JSON, example).to(&inlet).is(202)["id"], "DH2021-0001-1");
    let folder = crate::local::root().join("contracts/examples/valid");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let ask = match value["headers"].as_object() {
            None => Ask::post(JSON, text),
            Some(headers) => {
                let ask = Ask::post(JSON, value["data"].to_string());
                let ours = headers.iter().filter(|(name, _)| name.starts_with("ce_"));
                ours.fold(ask, |ask, (name, value)| ask.header(&name.replace('_', "-"), value.as_str().unwrap()))
            }
        };
        let answer = ask.to(&inlet);
        // Some examples tell the same event in several envelopes.
        assert!([200, 202, 409].contains(&answer.status), "{}: {}", path.display(), answer.text());
    }
}

#[test]
fn the_stream_may_be_left_out_where_there_is_only_one() {
    let feeders = Feeders::new();
    let only = feeders.inlet(&[("STREAMS__BUILT_IN", "hotline")]);
    Ask::json(&event("O", 1)).path("/v1/events").to(&only).is(202);
    assert_eq!(feeders.stood("hotline").len(), 1);
    let two = feeders.inlet(&[]);
    let said = Ask::json(&event("O", 2)).path("/v1/events").to(&two).problem(400);
    assert!(said["detail"].as_str().unwrap().contains("stream"), "{said}");
    assert_eq!(feeders.stood("hotline").len(), 1);
    assert_eq!(SOURCE, feeders.stood("hotline")[0].event()["source"]);
    Ask::json(&event("O", 2)).path(EVENTS).to(&two).is(202);
}
