//! No answer and no line of the log repeats a value of an event but its id: what stands in a wrong place may be somebody's name.

use std::fs;

use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask},
    events::{SOURCE, attributes, bare, changed, dispatched, event, told},
    inlet::{Feeders, Inlet},
    wrappings::{JSON, NDJSON, STRUCTURED},
};

const NAME: &str = "张三丰";
const PHONE: &str = "13812345678";

/// The name and the phone where neither belongs.
fn misplaced() -> Vec<Value> {
    let both = format!("{NAME} {PHONE}");
    let mut all: Vec<Value> = ["specversion", "type", "time", "recordedtime", "sequence", "subject", "source"]
        .iter()
        .map(|name| changed(event("S", 1), |event| event[*name] = json!(format!(" {both} "))))
        .collect();
    all.extend(
        ["type", "case_id", "occurred_at", "recorded_at", "seq", "source"]
            .map(|name| changed(bare(&event("S", 1)), |event| event[name] = json!(format!(" {both} ")))),
    );
    let phone: u64 = PHONE.parse().unwrap();
    all.extend([
        changed(event("S", 1), |event| event["type"] = json!(format!("case.{NAME}.v1"))),
        changed(event("S", 1), |event| event["subject"] = json!(phone)),
        changed(event("S", 1), |event| event["subject"] = json!(both.repeat(10))),
        changed(event("S", 1), |event| event["data"] = json!(both)),
        changed(event("S", 1), |event| event["data"] = json!([both, phone])),
        changed(dispatched("S", 1), |event| event["data"] = json!({ NAME: 1, PHONE: 2, "unlt": both })),
        changed(dispatched("S", 1), |event| event["data"] = json!({ "unit": phone })),
        changed(dispatched("S", 1), |event| event["data"] = json!({ "unit": { "name": both } })),
        changed(dispatched("S", 1), |event| event["data"]["level"] = json!(phone)),
        changed(dispatched("S", 1), |event| event["data"]["role"] = json!([both])),
        changed(dispatched("S", 1), |event| event["data"]["due_at"] = json!(both)),
        told("S", 1, "revisited", json!({ "reached": both })),
        told("S", 1, "revisited", json!({ "reached": true, "satisfaction": both })),
        told("S", 1, "corrected", json!({ "field": both, "value": both })),
        told("S", 1, "corrected", json!({ "field": "due_at", "value": both })),
        told("S", 1, "corrected", json!({ "field": "quantity", "value": both })),
        told("S", 1, "snapshot", json!({ "status": both })),
        told("S", 1, "reported", json!({ "reporter": both, "media_count": both })),
        json!([both, phone]),
        json!(both),
    ]);
    all
}

fn asks() -> Vec<Ask> {
    let mut asks: Vec<Ask> = misplaced().iter().map(Ask::json).collect();
    asks.extend(misplaced().iter().map(|event| Ask::post(STRUCTURED, event.to_string())));
    asks.extend(misplaced().iter().map(|event| Ask::lines([event])));
    let both = format!("{NAME} {PHONE}");
    for body in [both.clone(), format!("{{\"type\": \"{both}\""), format!("[{{}}, {both}]"), format!("{{{both}}}")] {
        asks.extend([JSON, STRUCTURED, NDJSON, "text/plain"].map(|kind| Ask::post(kind, body.clone())));
    }
    let own = attributes(&event("S", 1));
    for (wrong, _) in own.iter().filter(|(name, _)| name != "ce-id") {
        let value = format!("%E5%BC%A0%E4%B8%89%E4%B8%B0%20{PHONE}");
        let of = |(name, own): &(String, String)| if name == wrong { value.clone() } else { own.clone() };
        asks.push(own.iter().fold(Ask::post(JSON, "{}"), |ask, pair| ask.header(&pair.0, &of(pair))));
    }
    asks
}

fn is_silent(text: &str) -> bool {
    // As it is, escaped, and percent-encoded.
    let lower = text.to_lowercase();
    [NAME, PHONE, "三丰", "\\u5f20\\u4e09", "%e5%bc%a0"].iter().all(|part| !lower.contains(part))
}

#[test]
fn a_name_and_a_phone_number_in_a_wrong_place_are_neither_in_an_answer_nor_in_the_log() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[("LOG__LEVEL", "trace")]);
    let mut refused = 0;
    for ask in asks() {
        let answer = ask.to(&inlet);
        assert!(is_silent(&answer.text()), "{}\nto {}", answer.text(), String::from_utf8_lossy(ask.body()));
        refused += u32::from(![200, 202].contains(&answer.status));
    }
    assert!(refused > 60, "{refused} only");
    assert!(is_silent(&inlet.get("/metrics").text()));
    assert!(is_silent(&inlet.log()), "{}", loud(&inlet));
}

fn loud(inlet: &Inlet) -> String {
    inlet.log().lines().filter(|line| !is_silent(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn nor_in_what_a_conflict_or_a_key_of_another_source_is_answered() {
    let feeders = Feeders::new();
    let file = feeders.path("keys.toml");
    let settings = [("INLET__KEYS_FILE", file.as_str())];
    let key = crate::keys::added(&feeders, &file, "k", &["--source", SOURCE, "--stream", "hotline"]);
    let inlet = feeders.inlet(&settings);
    let silent = |answer: Answer, status: u16| {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(is_silent(&answer.text()), "{}", answer.text());
    };
    let first = told("S", 1, "urged", json!({ "by": "督察" }));
    Ask::json(&first).key(&key).to(&inlet).is(202);
    let other = changed(first, |event| event["data"]["by"] = json!(format!("{NAME} {PHONE}")));
    silent(Ask::json(&other).key(&key).to(&inlet), 409);
    let foreign = changed(event("S", 2), |event| event["source"] = json!(format!("{NAME}{PHONE}")));
    silent(Ask::json(&foreign).key(&key).to(&inlet), 403);
    silent(Ask::lines([&other, &foreign]).key(&key).to(&inlet), 207);
    assert!(is_silent(&inlet.log()), "{}", loud(&inlet));
    assert!(!inlet.log().contains(&key) && !fs::read_to_string(&file).unwrap().contains(&key));
}
