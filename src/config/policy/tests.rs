use std::fs;

use tempfile::TempDir;

use super::*;
use crate::domain::{
    calendar::{Convention, Limit, Unit},
    fact::FactKind,
    policy::{ExtensionMode, Rework, StageName, Subject},
    time::Millis,
};

fn load_text(text: &str) -> Result<Policy, String> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("policy.toml");
    fs::write(&path, text).unwrap();
    load(Some(&path)).map_err(|error| error.to_string())
}

fn changed(from: &str, to: &str) -> String {
    assert!(BUILT_IN.contains(from), "{from}");
    BUILT_IN.replacen(from, to, 1)
}

/// What is said when one thing in the built-in file is changed.
fn refusal(from: &str, to: &str) -> String {
    load_text(&changed(from, to)).unwrap_err()
}

fn told(message: &str, words: &[&str]) {
    assert!(words.iter().all(|word| message.contains(word)), "{message}\n{words:?}");
}

/// The line on which a text stands in the built-in file.
fn line_of(text: &str) -> String {
    let before = BUILT_IN.split(text).next().unwrap();
    format!("line {}", before.matches('\n').count() + 1)
}

#[test]
fn the_built_in_policy_can_be_used() {
    let policy = load(None).unwrap();
    assert_eq!((policy.id.as_str(), policy.version.as_str()), ("shanghai-town", "2026.1"));
    let at = Millis::parse("2021-03-01T10:00:00+08:00").unwrap();
    let limit = |stream, kind, name| {
        let subject = Subject { stream, kind, ..Subject::default() };
        let rule = policy.rule_for(&subject, at).unwrap();
        rule.stages.iter().find(|stage| stage.name == name).unwrap().limit
    };
    let days = |count| Limit::new(count, Unit::WorkDay, Some(Convention::EndOfDay)).unwrap();
    assert_eq!(limit("hotline", "投诉", StageName::Dispose), days(5));
    assert_eq!(limit("hotline", "咨询", StageName::Dispose), days(1));
    assert_eq!(limit("hotline", "咨询", StageName::Contact), days(1));
    assert_eq!(limit("grid", "事件", StageName::Dispose), Limit::new(4, Unit::WorkHour, None).unwrap());
    let rule = policy.rules().iter().find(|rule| rule.id == "hotline").unwrap();
    let dispose = &rule.stages[1];
    assert_eq!((dispose.start, dispose.stop), (FactKind::Dispatched, FactKind::Submitted));
    assert_eq!(dispose.extension.unwrap().mode, ExtensionMode::SetDue(Some(days(15))));
    assert_eq!((dispose.rework, dispose.yellow_at, dispose.return_stops_clock), (Rework::Fixed(days(3)), 80, true));
}

#[test]
fn every_event_type_can_stop_a_stage() {
    for (kind, name) in FactKind::ALL.into_iter().filter(|(kind, _)| *kind != FactKind::Dispatched) {
        let policy = load_text(&changed("stop = \"contacted\"", &format!("stop = \"{name}\""))).unwrap();
        let rule = policy.rules().iter().find(|rule| rule.id == "hotline").unwrap();
        assert_eq!((rule.stages[0].start, rule.stages[0].stop), (FactKind::Dispatched, kind), "{name}");
    }
}

/// The built-in file with the example in its comments.
fn with_example() -> String {
    let (before, example) = BUILT_IN.split_once("# [[rules]]").unwrap();
    let example: String = example
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line.trim_start_matches('#'))))
        .collect();
    format!("{before}[[rules]]{example}")
}

#[test]
fn the_example_in_the_comments_can_be_used() {
    let policy = load_text(&with_example()).unwrap();
    let pipe = &policy.rules()[0];
    assert_eq!((pipe.id.as_str(), pipe.stages[0].yellow_at), ("water-pipe-fence", 80));
    assert_eq!(pipe.validity.from, Millis::parse("2026-07-01T00:00:00+08:00"));
}

#[test]
fn the_file_in_the_documentation_can_be_used() {
    let page = include_str!("../../../docs/policy.md");
    let (_, text) = page.split_once("```toml\n").unwrap();
    let policy = load_text(text.split_once("```").unwrap().0).unwrap();
    assert_eq!((policy.rules()[0].id.as_str(), policy.rules()[0].stages[0].name), ("waste", StageName::Dispose));
}

