//! `tongguan whatif`: figures and cases under another policy, with nothing written where others read.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    march::life,
    policies::{policy, under},
    service::Service,
    town::Town,
};

const MARCH: [&str; 6] = ["--from", "2021-03-01", "--to", "2021-04-01", "--as-of", "2021-03-06"];

/// In a day, in three, never; of the other stream in three; and one of the year before.
fn filled() -> (Town, String, String) {
    let town = Town::new();
    let (ten_days, one_day) = (policy(&town, "1", 10), policy(&town, "2", 1));
    let grid = [life("G1", Some(1)), life("G2", Some(3)), life("G3", None)].concat();
    town.send("grid", &grid);
    town.send("hotline", &life("H1", Some(3)));
    town.run_until_caught_up_with(&under(&ten_days));
    (town, ten_days, one_day)
}

fn asked(town: &Town, now: &str, words: &[&str]) -> Value {
    let ended = town.tongguan(&[&["whatif", "--json"], words, &MARCH].concat(), &under(now));
    assert_eq!(ended.code, Some(0), "{words:?} {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

fn figure<'a>(told: &'a Value, id: &str) -> &'a Value {
    told["figures"].as_array().unwrap().iter().find(|figure| figure["kpi"] == id).unwrap()
}

fn live(town: &Town) -> [String; 3] {
    [
        "SELECT count(), sum(cityHash64(*)) FROM {db}.cases",
        "SELECT count(), sum(cityHash64(*)) FROM {db}.events",
        "SELECT count(), sum(cityHash64(*)) FROM {db}.rebuilds",
    ]
    .map(|sql| town.query(sql))
}

fn scratches(town: &Town) -> String {
    town.query("SELECT name FROM system.databases WHERE startsWith(name, '{db}_scratch_') ORDER BY name")
}

#[test]
fn figures_stand_beside_todays_and_nothing_is_written() {
    let (town, now, other) = filled();
    let before = live(&town);
    let told = asked(&town, &now, &["--policy", &other]);
    assert_eq!((&told["policy"], &told["from"]), (&json!("own@2"), &json!("2021-03-01T00:00:00+08:00")));
    let closure = figure(&told, "K05a");
    assert_eq!((&closure["before"], &closure["difference"]), (&closure["after"], &json!(0.0)));
    let timely = figure(&told, "K06a");
    assert_eq!(timely["before"], json!({ "numerator": 3, "denominator": 4, "rate": 0.75 }));
    assert_eq!(timely["after"], json!({ "numerator": 1, "denominator": 4, "rate": 0.25 }));
    assert_eq!(timely["difference"], -0.5);
    // Under today's policy none of them has fallen due by the sixth.
    let due = figure(&told, "K06c");
    assert_eq!((&due["before"]["rate"], &due["after"]["denominator"]), (&Value::Null, &json!(4)));
    let grid = asked(&town, &now, &["--policy", &other, "--stream", "grid"]);
    assert_eq!(figure(&grid, "K06a")["after"]["denominator"], 3);
    let by = asked(&town, &now, &["--policy", &other, "--group-by", "stream"]);
    let timely: Vec<&Value> =
        by["figures"].as_array().unwrap().iter().filter(|figure| figure["kpi"] == "K06a").collect();
    assert_eq!([&timely[0]["stream"], &timely[1]["stream"]], [&json!("grid"), &json!("hotline")]);
    assert_eq!(timely[1]["after"]["numerator"], 0);
    assert_eq!(live(&town), before);
    assert_eq!(scratches(&town), "");
}

