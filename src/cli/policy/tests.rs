use std::fs;

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;

use super::*;
use crate::cli::exit_for;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: PolicyArgs,
}

fn said(words: &[&str]) -> anyhow::Result<(Exit, String)> {
    let args = Line::try_parse_from(std::iter::once("policy").chain(words.iter().copied()))?.args;
    let mut out = Vec::new();
    let settings = Settings::load(None, std::iter::empty())?.settings;
    let exit = run(&args, &settings, &mut out)?;
    Ok((exit, String::from_utf8(out)?))
}

/// The built-in file with one thing changed, checked.
fn checked(from: &str, to: &str, more: &[&str]) -> anyhow::Result<(Exit, String)> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("own.toml");
    let text = include_str!("../../../config/policy/shanghai-town.toml");
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    said(&[&["check", path.to_str().unwrap()], more].concat())
}

#[test]
fn a_usable_file_is_said_to_be_usable() {
    let (exit, text) = checked("2026.1", "2026.2", &[]).unwrap();
    assert_eq!(exit, Exit::Ok);
    assert!(
        text.contains("own.toml") && text.contains("shanghai-town 2026.2") && text.contains("4 条 rules"),
        "{text}"
    );
    let (exit, text) = checked("2026.1", "2026.2", &["--json"]).unwrap();
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &found["usable"], &found["rules"]), (Exit::Ok, &Value::Bool(true), &4.into()));
}

#[test]
fn a_file_that_cannot_be_used_is_a_configuration_that_cannot() {
    let (from, to) = ("n = 4,", "n = \"4\",");
    let error = checked(from, to, &[]).unwrap_err();
    assert_eq!(exit_for(&error), Exit::Config);
    assert!(error.to_string().contains("rules[3].stages[2].limit.n: is no whole number"), "{error}");
    let (exit, text) = checked(from, to, &["--json"]).unwrap();
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &found["usable"]), (Exit::Config, &Value::Bool(false)));
    assert_eq!(found["problems"][0]["what"], "is no whole number");
    let (exit, text) = checked("[[rules]]", "[[rules", &["--json"]).unwrap();
    assert_eq!(exit, Exit::Config);
    assert!(text.contains("line"), "{text}");
    assert_eq!(exit_for(&said(&["check", "/nowhere/policy.toml"]).unwrap_err()), Exit::Config);
}

#[test]
fn the_rules_are_shown_in_the_order_in_which_they_are_asked() {
    let (_, text) = said(&["show"]).unwrap();
    let places: Vec<usize> =
        ["\nhotline ", "\nhotline-inquiry ", "\ngrid "].iter().map(|id| text.find(id).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    for part in
        ["类型 kind = 咨询 | 建议", "处置 DISPOSE", "5 工作日 WORK_DAY END_OF_DAY", "ADD_ORIGINAL ×1", "夏阳街道"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (_, text) = said(&["show", "--json"]).unwrap();
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shown["rules"][0]["match"]["stream"][0], "hotline");
    assert_eq!(shown["rules"][0]["stages"][1]["extension"]["limit"]["n"], 15);
}

#[test]
fn an_example_that_does_not_hold_is_told_with_its_line_and_what_it_comes_to() {
    let (exit, text) = checked("2026.1", "2026.2", &["--json"]).unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &told["examples"]), (Exit::Ok, &5.into()));
    // The fifth working day is one day earlier where the limit is shorter.
    let (exit, text) = checked(
        "limit = { n = 5, unit = \"WORK_DAY\", convention = \"END_OF_DAY\", text = \"5个工作日\" }",
        "limit = { n = 4, unit = \"WORK_DAY\", convention = \"END_OF_DAY\", text = \"4个工作日\" }",
        &["--json"],
    )
    .unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    let problems = told["problems"].as_array().unwrap();
    assert_eq!((exit, problems.len()), (Exit::Config, 3), "{told:#}");
    assert!(problems[0]["place"].as_str().unwrap().contains("line "), "{told:#}");
    let what = "due is \"2021-03-12T00:00:00+08:00\", the example says \"2021-03-13T00:00:00+08:00\"";
    assert_eq!(problems[0]["what"], what);
    assert!(problems[1]["what"].as_str().unwrap().contains("standing is \"closed_late\""), "{told:#}");
    let error = checked("stream = \"hotline\"\nlife", "stream = \"hotlin\"\nlife", &[]).unwrap_err();
    assert_eq!(exit_for(&error), Exit::Config);
    assert!(format!("{error:#}").contains("there is no stream \"hotlin\""), "{error:#}");
}
