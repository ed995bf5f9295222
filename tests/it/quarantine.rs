//! Messages that cannot be understood: set aside with their reason, their neighbours untouched.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    messages::{Message, at, event, raw},
    town::Town,
};

/// Name and bytes of every invalid example of the contract.
fn invalid() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("contracts/examples/invalid");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Every offset of the topics is in the ledger or waiting in the quarantine, and in one of them only.
pub fn every_offset_once(town: &Town, sent: u64) {
    let places = "SELECT topic, partition, offset FROM {db}.events FINAL UNION ALL \
                  SELECT topic, partition, offset FROM {db}.quarantine FINAL WHERE state != 'replayed'";
    let sql = format!("SELECT count() AS n, uniqExact(topic, partition, offset) AS distinct FROM ({places})");
    assert_eq!(town.rows(&sql), [json!({ "n": sent, "distinct": sent })]);
    let gaps = format!("SELECT topic, partition FROM ({places}) GROUP BY ALL HAVING max(offset) + 1 != count()");
    assert_eq!(town.query(&gaps), "", "offsets are missing");
}

pub fn listed(town: &Town, args: &[&str]) -> Vec<Value> {
    let ended = town.tongguan(&[&["quarantine", "list", "--json", "--limit", "1000"], args].concat(), &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

pub fn place(entry: &Value) -> String {
    format!("{}/{}/{}", entry["topic"].as_str().unwrap(), entry["partition"], entry["offset"])
}

#[test]
fn every_invalid_example_lands_in_the_quarantine_with_its_reason_and_its_neighbours_pass() {
    let town = Town::new();
    let examples = invalid();
    assert!(examples.len() > 30);
    let mut messages: Vec<Message> = Vec::new();
    for (name, bytes) in &examples {
        let bad = Message { is_structured: !name.contains("bare"), ..raw(name, bytes) };
        messages.extend([event(name, "accepted", &at(1), json!({})), bad, event(name, "closed", &at(2), json!({}))]);
    }
    let sent = town.send("hotline", &messages);
    town.run_until_caught_up();
    every_offset_once(&town, sent);
    assert_eq!(town.number("SELECT countIf(rows = 2 AND standing = 'closed') FROM {db}.cases FINAL"), sent / 3);
    // A message stands on its neighbours' partition, between them.
    let reasons: BTreeMap<String, String> = town
        .rows(
            "SELECT e.case_id AS name, q.reason AS reason FROM {db}.quarantine AS q FINAL INNER JOIN {db}.events AS e \
             ON e.partition = q.partition AND e.offset = q.offset + 1",
        )
        .iter()
        .map(|row| (row["name"].as_str().unwrap().to_owned(), row["reason"].as_str().unwrap().to_owned()))
        .collect();
    for (name, _) in &examples {
        assert_eq!(reasons.get(name).map(String::as_str), name.split("--").next(), "{name}");
    }
    assert_eq!(listed(&town, &[]).len(), examples.len());
}

#[test]
fn the_quarantine_is_listed_shown_and_discarded_only_when_told_to() {
    let town = Town::new();
    town.send(
        "grid",
        &[
            raw("k", b"[1]"),
            raw("k", b"<xml>"),
            raw("k", b"{\"type\":\"case.closed.v1\",\"source\":\"urn:example:a\"}"),
        ],
    );
    town.run_until_caught_up();
    assert_eq!(listed(&town, &["--reason", "not_json"]).len(), 1);
    assert_eq!(listed(&town, &["--stream", "hotline"]).len(), 0);
    let all = listed(&town, &[]);
    assert_eq!(all.len(), 3);
    let shown = town.tongguan(&["quarantine", "show", &place(&all[0])], &[]);
    let mut shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    let taken = |shown: &mut Value, name: &str| shown.as_object_mut().unwrap().remove(name).unwrap();
    let (key, headers) = (taken(&mut shown, "key"), taken(&mut shown, "headers"));
    assert_eq!((key.as_str(), headers[0]["name"].as_str()), (Some("\"k\""), Some("\"content-type\"")), "{headers}");
    assert_eq!(shown, all[0]);
    let wrong = town.tongguan(&["quarantine", "list", "--reason", "not_jsn"], &[]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("not_json?"), "{wrong:?}");
    let own: Vec<Value> = listed(&town, &["--source", "urn:example:a"]);
    assert_eq!(own.len(), 1, "{own:?}");
    let tally = town.tongguan(&["quarantine", "list", "--source", "urn:example:a"], &[]).stdout;
    let counts = |text: &str| text.lines().filter(|line| line.split_whitespace().nth(2) == Some("waiting")).count();
    assert_eq!(counts(tally.split("\n\n").nth(1).unwrap()), 1, "the tally is of what is meant: {tally}");
    let slip = town.tongguan(&["quarantine", "list", "--source", "urn:exampel:a"], &[]);
    assert!(slip.code == Some(2) && slip.stderr.contains("urn:example:a?"), "{slip:?}");
    assert_eq!(listed(&town, &["--from", "2999-01-01"]).len(), 0);
    assert_eq!(listed(&town, &["--from", "2021-01-01", "--to", "2999-01-01"]).len(), 3);
    let nowhere = town.tongguan(&["quarantine", "show", "nowhere/0/1"], &[]);
    assert_eq!(nowhere.code, Some(1));
    let asked = town.tongguan(&["quarantine", "discard", "--reason", "not_json"], &[]);
    assert_eq!(asked.code, Some(1), "{}", asked.stdout);
    assert_eq!(listed(&town, &[]).len(), 3);
    let done = town.tongguan(&["quarantine", "discard", "--reason", "not_json", "--yes"], &[]);
    assert_eq!((done.code, done.stdout.trim()), (Some(0), "1 discarded"));
    assert_eq!(listed(&town, &[]).len(), 2);
    let states: Vec<Value> = listed(&town, &["--all"]).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states.iter().filter(|state| **state == "discarded").count(), 1);
    every_offset_once(&town, 3);
}
