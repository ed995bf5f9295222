//! The whole annual report: the year of every stream from Kafka to the report of the town, each figure compared with what
//! Miaohang reported for 2021, and each opened by the command that the report names.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use tongguan::{
    config::streams::SHIPPED,
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    simulate::YearExpected,
    store::kpi::{Dimension, Question, answers},
};

use crate::{
    messages::line,
    service::{Ended, Service},
    town::Town,
};

/// What the town reported, by the ids of config/reports/town.toml, as the text form shows it.
const REPORTED: [(&str, &str); 45] = [
    ("tickets", "2,827"),
    ("tickets-closure", "100.00 %"),
    ("tickets-timeliness", "100.00 %"),
    ("cases", "37,792"),
    ("cases-closure", "100.00 %"),
    ("cases-timeliness", "100.00 %"),
    ("petitions", "204"),
    ("petitions-acceptance", "100.00 %"),
    ("petitions-change", "−6.4 %"),
    ("mediations", "168"),
    ("mediations-succeeded", "166"),
    ("mediations-success", "98.80 %"),
    ("mediations-criminal", "0"),
    ("proposals", "10"),
    ("proposals-satisfied", "100.00 %"),
    ("documents", "21"),
    ("documents-rate", "100.00 %"),
    ("requests-rate", "100.00 %"),
    ("contracts", "221"),
    ("decisions-major", "8"),
    ("decisions-general", "210"),
    ("lawsuits", "2"),
    ("lawsuits-closed", "2"),
    ("lawsuits-lost", "0"),
    ("advisers", "1,093"),
    ("disputes", "283"),
    ("aid", "21"),
    ("rules", "8"),
    ("advice", "552"),
    ("dangers", "1,900"),
    ("rentals", "26"),
    ("fraud-change", "−19.6 %"),
    ("gambling-change", "−18.8 %"),
    ("courses", "5"),
    ("attendances", "960"),
    ("staff", "90"),
    ("staff-courses", "4"),
    ("lectures", "6"),
    ("activities", "617"),
    ("leaflets", "15,200"),
    ("consultations", "2,750"),
    ("reached", "5,710"),
    // Said in sentences.
    ("", "成功率 98.8%"),
    ("", "信访量同比下降 6.4%"),
    ("", "gambling calls fell by 18.8 %"),
];

const AS_OF: &str = "2022-01-05T00:00:00+08:00";

fn told(town: &Town, args: &[&str]) -> Ended {
    let mut service = Service::spawn(town, args, &[("STREAMS__BUILT_IN", "all")]);
    let ended = service.ended(Duration::from_secs(600));
    assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
    ended
}

fn report(town: &Town, format: &str) -> String {
    told(town, &["report", "year", "2021", "--profile", "town", "--as-of", AS_OF, "--format", format]).stdout
}

/// The rows of a table of the report by their ids.
fn rows(report: &Value, section: &str) -> BTreeMap<String, Value> {
    let sections = report["sections"].as_array().unwrap();
    let found = sections.iter().find(|one| one["key"] == section).unwrap();
    let table = found["blocks"].as_array().unwrap().iter().find_map(|block| block["table"]["rows"].as_array()).unwrap();
    table.iter().map(|row| (row["id"].as_str().unwrap().to_owned(), row.clone())).collect()
}

#[test]
fn the_year_of_every_stream_gives_the_figures_that_the_town_reported_and_each_is_opened_by_its_command() {
    let town = Town::new();
    let file = town.folder.path().join("expected.json");
    told(&town, &["generate", "--profile", "miaohang-2021-all", "--expected", file.to_str().unwrap()]);
    told(&town, &["run", "--until-caught-up"]);
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    let strange = "SELECT count() FROM {db}.cases FINAL WHERE stream NOT IN ('hotline', 'grid') AND (gaps + irregular + unknown_codes) > 0";
    assert_eq!(town.number(strange), 0, "lives of the other streams have no gaps and no unknown codes");
    let expected: YearExpected = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    every_figure_of_the_plan(&town, &expected);
    let text = report(&town, "text");
    let json: Value = serde_json::from_str(&report(&town, "json")).unwrap();
    let (shown, commands) = (rows(&json, "indicators"), rows(&json, "commands"));
    for (id, value) in REPORTED {
        assert!(text.contains(value), "{id} {value}\n{text}");
        assert!(id.is_empty() || shown.contains_key(id), "{id}");
    }
    assert_eq!((shown.len(), commands.len()), (REPORTED.len() - 3, REPORTED.len() - 3));
    for (id, row) in &commands {
        let command = row["command"].as_str().unwrap();
        assert!(text.contains(command), "{command}");
        opens(&town, command, &shown[id]);
    }
    let lines: Vec<&str> = text.lines().collect();
    for (id, value) in REPORTED.iter().filter(|(id, _)| !id.is_empty()) {
        let command = commands[*id]["command"].as_str().unwrap();
        let title = shown[*id]["indicator"]["zh"].as_str().unwrap();
        let line = lines.iter().find(|line| line.starts_with(title) && line.ends_with(command)).unwrap();
        assert!(line.contains(&format!("  {value}  ")), "{id}: {line}");
    }
    the_same_again(town, &text);
}

