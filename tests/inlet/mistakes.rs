//! What is wrong with one event is told so that its feeder can mend it: the reason, the place, and the nearest right word.

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{attributes, bare, changed, dispatched, event, told, without, without_unit},
    inlet::Feeders,
    wrappings::{JSON, NDJSON, STRUCTURED, binary},
};

/// Name, request, reason, pointer, and a word that the detail must have.
type Mistake = (&'static str, Ask, &'static str, &'static str, &'static str);

fn with(event: Value, name: &str, value: &str) -> Value {
    changed(event, |event| event[name] = json!(value))
}

/// A binary event without one of its headers, or with another value of it.
fn header(name: &str, value: Option<&str>) -> Ask {
    let ask = Ask::post(JSON, "{}");
    attributes(&event("M", 1)).iter().fold(ask, |ask, (one, own)| match (one == name, value) {
        (true, None) => ask,
        (true, Some(other)) => ask.header(one, other),
        (false, _) => ask.header(one, own),
    })
}

fn mistakes() -> Vec<Mistake> {
    let plain = event("M", 1);
    let misspelt = changed(dispatched("M", 1), |event| event["data"] = json!({ "uint": "MH-SR" }));
    let satisfied = told("M", 1, "revisited", json!({ "reached": true, "satisfaction": "satisfyed" }));
    let light = told("M", 1, "snapshot", json!({ "status": "closd" }));
    vec![
        ("no unit", Ask::json(&without_unit("M", 1)), "missing_field", "/data/unit", ""),
        ("unit misspelt", Ask::json(&misspelt), "missing_field", "/data/unit", "uint"),
        ("no time", Ask::json(&without(&plain, "time")), "missing_field", "/time", ""),
        ("no time, bare", Ask::json(&without(&bare(&plain), "occurred_at")), "missing_field", "/occurred_at", ""),
        ("no type", Ask::json(&without(&plain, "type")), "missing_field", "/type", ""),
        ("no type, bare", Ask::json(&without(&bare(&plain), "type")), "missing_field", "/type", ""),
        ("no case", Ask::json(&without(&plain, "subject")), "missing_field", "/subject", ""),
        ("no case, bare", Ask::json(&without(&bare(&plain), "case_id")), "missing_field", "/case_id", ""),
        ("no id", Ask::json(&without(&plain, "id")), "missing_field", "/id", ""),
        ("no source", Ask::json(&without(&plain, "source")), "missing_field", "/source", ""),
        (
            "a type misspelt",
            Ask::json(&with(plain.clone(), "type", "case.acepted.v1")),
            "unknown_type",
            "/type",
            "case.accepted.v1",
        ),
        (
            "a type of no version",
            Ask::json(&with(plain.clone(), "type", "case.closed")),
            "unknown_type",
            "/type",
            "case.closed.v1",
        ),
        (
            "a time without offset",
            Ask::json(&with(plain.clone(), "time", "2021-03-08T09:41:00")),
            "invalid_field",
            "/time",
            "offset",
        ),
        (
            "a time of 1949",
            Ask::json(&with(plain.clone(), "time", "1949-10-01T15:00:00+08:00")),
            "impossible_time",
            "/time",
            "",
        ),
        ("a satisfaction misspelt", Ask::json(&satisfied), "invalid_field", "/data/satisfaction", "satisfied"),
        ("a status misspelt", Ask::json(&light), "invalid_field", "/data/status", "closed"),
        (
            "data that is a list",
            Ask::json(&changed(plain, |event| event["data"] = json!([1]))),
            "invalid_field",
            "/data",
            "",
        ),
        ("no header of the time", header("ce-time", None), "missing_field", "ce-time", ""),
        ("no header of the case", header("ce-subject", None), "missing_field", "ce-subject", ""),
        (
            "a header's type misspelt",
            header("ce-type", Some("case.acepted.v1")),
            "unknown_type",
            "ce-type",
            "case.accepted.v1",
        ),
        (
            "a header's time without offset",
            header("ce-time", Some("2021-03-08T09:41:00")),
            "invalid_field",
            "ce-time",
            "offset",
        ),
    ]
}

