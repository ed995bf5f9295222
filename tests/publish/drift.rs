//! What published figures have become, and by what.

use serde_json::{Value, json};

use crate::{
    june::{JUNE, at, figure, june, publish, report, said, ticket, told, wrong},
    messages::Message,
    policies::{policy, under},
    town::Town,
};

/// A void and an extension that happened in June and are told in July, after the report.
fn late() -> Vec<Message> {
    vec![
        said("T2", "voided", "06-17 10:00", json!({ "reason_code": "误录" })),
        said("T3", "extension_decided", "06-18 10:00", json!({ "approved": true, "due_at": at("06-27 18:00") })),
    ]
}

fn case<'a>(drift: &'a Value, id: &str) -> &'a Value {
    let found = drift["cases"].as_array().unwrap().iter().find(|case| case["case_id"] == id);
    found.unwrap_or_else(|| panic!("{id} in {drift:#}"))
}

/// `before → after` of a figure, `n/d` each.
fn moves(case: &Value, id: &str) -> String {
    let found = case["figures"].as_array().unwrap().iter().find(|figure| figure["kpi"] == id);
    let found = found.unwrap_or_else(|| panic!("{id} in {case:#}"));
    let side = |side: &Value| format!("{}/{}", side["n"], side["d"]);
    format!("{} → {}", side(&found["before"]), side(&found["after"]))
}

fn differs(drift: &Value, id: &str) -> String {
    let is_it = |one: &&Value| one["kpi"] == id && one["grouped_by"].is_null();
    let found = drift["figures"].as_array().unwrap().iter().find(is_it);
    let found = found.unwrap_or_else(|| panic!("{id} in {drift:#}"));
    let side = |side: &Value| format!("{}/{}", side["numerator"], side["denominator"]);
    format!("{} → {}", side(&found["published"]), side(&found["now"]))
}

