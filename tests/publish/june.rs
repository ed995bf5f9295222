//! A June of a few tickets, and the commands about it.

use serde_json::{Value, json};

use crate::{
    messages::{Message, event},
    service::Ended,
    town::Town,
};

pub const JUNE: [&str; 2] = ["--month", "2021-06"];
pub const AS_OF: &str = "2021-07-05T00:00:00+08:00";

/// `06-18 10:00` of 2021 in Shanghai.
pub fn at(text: &str) -> String {
    format!("2021-{}:00+08:00", text.replace(' ', "T"))
}

pub fn said(case: &str, kind: &str, time: &str, data: Value) -> Message {
    event(case, kind, &at(time), data)
}

/// Received on the 10th for a unit, due on the 20th, and closed at the time given, if any.
pub fn ticket(case: &str, unit: &str, closed: Option<&str>) -> Vec<Message> {
    let place = json!({ "town": "310113112", "community": "310113112001" });
    let mut messages = vec![
        said(case, "accepted", "06-10 09:00", json!({ "due_at": at("06-20 18:00"), "place": place })),
        said(case, "dispatched", "06-10 10:00", json!({ "unit": unit })),
    ];
    messages.extend(closed.map(|time| said(case, "closed", time, json!({ "result": "实际解决" }))));
    messages
}

/// In time, to be voided, late, never.
pub fn june() -> Town {
    let town = Town::new();
    let tickets = [
        ticket("T1", "U1", Some("06-15 09:00")),
        ticket("T2", "U1", Some("06-16 09:00")),
        ticket("T3", "U2", Some("06-25 09:00")),
        ticket("T4", "U2", None),
    ];
    town.send("hotline", &tickets.concat());
    town.run_until_caught_up();
    town
}

pub fn report(town: &Town, word: &str, words: &[&str]) -> Ended {
    town.tongguan(&[&["report", word], words].concat(), &[])
}

/// What it prints as JSON when all is well.
pub fn told(town: &Town, word: &str, words: &[&str]) -> Value {
    let ended = report(town, word, &[words, &["--json"]].concat());
    assert_eq!(ended.code, Some(0), "{word} {words:?}: {} {}", ended.stdout, ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The next edition of June.
pub fn publish(town: &Town) -> Value {
    told(town, "publish", &[&JUNE[..], &["--as-of", AS_OF]].concat())
}

/// Kinds of what is wrong, each with its edition, and the exit code.
pub fn wrong(town: &Town, words: &[&str]) -> (Option<i32>, Vec<(String, u64)>) {
    let ended = report(town, "verify", &[words, &["--json"]].concat());
    let value: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr));
    let kind = |problem: &Value| (problem["kind"].as_str().unwrap().to_owned(), problem["edition"].as_u64().unwrap());
    (ended.code, value["problems"].as_array().unwrap().iter().map(kind).collect())
}

/// `3/4` of a figure as a whole, or of one group.
pub fn figure(published: &Value, id: &str, group: &[&str]) -> String {
    let is_it = |one: &&Value| one["kpi"] == id && one["group"] == json!(group);
    let found = published["figures"].as_array().unwrap().iter().find(is_it);
    let found = found.unwrap_or_else(|| panic!("no {id} {group:?}"));
    format!("{}/{}", found["numerator"], found["denominator"])
}
