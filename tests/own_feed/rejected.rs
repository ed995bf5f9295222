//! `case-events.rejected`: what the service refuses, one CloudEvent a message.

use serde_json::{Value, json};

use crate::{
    events::{SOURCE, changed, event, told as event_of, without_unit},
    records::{Got, Record, got, instant, is_there, make_narrow, now, put, take_away, told},
    service::{Ended, Service},
    town::Town,
};

pub const STREAM: &str = "rejected";
pub const TOPIC: (&str, &str) = ("KAFKA__REJECTED_TOPIC", "case-events.rejected");

/// A town that puts what it refuses on a topic, which goes with it.
pub struct Refusing(pub Town);

impl Refusing {
    pub fn new() -> Self {
        Self(Town::new())
    }

    pub fn start(&self, more: &[(&str, &str)]) -> Service {
        Service::start(&self.0, &[&[TOPIC], more].concat())
    }

    pub fn run(&self, more: &[(&str, &str)]) -> Ended {
        self.0.run_until_caught_up_with(&[&[TOPIC], more].concat())
    }

    /// In the order of what they are about.
    pub fn told(&self) -> Vec<Got> {
        let mut all = got(&self.0, STREAM);
        all.sort_by_key(|one| {
            let data = &one.json()["data"];
            (data["topic"].to_string(), data["partition"].as_u64(), data["offset"].as_u64())
        });
        all
    }
}

impl Drop for Refusing {
    fn drop(&mut self) {
        take_away(&self.0, STREAM);
    }
}

#[test]
fn what_is_refused_is_one_event_each_that_says_where_it_stands_and_why() {
    let town = Refusing::new();
    let stamp = (now() / 1000 - 60) * 1000;
    let bad = Record::structured(&without_unit("RX-77", 2)).stamped(stamp);
    put(&town.0, "hotline", &[Record::structured(&event("RX-77", 1)), bad, Record::structured(&event("RX-77", 3))]);
    town.run(&[]);
    let all = town.told();
    assert_eq!(all.len(), 1, "what was taken is not there");
    let topic = town.0.topic("hotline");
    let place = format!("{topic}/0/1");
    let said = all[0].json();
    assert_eq!(String::from_utf8_lossy(&all[0].key), place, "keyed by its place");
    for (name, wanted) in
        [("specversion", "1.0"), ("type", "event.rejected.v1"), ("id", &place), ("datacontenttype", "application/json")]
    {
        assert_eq!(said[name], wanted, "{name}: {said:#}");
    }
    let source = said["source"].as_str().unwrap();
    assert!(source.starts_with("urn:tongguan:") && source.ends_with("case-events.hotline"), "{source}");
    let wanted = json!({
        "stream": "hotline", "topic": topic, "partition": 0, "offset": 1, "reason": "missing_field", "field": "/data/unit",
        "detail": "required, and not there or empty", "source": SOURCE, "event_id": "RX-77-2",
    });
    assert_eq!(said["data"], wanted);
    assert_eq!(said.as_object().unwrap().len(), 7, "and nothing else: {said:#}");
}

/// As the example of the document has it, which is the event of the example above it.
#[test]
fn the_time_of_a_refusal_is_the_arrival_of_the_message_by_the_towns_clock() {
    let town = Refusing::new();
    let stamp = (now() / 1000 - 60) * 1000;
    put(&town.0, "hotline", &[Record::structured(&without_unit("RX-77", 2)).stamped(stamp)]);
    town.run(&[]);
    let said = town.told()[0].json();
    let time = said["time"].as_str().unwrap();
    assert_eq!(instant(time), stamp, "{said:#}");
    assert!(time.starts_with(&told(stamp)[..19]) && time.ends_with("+08:00"), "{said:#}");
}

#[test]
fn every_reason_is_told_and_what_cannot_be_read_is_not_made_up() {
    let town = Refusing::new();
    let records = [
        Record::raw("k", b"\xb6\xbd\xb2\xec"),
        Record::raw("k", b"<xml>"),
        Record::raw("k", b"[1]"),
        Record::raw("k", b""),
        Record::structured(&event_of("U", 1, "praised", json!({}))),
        Record::structured(&changed(event("U", 2), |event| event["time"] = json!("1949-10-01T00:00:00+08:00"))),
        Record::structured(&changed(event("U", 3), |event| event["time"] = json!("yesterday"))),
    ];
    put(&town.0, "hotline", &records);
    put(&town.0, "grid", &records[..1]);
    town.run(&[]);
    let all = town.told();
    let data: Vec<Value> = all.iter().map(|one| one.json()["data"].clone()).collect();
    let of = |stream: &str| -> Vec<String> {
        let own = data.iter().filter(|data| data["stream"] == stream);
        own.map(|data| data["reason"].as_str().unwrap().to_owned()).collect()
    };
    let wanted = ["not_utf8", "not_json", "not_an_object", "empty", "unknown_type", "impossible_time", "invalid_field"];
    assert_eq!((of("hotline"), of("grid")), (wanted.map(str::to_owned).to_vec(), vec!["not_utf8".to_owned()]));
    for data in &data {
        let is_read = ["unknown_type", "impossible_time", "invalid_field"].contains(&data["reason"].as_str().unwrap());
        assert_eq!((data["source"] == SOURCE, data["event_id"].is_string()), (is_read, is_read), "{data:#}");
        assert!(data["detail"].as_str().is_some(), "{data:#}");
    }
}

