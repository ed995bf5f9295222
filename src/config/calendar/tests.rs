use std::fs;

use tempfile::TempDir;

use super::*;

/// Loads `calendar.toml` from a folder with these files.
fn load_with(files: &[(&str, &str)]) -> Result<Calendar, String> {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    load(Some(&dir.path().join("calendar.toml"))).map_err(|error| error.to_string())
}

fn changed(from: &str, to: &str) -> String {
    assert!(BUILT_IN.contains(from), "{from}");
    BUILT_IN.replacen(from, to, 1)
}

/// What is said when one thing in the built-in file is changed.
fn refusal(from: &str, to: &str) -> String {
    load_with(&[("calendar.toml", &changed(from, to))]).unwrap_err()
}

/// What is said of a list of days, for a calendar that covers 2021 only.
fn refusal_of_days(days: &str) -> String {
    let toml = changed("days = \"\"", "days = \"days.csv\"").replace("2018-01-01", "2021-01-01");
    let toml = toml.replace("2026-12-31", "2021-12-31");
    load_with(&[("calendar.toml", &toml), ("days.csv", days)]).unwrap_err()
}

fn told(message: &str, words: &[&str]) {
    assert!(words.iter().all(|word| message.contains(word)), "{message}\n{words:?}");
}

#[test]
fn the_built_in_calendar_can_be_used() {
    let calendar = load(None).unwrap();
    assert_eq!(calendar.version.id, "cn-2026.1");
    assert!(calendar.is_workday(jiff::civil::date(2021, 10, 9)));
    assert!(!calendar.is_workday(jiff::civil::date(2026, 2, 16)));
    let names: Vec<_> = calendar.schedules().map(|schedule| schedule.name.as_str()).collect();
    assert_eq!(names, ["default"]);
}

#[test]
fn the_example_in_the_comments_can_be_used() {
    let text: String = BUILT_IN
        .lines()
        .map(|line| {
            let example = ["# [windows.", "# units", "# hours", "# changes", "#   {", "# ]"];
            let is_example = example.iter().any(|start| line.starts_with(start));
            format!("{}\n", if is_example { line.trim_start_matches("# ") } else { line })
        })
        .collect();
    let calendar = load_with(&[("calendar.toml", &text)]).unwrap();
    let own = calendar.working_of("310113112-CG").schedule();
    assert_eq!((own.name.as_str(), own.hours(0).to_string().as_str()), ("enforcement", "09:00-11:30 13:30-17:30"));
}

#[test]
fn a_local_list_wins_over_the_notices() {
    let toml = changed("local = \"\"", "local = \"shanghai.csv\"");
    let local = "\u{feff}date,day,name\r\n2020-02-03,off,上海延迟复工\r\n";
    let calendar = load_with(&[("calendar.toml", &toml), ("shanghai.csv", local)]).unwrap();
    assert!(!calendar.is_workday(jiff::civil::date(2020, 2, 3)));
    assert!(calendar.is_workday(jiff::civil::date(2020, 2, 4)));
}

#[test]
fn a_wrong_line_of_days_is_named() {
    for (line, words) in [
        ("2021-02-30,off,元旦", &["days.csv, line 3: \"2021-02-30\" is no date", "2026-10-01"][..]),
        ("20211001,off,国庆节", &["line 3", "\"20211001\" is no date"]),
        ("2021-01-01,off,元旦", &["line 3: 2021-01-01 is already in line 2", "leave one"]),
        ("2021-01-02,holiday,元旦", &["line 3: day is \"holiday\"", "`work` or `off`"]),
        ("2021-01-02,off,", &["line 3: the day has no name"]),
        ("2021-01-02,off", &["line 3: 2 columns instead of 3"]),
        (
            "2022-01-01,off,元旦",
            &["line 3: 2022-01-01 is not between covers_from 2021-01-01 and covers_until 2021-12-31"],
        ),
    ] {
        told(&refusal_of_days(&format!("date,day,name\n2021-01-01,off,元旦\n{line}\n")), words);
    }
    told(&refusal_of_days(""), &["days.csv: is empty", "date,day,name"]);
    told(&refusal_of_days("day,date,name\n2021-01-01,off,元旦\n"), &["line 1: the columns are \"day,date,name\""]);
}