#[test]
fn the_last_day_of_a_validity_belongs_to_it() {
    let text = with_example().replace("valid_from", "valid_to");
    assert_eq!(load_text(&text).unwrap().rules()[0].validity.until, Millis::parse("2026-07-02T00:00:00+08:00"));
    let text =
        with_example().replace("valid_from = \"2026-07-01\"", "valid_from = \"2026-07-01\"\nvalid_to = \"2026-06-30\"");
    told(&load_text(&text).unwrap_err(), &["valid_to: 2026-06-30 is before valid_from"]);
}

#[test]
fn a_fault_names_file_line_key_and_what_to_do() {
    let message = refusal("stop = \"contacted\"", "stop = \"contactd\"");
    let line = line_of("stop = \"contacted\"");
    told(
        &message,
        &[
            "policy.toml",
            &line,
            "rules[1].stages[1].stop: there is no \"contactd\"",
            "nearest right one is `contacted`",
        ],
    );
    let message = refusal("pausable = false", "pauseable = false");
    told(&message, &["rules[1].stages[1].pauseable: unknown key `pauseable`", "nearest right one is `pausable`"]);
    let message = refusal("name = \"DISPOSE\"", "name = \"DISPOSAL\"");
    told(&message, &["rules[1].stages[2].name: there is no \"DISPOSAL\"", "nearest right one is `DISPOSE`"]);
    let message = refusal("stream = \"hotline\", kind = [\"求助", "steam = \"hotline\", kind = [\"求助");
    told(&message, &["rules[1].match.steam: unknown key", "nearest right one is `stream`"]);
    told(&refusal("max_times = 1", "max_times = \"1\""), &["extension.max_times: is no whole number"]);
    told(&refusal("stop = \"contacted\"", "stop = "), &["policy.toml", "valid TOML"]);
}

#[test]
fn all_faults_are_found_at_once() {
    let text = changed("n = 5", "n = -5").replace("timezone = \"Asia/Shanghai\"", "timezone = \"Asia/Miaohang\"");
    let message = load_text(&text.replace("pausable = false", "pausable = 0")).unwrap_err();
    told(&message, &["Asia/Miaohang", "limit.n: is out of range", "pausable: is neither true nor false"]);
}

#[test]
fn a_fault_neither_hides_nor_makes_others() {
    let faults = |text: &str| -> Vec<String> {
        let ConfigError::Invalid(found) = from_text("policy.toml", text).unwrap_err() else { panic!("not TOML") };
        found.iter().map(|problem| format!("{problem}\n")).collect()
    };
    let example = "[[examples]]\nstream = \"hotline\"\nlife = \"accepted 03-03 09:00\"\nas_of = \"2021-04-10\"\n";
    let example = |rest: &str| format!("{BUILT_IN}\n{example}{rest}\n");
    for (text, parts) in [
        // Of each what else is wrong was told only when it was mended.
        (changed("id = \"grid\"", "id = \"hotline\"\nremark = 1"), &["is already that of the rule at", "`remark`"][..]),
        (
            changed("n = 4, unit = \"WORK_HOUR\", text = \"4工作时\"", "n = 4, unit = \"HOUR\", text = \"尽快\""),
            &["there is no \"HOUR\"", "cannot be read as a number"],
        ),
        (
            changed("n = 4, unit = \"WORK_HOUR\", text = \"4工作时\"", "n = \"4\", unit = \"WORK_HOUR\", text = 4"),
            &["limit.n: is no whole", "limit.text: is no text"],
        ),
        // What was only misspelt was told as missing too.
        (changed("mode = \"FIXED\", limit", "mode = \"FIXED\", limt"), &["unknown key `limt`"]),
        (example("duee = \"2021-03-10\""), &["unknown key `duee`"]),
        (example("due = 5"), &["due: is no text"]),
        (example(""), &["the example expects nothing"]),
    ] {
        let found = faults(&text);
        assert_eq!(found.len(), parts.len(), "{parts:?}: {found:#?}");
        assert!(parts.iter().all(|part| found.iter().any(|one| one.contains(part))), "{parts:?}: {found:#?}");
    }
}

