//! `tongguan case show` and `case explain`: from messages to the segments of a clock and the sentence of the verdict.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tongguan::{
    domain::{event::Event, time::Millis},
    report::case::{CaseAsked, CaseTold},
    store::{case_row, ledger_read},
};

use crate::{
    messages::{Message, at, event, event_of},
    town::Town,
};

/// Eight working hours from the dispatch to the answer, four more by an extension.
const POLICY: &str = r#"
id = "own"
version = "VERSION"
timezone = "Asia/Shanghai"

[[rules]]
id = "grid"
title = "网格案件"
source = "a test"
match = { stream = "grid" }

[[rules.stages]]
name = "DISPOSE"
start = "dispatched"
stop = "submitted"
limit = { n = 8, unit = "WORK_HOUR" }
pausable = true
extension = { max_times = 1, mode = "ADD_N", limit = { n = 4, unit = "WORK_HOUR" }, must_request_before_due = true, cures_lateness = false }
"#;

fn policy(town: &Town, version: &str) -> String {
    let file = town.folder.path().join(format!("own-{version}.toml"));
    std::fs::write(&file, POLICY.replace("VERSION", version)).unwrap();
    file.to_str().unwrap().to_owned()
}

/// `04-30 10:00` of 2021.
fn time(text: &str) -> String {
    format!("2021-{}:00+08:00", text.replace(' ', "T"))
}

fn told(case: &str, kind: &str, when: &str, data: Value) -> Message {
    event(case, kind, &time(when), data)
}

/// Across a lunch break, a holiday, a pause and an extension.
fn life() -> Vec<Message> {
    vec![
        told("E", "reported", "04-30 09:00", json!({ "title": "井盖破损", "place": { "town": "310113112" } })),
        told("E", "accepted", "04-30 09:30", json!({})),
        told("E", "dispatched", "04-30 10:00", json!({ "unit": "MH-SR", "unit_name": "市容所" })),
        told("E", "suspended", "04-30 15:00", json!({ "reason": "等配件" })),
        told("E", "resumed", "04-30 16:00", json!({})),
        told(
            "E",
            "corrected",
            "04-30 17:00",
            json!({ "field": "town", "value": "310113111", "old_value": "310113112" }),
        ),
        told("E", "extension_decided", "05-06 09:00", json!({ "approved": true })),
        told("E", "submitted", "05-06 15:00", json!({ "unit": "MH-SR", "result": "实际解决" })),
        told("E", "closed", "05-06 15:30", json!({})),
    ]
}

