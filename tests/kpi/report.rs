//! `tongguan report`: the same bytes every time, the numbers of `kpi` in every cell, and no name that is taken for anything
//! but a name.

use std::{fs, path::Path};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;
use tongguan::domain::{attributes::Attributes, case::Case, kpi::Figure};

use crate::{
    lives,
    program::{json, tongguan},
    scratch::Scratch,
};

const ORDER: &str = "report month 2021-03 --as-of 2021-04-02";
const PERIOD: &str = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-02";
/// What an attacker, or a typist, may have put into a name.
const NASTY: &str = "<script>alert(1)</script>|&\"'";
const FORMULA: &str = "=1+1";

fn of(case: Case, unit: &str, community: &str, category: &str) -> Case {
    let attributes = Attributes {
        town: "310113112".into(),
        community: community.into(),
        category_name: category.into(),
        channel: "PATROL".into(),
        ..Attributes::default()
    };
    Case { attributes, unit: unit.into(), ..case }
}

/// Of March: twelve grid cases of a unit in time and one late, tickets of every fate, and one of February to compare with.
fn cases() -> Vec<Case> {
    let mut all: Vec<Case> = (1..=12)
        .map(|day| {
            let life = format!("accepted 03-{day:02} 09:00 (due 03-{day:02} 18:00), closed 03-{day:02} 15:00");
            of(lives::case("grid", &format!("G{day:02}"), &life), "市容所", "310113112901", "暴露垃圾")
        })
        .collect();
    for (id, unit, life) in [
        ("G13", "市容所", "accepted 03-13 09:00 (due 03-14 18:00), closed 03-15 10:00"),
        (
            "H1",
            NASTY,
            "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00, revisited 03-09 10:00 (contacted; satisfied)",
        ),
        ("H2", NASTY, "accepted 03-20 09:00 (due 03-26 18:00)"),
        ("H3", FORMULA, "accepted 03-31 09:00 (due 04-07 18:00)"),
        ("H4", FORMULA, "accepted 03-30 09:00 (due 04-07 18:00), suspended 03-31 09:00"),
        ("H5", "", "accepted 03-30 10:00"),
        ("H6", "", "accepted 03-30 10:00, voided 03-31 10:00"),
        ("F1", "市容所", "accepted 02-10 09:00 (due 02-12 18:00), closed 02-11 10:00"),
    ] {
        let stream = if id.starts_with('G') { "grid" } else { "hotline" };
        all.push(of(lives::case(stream, id, life), unit, "310113112902", "城管/垃圾/噪声"));
    }
    all
}

async fn filled() -> Scratch {
    let scratch = Scratch::new("report").await;
    scratch.insert(cases().iter(), 0).await;
    scratch
}

/// What the command writes into a file of this name.
fn written(scratch: &Scratch, folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(name);
    let ended = tongguan(scratch, &format!("{ORDER} --out {}", path.display()), &[]);
    assert_eq!((ended.code, ended.stderr.as_str(), ended.stdout.as_str()), (Some(0), "", ""), "{name}");
    fs::read(path).unwrap()
}

fn sheet(folder: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(folder.join("a.xlsx")).unwrap();
    workbook.worksheet_range(name).unwrap()
}

/// The cells of the row whose first or second cell is this text, from there on.
fn row(sheet: &Range<Data>, text: &str) -> Vec<Data> {
    let found = sheet.rows().find_map(|row| {
        let at = row.iter().take(2).position(|cell| matches!(cell, Data::String(found) if found == text))?;
        Some(row[at..].to_vec())
    });
    found.unwrap_or_else(|| panic!("no row of {text}"))
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(number) => *number,
        Data::Int(number) => *number as f64,
        other => panic!("{other:?} is no number"),
    }
}

#[tokio::test]
async fn the_same_data_and_as_of_give_the_same_bytes() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    for ending in ["xlsx", "html", "md", "json"] {
        let first = written(&scratch, folder.path(), &format!("a.{ending}"));
        let second = written(&scratch, folder.path(), &format!("b.{ending}"));
        assert!(first.len() > 1000, "{ending}: {} bytes", first.len());
        assert!(first == second, "{ending}: the second time other bytes");
    }
}

