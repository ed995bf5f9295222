//! `tongguan rebuild` as a user runs it, beside a service that goes on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    messages::{Message, at, event},
    policies::{policy, under},
    service::{Ended, Service, wait_for},
    town::Town,
};

/// Rows without what depends on when they were written.
const ROWS: &str = "SELECT * EXCEPT (version, last_ingested_at, last_recorded_at) FROM {db}.cases FINAL ORDER BY stream, case_id FORMAT JSONEachRow";

/// Each case's policy and generation.
fn judged(town: &Town) -> Vec<(String, String, u64)> {
    let rows = town.rows(
        "SELECT case_id, policy, bitShiftRight(version, 32) AS generation FROM {db}.cases FINAL ORDER BY case_id",
    );
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "case_id"), text(row, "policy"), row["generation"].as_u64().unwrap())).collect()
}

fn rows(table: &[(&str, &str, u64)]) -> Vec<(String, String, u64)> {
    table.iter().map(|(case, policy, generation)| ((*case).to_owned(), (*policy).to_owned(), *generation)).collect()
}

fn rebuilt(town: &Town, words: &[&str], file: &str) -> Value {
    let ended = town.tongguan(&[&["rebuild", "--json"], words].concat(), &under(file));
    assert_eq!(ended.code, Some(0), "{words:?} {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// By what the row of a case is judged, and whether the policy of the file would judge otherwise.
fn stored(town: &Town, case: &str, file: &str) -> (String, bool) {
    let ended = town.tongguan(&["policy", "which", case, "--json"], &under(file));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told: Value = serde_json::from_str(&ended.stdout).unwrap();
    let stored = &told["stored"];
    let text = town.tongguan(&["policy", "which", case], &under(file)).stdout;
    let is_due = stored["is_rebuild_due"].as_bool().unwrap();
    assert_eq!(text.contains("a rebuild is due"), is_due, "{text}");
    assert!(
        text.contains(&format!("{}, {}", stored["rule"].as_str().unwrap(), stored["policy"].as_str().unwrap())),
        "{text}"
    );
    (stored["policy"].as_str().unwrap().to_owned(), is_due)
}

/// One finished, one open, one open after its clock stopped.
fn three(prefix: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    for (case, kinds) in [
        ("done", &["accepted", "dispatched", "submitted", "closed"][..]),
        ("open", &["accepted", "dispatched"]),
        ("answered", &["accepted", "dispatched", "submitted"]),
    ] {
        for (step, kind) in kinds.iter().enumerate() {
            messages.push(event(&format!("{prefix}-{case}"), kind, &at(step * 60), json!({ "unit": "U" })));
        }
    }
    messages
}

#[test]
fn by_default_only_cases_that_are_not_finished_are_judged_anew_and_all_with_all() {
    let town = Town::new();
    let (old, new) = (policy(&town, "1", 10), policy(&town, "2", 1));
    town.send("hotline", &three("H"));
    town.send("grid", &three("G"));
    town.run_until_caught_up_with(&under(&old));
    let first = ["G-answered", "G-done", "G-open", "H-answered", "H-done", "H-open"].map(|case| (case, "own@1", 1));
    assert_eq!(judged(&town), rows(&first));

    let dry = rebuilt(&town, &["--dry-run", "--stream", "grid"], &new);
    assert_eq!((&dry["cases"], &dry["events"], &dry["generation"]), (&json!(2), &json!(5), &json!(2)), "{dry}");
    assert_eq!(judged(&town), rows(&first));
    assert_eq!(town.number("SELECT count() FROM {db}.rebuilds"), 1, "the founding one");

    let grid = rebuilt(&town, &["--stream", "grid"], &new);
    assert_eq!(
        (&grid["cases"], &grid["scope"], &grid["before"]["policy"]),
        (&json!(2), &json!("open"), &json!("own@1"))
    );
    let open = rebuilt(&town, &[], &new);
    assert_eq!((&open["cases"], &open["generation"], &open["is_resumed"]), (&json!(4), &json!(3), &json!(false)));
    let (once, anew) = (("own@1", 1), ("own@2", 3));
    let second = [
        ("G-answered", anew),
        ("G-done", once),
        ("G-open", anew),
        ("H-answered", anew),
        ("H-done", once),
        ("H-open", anew),
    ];
    assert_eq!(judged(&town), rows(&second.map(|(case, (policy, generation))| (case, policy, generation))));
    let due = |case| town.case("grid", case)["due_at"].as_str().unwrap()[..10].to_owned();
    assert_eq!((due("G-done").as_str(), due("G-open").as_str()), ("2021-03-12", "2021-03-03"));
    assert_eq!(
        (stored(&town, "G-done", &new), stored(&town, "G-open", &new)),
        (("own@1".into(), true), ("own@2".into(), false))
    );

    let all = rebuilt(&town, &["--all"], &new);
    assert_eq!((&all["cases"], &all["events"]), (&json!(6), &json!(18)));
    let third = ["G-answered", "G-done", "G-open", "H-answered", "H-done", "H-open"].map(|case| (case, "own@2", 4));
    assert_eq!(judged(&town), rows(&third));
    assert_eq!(due("G-done"), "2021-03-03");
    assert_eq!(stored(&town, "G-done", &new), ("own@2".into(), false));
    let finished = town.number("SELECT countIf(finished_at >= started_at) FROM {db}.rebuilds FINAL");
    assert_eq!((finished, town.number("SELECT sum(cases) FROM {db}.rebuilds FINAL")), (4, 12));
}

#[test]
fn a_finished_case_that_something_happens_to_is_judged_by_the_rules_in_force_and_may_come_again() {
    let mut town = Town::new();
    let (old, new) = (policy(&town, "1", 10), policy(&town, "2", 1));
    town.send("grid", &three("G"));
    town.run_until_caught_up_with(&under(&old));
    rebuilt(&town, &[], &new);
    town.send("grid", &[event("G-done", "reopened", &at(500), json!({}))]);
    town.run_until_caught_up_with(&under(&new));
    let done = town.case("grid", "G-done");
    assert_eq!((&done["standing"], &done["policy"], &done["rows"]), (&json!("open"), &json!("own@2"), &json!(5)));
    let before = town.query(ROWS);
    town.forget_positions();
    town.run_until_caught_up_with(&under(&new));
    assert_eq!(town.query(ROWS), before);
}

#[test]
fn a_service_with_another_policy_is_stopped_and_one_with_the_new_goes_on() {
    let town = Town::new();
    let (old, new) = (policy(&town, "1", 10), policy(&town, "2", 1));
    town.send("grid", &three("A"));
    let mut service = Service::start(&town, &under(&old));
    town.until("SELECT count() FROM {db}.cases FINAL", 3);
    rebuilt(&town, &[], &new);
    // Idle, it asks by itself.
    let ended = service.ended(Duration::from_secs(20));
    assert_eq!(ended.code, Some(6), "{}", ended.stderr);
    for part in ["own@1", "own@2", "generation 2", "Restart it with the configuration of that rebuild"] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    town.send("grid", &three("B"));
    let refused = town.tongguan(&["run", "--until-caught-up"], &under(&old));
    assert_eq!(refused.code, Some(6), "{}", refused.stderr);
    assert_eq!(town.number("SELECT count() FROM {db}.events WHERE startsWith(case_id, 'B')"), 0);
    town.run_until_caught_up_with(&under(&new));
    assert_eq!(town.number("SELECT countIf(policy = 'own@2') FROM {db}.cases FINAL"), 5);
    // The way back is a rebuild as well.
    rebuilt(&town, &["--all"], &old);
    town.run_until_caught_up_with(&under(&old));
    assert_eq!(town.number("SELECT countIf(policy = 'own@1') FROM {db}.cases FINAL"), 6);
}

/// Everything of a synthetic year, or a part of it.
fn generated(town: &Town, seed: &str, share: &str) -> Ended {
    let words = ["generate", "--cases", share, "--seed", seed, "--open", "50", "--late", "20", "--disorder", "0.05"];
    let ended = town.tongguan(&words, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended
}

/// Kills it as soon as some of its rows are there and it is not finished; false if it was too quick.
fn killed_in_the_middle(town: &Town, file: &str, generation: u64) -> bool {
    let mut rebuild = Service::spawn(town, &["rebuild", "--all"], &under(file));
    let some = format!("SELECT count() > 0 FROM {{db}}.cases WHERE bitShiftRight(version, 32) = {generation}");
    wait_for("the first rows", Duration::from_secs(30), || town.number(&some) == 1 || !rebuild.is_running());
    if !rebuild.is_running() {
        return false;
    }
    rebuild.signal("-KILL");
    rebuild.ended(Duration::from_secs(5));
    let unfinished = "SELECT countIf(finished_at IS NULL) FROM {db}.rebuilds FINAL WHERE generation = ";
    town.number(&format!("{unfinished}{generation}")) == 1
}

#[test]
fn a_rebuild_beside_a_running_service_killed_and_started_again_ends_as_an_undisturbed_fold() {
    let town = Town::new();
    let (old, new) = (policy(&town, "1", 10), policy(&town, "2", 1));
    generated(&town, "1", "1");
    town.run_until_caught_up_with(&under(&old));
    // The same rules first: the service goes on through it.
    generated(&town, "2", "0.5");
    let mut service = Service::start(
        &town,
        &[("POLICY__FILE", &old), ("BATCH__ROWS_MAX", "2000"), ("MEMORY__CACHED_MAX_KB", "2500")],
    );
    service.wait_until_ready();
    assert!(killed_in_the_middle(&town, &old, 2), "a rebuild too quick to be killed proves nothing");
    assert!(town.number("SELECT count() FROM {db}.cases WHERE bitShiftRight(version, 32) = 1") > 0);
    let again = rebuilt(&town, &["--all"], &old);
    assert_eq!((&again["generation"], &again["is_resumed"]), (&json!(2), &json!(true)));
    assert!(service.is_running(), "{}", service.stderr());
    // Then others: the service stops itself, and one with the new ones takes over.
    generated(&town, "3", "0.2");
    assert!(killed_in_the_middle(&town, &new, 3), "a rebuild too quick to be killed proves nothing");
    let again = rebuilt(&town, &["--all"], &new);
    assert_eq!((&again["generation"], &again["is_resumed"]), (&json!(3), &json!(true)));
    let stopped = service.ended(Duration::from_secs(30));
    assert_eq!(stopped.code, Some(6), "{}", stopped.stderr);
    town.run_until_caught_up_with(&under(&new));
    let undisturbed = town.sibling();
    undisturbed.run_until_caught_up_with(&under(&new));
    assert_eq!(town.ledger_places(), undisturbed.ledger_places());
    let (ours, theirs) = (town.query(ROWS), undisturbed.query(ROWS));
    assert!(theirs.lines().count() > 40_000);
    let differs = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differs, None);
    assert_eq!(ours.lines().count(), theirs.lines().count());
    assert_eq!(town.number("SELECT countIf(bitShiftRight(version, 32) != 3) FROM {db}.cases FINAL"), 0);
}

#[test]
fn a_stream_that_is_not_declared_is_a_wrong_call_and_a_schema_that_is_missing_says_so() {
    let town = Town::without_schema();
    let ended = town.tongguan(&["rebuild", "--stream", "nobody"], &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("tongguan migrate"), "{}", ended.stderr);
    let ended = town.tongguan(&["rebuild"], &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
}