/// The number, its parts, and for a change that of the year before.
fn opens(town: &Town, command: &str, row: &Value) {
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--json"]).collect();
    let found: Value = serde_json::from_str(&told(town, &words).stdout).unwrap();
    let found = &found[0];
    assert_eq!(found["numerator"], row["numerator"], "{command}: {found} {row}");
    match command.contains("--compare yoy") {
        true => {
            assert_eq!(found["yoy_numerator"], row["denominator"], "{command}: {found} {row}");
            let growth = found["yoy_growth"].as_f64().unwrap();
            let shown = row["value"]["growth"].as_f64().or(row["value"].as_f64()).unwrap();
            assert!((growth - shown).abs() <= 0.0005, "{command}: {growth} {shown}");
        }
        false if !row["denominator"].is_null() => {
            assert_eq!(found["denominator"], row["denominator"], "{command}: {found} {row}");
        }
        false => {}
    }
}

fn every_figure_of_the_plan(town: &Town, expected: &YearExpected) {
    assert!(expected.affairs.len() > 80);
    let at = |text: String| Millis::parse(&text).unwrap();
    for figure in &expected.affairs {
        let begins = |year: i16| at(format!("{year}-01-01T00:00:00+08:00"));
        let period = Period { from: begins(figure.year), to: begins(figure.year + 1), as_of: at(AS_OF.to_owned()) };
        let only = figure.only.iter().map(|(name, value)| (Dimension::from_name(name).unwrap(), value.clone()));
        let question = Question {
            stream: Some(figure.stream.clone()),
            only: only.collect(),
            ..Question::new(Figure::by_id(&figure.kpi).unwrap(), period, "Asia/Shanghai")
        };
        let answer = town.wait(answers(&town.store(), &question)).unwrap().remove(0);
        assert_eq!(
            (answer.numerator.unsigned_abs(), answer.denominator.unwrap_or(0)),
            (figure.numerator, figure.denominator),
            "{figure:?}"
        );
    }
}

/// Read once more, nothing changes; a tally that is put right, and one that is taken back, change the report.
fn the_same_again(mut town: Town, text: &str) {
    town.forget_positions();
    told(&town, &["run", "--until-caught-up"]);
    assert_eq!(report(&town, "text"), text);
    let found = town.query(
        "SELECT case_id, quantity FROM {db}.cases FINAL WHERE stream = 'outreach' AND kind = '业务培训' ORDER BY case_id LIMIT 2",
    );
    let cases: Vec<(&str, i64)> =
        found.lines().map(|line| line.split_once('\t').map(|(id, n)| (id, n.parse().unwrap())).unwrap()).collect();
    let (first, second) = (cases[0], cases[1]);
    let told_now = |kind: &str, case_id: &str, rest: &str| {
        line(&format!(
            r#"{{"type":"case.{kind}.v1","case_id":"{case_id}","occurred_at":"2022-01-04T09:00:00+08:00"{rest}}}"#
        ))
    };
    let messages = [
        told_now("corrected", first.0, r#","field":"quantity","value":"1000""#),
        told_now("voided", second.0, r#","reason":"重复登记""#),
    ];
    town.send("outreach", &messages);
    told(&town, &["run", "--until-caught-up"]);
    let json: Value = serde_json::from_str(&report(&town, "json")).unwrap();
    let shown = rows(&json, "indicators");
    assert_eq!(shown["attendances"]["numerator"], 960 - first.1 - second.1 + 1000);
    assert_eq!(shown["courses"]["numerator"], 4);
    town.delete_topics(&SHIPPED.map(|(name, _)| name));
}