#[test]
fn every_wrong_line_is_told_at_once() {
    let message = refusal_of_days("date,day,name\n2021-13-01,off,a\n2021-01-01,of,a\n");
    told(&message, &["line 2", "line 3"]);
}

#[test]
fn a_year_without_a_notice_is_named() {
    let message = refusal("covers_until = \"2026-12-31\"", "covers_until = \"2028-06-30\"");
    told(&message, &["calendar.toml, covers_until: the calendar covers 2027", "no day of 2028", "cover less"]);
    let hole = "date,day,name\n2018-01-01,off,元旦\n2020-01-01,off,元旦\n";
    let toml = changed("days = \"\"", "days = \"days.csv\"").replace("2026-12-31", "2020-12-31");
    told(&load_with(&[("calendar.toml", &toml), ("days.csv", hole)]).unwrap_err(), &["no day of 2019 is listed"]);
}

#[test]
fn wrong_windows_are_named() {
    let hours = "\"08:00-12:00\", \"14:00-18:00\"";
    for (to, words) in [
        ("\"08:00-15:00\", \"14:00-18:00\"", &["windows.default.hours: the working windows", "overlap"][..]),
        ("\"18:00-08:00\"", &["windows.default.hours", "18:00-08:00 does not end", "midnight"]),
        ("\"8-12\"", &["windows.default.hours: `8-12` is no working window", "08:00-12:00"]),
        ("", &["windows.default.hours: there is no working window"]),
    ] {
        told(&refusal(hours, to), words);
    }
    let with = |more: &str| load_with(&[("calendar.toml", &format!("{BUILT_IN}\n{more}"))]).unwrap_err();
    let change = |from: &str, hours: &str| format!("{{ from = \"{from}\", hours = [\"{hours}\"] }}");
    let street = |changes: &[String]| {
        with(&format!("[windows.street]\nhours = [\"08:00-12:00\"]\nchanges = [{}]", changes.join(",")))
    };
    told(&street(&[change("June", "08:00-12:00")]), &["windows.street.changes: from: \"June\" is no date"]);
    let twice = [change("2021-06-01", "08:00-12:00"), change("2020-10-01", "08:00-12:00")];
    told(&street(&twice), &["2020-10-01 does not come after 2021-06-01"]);
    told(&street(&[change("2021-06-01", "12:00-08:00")]), &["windows.street.changes, from 2021-06-01"]);
    let unit = |name: &str| format!("[windows.{name}]\nhours = [\"08:00-12:00\"]\nunits = [\"U1\"]\n");
    told(&with(&format!("{}{}", unit("a"), unit("b"))), &["unit `U1` has the hours `a` and also `b`", "leave"]);
    told(&refusal("[windows.default]", "[windows.usual]"), &["no hours named `default`", "[windows.default]"]);
}

#[test]
fn wrong_keys_and_values_are_named() {
    told(&refusal("\ncovers_from", "\ncover_from"), &["calendar.toml, line 15", "unknown field `cover_from`"]);
    told(&refusal("id = \"cn-2026.1\"\n", ""), &["calendar.toml", "missing field `id`", "complete file"]);
    told(&refusal("id = \"cn-2026.1\"", "id = \"\""), &["calendar.toml, id: \"\" cannot be an id"]);
    told(&refusal("\"2025-11-04\"", "\"4 November\""), &["calendar.toml, published: \"4 November\" is no date"]);
    told(&refusal("\"2018-01-01\"", "\"2027-01-01\""), &["covers_until: 2026-12-31 is before covers_from, 2027-01-01"]);
    told(&refusal("Asia/Shanghai", "Asia/Miaohang"), &["timezone: there is no time zone \"Asia/Miaohang\""]);
    told(&refusal("hours = [\"08:00-12:00\", \"14:00-18:00\"]", "hours = 8"), &["line 31", "expected a sequence"]);
    told(&refusal("id =", "id"), &["calendar.toml, line 7"]);
    told(&refusal("local = \"\"", "local = \"nowhere.csv\""), &["cannot read", "nowhere.csv"]);
}
