//! The bytes of an event, as they came.

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{bare, changed, event, told},
    inlet::Feeders,
    messages::{self, at},
    stood::of_case,
    wrappings::{BATCH, JSON, NDJSON, STRUCTURED},
};

/// Numbers that no double holds, spaces, escapes, fields that nobody knows, the same name twice.
fn odd(case: &str) -> String {
    format!(
        "{{ \"specversion\" : \"1.0\",\t\"id\":\"{case}\\u002D1\", \"source\":\"hotline.example\", \"type\":\"case.urged.v1\", \
         \"subject\":\"{case}\", \"time\":\"{}\", \"x\": 12345678901234567890.123456789e-7, \"y\": [ 1, 1.0, 1e0 ],\
         \"data\": {{\"level\":\"\\u5E02 区\", \"z\":\"\\/\"}} }}",
        at(1)
    )
}

#[test]
fn an_event_stands_on_kafka_as_it_was_written() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    Ask::post(STRUCTURED, odd("A")).to(&inlet).is(202);
    Ask::post(JSON, odd("B")).to(&inlet).is(202);
    for (case, kind, body) in [
        ("C", BATCH, format!("[ {} , {}]", odd("C"), event("D", 1))),
        ("E", JSON, format!("[{}\n,\n{}\n]", event("D", 2), odd("E"))),
        ("F", NDJSON, format!("{}\n{}\n", event("D", 3), odd("F"))),
    ] {
        assert_eq!(Ask::post(kind, body).to(&inlet).counts(), [2, 0, 0, 0, 0], "{case}");
    }
    let all = feeders.stood("hotline");
    for case in ["A", "B", "C", "E", "F"] {
        let one = all.iter().find(|one| one.key == case).unwrap_or_else(|| panic!("{case}: {all:?}"));
        assert_eq!(String::from_utf8_lossy(&one.payload), odd(case));
    }
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let marked = |text: String| format!("\u{feff}{text}");
    Ask::post(JSON, marked(event("M", 1).to_string())).to(&inlet).is(202);
    Ask::post(STRUCTURED, marked(event("M", 2).to_string())).to(&inlet).is(202);
    Ask::post(JSON, marked(bare(&event("M", 3)).to_string())).to(&inlet).is(202);
    let lines = marked(format!("{}\n{}\n", event("M", 4), event("M", 5)));
    assert_eq!(Ask::post(NDJSON, lines).to(&inlet).counts(), [2, 0, 0, 0, 0]);
    assert_eq!(Ask::post(JSON, marked(json!([event("M", 6)]).to_string())).to(&inlet).counts(), [1, 0, 0, 0, 0]);
    assert_eq!(of_case(&feeders.stood("hotline"), "M").len(), 6);
}

#[test]
fn a_case_is_on_the_partition_on_which_other_producers_put_it() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let cases: Vec<String> = (0..60).map(|n| format!("案件-{n}")).collect();
    let sent: Vec<_> = cases.iter().map(|case| messages::event(case, "accepted", &at(1), json!({}))).collect();
    feeders.0.send("hotline", &sent);
    let events: Vec<Value> = cases.iter().map(|case| event(case, 2)).collect();
    assert_eq!(Ask::lines(&events).to(&inlet).counts()[0], 60);
    let all = feeders.stood("hotline");
    assert!(cases.iter().all(|case| of_case(&all, case).len() == 2));
}

#[test]
fn five_of_the_largest_events_go_in_one_request() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let large = |number: usize| {
        let plain = told("L", number, "urged", json!({ "reason": "" }));
        let rest = 990_000 - plain.to_string().len();
        changed(plain, |event| event["data"]["reason"] = json!("字".repeat(rest / 3) + &"x".repeat(rest % 3)))
    };
    let five: Vec<Value> = (1..6).map(large).collect();
    assert!(five.iter().all(|event| event.to_string().len() == 990_000));
    assert_eq!(Ask::lines(&five).to(&inlet).counts(), [5, 0, 0, 0, 0]);
    assert_eq!(of_case(&feeders.stood("hotline"), "L"), ["L-1", "L-2", "L-3", "L-4", "L-5"]);
}

#[test]
fn data_in_base64_is_taken() {
    use base64::Engine as _;
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let packed = |number: usize, data: &str| {
        changed(event("P", number), |event| {
            event.as_object_mut().unwrap().remove("data");
            event["data_base64"] = json!(base64::engine::general_purpose::STANDARD.encode(data));
        })
    };
    Ask::json(&packed(1, "{\"level\":\"district\"}")).to(&inlet).is(202);
    Ask::json(&packed(2, "no json")).to(&inlet).problem(422);
    Ask::json(&event("P", 1)).to(&inlet).is(200);
}
