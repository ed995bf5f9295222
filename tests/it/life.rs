//! From messages to one row a case.

use serde_json::json;

use crate::{
    messages::{at, bare, binary, event, event_of, flat, lives},
    town::Town,
};

#[test]
fn a_full_life_in_all_three_envelopes_becomes_one_case() {
    let town = Town::new();
    let sent = town.send(
        "hotline",
        &[
            event("L1", "reported", &at(0), json!({ "title": "垃圾", "place": { "town": "310113112" } })),
            binary("L1", "accepted", &at(10), &json!({ "due_at": at(600) })),
            bare("L1", "dispatched", &at(20), &json!({ "unit": "MH-SR", "unit_name": "市容所" })),
            flat("L1", "signed", &at(30), json!({ "unit": "MH-SR" })),
            event("L1", "contacted", &at(40), json!({ "contacted": true })),
            binary("L1", "submitted", &at(50), &json!({ "result": "实际解决" })),
            bare("L1", "checked", &at(60), &json!({ "passed": true })),
            event("L1", "closed", &at(70), json!({ "how": "normal" })),
        ],
    );
    town.run_until_caught_up();
    let case = town.case("hotline", "L1");
    assert_eq!(case["rows"], sent);
    let marks = ["reported", "accepted", "dispatched", "signed", "contacted", "last_submitted", "closed"];
    for (mark, minute) in marks.iter().zip(["00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:10"]) {
        assert_eq!(case[format!("{mark}_at")], format!("2021-03-01 {minute}:00.000"), "{mark}: {case:#}");
    }
    assert_eq!(case["received_at"], case["accepted_at"]);
    assert_eq!(case["due_at"], "2021-03-01 10:00:00.000");
    for (field, value) in [("standing", "closed"), ("phase", "closed"), ("unit", "MH-SR"), ("town", "310113112")] {
        assert_eq!(case[field], value, "{field}");
    }
    assert_eq!(case["irregular"], 0, "{case:#}");
    let envelopes = town.query("SELECT arraySort(groupUniqArray(envelope)) FROM {db}.events");
    assert_eq!(envelopes, "['bare','binary','structured']");
}

#[test]
fn duplicates_conflicts_and_disorder_are_counted_and_the_first_word_stands() {
    let town = Town::new();
    let accepted = event_of("a", "C", "accepted", &at(10), json!({ "due_at": at(100) }));
    let closed = event_of("c", "C", "closed", &at(50), json!({ "result": "first" }));
    let conflict = event_of("c", "C", "closed", &at(51), json!({ "result": "second" }));
    let late = event_of("d", "C", "dispatched", &at(20), json!({ "unit": "U" }));
    town.send("grid", [&accepted, &accepted, &closed, &conflict, &late]);
    town.run_until_caught_up();
    let case = town.case("grid", "C");
    let counts = ["rows", "events", "duplicates", "conflicts", "out_of_order"].map(|name| case[name].as_u64().unwrap());
    assert_eq!(counts, [5, 3, 1, 1, 1]);
    assert_eq!(case["result"], "first");
    assert_eq!(case["dispatched_at"], "2021-03-01 00:20:00.000");
}

#[test]
fn what_is_delivered_again_changes_nothing() {
    let mut town = Town::new();
    let sent = town.send("hotline", &lives("R", 50));
    town.run_until_caught_up();
    let before = town.cases();
    town.forget_positions();
    town.run_until_caught_up();
    assert_eq!(town.cases(), before);
    assert_eq!(town.number("SELECT count() FROM {db}.events FINAL"), sent);
    assert_eq!(town.number("SELECT sum(duplicates) FROM {db}.cases FINAL"), 0);
}

#[test]
fn an_event_of_a_case_that_is_not_in_memory_finds_its_earlier_events_in_the_ledger() {
    let town = Town::new();
    let odd = "旧案'\\ \"1\"";
    town.send("grid", &[event(odd, "accepted", &at(10), json!({ "due_at": at(100), "title": "井盖" }))]);
    town.run_until_caught_up();
    town.send("grid", &[event(odd, "closed", &at(50), json!({}))]);
    town.run_until_caught_up();
    let cases = town.rows("SELECT * FROM {db}.cases FINAL");
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0]["case_id"], odd);
    assert_eq!(cases[0]["rows"], 2);
    assert_eq!(cases[0]["title"], "井盖");
    assert_eq!(cases[0]["standing"], "closed");
}

#[test]
fn two_streams_with_the_same_case_id_stay_apart() {
    let town = Town::new();
    town.send("hotline", &[event("S", "accepted", &at(1), json!({}))]);
    town.run_until_caught_up();
    // The second stream's first event looks its case up, and finds the other stream's.
    town.send("grid", &[event("S", "accepted", &at(5), json!({})), event("S", "closed", &at(6), json!({}))]);
    town.run_until_caught_up();
    let (hotline, grid) = (town.case("hotline", "S"), town.case("grid", "S"));
    assert_eq!((&hotline["rows"], &hotline["standing"]), (&json!(1), &json!("open")));
    assert_eq!((&grid["rows"], &grid["standing"]), (&json!(2), &json!("closed")));
}

#[test]
fn neither_the_size_of_batches_nor_that_of_the_memory_changes_a_case() {
    let town = Town::new();
    let sent = town.send("hotline", &lives("B", 60));
    town.run_until_caught_up();
    let small = town.sibling();
    small.run_until_caught_up_with(&[("BATCH__ROWS_MAX", "7"), ("MEMORY__CACHED_MAX_KB", "4")]);
    assert_eq!(small.ledger_places(), sent);
    assert_eq!(small.cases(), town.cases());
}

/// A batch that touches more cases than may be folded at once is folded part by part, and committed with the last of them.
#[test]
fn neither_does_folding_a_batch_part_by_part() {
    let town = Town::new();
    let sent = town.send("hotline", &lives("P", 4_000));
    town.run_until_caught_up_with(&[("MEMORY__MAX_MB", "4096")]);
    let parts = town.sibling();
    parts.run_until_caught_up_with(&[("MEMORY__MAX_MB", "128")]);
    assert_eq!(parts.ledger_places(), sent);
    assert!(parts.cases() == town.cases(), "{} of {} cases", parts.cases().len(), town.cases().len());
    let verified = parts.tongguan(&["verify"], &[]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
}
