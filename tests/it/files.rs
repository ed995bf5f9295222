//! Files as the field hands them over, from the workbook to the rates.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::{service::Ended, town::Town};

const ROWS: u32 = 500;

/// The ways in which one column writes its dates, one after the other.
const FORMATS: &str = r#"["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H时%M分", "%Y.%m.%d"]"#;

const MAPPING: &str = r#"
stream = "hotline"
source = "urn:test:workbook"
timezone = "Asia/Shanghai"
[time]
formats = FORMATS
[case]
id = "工单编号"
[fields]
kind = "诉求类型"
due_at = "应办结日期"
[[event]]
type = "case.accepted.v1"
time = "受理时间"
[[event]]
type = "case.closed.v1"
time = "办结时间"
bare_date = "end"
when = { column = "状态", in = ["已办结", "办结"] }
"#;

/// A row's opening, on one of 28 days of March.
fn opened(row: u32) -> (u32, u32, u32) {
    (1 + row % 28, 8 + row % 9, row % 60)
}

/// 500 tickets below two title rows: real dates, dates as text in four ways, serials without a format, bare dates, and every
/// hundredth row without sense.
fn workbook(town: &Town) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("三月").unwrap();
    let (plain, minute) = (Format::new(), Format::new().set_num_format("yyyy/m/d h:mm"));
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 5, "2021年3月热线工单明细", &plain).unwrap();
    sheet.write_string(1, 0, "制表：城运中心").unwrap();
    for (column, name) in (0..).zip(["工单编号", "诉求类型", "受理时间", "应办结日期", "办结时间", "状态"])
    {
        sheet.write_string(2, column, name).unwrap();
    }
    for row in 0..ROWS {
        let (at, (date, hour, minutes)) = (row + 3, opened(row));
        sheet.write_number(at, 0, f64::from(100_000 + row)).unwrap();
        sheet.write_string(at, 1, if row % 3 == 0 { "投诉" } else { "求助" }).unwrap();
        let text = match row % 4 {
            _ if row % 100 == 99 => "待定".to_owned(),
            1 => format!("2021-03-{date:02} {hour:02}:{minutes:02}:00"),
            2 => format!("2021/3/{date} {hour}:{minutes:02}"),
            _ => format!("2021年3月{date}日 {hour}时{minutes}分"),
        };
        if row % 4 == 0 {
            let time = ExcelDateTime::from_ymd(2021, 3, date as u8).unwrap().and_hms(hour as u16, minutes as u8, 0);
            sheet.write_datetime_with_format(at, 2, time.unwrap(), &minute).unwrap();
        } else {
            sheet.write_string(at, 2, text).unwrap();
        }
        // Due on the next day: as a date, or as text.
        if row % 2 == 0 {
            let due = ExcelDateTime::from_serial_datetime(44256.0 + f64::from(date)).unwrap();
            sheet.write_datetime_with_format(at, 3, due, &day).unwrap();
        } else {
            sheet.write_string(at, 3, format!("2021.3.{}", date + 1)).unwrap();
        }
        // Four of five are closed: half of those on the day of the due, the others a day too late.
        if row % 5 != 0 {
            let closed = 44256.0 + f64::from(date) + f64::from(row % 2);
            let closed = ExcelDateTime::from_serial_datetime(closed).unwrap();
            sheet.write_datetime_with_format(at, 4, closed, &day).unwrap();
            sheet.write_string(at, 5, if row % 5 == 1 { "办结" } else { "已办结" }).unwrap();
        } else {
            sheet.write_string(at, 5, "办理中").unwrap();
        }
    }
    let path = town.folder.path().join("三月.xlsx");
    book.save(&path).unwrap();
    path
}

fn import(town: &Town, file: &Path, mapping: &str, dir: Option<&str>) -> Ended {
    let path = town.folder.path().join("mapping.toml");
    fs::write(&path, mapping).unwrap();
    let settings: Vec<(&str, &str)> = dir.map(|dir| ("STREAMS__DIR", dir)).into_iter().collect();
    town.tongguan(&["import", file.to_str().unwrap(), "--mapping", path.to_str().unwrap()], &settings)
}