#[tokio::test]
async fn the_cells_of_the_workbook_are_what_kpi_says() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    written(&scratch, folder.path(), "a.xlsx");
    let conventions = sheet(folder.path(), "口径说明");
    let mut compared = 0;
    for figure in ["closure", "timeliness"].into_iter().flat_map(Figure::named) {
        let said = json(&scratch, &format!("{} {PERIOD}", figure.id)).remove(0);
        let cells = row(&conventions, &figure.id);
        let (n, d) = (said["numerator"].as_u64().unwrap(), said["denominator"].as_u64().unwrap());
        assert_eq!((number(&cells[3]), number(&cells[4])), (n as f64, d as f64), "{}", figure.id);
        let floored = (n * 10_000 / d) as f64 / 10_000.0;
        assert_eq!(number(&cells[5]), floored, "{}", figure.id);
        compared += u32::from(n < d);
    }
    assert!(compared > 3, "almost every rate is a hundred percent: that shows nothing");

    let units = sheet(folder.path(), "责任单位排名");
    let received = json(&scratch, &format!("received {PERIOD} --group-by unit"));
    let need_close = json(&scratch, &format!("K06b {PERIOD} --group-by unit"));
    for (received, timeliness) in received.iter().zip(&need_close) {
        let unit = received["unit"].as_str().unwrap();
        let cells = row(&units, if unit.is_empty() { "未注明 Not stated" } else { unit });
        assert_eq!(number(&cells[1]), received["numerator"].as_f64().unwrap(), "{unit}");
        assert_eq!(number(&cells[2]), timeliness["numerator"].as_f64().unwrap(), "{unit}");
        assert_eq!(number(&cells[3]), timeliness["denominator"].as_f64().unwrap(), "{unit}");
    }
}

#[tokio::test]
async fn what_became_of_the_cases_adds_up_to_what_was_received() {
    let scratch = filled().await;
    let ended = tongguan(&scratch, &format!("{ORDER} --format json"), &[]);
    let paper: Value = serde_json::from_str(&ended.stdout).unwrap();
    let block = |key: &str| {
        let blocks =
            paper["sections"].as_array().unwrap().iter().flat_map(|section| section["blocks"].as_array().unwrap());
        let found = blocks.map(|block| &block["table"]).find(|table| table["key"] == key);
        found.unwrap_or_else(|| panic!("no table {key}")).clone()
    };
    let fates = block("fates");
    let total = |key: &str| fates["total"][key].as_u64().unwrap();
    let parts = [
        "out_of_base",
        "on_time",
        "late",
        "closed_without_due",
        "answered",
        "not_due",
        "due_soon",
        "overdue",
        "suspended",
        "no_limit",
    ];
    assert_eq!(parts.map(total), [0, 13, 1, 0, 0, 1, 0, 1, 1, 1]);
    assert_eq!(total("received"), parts.map(total).iter().sum::<u64>());
    assert_eq!(total("received"), json(&scratch, &format!("received {PERIOD}"))[0]["numerator"].as_u64().unwrap());
    assert_eq!(total("need_close"), json(&scratch, &format!("K05b {PERIOD}"))[0]["denominator"].as_u64().unwrap());
    // Thirteen cases are ranked, two are not.
    let ranks: Vec<_> = block("units")["rows"].as_array().unwrap().iter().map(|row| row["rank"].clone()).collect();
    assert_eq!(ranks, [Value::from(1), Value::Null, Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_name_is_never_markup_and_never_a_formula() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    let page = String::from_utf8(written(&scratch, folder.path(), "a.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "not escaped");
    assert!(page.contains("default-src 'none'") && !page.contains(" style=") && !page.contains("http://"));
    let text = String::from_utf8(written(&scratch, folder.path(), "a.md")).unwrap();
    assert!(text.contains("&lt;script>") && text.contains("\\|&amp;"), "not escaped");
    written(&scratch, folder.path(), "a.xlsx");
    let cells = row(&sheet(folder.path(), "责任单位排名"), FORMULA);
    assert_eq!(cells[0], Data::String(FORMULA.to_owned()));
    let mut workbook: Xlsx<_> = open_workbook(folder.path().join("a.xlsx")).unwrap();
    assert_eq!(workbook.worksheet_formula("责任单位排名").unwrap().used_cells().count(), 0);
}

#[tokio::test]
async fn what_cannot_be_printed_is_refused_with_what_could() {
    let scratch = Scratch::new("report_refused").await;
    for (words, told) in [
        ("report month 2021-13", &["`2021-13`", "2021-06"][..]),
        ("report quarter 2021-06", &["`2021-06`", "2021-Q2"]),
        ("report month 2021-06 --as-of 2021-05-31", &["--as-of", "2021-06"]),
        ("report month 2021-06 --out report.doc", &["report.doc", "--format"]),
        ("report month 2021-06 --convention due", &["due", "need-close"]),
        ("report month 2021-06 --stream tickets", &["tickets", "hotline"]),
    ] {
        let ended = tongguan(&scratch, words, &[]);
        assert!(ended.code != Some(0) && ended.stdout.is_empty(), "{words}: {ended:?}");
        assert!(told.iter().all(|word| ended.stderr.contains(word)), "{words}: {ended:?}");
    }
    // Nothing is there: a report all the same, with dashes.
    let empty = tongguan(&scratch, "report year 2021 --as-of 2022-01-05 --format md", &[]);
    assert_eq!(empty.code, Some(0), "{empty:?}");
    assert!(empty.stdout.contains("受理 Received：**0**") && empty.stdout.contains("—"), "{}", empty.stdout);
}