fn asked(town: &Town, file: &str, words: &str) -> Value {
    let mut args = vec!["case"];
    args.extend(words.split(' '));
    args.push("--json");
    let ended = town.tongguan(&args, &[("POLICY__FILE", file)]);
    assert_eq!(ended.code, Some(0), "{words}: {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

fn main_clock(case: &Value) -> &Value {
    case["clocks"].as_array().unwrap().iter().find(|clock| clock["gives_due"] == true).unwrap()
}

#[test]
fn a_clock_across_lunch_a_holiday_a_pause_and_an_extension_adds_up_to_the_verdict_of_the_figures() {
    let town = Town::new();
    let file = policy(&town, "1");
    town.send("grid", &life());
    town.run_until_caught_up_with(&[("POLICY__FILE", &file)]);
    let case = asked(&town, &file, "explain E");
    let clock = main_clock(&case);
    let hour = 3_600_000;
    let segments: Vec<_> = clock["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let short = |name: &str| one[name].as_str().unwrap()[5..16].replace('T', " ");
            (
                short("from"),
                one["kind"].as_str().unwrap(),
                one["amount"].as_i64().unwrap() / hour,
                one["zh"].as_str().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("04-30 10:00", "counted", 2, "计入"),
        ("04-30 12:00", "not_working", 0, "午休"),
        ("04-30 14:00", "counted", 1, "计入"),
        ("04-30 15:00", "paused", 1, "暂停"),
        ("04-30 16:00", "counted", 2, "计入"),
        ("04-30 18:00", "not_working", 0, "劳动节"),
        ("05-06 08:00", "counted", 4, "计入"),
        ("05-06 12:00", "not_working", 0, "午休"),
        ("05-06 14:00", "counted", 1, "计入"),
    ];
    assert_eq!(segments, wanted.map(|(from, kind, hours, zh)| (from.to_owned(), kind, hours, zh)));
    assert_eq!((&clock["sums"]["counted"], &clock["sums"]["paused"]), (&json!(10 * hour), &json!(hour)));
    assert_eq!((&clock["sums"]["worked_ms"], &clock["limit"]["n"]), (&json!(11 * hour), &json!(8)));
    assert_eq!((&clock["state"], &clock["light"]), (&json!("met"), &json!("GREEN")));
    let moves: Vec<_> = clock["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["happening"], one["due_at"].as_str().unwrap()))
        .collect();
    let due = |text: &str| time(text);
    let names = ["start", "pause", "resume", "extension approved", "stop", "stop"].map(Value::from);
    let dues = ["05-06 10:00", "05-06 10:00", "05-06 11:00", "05-06 17:00", "05-06 17:00", "05-06 17:00"].map(due);
    assert_eq!(moves, names.iter().zip(dues.iter().map(String::as_str)).collect::<Vec<_>>());

    let verdict = &case["verdict"];
    assert_eq!((&verdict["word"], &verdict["margin_ms"]), (&json!("on_time"), &json!(2 * hour)));
    let zh = verdict["zh"].as_str().unwrap();
    assert_eq!(zh, "时限 2021-05-06 17:00，于 2021-05-06 15:00 停表，早 2 时：按时");
    assert!(case["verdict"]["notes"][0]["en"].as_str().unwrap().contains("2021-05-06 10:00: late by it"), "{verdict}");
    assert_eq!((&case["judged_by"]["policy"], &case["judged_by"]["rule"]), (&json!("own@1"), &json!("grid")));
    assert_eq!((&case["stored"]["agrees"], &case["stored"]["rows"]), (&json!(true), &json!(9)));
    assert_eq!(case["due_is_stated"], false);
    // From the receipt to the close, as 办结工作时长 has it.
    let life = &case["life"]["sums"];
    assert_eq!((&life["worked_ms"], &life["paused"]), (&json!(12 * hour), &json!(hour)));
    assert_eq!(town.number("SELECT worked_ms FROM {db}_mart.cases WHERE case_id = 'E'"), 12 * hour as u64);
    let correction = case["facts"].as_array().unwrap().iter().find(|fact| fact["type"] == "corrected").unwrap();
    assert!(correction["what"].as_str().unwrap().contains("town: 310113112 → 310113111"), "{correction}");

    let year = "kpi K06a --from 2021-01-01 --to 2022-01-01 --cases --json";
    let ended = town.tongguan(&year.split(' ').collect::<Vec<_>>(), &[]);
    let flags: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&flags[0]["case_id"], &flags[0]["numerator"]), (&json!("E"), &json!(true)));
    assert_eq!(flags[0]["due_at"], case["due"]["at"]);
}

#[test]
fn the_text_names_rule_calendar_segments_messages_and_places() {
    let town = Town::new();
    let file = policy(&town, "1");
    town.send("grid", &life());
    let again = event_of("c", "L", "closed", &time("03-02 09:00"), json!({ "result": "first" }));
    let other = event_of("c", "L", "closed", &time("03-02 10:00"), json!({ "result": "second" }));
    town.send(
        "grid",
        &[
            told("L", "accepted", "03-01 07:30", json!({})),
            told("L", "dispatched", "03-01 08:00", json!({ "unit": "MH-SR" })),
            again.clone(),
            again,
            other,
        ],
    );
    town.run_until_caught_up_with(&[("POLICY__FILE", &file)]);
    let text = |words: &[&str]| {
        let ended = town.tongguan(words, &[("POLICY__FILE", &file)]);
        assert_eq!(ended.code, Some(0), "{words:?}: {}", ended.stderr);
        ended.stdout
    };
    let explained = text(&["case", "explain", "E"]);
    for part in [
        "规则 rule grid 网格案件",
        "时限规则 policy own@1，日历 calendar cn-",
        "与已存行一致 the stored row says the same",
        "8 工作时 WORK_HOUR；按工作时间计 counts working time，作息 hours default 08:00-12:00 14:00-18:00",
        "2021-04-30 15:00（五）  2021-04-30 16:00（五）  暂停 paused",
        "劳动节 holiday",
        "计入合计 counted",
        "2021-05-06 09:00 延期 extension → 2021-05-06 17:00",
        &format!("{}[", town.topic("grid")),
    ] {
        assert!(explained.contains(part), "{part}\n{explained}");
    }
    let late = text(&["case", "explain", "L"]);
    for part in [
        "due 2021-03-01 18:00, closed 2021-03-02 09:00, 15 h late: closed late",
        "重复 duplicate",
        "冲突，不计 conflict",
        "缺失环节 gaps",
    ] {
        assert!(late.contains(part), "{part}\n{late}");
    }
    let shown = text(&["case", "show", "E"]);
    assert!(shown.contains("等配件") && shown.contains("派遣 assignments") && !shown.contains("计时 clock"), "{shown}");
    let early = text(&["case", "explain", "E", "--as-of", "2021-04-30T15:30:00+08:00"]);
    assert!(early.contains("挂账中，既非已结也非超期") && early.contains("暂停中 paused"), "{early}");
    assert!(early.lines().all(|line| !line.starts_with("已存行")), "{early}");
}

#[test]
fn what_is_not_there_or_not_clear_is_said_and_other_rules_are_noticed() {
    let town = Town::new();
    let file = policy(&town, "1");
    town.send("grid", &life());
    town.send("grid", &[event("B", "accepted", &at(10), json!({}))]);
    town.send("hotline", &[event("B", "accepted", &at(10), json!({ "kind": "咨询" }))]);
    town.run_until_caught_up_with(&[("POLICY__FILE", &file)]);
    let refused = |words: &[&str], code: i32, part: &str| {
        let ended = town.tongguan(words, &[("POLICY__FILE", &file)]);
        assert!(ended.code == Some(code) && ended.stderr.contains(part), "{words:?}: {ended:?}");
    };
    refused(&["case", "explain", "no-such-case"], 1, "there is no case `no-such-case`");
    refused(&["case", "show", "E", "--stream", "hotline"], 1, "in stream `hotline`");
    refused(&["case", "show", "B"], 2, "grid, hotline");
    refused(&["case", "explain", "E", "--as-of", "2021-04-01"], 1, "nothing of the case");
    refused(&["case", "explain", "E", "--as-of", "yesterday"], 2, "--as-of");
    assert_eq!(asked(&town, &file, "explain B --stream hotline")["stream"], "hotline");

    let other = asked(&town, &policy(&town, "2"), "explain E");
    let stored = &other["stored"];
    assert_eq!((&stored["is_rebuild_due"], &stored["agrees"]), (&json!(true), &json!(false)));
    assert_eq!((&stored["policy"], &other["judged_by"]["policy"]), (&json!("own@1"), &json!("own@2")));
    assert_eq!(stored["differences"].as_array().unwrap().len(), 1, "only the version differs: {stored}");
    // More has come than the row knows.
    town.send("grid", &[event("E", "revisited", &time("05-07 10:00"), json!({ "reached": true }))]);
    town.run_until_caught_up_with(&[("POLICY__FILE", &file)]);
    town.query("ALTER TABLE {db}.cases DELETE WHERE case_id = 'E' SETTINGS mutations_sync = 2");
    let missing = asked(&town, &file, "explain E");
    assert_eq!((&missing["stored"]["agrees"], &missing["stored"]["rows"]), (&json!(false), &Value::Null));
    assert_eq!(missing["verdict"]["word"], "on_time");
}

/// Messages doubled, disordered and of every kind of life; what they say is folded once more and compared.
#[test]
fn every_case_of_a_year_is_explained_as_it_is_stored_and_judged() {
    let town = Town::new();
    let generate = "generate --cases 0.02 --open 7 --late 11 --void 3 --duplicates 0.02 --disorder 0.02";
    assert_eq!(town.tongguan(&generate.split(' ').collect::<Vec<_>>(), &[]).code, Some(0));
    town.run_until_caught_up();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let as_of = "2022-01-05T00:00:00+08:00";
    let asked = CaseAsked { as_of: None, now: Millis::parse(as_of).unwrap(), zone: zone.clone() };
    let flags = "SELECT stream, case_id, is_on_time, is_late, is_overdue_open FROM {db}_mart.kpi_flags(from = '2021-01-01', \
         to = '2022-01-01', as_of = '2022-01-05') ORDER BY stream, case_id";
    let setup = tongguan::cli::setup::Setup::load(None).unwrap();
    let rules = setup.rules();
    let store = town.store();
    let rows = town.rows(flags);
    assert!(rows.len() > 750, "{}", rows.len());
    let ids: Vec<&str> = rows.iter().map(|row| row["case_id"].as_str().unwrap()).collect();
    let events = town.wait(ledger_read::of_cases(&store, &ids, &[])).unwrap();
    let mut by_case: HashMap<(&str, &str), Vec<&Event>> = HashMap::new();
    for event in events.iter() {
        by_case.entry((&event.stream, &event.case_id)).or_default().push(event);
    }
    let mut words: HashMap<&str, u32> = HashMap::new();
    for row in &rows {
        let (stream, case_id) = (row["stream"].as_str().unwrap(), row["case_id"].as_str().unwrap());
        let stored = town.wait(case_row::of_case(&store, stream, case_id)).unwrap();
        let told = CaseTold::of(&rules[stream], &by_case[&(stream, case_id)], stored, &asked).unwrap();
        let agreement = told.agreement.as_ref().unwrap();
        assert!(agreement.agrees(), "{case_id}: {:?}", agreement.differences);
        let is = |name: &str| row[name] == true || row[name] == 1;
        let word = told.verdict.word;
        assert_eq!(
            (word == "on_time", word == "late", word == "overdue"),
            (is("is_on_time"), is("is_late"), is("is_overdue_open")),
            "{case_id} {word}"
        );
        *words.entry(word).or_default() += 1;
        for clock in &told.clocks {
            let (first, last) = (clock.segments.first(), clock.segments.last());
            let end = clock.trail.end(asked.now);
            assert!(
                first.is_none_or(|one| one.from == clock.trail.moves[0].at) && last.is_none_or(|one| one.until == end)
            );
            assert!(clock.segments.windows(2).all(|pair| pair[0].until == pair[1].from), "{case_id}");
        }
        let life = told.life.as_ref().unwrap();
        if life.is_closed {
            let step = told.watched.case.history.0.last().unwrap();
            assert_eq!(Some(life.sums.worked_ms), step.worked_ms, "{case_id}");
        }
    }
    let of = |word: &str| words.get(word).copied().unwrap_or_default();
    assert_eq!((of("late") + of("overdue"), of("void")), (11 + 7, 3), "{words:?}");
    assert!(words["on_time"] > 700, "{words:?}");
}

#[test]
fn a_unit_that_passed_the_case_on_in_time_has_no_verdict_and_its_clock_ends_there() {
    let town = Town::new();
    let file = policy(&town, "1");
    let dispatched = |unit: &str, level: u8, when: &str, due: &str| {
        told("P", "dispatched", when, json!({ "unit": unit, "level": level, "due_at": time(due) }))
    };
    let messages = [
        told("P", "accepted", "05-06 09:00", json!({})),
        dispatched("A", 2, "05-06 10:00", "05-07 10:00"),
        dispatched("B", 3, "05-06 11:00", "05-07 12:00"),
        told("P", "suspended", "05-06 14:00", json!({})),
        told("P", "resumed", "05-06 15:00", json!({})),
        told("P", "submitted", "05-06 16:00", json!({ "unit": "B" })),
        told("P", "closed", "05-06 17:00", json!({})),
    ];
    town.send("grid", &messages);
    town.run_until_caught_up_with(&[("POLICY__FILE", &file)]);
    let case = asked(&town, &file, "explain P");
    let clock = |assignment: u8| {
        let clocks = case["clocks"].as_array().unwrap();
        clocks.iter().find(|clock| clock["assignment"] == assignment).unwrap_or_else(|| panic!("{assignment}: {case}"))
    };
    let (passed_on, answered) = (clock(1), clock(2));
    assert_eq!((&passed_on["state"], &passed_on["verdict"]), (&json!("cancelled"), &Value::Null), "{passed_on}");
    let last = passed_on["segments"].as_array().unwrap().last().unwrap();
    assert_eq!(last["until"], time("05-06 11:00"));
    assert_eq!(answered["state"], "met");
}
