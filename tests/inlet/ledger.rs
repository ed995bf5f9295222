//! What the ledger makes of events that came twice: one each, whatever the inlet has forgotten.

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{SOURCE, accepted, changed, event},
    inlet::Inlet,
    town::Town,
};

fn received(town: &Town) -> u64 {
    let args =
        "kpi K01 --from 2021-03-01 --to 2021-04-01 --as-of 2021-04-10T00:00:00+08:00 --stream hotline --cases --json";
    let ended = town.tongguan(&args.split(' ').collect::<Vec<_>>(), &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str::<Value>(&ended.stdout).unwrap().as_array().unwrap().len() as u64
}

#[test]
fn what_is_sent_again_after_a_restart_is_taken_and_the_ledger_counts_it_once() {
    let town = Town::new();
    let batch: Vec<Value> = (0..20).map(|case| accepted(&format!("R-{case}"), 1)).collect();
    for round in 0..3 {
        let mut inlet = Inlet::start(&town, &[]);
        let first = accepted("R-0", 1);
        Ask::json(&first).to(&inlet).is(202);
        Ask::json(&first).to(&inlet).is(200);
        assert_eq!(Ask::lines(&batch).to(&inlet).counts(), [19, 1, 0, 0, 0], "round {round}");
        assert_eq!(inlet.stop().code, Some(0));
    }
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 60);
    let sums = town.rows("SELECT count() AS cases, sum(events) AS events, sum(duplicates) AS twice, sum(conflicts) AS other FROM {db}.cases FINAL");
    assert_eq!(sums[0], json!({ "cases": 20, "events": 20, "twice": 40, "other": 0 }));
    assert_eq!(received(&town), 20);
}

#[test]
fn a_conflict_that_the_inlet_has_forgotten_changes_nothing_in_the_ledger() {
    let town = Town::new();
    let one = accepted("C", 1);
    Ask::json(&one).to(&Inlet::start(&town, &[])).is(202);
    let other = changed(one, |event| event["data"]["kind"] = json!("咨询"));
    let inlet = Inlet::start(&town, &[]);
    Ask::json(&other).to(&inlet).is(202);
    Ask::json(&event("C", 2)).to(&inlet).is(202);
    town.run_until_caught_up();
    let case = town.case("hotline", "C");
    assert_eq!((&case["kind"], &case["conflicts"], &case["events"]), (&json!("投诉"), &json!(1), &json!(2)));
    assert_eq!(received(&town), 1);
}

/// In whichever wrapping it came first and second.
#[test]
fn the_ledger_agrees_that_an_event_in_another_wrapping_is_the_same() {
    let town = Town::new();
    let one = accepted("W", 1);
    Ask::json(&one).to(&Inlet::start(&town, &[])).is(202);
    crate::wrappings::binary(&one).to(&Inlet::start(&town, &[])).is(202);
    Ask::json(&crate::events::bare(&one)).to(&Inlet::start(&town, &[])).is(202);
    town.run_until_caught_up();
    let case = town.case("hotline", "W");
    assert_eq!((&case["events"], &case["duplicates"], &case["conflicts"]), (&json!(1), &json!(2), &json!(0)));
    assert_eq!(town.number("SELECT uniqExact(source) FROM {db}.events"), 1, "{SOURCE}");
}
