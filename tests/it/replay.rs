//! What could not be understood comes in exactly once, after the configuration was put right.

use serde_json::json;

use crate::{
    messages::{at, event},
    quarantine::{every_offset_once, listed},
    service::Service,
    town::Town,
};

/// Four hours ahead of its arrival: impossible under a limit of one hour, possible under a day's.
fn ahead() -> String {
    tongguan::pipeline::clock::now().plus(4 * 3_600_000).rfc3339(&jiff::tz::TimeZone::UTC)
}

const STRICT: (&str, &str) = ("INGEST__FUTURE_MAX_S", "3600");
const MENDED: (&str, &str) = ("INGEST__FUTURE_MAX_S", "86400");

fn in_ledger(town: &Town) -> u64 {
    town.number("SELECT count() FROM {db}.events FINAL WHERE case_id = 'r-1' AND type = 'closed'")
}

#[test]
fn a_replay_brings_a_message_in_exactly_once_however_often_it_is_done() {
    let town = Town::new();
    let sent = town.send(
        "hotline",
        &[event("r-1", "accepted", &at(1), json!({})), event("r-1", "closed", &ahead(), json!({ "how": "normal" }))],
    );
    town.run_until_caught_up_with(&[STRICT]);
    assert_eq!((in_ledger(&town), town.case("hotline", "r-1")["standing"].clone()), (0, json!("open")));
    let still = town.tongguan(&["quarantine", "replay"], &[STRICT]);
    assert_eq!(still.code, Some(5), "{}", still.stderr);
    for attempt in 0..3 {
        let ended = town.tongguan(&["quarantine", "replay"], &[MENDED]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let first = attempt == 0;
        assert!(ended.stdout.contains(if first { "1 replayed" } else { "0 replayed" }), "{}", ended.stdout);
        assert_eq!(in_ledger(&town), 1);
        let case = town.case("hotline", "r-1");
        assert_eq!((case["standing"].clone(), case["rows"].clone()), (json!("closed"), json!(2)));
    }
    every_offset_once(&town, sent);
    // Read all over again under the mended configuration: the same rows, and the entry stays replayed.
    let before = town.cases();
    let mut town = town;
    town.forget_positions();
    town.run_until_caught_up_with(&[MENDED]);
    assert_eq!((town.cases(), in_ledger(&town)), (before, 1));
    // And under the old one, with something new: what was replayed is rejected again and yet stays in the case.
    town.send("hotline", &[event("r-1", "urged", &at(9), json!({}))]);
    town.forget_positions();
    town.run_until_caught_up_with(&[STRICT]);
    assert_eq!(town.case("hotline", "r-1")["rows"], json!(3));
}

#[test]
fn what_is_read_again_under_looser_limits_does_not_wait_any_more() {
    let mut town = Town::new();
    let sent = town
        .send("hotline", &[event("r-1", "accepted", &at(1), json!({})), event("r-1", "closed", &ahead(), json!({}))]);
    town.run_until_caught_up_with(&[STRICT]);
    assert_eq!(listed(&town, &[]).len(), 1);
    town.forget_positions();
    town.run_until_caught_up_with(&[MENDED]);
    assert_eq!(in_ledger(&town), 1);
    let ended = town.tongguan(&["quarantine", "discard", "--yes"], &[]);
    assert_eq!(ended.stdout.trim(), "0 discarded", "{}", ended.stderr);
    assert_eq!((listed(&town, &[]).len(), listed(&town, &["--all"])[0]["state"].clone()), (0, json!("replayed")));
    every_offset_once(&town, sent);
}

#[test]
fn a_running_service_that_remembers_the_case_learns_of_the_replay() {
    let town = Town::new();
    town.send("hotline", &[event("r-1", "accepted", &at(1), json!({})), event("r-1", "closed", &ahead(), json!({}))]);
    // No look at the notes comes to its help, and no other batch.
    let alone = [STRICT, ("SWEEP__GRACE_S", "3600")];
    let mut service = Service::start(&town, &alone);
    town.until("SELECT count() FROM {db}.quarantine", 1);
    town.until("SELECT count() FROM {db}.cases", 1);
    assert_eq!(town.tongguan(&["quarantine", "replay"], &[MENDED]).code, Some(0));
    // The service does not know of it, and folds the case from what it remembers.
    town.send("hotline", &[event("r-1", "dispatched", &at(5), json!({ "unit": "U" }))]);
    let whole = "SELECT countIf(rows = 3 AND standing = 'closed' AND unit = 'U') FROM {db}.cases FINAL";
    town.until(whole, 1);
    assert_eq!(service.stop().code, Some(0));
}

#[test]
fn a_replay_that_was_killed_leaves_no_case_in_part_though_its_entry_is_marked_by_the_next_command() {
    let town = Town::new();
    town.send("hotline", &[event("r-1", "accepted", &at(1), json!({})), event("r-1", "closed", &ahead(), json!({}))]);
    town.run_until_caught_up_with(&[STRICT]);
    // What a replay leaves that dies between the ledger and the case: the message under its own place, and the entry waiting.
    let place = &town.rows("SELECT topic, partition, offset FROM {db}.quarantine")[0];
    let again = town.sibling();
    again.run_until_caught_up_with(&[MENDED]);
    let (offset, partition) = (&place["offset"], &place["partition"]);
    let at = format!("topic = {} AND partition = {partition} AND offset = {offset}", place["topic"]).replace('"', "'");
    town.query(&format!("INSERT INTO {{db}}.events SELECT * FROM {}.events WHERE {at}", again.database));
    assert_eq!(listed(&town, &[]).len(), 0, "the ledger has it");
    // The sweep has been here before; only the note is left.
    town.query("INSERT INTO {db}.swept (stream, topic, partition, next, seen) SELECT stream, topic, partition, max(offset) + 1, max(offset) + 1 FROM {db}.events GROUP BY stream, topic, partition");
    let _service = Service::start(&town, &[STRICT, ("SWEEP__GRACE_S", "1")]);
    town.until("SELECT countIf(rows = 2 AND standing = 'closed') FROM {db}.cases FINAL", 1);
    town.until("SELECT count() FROM {db}.behind FINAL WHERE settled_at = toDateTime64(0, 3)", 0);
}