#[test]
fn the_cases_whose_verdict_changes_are_listed_a_page_at_a_time_with_due_and_rule() {
    let (town, now, other) = filled();
    let told = asked(&town, &now, &["--policy", &other, "--cases", "--limit", "2"]);
    let cases = told["cases"].as_array().unwrap();
    let shown: Vec<[&str; 3]> = cases
        .iter()
        .map(|case| {
            [&case["case_id"], &case["before"]["verdict"], &case["after"]["verdict"]].map(|text| text.as_str().unwrap())
        })
        .collect();
    assert_eq!(shown, [["G2", "on_time", "late"], ["G3", "not_due", "overdue"]]);
    let side = |side: &str| &cases[0][side];
    assert_eq!((&side("before")["rule"], &side("after")["rule"]), (&json!("grid-10d"), &json!("grid-1d")));
    assert_eq!((&side("before")["policy"], &side("after")["policy"]), (&json!("own@1"), &json!("own@2")));
    let due = |side: &Value| side["due_at"].as_str().unwrap()[..10].to_owned();
    assert_eq!((due(side("before")).as_str(), due(side("after")).as_str()), ("2021-03-12", "2021-03-03"));
    let rest = asked(&town, &now, &["--policy", &other, "--cases", "--after", "G3"]);
    let rest = rest["cases"].as_array().unwrap();
    assert_eq!((rest.len(), &rest[0]["case_id"]), (1, &json!("H1")));
    let text = town.tongguan(&[&["whatif", "--policy", &other, "--cases"], &MARCH[..]].concat(), &under(&now)).stdout;
    for part in ["G2", "按时 on_time", "逾期办结 late", "超期未结 overdue", "grid-10d", "grid-1d", "own@2"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let same = asked(&town, &now, &["--policy", &now, "--cases"]);
    assert_eq!(same["cases"], json!([]));
}

#[test]
fn what_the_documentation_shows_is_what_the_command_prints() {
    let (town, now, other) = filled();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).unwrap();
    let (_, sessions) = page.split_once("```text\n$ tongguan whatif ").expect("a session");
    let sessions: Vec<&str> = sessions.split_once("\n```").unwrap().0.split("\n$ tongguan whatif ").collect();
    assert_eq!(sessions.len(), 2);
    for session in sessions {
        let (words, shown) = session.split_once('\n').unwrap();
        let words: Vec<&str> = words.split(' ').map(|word| if word == "own.toml" { &other } else { word }).collect();
        let printed = town.tongguan(&[&["whatif"], &words[..]].concat(), &under(&now)).stdout;
        for line in shown.lines().filter(|line| *line != "…") {
            assert!(printed.lines().any(|one| one == line), "not printed: {line}\n{printed}");
        }
    }
}

#[test]
fn what_cannot_be_tried_is_refused_and_a_stop_or_an_error_leaves_nothing_behind() {
    let (town, now, other) = filled();
    let nothing = town.tongguan(&[&["whatif"], &MARCH[..]].concat(), &under(&now));
    assert_eq!(nothing.code, Some(2), "{}", nothing.stderr);
    let missing = town.tongguan(&[&["whatif", "--calendar", "no-such-file.toml"], &MARCH[..]].concat(), &under(&now));
    assert_eq!(missing.code, Some(3), "{}", missing.stderr);

    let mut stopped = Service::spawn(&town, &[&["whatif", "--policy", &other], &MARCH[..]].concat(), &under(&now));
    let is_there = "SELECT count() > 0 FROM system.databases WHERE startsWith(name, '{db}_scratch_')";
    town.until(is_there, 1);
    stopped.signal("-INT");
    let ended = stopped.ended(Duration::from_secs(30));
    assert_eq!(ended.code, Some(1), "{} {}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("nothing was changed"), "{}", ended.stderr);
    assert_eq!(scratches(&town), "");
}

#[test]
fn what_a_kill_left_behind_a_day_ago_is_dropped_and_what_is_in_use_stays() {
    let (town, now, other) = filled();
    let fresh = format!("{}_scratch_{}_0000beef", town.database, tongguan::pipeline::clock::now().0);
    let old = format!("{}_scratch_1000_0000dead", town.database);
    for database in [&old, &format!("{old}_mart"), &fresh] {
        town.query(&format!("CREATE DATABASE {database}"));
    }
    asked(&town, &now, &["--policy", &other]);
    assert_eq!(scratches(&town), fresh);
    town.query(&format!("DROP DATABASE {fresh}"));
}
