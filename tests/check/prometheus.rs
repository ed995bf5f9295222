//! What Prometheus and the board ask for exists, every alert is tried and has its section in the runbook, and what the program
//! shows is explained. Where `promtool` is, it reads and tries the rules as well.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;
use tongguan::metrics::{self, MetricKind};

/// What Prometheus itself adds.
const OF_PROMETHEUS: &[&str] = &["job", "instance", "le", "alertname", "alertstate"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} is empty");
    paths
}

/// Every series that may be asked for, with the labels it has.
fn series() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all = BTreeMap::new();
    for (kind, name, _, labels, _) in metrics::table() {
        let labels: BTreeSet<&str> = labels.iter().copied().collect();
        if let MetricKind::Histogram(_) = kind {
            for end in ["bucket", "sum", "count"] {
                all.insert(format!("{name}_{end}"), labels.clone());
            }
        } else {
            all.insert((*name).to_owned(), labels);
        }
    }
    all
}

/// One rule of a file: what it is called, and its lines.
struct Rule {
    record: bool,
    name: String,
    text: String,
}

impl Rule {
    /// What it asks, on one line or, after `|`, on several.
    fn expr(&self) -> String {
        let (_, rest) = self.text.split_once("expr:").unwrap_or_else(|| panic!("{} has no expr", self.name));
        let ends = ["\n        for:", "\n        labels:", "\n        annotations:"];
        let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        rest[..end].trim().trim_start_matches('|').trim().to_owned()
    }
}

fn rules() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for path in files("deploy/prometheus/rules") {
        for line in fs::read_to_string(path).unwrap().lines().filter(|line| !line.trim_start().starts_with('#')) {
            let begins = |word: &str| line.trim_start().strip_prefix(word).map(str::to_owned);
            match (begins("- record: "), begins("- alert: ")) {
                (None, None) => {
                    if let Some(rule) = rules.last_mut().filter(|_| !line.trim_start().starts_with("- name:")) {
                        rule.text += &format!("{line}\n");
                    }
                }
                (recorded, alert) => {
                    let record = recorded.is_some();
                    rules.push(Rule { record, name: recorded.or(alert).unwrap(), text: String::new() });
                }
            }
        }
    }
    rules
}

fn alerts() -> Vec<Rule> {
    rules().into_iter().filter(|rule| !rule.record).collect()
}

fn board() -> serde_json::Value {
    serde_json::from_str(&read("deploy/grafana/dashboards/tongguan.json")).unwrap()
}

/// Every query of the board, with its panel's title.
fn queries() -> Vec<(String, String)> {
    let board = board();
    let mut all = Vec::new();
    for panel in board["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        for target in panel["targets"].as_array().into_iter().flatten() {
            all.push((title.to_owned(), target["expr"].as_str().unwrap().to_owned()));
        }
    }
    all
}