#[test]
fn what_the_words_of_a_limit_say_is_what_it_is() {
    let line = line_of("text = \"4工作时\"");
    let message = refusal("text = \"4工作时\"", "text = \"2紧急工作时\"");
    told(&message, &[&line, "limit.text: \"2紧急工作时\" says 2 URGENT_HOUR, but n and unit say 4 WORK_HOUR"]);
    told(&refusal("text = \"4工作时\"", "text = \"尽快\""), &["\"尽快\" cannot be read as a number and a unit"]);
    assert!(load_text(&changed("text = \"4工作时\"", "text = \"四个工作小时内\"")).is_ok());
}

#[test]
fn limits_extensions_and_reworks_that_cannot_be_are_refused() {
    for (from, to, words) in [
        (
            "n = 4, unit = \"WORK_HOUR\"",
            "n = 4, unit = \"WORK_HOUR\", convention = \"END_OF_DAY\"",
            "leave `convention` out",
        ),
        ("n = 4,", "n = 0,", "can be 0"),
        ("mode = \"ADD_ORIGINAL\"", "mode = \"ADD_N\"", "ADD_N has no limit"),
        ("mode = \"SET_DUE\"", "mode = \"ADD_ORIGINAL\"", "adds the limit of the stage"),
        ("mode = \"CONTINUE\"", "mode = \"FIXED\"", "FIXED has no limit"),
        ("mode = \"FIXED\"", "mode = \"RESTART\"", "RESTART has no limit of its own"),
        ("max_times = 1", "max_times = 0", "max_times: is 0"),
        ("yellow_at = 80", "yellow_at = 101", "from 1 to 100"),
        ("stop = \"accepted\"", "stop = \"reported\"", "starts and stops with the same event"),
        ("name = \"CHECK\"", "name = \"ACCEPT\"", "ACCEPT stands twice"),
        ("version = \"2026.1\"\n", "", "version: is missing"),
        ("id = \"grid\"", "id = \"grid cases\"", "without blanks"),
        ("kind = [\"咨询\", \"建议\", \"意见建议\"]", "kind = []", "match.kind: is an empty list"),
        ("match = { stream = \"grid\" }", "match = { stream = \"\" }", "match.stream: is empty"),
    ] {
        told(&refusal(from, to), &[words]);
    }
}

#[test]
fn rules_that_could_both_judge_a_case_are_named_with_their_lines() {
    let message = refusal("match = { stream = \"grid\" }", "match = { stream = \"hotline\", kind = [\"投诉\"] }");
    told(&message, &["rules[3]: asks for as much as the rule at", "rules[1]", "under `match`"]);
    told(&refusal("id = \"grid\"", "id = \"hotline\""), &["rules[3]: id \"hotline\" is already that of the rule at"]);
}

#[test]
fn of_a_thousand_alike_rules_the_first_faults_are_told_and_how_many_more_there_are() {
    let stage = "name = 'CONTACT'\nstart = 'dispatched'\nstop = 'contacted'\npausable = false\n\
        limit = { n = 1, unit = 'WORK_DAY', text = '1个工作日' }";
    let rule = |number| {
        format!("[[rules]]\nid = 'r{number}'\nsource = 's'\nmatch = {{ stream = 's' }}\n[[rules.stages]]\n{stage}\n")
    };
    let rules: String = (0..1_000).map(rule).collect();
    let text = format!("id = \"p\"\nversion = \"1\"\ntimezone = \"Asia/Shanghai\"\n{rules}");
    let told = of_text("p.toml", &text).unwrap_err().to_string();
    assert!(told.contains("p.toml: and 949 more"), "{told}");
    assert!(told.len() < 20_000, "{}", told.len());
}

/// Such a rule has no limits, which is a way to say that there are none for its cases.
#[test]
fn a_list_may_be_empty() {
    let rule = "[[rules]]\nid = 'r'\nmatch = { stream = 's' }\nstages = []\n";
    let head = "id = 'p'\nversion = '1'\ntimezone = 'Asia/Shanghai'\nexamples = []\n";
    assert!(of_text("p.toml", &format!("{head}{rule}")).unwrap().rules()[0].stages.is_empty());
    assert!(of_text("p.toml", &format!("{head}rules = []\n")).unwrap().rules().is_empty());
}
