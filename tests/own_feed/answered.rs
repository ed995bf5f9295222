//! `answered`: what this process of the inlet said to this key; refusals never came to Kafka, and are found here only.

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{SOURCE, changed, event, without_unit},
    keyed::{FEED, Keyed, seen},
    records::{instant, now},
    report::{counts, number, report},
    sample::LONGER,
};

fn refusals(answered: &Value) -> &Vec<Value> {
    answered["last"].as_array().unwrap_or_else(|| panic!("no list: {answered:#}"))
}

#[test]
fn what_was_answered_is_counted_and_the_last_twenty_refusals_are_told() {
    let keyed = Keyed::new();
    let (key, other) = (keyed.key("mine", &[SOURCE]), keyed.key("other", &[LONGER]));
    let before = now() - 5_000;
    let inlet = keyed.inlet(&[]);
    let ask = |event: &Value| Ask::json(event).key(&key).to(&inlet);
    for number in 1..=7 {
        ask(&event("A", number)).is(202);
    }
    for number in 1..=3 {
        ask(&event("A", number)).is(200);
    }
    ask(&changed(event("A", 1), |event| event["data"]["level"] = json!("city"))).problem(409);
    ask(&changed(event("Y", 1), |event| event["source"] = json!(LONGER))).problem(403);
    for number in 1..=15 {
        ask(&without_unit("B", number)).problem(422);
    }
    // And as a batch, where the second of a case is not tried.
    let mut batch: Vec<Value> = (16..=26).map(|number| without_unit(&format!("B{number}"), number)).collect();
    batch.push(event("B26", 27));
    assert_eq!(Ask::lines(&batch).key(&key).to(&inlet).counts(), [0, 0, 11, 1, 0]);
    let said = seen(&inlet, FEED, &key);
    assert_eq!(counts(report(&said)), [7, 7, 0, 0, 0], "what was refused never came to Kafka: {said:#}");
    let answered = &said["answered"];
    let counts = ["taken", "known", "refused", "untried", "failed"].map(|name| number(&answered[name]));
    assert_eq!(counts, [7, 3, 28, 1, 0], "{answered:#}");
    let since = answered["since"].as_str().expect("since when");
    assert!((before..=now()).contains(&instant(since)), "{since}");
    let refusals = refusals(answered);
    assert_eq!(refusals.len(), 20, "{answered:#}");
    // The document does not say whether one that was not tried (424) is among them.
    let untried = refusals.iter().filter(|one| one["status"] == 424).count();
    for number in 7 + untried..=26 {
        let id = if number > 15 { format!("B{number}-{number}") } else { format!("B-{number}") };
        let one = refusals.iter().find(|one| one["id"] == id.as_str()).unwrap_or_else(|| panic!("{id}: {answered:#}"));
        assert_eq!((&one["reason"], &one["pointer"]), (&json!("missing_field"), &json!("/data/unit")), "{one}");
        assert_eq!(one["status"], 422, "{one}");
        assert!(one["detail"].as_str().is_some_and(|text| !text.is_empty()), "{one}");
        assert!((before..=now() + 1_000).contains(&instant(one["at"].as_str().unwrap())), "{one}");
    }
    assert!(!answered.to_string().contains("市容所"), "no value: {answered:#}");
    let theirs = seen(&inlet, FEED, &other);
    assert!(
        !theirs.to_string().contains("B-") && !theirs.to_string().contains("Y-1"),
        "to another key nothing: {theirs:#}"
    );
    let counts = ["taken", "known", "refused", "untried", "failed"].map(|name| number(&theirs["answered"][name]));
    assert_eq!(counts, [0; 5], "{theirs:#}");
}

#[test]
fn a_process_that_starts_anew_has_answered_nothing_yet() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let mut inlet = keyed.inlet(&[]);
    Ask::json(&without_unit("B", 1)).key(&key).to(&inlet).problem(422);
    assert_eq!(refusals(&seen(&inlet, FEED, &key)["answered"]).len(), 1);
    inlet.stop();
    let inlet = keyed.inlet(&[]);
    assert!(!seen(&inlet, FEED, &key).to_string().contains("B-1"));
}