#[test]
fn what_rules_and_board_ask_for_exists_with_its_labels() {
    let series = series();
    let rules = rules();
    let recorded: BTreeSet<&str> = rules.iter().filter(|rule| rule.record).map(|rule| rule.name.as_str()).collect();
    let known: BTreeSet<&str> = series.values().flatten().copied().chain(OF_PROMETHEUS.iter().copied()).collect();
    let name = Regex::new(r"\b(?:tongguan|process)[_:][a-z0-9_:]+").unwrap();
    let chosen = Regex::new(r"\b((?:tongguan|process)_[a-z0-9_]+)\{([^}]*)\}").unwrap();
    let matcher = Regex::new(r#"([a-z_]+)\s*(?:=~|!~|!=|=)\s*""#).unwrap();
    let grouped = Regex::new(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)").unwrap();
    let asked = rules.iter().map(|rule| (rule.name.clone(), rule.expr())).chain(queries());
    let mut count = 0;
    for (by, expr) in asked {
        for found in name.find_iter(&expr).map(|found| found.as_str()) {
            let there = if found.contains(':') { recorded.contains(found) } else { series.contains_key(found) };
            assert!(there, "{by}: there is no {found}\n{expr}");
            count += 1;
        }
        for found in chosen.captures_iter(&expr) {
            for label in matcher.captures_iter(&found[2]).map(|label| label.get(1).unwrap().as_str()) {
                let there = series[&found[1]].contains(label) || OF_PROMETHEUS.contains(&label);
                assert!(there, "{by}: {} has no label {label}", &found[1]);
            }
        }
        for label in grouped.captures_iter(&expr).flat_map(|list| list.extract::<1>().1[0].split(',')) {
            let label = label.trim();
            assert!(label.is_empty() || known.contains(label), "{by}: no metric has a label {label}");
        }
    }
    assert!(count > 100, "{count} names found: are the rules read at all?");
}

#[test]
fn every_alert_says_how_bad_it_is_in_both_languages_and_where_to_read_on() {
    let template = Regex::new(r"\{\{[^}]*\}\}").unwrap();
    for alert in alerts() {
        let Rule { name, text, .. } = &alert;
        assert!(text.contains("severity: critical") || text.contains("severity: warning"), "{name}: no severity");
        let url = format!("runbook_url: docs/runbook.md#{}\n", name.to_lowercase());
        assert!(text.contains(&url), "{name}: no {url}");
        for field in ["summary:", "description:"] {
            let text = template.replace_all(text, "");
            let line = text.lines().find(|line| line.trim_start().starts_with(field));
            let line = line.unwrap_or_else(|| panic!("{name}: no {field}"));
            let (chinese, english) = line.split_once(" | ").unwrap_or_else(|| panic!("{name}: two languages: {line}"));
            assert!(is_chinese(chinese) && !is_chinese(english), "{name}: {line}");
        }
    }
}

/// Its heading is its name, so that `runbook_url` ends there; the order is the same in both.
#[test]
fn every_alert_has_a_section_of_the_runbook_and_every_section_an_alert() {
    let runbook = read("docs/runbook.md");
    let sections: Vec<(&str, &str)> =
        runbook.split("\n## ").skip(1).filter_map(|section| section.split_once('\n')).collect();
    let headings: Vec<&str> =
        sections.iter().map(|(heading, _)| *heading).filter(|h| h.starts_with("Tongguan")).collect();
    let names: Vec<String> = alerts().into_iter().map(|alert| alert.name).collect();
    assert_eq!(headings, names);
    for (heading, text) in sections.iter().filter(|(heading, _)| heading.starts_with("Tongguan")) {
        for part in ["**含义 Meaning.**", "**查看 Look.**", "**处理 Do.**", "**叫人 Wake.**", "**切勿 Never.**"]
        {
            assert!(text.contains(part), "{heading}: no {part}");
        }
    }
}

#[test]
fn every_alert_is_tried() {
    let tests: String = files("deploy/prometheus/tests").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for Rule { name, .. } in alerts() {
        assert!(tests.contains(&format!(r#"alertname="{name}""#)), "no test in deploy/prometheus/tests expects {name}");
    }
    let healthy = read("deploy/prometheus/tests/healthy.yml");
    for name in series().keys().filter(|name| rules().iter().any(|rule| rule.expr().contains(name.as_str()))) {
        assert!(healthy.contains(&format!("'{name}{{")), "healthy.yml has no {name}");
    }
}

#[test]
fn every_metric_has_its_row_in_the_operations_page_and_every_row_its_metric() {
    let page = read("docs/operations.md");
    let row = Regex::new(r"(?m)^\| `((?:tongguan|process)_[a-z0-9_]+(?:\{[a-z,]+\})?)` \|").unwrap();
    let rows: Vec<String> = row.captures_iter(&page).map(|found| found[1].to_owned()).collect();
    let written = |(_, name, _, labels, _): &metrics::MetricRow| match labels {
        [] => (*name).to_owned(),
        labels => format!("{name}{{{}}}", labels.join(",")),
    };
    let table: BTreeSet<String> = metrics::table().iter().map(written).collect();
    let missing: Vec<&String> = table.iter().filter(|name| !rows.contains(name)).collect();
    let stale: Vec<&String> = rows.iter().filter(|row| !table.contains(*row)).collect();
    assert!(missing.is_empty() && stale.is_empty(), "no row: {missing:?}\nno metric: {stale:?}");
}

#[test]
fn the_board_is_in_both_languages_and_its_panels_do_not_overlap() {
    let board = board();
    let mut taken = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for panel in board["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        assert!(title.split_once(" · ").is_some_and(|(_, english)| !is_chinese(english)), "{title}: two languages");
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: its id is used twice");
        let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
        for (x, y) in (0..at("w")).flat_map(|x| (0..at("h")).map(move |y| (x, y))) {
            let cell = (at("x") + x, at("y") + y);
            assert!(cell.0 < 24 && taken.insert(cell), "{title} lies on another panel at {cell:?}");
        }
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Each alert fires where it should and stays silent where it should: `promtool` is Prometheus's own judge of that.
#[test]
fn promtool_takes_the_rules_and_their_tests_pass() {
    let names =
        |folder: &str| files(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "yml"));
    if Command::new("promtool").arg("--version").output().is_err() {
        let word = "promtool is not here, so the alerts were NOT tried (Debian: apt-get install prometheus)";
        writeln!(std::io::stderr(), "\n{word}\n").unwrap();
        return;
    }
    let run = |args: &[&str], files: Vec<PathBuf>| {
        let done = Command::new("promtool").args(args).args(files).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "promtool {args:?}\n{said}");
    };
    run(&["check", "config"], vec![root().join("deploy/prometheus/prometheus.yml")]);
    run(&["check", "rules", "--lint-fatal"], names("deploy/prometheus/rules").collect());
    run(&["test", "rules"], names("deploy/prometheus/tests").collect());
}
