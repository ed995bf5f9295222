//! The shipped mappings and the examples of docs/import.md are what the code does.

use std::{fs, path::PathBuf};

use super::*;

fn guide() -> String {
    read("docs/import.md")
}

fn template() -> String {
    read("config/sources/template.toml")
}

/// Every key of the mapping language.
const KEYS: [&str; 48] = [
    "stream",
    "source",
    "timezone",
    "ambiguous",
    "nonexistent",
    "unmatched",
    "delimiter",
    "encoding",
    "header",
    "skip_lines",
    "comment",
    "quote",
    "null_values",
    "max_lines",
    "sheet",
    "formats",
    "bare_date",
    "plus",
    "unit",
    "id",
    "column",
    "columns",
    "template",
    "value",
    "map",
    "default",
    "keep",
    "equals",
    "not_equals",
    "in",
    "not_in",
    "empty",
    "not_empty",
    "matches",
    "not_matches",
    "type",
    "time",
    "when",
    "missing_time",
    "data",
    "sequence",
    "recorded",
    "repeated",
    "[csv]",
    "[time]",
    "[case]",
    "[fields]",
    "[[event]]",
];

pub(super) fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(super) fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One line an event: its id, its time and its data.
fn shown(ran: &Ran) -> String {
    let line = |event: &Value| {
        let text = |field: &str| event[field].as_str().unwrap().to_owned();
        format!("{}  {}  {}\n", text("id"), text("time"), event["data"])
    };
    ran.events.iter().map(line).collect()
}

/// Compares with the committed file.
pub(super) fn hold_events(ran: &Ran, path: &str) {
    if std::env::var_os("TONGGUAN_BLESS").is_some() {
        fs::write(at(path), shown(ran)).unwrap();
    }
    assert_eq!(shown(ran), read(path), "{path}; with TONGGUAN_BLESS=1 it is written anew");
}

/// Imports the example, compares it with what is committed, and looks for all of it in the guide.
fn hold_in_step(name: &str, rejected: u64) {
    let file = |part: &str| format!("tests/fixtures/import/{name}/{part}");
    let (data, mapping) = (read(&file("data.csv")), read(&file("mapping.toml")));
    let ran = import(&mapping, &data);
    assert_eq!(ran.summary.rejected, rejected, "{}", ran.rejects);
    hold_events(&ran, &file("events.txt"));
    let guide = guide();
    for (language, text) in [("csv", data), ("toml", mapping), ("text", shown(&ran))] {
        assert!(guide.contains(&format!("```{language}\n{text}```\n")), "{name}: {language} differs in docs/import.md");
    }
}

#[test]
fn the_guide_shows_a_column_for_each_time_as_it_is() {
    hold_in_step("columns", 0);
}

#[test]
fn the_guide_shows_a_row_for_each_step_as_it_is() {
    hold_in_step("steps", 1);
}

#[test]
fn the_guide_shows_snapshots_as_they_are() {
    hold_in_step("snapshots", 1);
}

#[test]
fn the_guide_shows_the_verdict_of_a_city_that_publishes_no_due() {
    hold_in_step("verdicts", 0);
}

#[test]
fn the_guide_shows_the_verdict_as_a_result_of_an_own_stream() {
    hold_in_step("verdict-stream", 0);
}

#[test]
fn every_key_is_in_the_guide_and_in_the_template() {
    let (guide, template) = (guide(), template());
    for key in KEYS {
        let shown = [format!("`{key}`"), format!("{{ {key} =")];
        assert!(shown.iter().any(|text| guide.contains(text)), "{key} is not in docs/import.md");
        let named = [" ", ",", ".", "\n"].map(|end| format!("{key}{end}"));
        assert!(named.iter().any(|text| template.contains(text)), "{key} is not in template.toml");
    }
}

#[test]
fn every_reason_is_in_the_guide() {
    use crate::feed::import::{Fault, fault::Damage};
    let guide = guide();
    for fault in [
        Fault::FieldCount { expected: 0, found: 0 },
        Fault::StrayQuote,
        Fault::OpenQuote { lines: 0, limit: 0 },
        Fault::DamagedText,
        Fault::Damaged { how: Damage::Exponent },
        Fault::Missing { what: String::new() },
        Fault::NotATime,
        Fault::TimeSkipped,
        Fault::TimeOutOfRange,
        Fault::ImpossibleTime { problem: "" },
        Fault::NotListed { map: String::new() },
        Fault::WrongKind { wanted: String::new() },
        Fault::TooLong { what: "", limit: 0 },
        Fault::BadCaseId { problem: String::new() },
        Fault::NoRule,
        Fault::Contract { problem: String::new() },
    ] {
        assert!(guide.contains(&format!("| `{}` |", fault.name())), "{} is not in docs/import.md", fault.name());
    }
}

#[test]
fn the_template_maps_a_row_with_every_feature() {
    let data = "Title of the export\n\
        工单编号,诉求类型,诉求来源,小类代码,大类代码,村居代码,年份,市级编号,应办结日期,联系电话,受理时间,录入时间,\
        二次派单时间,派单时间,承办单位,状态,派单序号,联系日期,联系时刻,是否联系,办结时间,办理结果\n\
        1001,投诉,来信,,03,310113112204,2021,77,2021-03-08,-,2021-03-01 08:30:00,2021-03-01 08:31:00,\
        NULL,2021/3/1 9:05,市容所,已办结,1,2021-03-01,10:00:00,是,2021年03月05日,已解决\n\
        1002,演练,,,,,,,,,,,,,,,,,,,,\n";
    let ran = import(&template(), data);
    assert_eq!((ran.summary.rejected, ran.summary.filtered), (0, 1), "{}", ran.rejects);
    let expected = "MH-1001:accepted:20210301T003000Z  2021-03-01T08:30:00+08:00  {\"category\":{\"code\":\"03\",\
        \"standard\":\"GB/T 47678.5-2026\"},\"channel\":\"OTHER\",\"due_at\":\"2021-03-09T00:00:00+08:00\",\
        \"external_no\":\"2021-77\",\"kind\":\"投诉\",\"place\":{\"community\":\"310113112204\",\"town\":\"310113112\"}}\n\
        MH-1001:dispatched:1  2021-03-01T09:05:00+08:00  {\"unit\":\"市容所\"}\n\
        MH-1001:contacted:20210301T020000Z  2021-03-01T10:00:00+08:00  {\"contacted\":true}\n\
        MH-1001:closed:20210304T160000Z  2021-03-05T00:00:00+08:00  {\"how\":\"normal\",\"result\":\"实际解决\"}\n";
    assert_eq!(shown(&ran), expected);
}