fn counts(town: &Town, words: &str, dir: Option<&str>) -> (Value, Value) {
    let settings: Vec<(&str, &str)> = dir.map(|dir| ("STREAMS__DIR", dir)).into_iter().collect();
    let words = format!("kpi {words} --from 2021-03-01 --to 2021-04-01 --as-of 2021-06-01T00:00:00+08:00 --json");
    let ended = town.tongguan(&words.split(' ').collect::<Vec<_>>(), &settings);
    assert_eq!(ended.code, Some(0), "{words}: {}", ended.stderr);
    let answers: Value = serde_json::from_str(&ended.stdout).unwrap();
    (answers[0]["numerator"].clone(), answers[0]["denominator"].clone())
}

#[test]
fn a_workbook_of_messy_dates_comes_to_its_rates() {
    let town = Town::new();
    let file = workbook(&town);
    let ended = import(&town, &file, &MAPPING.replace("FORMATS", FORMATS), None);
    assert_eq!(ended.code, Some(5), "{}{}", ended.stdout, ended.stderr);
    for part in ["read as xlsx, sheet 三月, header in line 3", "not_a_time", "first at line 103: column 受理时间"]
    {
        assert!(ended.stdout.contains(part), "{part} is not in {}", ended.stdout);
    }
    town.run_until_caught_up();
    // Every hundredth row from the 99th on has no opening and is rejected.
    let kept: Vec<u32> = (0..ROWS).filter(|row| row % 100 != 99).collect();
    assert_eq!(town.number("SELECT count() FROM {db}.cases FINAL"), kept.len() as u64);
    let closed = kept.iter().filter(|row| **row % 5 != 0).count();
    let in_time = kept.iter().filter(|row| **row % 5 != 0 && **row % 2 == 0).count();
    assert_eq!(counts(&town, "K01 --stream hotline", None).0, json!(kept.len()));
    let timely = counts(&town, "K06a --stream hotline", None);
    assert_eq!(timely, (json!(in_time), json!(kept.len())));
    assert_eq!(town.number("SELECT countIf(closed_at IS NOT NULL) FROM {db}.cases FINAL"), closed as u64);
    for row in [0, 1, 2, 3] {
        let (date, hour, minute) = opened(row);
        let case = town.case("hotline", &(100_000 + row).to_string());
        assert_eq!(case["received_at"], format!("2021-03-{date:02} {hour:02}:{minute:02}:00.000"), "{case:#}");
        assert_eq!(case["due_at"], format!("2021-03-{:02} 00:00:00.000", date + 2), "{case:#}");
    }
    // Again: nothing is doubled.
    let before = town.cases();
    assert_eq!(import(&town, &file, &MAPPING.replace("FORMATS", FORMATS), None).code, Some(5));
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT count() FROM {db}.cases FINAL"), before.len() as u64);
}

#[test]
fn the_verdict_of_a_city_without_dues_is_a_rate_in_either_way_that_the_guide_shows() {
    let root = env!("CARGO_MANIFEST_DIR");
    let fixture = |name: &str| format!("{root}/tests/fixtures/import/{name}");
    let guide = fs::read_to_string(format!("{root}/docs/import.md")).unwrap();
    let stream = guide.split("```toml verdicts.toml\n").nth(1).unwrap().split("```").next().unwrap();
    let town = Town::new();
    let folder = town.folder.path().join("streams");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("verdicts.toml"), stream).unwrap();
    let dir = folder.to_str().unwrap();
    for name in ["verdicts", "verdict-stream"] {
        let mapping = fs::read_to_string(fixture(&format!("{name}/mapping.toml"))).unwrap();
        let ended = import(&town, Path::new(&fixture(&format!("{name}/data.csv"))), &mapping, Some(dir));
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    }
    let ran = town.tongguan(&["run", "--until-caught-up"], &[("STREAMS__DIR", dir)]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(counts(&town, "K06f --stream hotline", Some(dir)), (json!(2), json!(5)));
    assert_eq!(counts(&town, "K06a --stream hotline", Some(dir)), (json!(2), json!(4)));
    assert_eq!(counts(&town, "K14 --stream verdicts", Some(dir)), (json!(2), json!(3)));
    town.delete_topics(&["verdicts"]);
}
