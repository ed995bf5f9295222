//! Each row of the table: it is told once, when it arises, and not if it does not hold any more.

use std::time::Duration;

use serde_json::{Value, json};
use tongguan::pipeline::clock;

use crate::{
    messages::{event, raw},
    sender::{Alerted, accepted, long, said, to},
    service::{Service, wait_for},
};

fn of<'a>(events: &'a [Value], kind: &str, case: &str) -> &'a Value {
    let kind = format!("alert.{kind}.v1");
    let mut found = events.iter().filter(|event| event["type"] == kind.as_str() && event["subject"] == case);
    let first = found.next().unwrap_or_else(|| panic!("no {kind} of {case}: {events:#?}"));
    assert!(found.next().is_none(), "{kind} of {case} twice");
    first
}

#[test]
fn each_alert_arises_once_and_says_what_the_document_says() {
    let alerted = Alerted::new();
    // History: overdue, and closed, before alerts begin.
    alerted.tell(&[
        accepted("H1", "01 09:00", "03 09:00"),
        accepted("H2", "01 09:00", "03 09:00"),
        said("H2", "closed", "02 09:00", json!({})),
    ]);
    alerted.at("05 09:00", &[]);
    assert_eq!(alerted.told(), [""; 0], "history is not told");

    // 80 % of ten hours: yellow from 17:00. By the policy: five working days, answered by the unit.
    alerted.tell(&[
        accepted("S", "05 09:00", "05 19:00"),
        to("S", "05 09:10", "u1"),
        said("P", "accepted", "05 09:00", json!({"kind": "投诉"})),
        to("P", "05 09:10", "u2"),
        raw("x", b"not json"),
        raw("x", b"nor this"),
    ]);
    alerted.at("05 16:59", &[]);
    assert_eq!(alerted.told(), ["quarantined hotline"], "one for both messages");
    alerted.at("05 17:00:10", &[]);
    alerted.at("05 17:30", &[]);
    alerted.at("05 18:50", &[]);
    assert_eq!(alerted.told()[1..], ["due_soon S"]);
    alerted.at("05 19:00:05", &[]);
    assert_eq!(alerted.told()[2..], ["overdue S"]);

    alerted.tell(&[said("P", "submitted", "08 10:00", json!({"unit": "u2"}))]);
    alerted.at("08 10:30", &[]);
    alerted.tell(&[said("P", "closed", "09 10:00", json!({})), said("S", "closed", "09 10:01", json!({}))]);
    alerted.at("09 10:30", &[]);
    alerted.tell(&[said("P", "reopened", "10 10:00", json!({}))]);
    alerted.at("10 10:30", &[]);
    assert_eq!(alerted.told()[3..], ["answered P", "closed P", "closed S", "reopened P"]);

    // Again, and after everything was folded again: nothing.
    alerted.at("10 10:30", &[]);
    let rebuilt = alerted.town.tongguan(&["rebuild", "--all"], &[]);
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.stderr);
    alerted.at("10 10:31", &[]);
    let events = alerted.events();
    assert_eq!(events.len(), 7);

    let soon = of(&events, "due_soon", "S");
    assert_eq!(soon["time"], long("05 17:00").as_str());
    let data = &soon["data"];
    for (name, wanted) in [
        ("stream", json!("hotline")),
        ("case_id", json!("S")),
        ("clock", json!("case")),
        ("light", json!("YELLOW")),
        ("round", json!(0)),
        ("unit", json!("u1")),
        ("unit_name", json!("某街道")),
        ("due_at", json!(long("05 19:00"))),
        ("late", json!(false)),
    ] {
        assert_eq!(data[name], wanted, "{name}: {soon}");
    }
    // Work ends at 18:00: less than an hour of it is left.
    let left = data["work_left_min"].as_i64().unwrap();
    assert!((55..60).contains(&left), "{left}");
    assert_eq!(of(&events, "overdue", "S")["data"]["light"], "RED");
    assert_eq!(of(&events, "answered", "P")["time"], long("08 10:00").as_str());
    let quarantined = &of(&events, "quarantined", "hotline")["data"];
    assert_eq!((&quarantined["reason"], &quarantined["messages"]), (&json!("not_json"), &json!(2)));
    for stood in alerted.stood() {
        let event = stood.json();
        assert_eq!(stood.key, event["subject"].as_str().unwrap());
        assert!(stood.headers[0].1.starts_with("application/cloudevents+json"), "{:?}", stood.headers);
        fits_the_schema(&event);
    }
}

fn fits_the_schema(event: &Value) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/schemas/alert.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(event).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}: {event}");
}