#[test]
fn a_mistake_is_told_with_its_reason_its_place_and_the_nearest_right_word() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let mut wrong = Vec::new();
    for (name, ask, reason, pointer, word) in mistakes() {
        let answer = ask.to(&inlet);
        if answer.status != 422 {
            wrong.push(format!("{name}: {}", answer.text()));
            continue;
        }
        let said = answer.problem(422);
        let detail = said["detail"].as_str().unwrap();
        if said["reason"] != reason || said["pointer"] != pointer || !detail.contains(word) {
            wrong.push(format!("{name}: wanted {reason} {pointer} {word}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(feeders.stood("hotline").is_empty());
}

#[test]
fn a_refused_event_is_named_by_its_id() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    assert_eq!(Ask::json(&without_unit("M", 7)).to(&inlet).problem(422)["id"], "M-7");
    assert_eq!(binary(&without_unit("M", 8)).to(&inlet).problem(422)["id"], "M-8");
    let said = Ask::lines([&without_unit("M", 9)]).to(&inlet).is(207);
    let item = &said["items"][0];
    assert_eq!((&item["id"], &item["index"], &item["pointer"]), (&json!("M-9"), &json!(0), &json!("/data/unit")));
    assert!(item["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{item}");
}

/// The document leaves open whether this is the event's fault or the body's.
fn refused(inlet: &crate::inlet::Inlet, ask: &Ask, reason: &str) {
    let answer = ask.to(inlet);
    assert!([400, 422].contains(&answer.status), "{reason}: {}", answer.text());
    let said = answer.problem(answer.status);
    assert_eq!(said["reason"], reason, "{said}");
}

#[test]
fn what_is_no_json_no_object_or_not_utf_8_is_refused_as_such() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let gbk = crate::wrappings::GBK;
    refused(&inlet, &Ask::post(STRUCTURED, gbk), "not_utf8");
    refused(&inlet, &Ask::post(JSON, gbk), "not_utf8");
    refused(&inlet, &Ask::post(STRUCTURED, "<event/>"), "not_json");
    refused(&inlet, &Ask::post(JSON, "{\"type\": \"case.urged.v1\","), "not_json");
    refused(&inlet, &Ask::post(JSON, "\"text\""), "not_an_object");
    refused(&inlet, &Ask::post(STRUCTURED, "[]"), "not_an_object");
    // Among others each is refused by itself.
    let mut body = format!("{}\n", event("J", 1)).into_bytes();
    body.extend(gbk);
    body.extend(format!("\n5\nnot json\n{}\n", event("J", 2)).bytes());
    let answer = Ask::post(NDJSON, body).to(&inlet);
    assert_eq!(answer.items(), [(1, 422), (2, 422), (3, 422)], "{}", answer.text());
    let said = answer.json();
    let reasons: Vec<&Value> = said["items"].as_array().unwrap().iter().map(|item| &item["reason"]).collect();
    assert_eq!(reasons, ["not_utf8", "not_an_object", "not_json"]);
    assert_eq!(feeders.stood("hotline").len(), 2);
}

#[test]
fn an_event_that_is_too_large_is_refused_alone_and_one_that_is_not_is_taken() {
    const MOST: usize = 990_000;
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let sized = |number: usize, size: usize| {
        let mut large = told("L", number, "urged", json!({ "reason": "" }));
        let rest = size - large.to_string().len();
        large["data"]["reason"] = json!("x".repeat(rest));
        large
    };
    let said = Ask::post(STRUCTURED, sized(1, MOST + 1).to_string()).to(&inlet).problem(413);
    assert!(said["detail"].as_str().unwrap().replace([',', '_', ' '], "").contains("990000"), "{said}");
    Ask::post(STRUCTURED, sized(2, MOST).to_string()).to(&inlet).is(202);
    let [large, other, blocked] = [sized(3, MOST + 1), event("other", 1), event("L", 4)];
    let answer = Ask::lines([&other, &large, &blocked]).to(&inlet);
    assert_eq!(answer.counts(), [1, 0, 1, 1, 0], "{}", answer.text());
    assert_eq!(answer.items(), [(1, 413), (2, 424)]);
    assert_eq!(feeders.stood("hotline").len(), 2);
}