#[test]
fn a_late_void_and_a_late_extension_are_named_with_what_they_moved_and_when_they_came() {
    let town = june();
    let published = publish(&town);
    let shown = told(&town, "show", &JUNE);
    assert_eq!((figure(&shown, "K05a", &[]), figure(&shown, "K06a", &[])), ("3/4".into(), "2/4".into()));
    town.send("hotline", &late());
    town.run_until_caught_up();
    let drift = told(&town, "drift", &JUNE);
    assert_eq!((&drift["moved"], &drift["touched"], &drift["as_of"]), (&json!(2), &json!(0), &published["as_of"]));
    assert_eq!((differs(&drift, "K05a"), differs(&drift, "K06a")), ("3/4 → 2/3".into(), "2/4 → 2/3".into()));
    let (void, extended) = (case(&drift, "T2"), case(&drift, "T3"));
    assert_eq!((moves(void, "K05a"), moves(void, "K06a")), ("1/1 → 0/0".into(), "1/1 → 0/0".into()));
    assert_eq!((moves(extended, "K06a"), moves(extended, "K11a")), ("0/1 → 1/1".into(), "0/1 → 1/1".into()));
    assert_eq!((&void["before"]["standing"], &void["after"]["standing"]), (&json!("closed"), &json!("void")));
    assert_eq!(extended["after"]["due_at"], at("06-27 18:00"));
    for (case, kind, happened) in [(void, "voided", "06-17 10:00"), (extended, "extension_decided", "06-18 10:00")] {
        let messages = case["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 1, "{case:#}");
        let message = &messages[0];
        assert_eq!((&message["type"], &message["occurred_at"]), (&json!(kind), &json!(at(happened))));
        assert_eq!(message["topic"], town.topic("hotline"));
        assert!(message["ingested_at"].as_str().unwrap() > published["published_at"].as_str().unwrap());
        let next = published["ledger"].as_array().unwrap().iter().find(|one| one["partition"] == message["partition"]);
        assert!(message["offset"].as_i64() >= next.unwrap()["next_offset"].as_i64(), "{message}");
        assert_eq!(case["refolded"], Value::Null);
    }
    let text = report(&town, "drift", &JUNE).stdout;
    for part in
        ["3/4 75.00 %", "2/3 66.66 %", "已结 closed → 作废 void", "voided, 发生 occurred", "extension_decided, 发生"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // Published figures stay what they were, and a second edition has none of it.
    assert_eq!(wrong(&town, &JUNE), (Some(0), vec![]));
    publish(&town);
    assert_eq!(told(&town, "drift", &JUNE)["moved"], 0);
    assert_eq!(told(&town, "drift", &[&JUNE[..], &["--edition", "1"]].concat())["moved"], 2);
}

#[test]
fn a_new_case_and_one_that_is_no_longer_of_the_month_are_named_too() {
    let town = june();
    publish(&town);
    let corrected =
        said("T1", "corrected", "06-15 12:00", json!({ "field": "received_at", "value": at("05-30 09:00") }));
    town.send("hotline", &[ticket("T5", "U1", Some("06-19 09:00")), vec![corrected]].concat());
    town.run_until_caught_up();
    let drift = told(&town, "drift", &JUNE);
    let new = case(&drift, "T5");
    assert_eq!((&new["before"], new["messages"].as_array().unwrap().len()), (&Value::Null, 3));
    assert_eq!(moves(new, "K01"), "0/0 → 1/0");
    let corrected = case(&drift, "T1");
    assert_eq!(moves(corrected, "K01"), "1/0 → 0/0");
    assert_eq!(corrected["messages"][0]["type"], "corrected");
    let one = told(&town, "drift", &[&JUNE[..], &["--limit", "1"]].concat());
    assert_eq!((&one["moved"], one["cases"].as_array().unwrap().len()), (&json!(2), 1));
}

#[test]
fn a_rebuild_under_another_policy_is_said_to_be_the_cause() {
    let town = Town::new();
    let (ten_days, one_day) = (policy(&town, "1", 10), policy(&town, "2", 1));
    let mut messages = vec![
        said("P1", "accepted", "06-10 09:00", json!({})),
        said("P1", "dispatched", "06-10 10:00", json!({ "unit": "U" })),
    ];
    for kind in ["submitted", "closed"] {
        messages.push(said("P1", kind, "06-13 10:00", json!({})));
    }
    town.send("hotline", &messages);
    town.run_until_caught_up_with(&under(&ten_days));
    publish(&town);
    let rebuilt = town.tongguan(&["rebuild", "--all"], &under(&one_day));
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.stderr);
    let drift = told(&town, "drift", &JUNE);
    let moved = case(&drift, "P1");
    assert_eq!((moves(moved, "K06a"), &moved["messages"]), ("1/1 → 0/1".into(), &json!([])));
    let (before, after) = (&moved["refolded"]["before"], &moved["refolded"]["after"]);
    assert_eq!((&before["policy"], &after["policy"]), (&json!("own@1"), &json!("own@2")));
    assert_eq!((&before["generation"], &after["generation"]), (&json!(1), &json!(2)));
    let text = report(&town, "drift", &JUNE).stdout;
    assert!(text.contains("no new message") && text.contains("own@1 → own@2"), "{text}");
}

#[test]
fn asked_as_of_another_time_what_happened_since_is_the_cause_or_nothing_but_the_time() {
    let town = june();
    let early = ["--month", "2021-06", "--as-of", "2021-06-18T00:00:00+08:00"];
    told(&town, "publish", &early);
    assert_eq!(told(&town, "drift", &JUNE)["moved"], 0);
    let later = told(&town, "drift", &[&JUNE[..], &["--as-of", "now"]].concat());
    let closed = case(&later, "T3");
    assert_eq!(moves(closed, "K05a"), "0/1 → 1/1");
    assert_eq!((&closed["messages"], &closed["happened_later"][0]["type"]), (&json!([]), &json!("closed")));
    // Never closed: it is overdue now, and nobody said anything.
    let open = case(&later, "T4");
    assert_eq!(moves(open, "K05b"), "0/0 → 0/1");
    assert_eq!((&open["messages"], &open["happened_later"]), (&json!([]), &json!([])));
    let text = report(&town, "drift", &[&JUNE[..], &["--as-of", "now"]].concat()).stdout;
    assert!(text.contains("only the as-of is another"), "{text}");
}

/// Without what is another each time: when it was published and taken in, and where on Kafka it lies.
fn settled(line: &str) -> String {
    let line = regex::Regex::new(r"(published|ingested) [^ ,]+").unwrap().replace(line, "$1 …");
    let place = regex::Regex::new(r"\S*case-events\.hotline\[\d+\]@\d+").unwrap();
    place.replace(&line, "case-events.hotline").into_owned()
}

#[test]
fn what_the_documentation_shows_is_what_the_command_prints() {
    let town = june();
    publish(&town);
    town.send("hotline", &late());
    town.run_until_caught_up();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/publish.md")).unwrap();
    let (_, shown) = page.split_once("```text\n$ tongguan report drift --month 2021-06\n").expect("a session");
    let printed: Vec<String> = report(&town, "drift", &JUNE).stdout.lines().map(settled).collect();
    let shown: Vec<String> = shown.split_once("\n```").unwrap().0.lines().map(settled).collect();
    assert!(shown.len() > 10);
    for line in shown.iter().filter(|line| *line != "…") {
        assert!(printed.contains(line), "not printed: {line}\n{}", printed.join("\n"));
    }
}