#[test]
fn a_due_that_moves_is_told_again_and_what_does_not_hold_any_more_is_not_told() {
    let alerted = Alerted::new();
    alerted.at("05 09:00", &[]);
    alerted.tell(&[
        accepted("E", "05 09:00", "05 19:00"),
        to("E", "05 09:10", "u1"),
        accepted("C", "05 09:00", "05 19:00"),
        to("C", "05 09:10", "u1"),
        accepted("L", "05 09:00", "05 19:00"),
        accepted("V", "05 09:00", "05 19:00"),
    ]);
    alerted.at("05 17:10", &[]);
    let mut first = alerted.told();
    first.sort();
    assert_eq!(first, ["due_soon C", "due_soon E", "due_soon L", "due_soon V"]);

    // Before the due: one is extended, one closed, one voided. One stays open.
    alerted.tell(&[
        said("E", "extension_requested", "05 17:20", json!({"due_at": long("06 19:00")})),
        said("E", "extension_decided", "05 17:30", json!({"approved": true, "due_at": long("06 19:00")})),
        said("C", "closed", "05 18:00", json!({})),
        said("V", "voided", "05 18:00", json!({})),
    ]);
    // The sender slept over the due, and over the next light.
    alerted.at("06 18:30", &[]);
    let mut then = alerted.told()[4..].to_vec();
    then.sort();
    assert_eq!(then, ["closed C", "due_soon E", "overdue L"]);
    let events = alerted.events();
    let again = events
        .iter()
        .filter(|event| event["type"] == "alert.due_soon.v1" && event["subject"] == "E")
        .collect::<Vec<_>>();
    assert_eq!(again.len(), 2);
    assert_ne!(again[0]["id"], again[1]["id"]);
    assert_eq!(again[1]["data"]["due_at"], long("06 19:00").as_str());
    let overdue = events.iter().find(|event| event["type"] == "alert.overdue.v1").unwrap();
    assert_eq!(overdue["data"]["late"], true, "a day late");

    // Closed late before anybody was told that it was overdue; and a reopening that was closed again.
    alerted.tell(&[
        accepted("D", "06 18:40", "06 18:50"),
        said("D", "closed", "06 19:10", json!({})),
        said("C", "reopened", "06 19:00", json!({})),
        said("C", "closed", "06 19:20", json!({})),
    ]);
    alerted.at("06 20:00", &[]);
    let mut last = alerted.told()[7..].to_vec();
    last.sort();
    assert_eq!(last, ["closed C", "closed D", "overdue E"]);
    // So long away that it is news to nobody.
    alerted.tell(&[accepted("O", "07 09:00", "07 10:00")]);
    alerted.at("15 10:01", &[]);
    assert_eq!(alerted.told().len(), 10);
}

#[test]
fn clocks_and_kinds_are_told_as_they_are_set() {
    let alerted = Alerted::new();
    let contact = [("ALERTS__CLOCKS", "CONTACT"), ("ALERTS__KINDS", "overdue, closed")];
    alerted.at("05 09:00", &contact);
    // First contact within one working day.
    alerted.tell(&[
        said("K", "accepted", "05 09:00", json!({"kind": "投诉"})),
        to("K", "05 09:10", "u1"),
        said("M", "accepted", "05 09:00", json!({"kind": "投诉"})),
        to("M", "05 09:10", "u1"),
        said("M", "contacted", "05 10:00", json!({"contacted": true, "unit": "u1"})),
        accepted("N", "05 09:00", "05 10:00"),
    ]);
    alerted.at("09 09:00", &contact);
    assert_eq!(alerted.told(), ["overdue K"]);
    assert_eq!(alerted.events()[0]["data"]["clock"], "CONTACT");
}

#[test]
fn the_service_sends_them_beside_its_own_work_by_the_clock_on_the_wall() {
    let alerted = Alerted::new();
    let settings = [("ALERTS__ENABLED", "true"), ("ALERTS__TOPIC", "case-events.alerts"), ("ALERTS__INTERVAL_S", "1")];
    let mut service = Service::start(&alerted.town, &settings);
    service.wait_for_log("this instance sends the alerts");
    let wall = |ms: i64| clock::now().plus(ms).rfc3339(&jiff::tz::TimeZone::UTC);
    let data = json!({"kind": "表扬", "due_at": wall(1_500)});
    alerted.town.send("hotline", &[event("W", "accepted", &wall(-3_600_000), data)]);
    wait_for("the alert", Duration::from_secs(60), || alerted.told() == ["overdue W"]);
    assert_eq!(alerted.events()[0]["data"]["late"], false);
    assert_eq!(service.stop().code, Some(0));
}
