//! Which rule judges a case, asked of the database.

use serde_json::{Value, json};

use crate::{
    messages::{at, event},
    town::Town,
};

const POLICY: &str = r#"
id = "own"
version = "7"
timezone = "Asia/Shanghai"

[[rules]]
id = "grid"
match = { stream = "grid" }
stages = [{ name = "DISPOSE", start = "dispatched", stop = "submitted", limit = { n = 4, unit = "WORK_HOUR" } }]

[[rules]]
id = "pipe-fence"
match = { stream = "grid", category = "010", filing_condition = "F2" }
stages = [{ name = "DISPOSE", start = "dispatched", stop = "submitted", limit = { n = 3, unit = "URGENT_HOUR", text = "3紧急工作时" } }]

[[rules]]
id = "later"
match = { stream = "grid", category = "010" }
valid_from = "2021-03-02"
stages = [{ name = "DISPOSE", start = "dispatched", stop = "submitted", limit = { n = 1, unit = "WORK_DAY" } }]
"#;

fn asked(town: &Town, words: &[&str]) -> Value {
    let ended = town.tongguan(&[&["policy", "which", "--json"], words].concat(), &[]);
    assert_eq!(ended.code, Some(0), "{words:?} {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn the_rule_of_a_case_is_found_by_its_row_and_its_filing_condition() {
    let town = Town::new();
    let file = town.folder.path().join("own.toml");
    std::fs::write(&file, POLICY).unwrap();
    let file = file.to_str().unwrap();
    let category = json!({ "standard": "GB/T 47678.5-2026", "code": "01001", "name": "供水管道" });
    let accepted = json!({ "kind": "部件", "category": category, "place": { "town": "310113112" } });
    town.send(
        "grid",
        &[
            event("G1", "accepted", &at(10), accepted.clone()),
            event("G1", "filed", &at(20), json!({ "filing_condition": "F1" })),
            event("G1", "filed", &at(30), json!({ "filing_condition": "F2" })),
            event("G2", "accepted", &at(10), accepted),
            event("G3", "reported", &at(10), json!({})),
            event("B", "accepted", &at(10), json!({})),
        ],
    );
    town.send("hotline", &[event("B", "accepted", &at(10), json!({ "kind": "咨询" }))]);
    town.run_until_caught_up();

    let filed = asked(&town, &["G1", "--policy", file]);
    assert_eq!(
        (&filed["rule"]["id"], &filed["policy"], &filed["version"]),
        (&json!("pipe-fence"), &json!("own"), &json!("7"))
    );
    assert_eq!(filed["attributes"]["filing_condition"], "F2");
    assert_eq!(filed["received_at"], at(10));
    let reasons: Vec<_> =
        filed["others"].as_array().unwrap().iter().map(|other| (&other["id"], &other["reason"])).collect();
    let (later, grid) = (json!("later"), json!("grid"));
    assert_eq!(reasons, [(&later, &json!("NOT_YET_VALID")), (&grid, &json!("LESS_SPECIFIC"))]);

    let unfiled = asked(&town, &["G2", "--policy", file]);
    assert_eq!(unfiled["rule"]["id"], "grid");
    assert_eq!(unfiled["others"][0]["criterion"], "filing_condition");
    assert_eq!(asked(&town, &["G3", "--policy", file])["rule"], Value::Null);

    let hotline = asked(&town, &["B", "--stream", "hotline"]);
    assert_eq!((&hotline["rule"]["id"], &hotline["policy"]), (&json!("hotline-inquiry"), &json!("shanghai-town")));
    let both = town.tongguan(&["policy", "which", "B"], &[]);
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    assert!(both.stderr.contains("grid, hotline"), "{}", both.stderr);
    let none = town.tongguan(&["policy", "which", "no-such-case"], &[]);
    assert_eq!(none.code, Some(1), "{}", none.stderr);

    let text = town.tongguan(&["policy", "which", "G1"], &[("POLICY__FILE", file)]);
    for part in [
        "pipe-fence",
        "3 紧急工作时 URGENT_HOUR",
        "受理时尚未生效",
        "less specific than pipe-fence in filing_condition",
    ] {
        assert!(text.stdout.contains(part), "{part}\n{}", text.stdout);
    }
}