#[test]
fn no_value_of_it_is_told_and_source_and_id_are_masked() {
    let town = Refusing::new();
    let both = "张三丰 13812345678";
    let events = [
        changed(without_unit("S", 1), |event| event["data"] = json!({ "unit_name": both, both: both })),
        changed(without_unit("S", 2), |event| event["subject"] = json!(both)),
        changed(event("S", 3), |event| event["type"] = json!(format!("case.{both}.v1"))),
        changed(event("S", 4), |event| event["time"] = json!(both)),
        changed(event("S", 5), |event| event["data"] = json!(both)),
        changed(without_unit("S", 6), |event| event["source"] = json!("caller 13812345678")),
        changed(without_unit("S", 7), |event| event["id"] = json!("caller 13812345678")),
    ];
    let mut records: Vec<Record> = events.iter().map(Record::structured).collect();
    records.push(Record::raw(both, format!("{{{both}").as_bytes()));
    records.push(Record::binary(&without_unit("S", 8)).header("x-caller", both));
    put(&town.0, "hotline", &records);
    let ran = town.run(&[("LOG__LEVEL", "debug")]);
    let all = town.told();
    assert_eq!(all.len(), records.len());
    for text in all.iter().map(|one| String::from_utf8_lossy(&one.bytes()).into_owned()).chain([ran.stderr, ran.stdout])
    {
        assert!(!text.contains("13812345678") && !text.contains("张三丰"), "{text}");
    }
}

#[test]
fn without_the_setting_there_is_no_topic() {
    let town = Refusing::new();
    put(&town.0, "hotline", &[Record::structured(&without_unit("A", 1))]);
    town.0.run_until_caught_up();
    assert!(!is_there(&town.0, STREAM));
    assert_eq!(town.0.number("SELECT count() FROM {db}.quarantine FINAL"), 1);
}

#[test]
fn the_topic_is_made_at_the_start_though_nothing_is_refused() {
    let town = Refusing::new();
    town.run(&[]);
    assert!(is_there(&town.0, STREAM));
    assert!(town.told().is_empty());
}

#[test]
fn where_topics_are_not_made_a_missing_one_does_not_stop_the_service() {
    let town = Refusing::new();
    put(&town.0, "hotline", &[Record::structured(&without_unit("A", 1)), Record::structured(&event("A", 2))]);
    town.run(&[("KAFKA__CREATE_TOPICS", "false")]);
    assert_eq!(town.0.number("SELECT count() FROM {db}.quarantine FINAL"), 1);
    assert_eq!(town.0.ledger_places(), 1);
}

#[test]
fn a_topic_that_is_there_already_is_used() {
    let town = Refusing::new();
    make_narrow(&town.0, STREAM, "1000000");
    put(&town.0, "hotline", &[Record::structured(&without_unit("A", 1))]);
    town.run(&[]);
    assert_eq!(town.told().len(), 1);
}

#[test]
fn a_foreign_source_is_told_like_any_other() {
    let town = Refusing::new();
    let dir = town.0.folder.path().join("streams");
    std::fs::create_dir(&dir).unwrap();
    let list = "\n[producers]\n\"a\" = [\"b.example\"]\n";
    let text = format!("{}{list}", include_str!("../../config/streams/hotline.toml"));
    std::fs::write(dir.join("hotline.toml"), text).unwrap();
    put(&town.0, "hotline", &[Record::structured(&event("A", 1)).header("tongguan-feeder", "a")]);
    town.run(&[("STREAMS__DIR", dir.to_str().unwrap())]);
    let data = town.told()[0].json()["data"].clone();
    assert_eq!(
        (&data["reason"], &data["source"], &data["event_id"]),
        (&json!("foreign_source"), &json!(SOURCE), &json!("A-1"))
    );
}
