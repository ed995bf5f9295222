//! What is bounded: reasons, unknown fields, examples, messages of a report, and reports at once.

use std::{collections::BTreeMap, thread};

use serde_json::{Value, json};

use crate::{
    client::Answer,
    events::{SOURCE, event, told, without_unit},
    inlet::Feeders,
    keyed::{FEED, Keyed, TAIL, checked, come_again, is_not_kept, look},
    records::{Record, now, put},
    report::{count, examples, number, reason, report},
    sample::own,
};

const OWN: [&str; 2] = ["--source", SOURCE];

/// Of a unit's row that lacks the unit, in the place of the list.
fn lacking(case: &str, number: usize, place: usize) -> Record {
    let row = |at: usize| {
        if at == place {
            json!({ "id": at.to_string() })
        } else {
            json!({ "id": at.to_string(), "unit": format!("U{at}") })
        }
    };
    let rows: Vec<Value> = (0..=place).map(row).collect();
    Record::structured(&told(case, number, "snapshot", json!({ "status": "open", "assignments": rows })))
}

#[test]
fn of_more_than_fifty_reasons_the_most_frequent_are_told() {
    let feeders = Feeders::new();
    let mut records: Vec<Record> = (0..60).map(|place| lacking(&format!("R-{place}"), 1, place)).collect();
    records.extend((1..=4).map(|number| Record::structured(&without_unit("U", number))));
    records.extend((2..=3).map(|number| lacking("R-59", number, 59)));
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &OWN).1;
    let report = report(&said);
    assert_eq!(number(&report["refused"]), 66);
    let reasons = &report["reasons"];
    let counts: Vec<u64> = reasons.as_array().unwrap().iter().map(count).collect();
    assert_eq!(counts.len(), 50, "{reasons:#}");
    assert_eq!(counts[..2], [4, 3], "the most frequent first");
    let missing = reason(report, "missing_field", "/data/unit");
    let ids: Vec<&str> = examples(missing).iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!((count(missing), ids), (4, vec!["U-1", "U-2", "U-3"]), "the first three: {missing:#}");
}

#[test]
fn of_more_than_twenty_unknown_fields_the_most_frequent_are_told() {
    let feeders = Feeders::new();
    let mut events: Vec<Value> =
        (0..30).map(|n| told(&format!("F-{n}"), 1, "urged", json!({ format!("zq{n:02}"): 1 }))).collect();
    events.extend((1..=3).map(|number| told("L", number, "urged", json!({ "levl": "district" }))));
    put(&feeders.0, "hotline", &events.iter().map(Record::structured).collect::<Vec<_>>());
    let said = checked(&feeders.0, &OWN).1;
    let fields = &report(&said)["unknown_fields"];
    assert_eq!(fields.as_array().unwrap().len(), 20, "{fields:#}");
    assert_eq!(fields[0], json!({ "field": "/data/levl (level?)", "count": 3 }), "the most frequent first: {fields:#}");
}

#[test]
fn of_many_that_are_ahead_late_left_out_or_split_three_are_shown() {
    let feeders = Feeders::new();
    let stamp = (now() / 1000 - 60) * 1000;
    let mut records = Vec::new();
    for case in ["A", "B", "C", "D", "E"] {
        let of = |number: usize, ms: i64| {
            let mut event = event(case, number);
            event["time"] = json!(crate::records::told(ms));
            event["sequence"] = json!(number.to_string());
            Record::structured(&event).stamped(stamp)
        };
        records.extend([
            of(1, stamp - 9_000),
            of(3, stamp + 120_000),
            of(4, stamp - 10_000),
            of(5, stamp + 121_000).on(1).stamped(stamp + 1_000),
        ]);
    }
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &OWN).1;
    let report = report(&said);
    for (name, wanted) in [("ahead", 10), ("late", 5), ("gaps", 5), ("split", 5)] {
        assert_eq!((count(&report[name]), examples(&report[name]).len()), (wanted, 3), "{name}: {:#}", report[name]);
    }
}

/// So many askers at once, each with a key.
fn at_once(inlet: &crate::inlet::Inlet, path: &str, keys: &[&String]) -> Vec<Answer> {
    thread::scope(|scope| {
        let begun: Vec<_> = keys.iter().map(|key| scope.spawn(|| look(inlet, path, key))).collect();
        begun.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// How many answers there were of each status; who is told to come again is told when.
fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut all = BTreeMap::new();
    for answer in answers {
        is_not_kept(answer);
        if answer.status != 200 {
            answer.problem(answer.status);
            come_again(answer);
        }
        *all.entry(answer.status).or_default() += 1;
    }
    all
}

#[test]
fn a_report_reads_two_hundred_thousand_messages_and_one_key_has_one_at_a_time_and_two_keys_two() {
    let keyed = Keyed::new();
    let keys: Vec<String> = (0..4).map(|n| keyed.key(&format!("key-{n}"), &[SOURCE])).collect();
    let small = own("M", 1..=40);
    put(keyed.town(), "hotline", small.iter().cycle().take(200_500));
    let inlet = keyed.inlet(&[("INLET__REQUEST_TIMEOUT_S", "60")]);
    let said = look(&inlet, FEED, &keys[0]).is(200);
    let cut = report(&said);
    assert_eq!(cut["complete"], false, "{}", cut["complete"]);
    let messages = number(&cut["messages"]);
    assert!(messages > 0 && messages <= 200_000, "{messages}");
    // One key: one report, the others are told that it is under way (or that two are, where a slot is held).
    let one = statuses(&at_once(&inlet, FEED, &[&keys[0]; 6]));
    assert!(one.get(&200).is_some_and(|n| *n >= 1) && one.contains_key(&429), "{one:?}");
    assert!(one.keys().all(|status| [200, 429, 503].contains(status)), "{one:?}");
    // Four keys: two reports.
    let four = statuses(&at_once(&inlet, FEED, &keys.iter().collect::<Vec<_>>()));
    assert!(four.get(&200).is_some_and(|n| *n >= 1) && four.contains_key(&503), "{four:?}");
    assert!(four.keys().all(|status| [200, 503].contains(status)), "no key has another under way: {four:?}");
    // And then it is free again.
    look(&inlet, FEED, &keys[3]).is(200);
    assert!(inlet.service.peak_mb() < 400, "{} MB", inlet.service.peak_mb());
}

#[test]
fn sixteen_wait_for_a_message_and_one_more_is_told_to_come_again() {
    let keyed = Keyed::new();
    let keys: Vec<String> = (0..17).map(|n| keyed.key(&format!("key-{n}"), &[SOURCE])).collect();
    let (inlet, all) = (keyed.inlet(&[]), keys.iter().collect::<Vec<_>>());
    // On a slow machine the first may be answered before the last has begun.
    let mut told = (0..3).map(|_| statuses(&at_once(&inlet, TAIL, &all)));
    let told = told.find(|told| told.contains_key(&503)).expect("seventeen at once");
    assert_eq!(told, BTreeMap::from([(200, 16), (503, 1)]));
}
