//! No value of a refused event is repeated but its id, and its case's number: what stands in a wrong place may be somebody's name.

use std::thread;

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{SOURCE, bare, changed, dispatched, event, told},
    keyed::{FEED, Keyed, TAIL, look, output},
    records::{Record, put},
    report::{number, report},
    service::pause,
};

const NAME: &str = "张三丰";
const PHONE: &str = "13812345678";

/// Refused each, with the name and the phone where neither belongs.
fn misplaced() -> Vec<Value> {
    let both = format!("{NAME} {PHONE}");
    let phone: u64 = PHONE.parse().unwrap();
    let of = |name: &str, value: Value| changed(event("S", 1), |event| event[name] = value);
    let data = |value: Value| changed(dispatched("S", 1), |event| event["data"] = value);
    let mut all: Vec<Value> = ["specversion", "type", "time", "recordedtime", "sequence"]
        .map(|name| of(name, json!(format!(" {both} "))))
        .to_vec();
    all.extend(
        ["type", "occurred_at", "recorded_at", "seq"]
            .map(|name| changed(bare(&event("S", 1)), |event| event[name] = json!(both))),
    );
    all.extend([
        of("type", json!(format!("case.{NAME}.v1"))),
        of("type", json!(phone)),
        of("time", json!([both])),
        of("data", json!(both)),
        of("data", json!([both, phone])),
        data(json!({ "unlt": both, "unit_name": both })),
        data(json!({ "unit": phone })),
        data(json!({ "unit": { "name": both } })),
        data(json!({ "unit": "U", "level": phone })),
        data(json!({ "unit": "U", "role": [both] })),
        data(json!({ "unit": "U", "due_at": both })),
        told("S", 1, "revisited", json!({ "reached": both })),
        told("S", 1, "revisited", json!({ "reached": true, "satisfaction": both })),
        told("S", 1, "corrected", json!({ "field": both, "value": both })),
        told("S", 1, "corrected", json!({ "field": "due_at", "value": both })),
        told("S", 1, "snapshot", json!({ "status": both })),
        told("S", 1, "reported", json!({ "reporter": both, "media_count": both })),
    ]);
    all
}

fn records() -> Vec<Record> {
    let wrap = |event: &Value| {
        if event.get("specversion").is_some() { Record::structured(event) } else { Record::bare(event) }
    };
    let mut all: Vec<Record> = misplaced().iter().map(wrap).collect();
    all.push(Record::binary(&dispatched("S", 1)).header("ce_sequence", NAME));
    all
}

fn silent(what: &str, text: &str) {
    assert!(!text.contains(NAME) && !text.contains(PHONE), "{what}: {text}");
    for escaped in ["\\u5f20\\u4e09", "%E5%BC%A0", "&#24352;"] {
        assert!(!text.contains(escaped), "{what}: {text}");
    }
}

#[test]
fn neither_report_nor_tail_nor_page_nor_log_repeats_what_was_refused() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let records = records();
    put(keyed.town(), "hotline", &records);
    let inlet = keyed.inlet(&[]);
    let answer = look(&inlet, FEED, &key);
    let refused = number(&report(&answer.is(200))["refused"]);
    assert!(refused as usize >= records.len() - 2, "almost all are refused: {refused} of {}", records.len());
    silent("the report", &answer.text());
    for more in [&["check", "--source", SOURCE][..], &["check", "--source", SOURCE, "--json"], &["check", "--json"]] {
        let (code, stdout, stderr) = output(keyed.town(), &[&["feed"], more, &["--stream", "hotline"]].concat());
        assert_eq!(code, Some(5), "{stdout}{stderr}");
        silent("the command", &(stdout + &stderr));
    }
    let tailed = thread::scope(|scope| {
        let asked = scope.spawn(|| look(&inlet, TAIL, &key));
        while !asked.is_finished() {
            put(keyed.town(), "hotline", &records);
            pause(300);
        }
        asked.join().unwrap()
    });
    assert!(!tailed.is(200)["messages"].as_array().unwrap().is_empty(), "{}", tailed.text());
    silent("the tail", &tailed.text());
    for event in misplaced() {
        silent("the answer", &Ask::json(&event).key(&key).to(&inlet).text());
    }
    silent("what was answered", &look(&inlet, FEED, &key).text());
    silent("the log", &inlet.log());
}

#[test]
fn values_of_parameters_that_are_somebodys_name_are_not_given_back_over_http() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    let name = "%E5%BC%A0%E4%B8%89%E4%B8%B0%2013812345678";
    // The name of a stream or a parameter is repeated to who wrote it, with the nearest right one; values are not.
    for path in [format!("{FEED}&hours={name}"), format!("{TAIL}&after={name}")] {
        silent(&path, &look(&inlet, &path, &key).text());
    }
    silent("the log", &inlet.log());
}
