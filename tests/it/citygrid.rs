//! An invented export of Shanghai's task table and child table, through the shipped mappings to the rates.

use serde_json::{Value, json};

use crate::town::Town;

fn import(town: &Town, data: &str, mapping: &str, more: &[&str], code: i32) {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/tests/fixtures/import/citygrid/{data}.csv");
    let mapping = format!("{root}/config/sources/{mapping}.toml");
    let rejects = town.folder.path().join("rejects.csv");
    let args = ["import", &file, "--mapping", &mapping, "--rejects", rejects.to_str().unwrap()];
    let ended = town.tongguan(&[&args, more].concat(), &[]);
    assert_eq!(ended.code, Some(code), "{data} {}", ended.stderr);
}

/// Task rows of both streams, and child rows polled apart.
fn polled() -> Town {
    let town = Town::new();
    // The child rows come first, and everything comes twice.
    for _ in 0..2 {
        import(&town, "solving", "citygrid-solving", &[], 0);
        import(&town, "tasks", "citygrid", &[], 5); // one status is not listed
        import(&town, "tasks", "citygrid-hotline", &[], 0);
    }
    town.run_until_caught_up();
    town
}

/// Numerator and denominator in March, as of an instant.
fn counts(town: &Town, kpi: &str, stream: &str, as_of: &str) -> (u64, u64) {
    let words = format!("kpi {kpi} --convention shanghai --stream {stream} --from 2021-03-01 --to 2021-04-01 --as-of");
    let mut args: Vec<&str> = words.split(' ').collect();
    args.extend([as_of, "--json"]);
    let ended = town.tongguan(&args, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let answers: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(answers.len(), 1, "{answers:?}");
    (answers[0]["numerator"].as_u64().unwrap(), answers[0]["denominator"].as_u64().unwrap())
}

#[test]
fn polled_task_rows_give_the_rates_of_the_events_behind_them_at_any_time() {
    let town = polled();
    let closure = |stream, as_of| counts(&town, "closure", stream, as_of);
    // Void cases are out; the case that was reopened is open.
    assert_eq!(closure("grid", "2021-03-10T00:00:00+08:00"), (2, 4));
    assert_eq!(closure("hotline", "2021-03-10T00:00:00+08:00"), (2, 3));
    assert_eq!(counts(&town, "timeliness", "grid", "2021-03-10T00:00:00+08:00"), (1, 4));
    assert_eq!(counts(&town, "timeliness", "hotline", "2021-03-10T00:00:00+08:00"), (1, 3));
    // Before the reopening; and before the void was known and the fifth case received.
    assert_eq!(closure("grid", "2021-03-05T23:30:00+08:00"), (3, 4));
    assert_eq!(closure("grid", "2021-03-02T22:00:00+08:00"), (1, 4));
    let void = "SELECT stream, countIf(standing = 'void') AS void, count() AS cases FROM {db}.cases FINAL GROUP BY stream ORDER BY stream";
    let wanted =
        [json!({ "stream": "grid", "void": 1, "cases": 5 }), json!({ "stream": "hotline", "void": 1, "cases": 4 })];
    assert_eq!(town.rows(void), wanted);
}

#[test]
fn the_cases_have_the_times_units_and_numbers_of_the_rows() {
    let town = polled();
    let moved = town.case("grid", "2103A0000003");
    assert_eq!((&moved["unit"], &moved["dispatches"]), (&json!("D204"), &json!(2)), "{moved:#}");
    let late = town.case("grid", "2103A0000002");
    for (mark, time) in [
        ("reported", "02 09:00"),
        ("received", "02 09:05"),
        ("filed", "02 09:10"),
        ("dispatched", "02 09:20"),
        ("signed", "02 10:00"),
        ("last_submitted", "04 16:00"),
        ("closed", "04 17:00"),
        ("due", "03 09:00"),
    ] {
        assert_eq!(late[format!("{mark}_at")], format!("2021-03-{time}:00.000"), "{mark}: {late:#}");
    }
    assert_eq!((&late["town"], &late["channel"]), (&json!("310118109"), &json!("VILLAGE")));
    // Known from the child table alone, whichever row came first.
    let reopened = town.case("grid", "2103A0000005");
    assert_eq!((&reopened["standing"], &reopened["unit"]), (&json!("open"), &json!("D205")));
    assert_eq!(reopened["signed_at"], "2021-03-09 11:30:00.000");
    let ticket = town.case("hotline", "2103H0000011");
    assert_eq!((&ticket["external_no"], &ticket["result"]), (&json!("SH2103011"), &json!("实际解决")));
}
