use clap::Parser;
use serde_json::Value;

use super::*;
use crate::cli::{Exit, exit_for};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: CalendarArgs,
}

fn said(words: &[&str]) -> anyhow::Result<String> {
    let args = Line::try_parse_from(std::iter::once("calendar").chain(words.iter().copied()))?.args;
    let mut out = Vec::new();
    run(&args, None, &mut out)?;
    Ok(String::from_utf8(out)?)
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&said(&[words, &["--json"]].concat()).unwrap()).unwrap()
}

#[test]
fn a_due_is_told_in_every_way_to_write_a_start() {
    for start in [
        "2021-03-06 10:00",
        "2021-03-06T10:00",
        "2021-03-06T10:00:00",
        "2021-03-06T10:00:00+08:00",
        "2021-03-06T10:00+08:00",
        "2021-03-06T02:00:00Z",
        "2021-03-05T21:00:00-05:00",
        "2021-03-06T10:00[Asia/Shanghai]",
    ] {
        let found = json(&["due", "--start", start, "--limit", "1", "--unit", "work_day"]);
        assert_eq!(found["due"], "2021-03-09T00:00:00+08:00", "{start}");
        assert_eq!(found["start"], "2021-03-06T10:00:00+08:00", "{start}");
        assert_eq!((&found["provisional"], &found["calendar"]), (&Value::Bool(false), &"cn-2026.1".into()));
        assert_eq!((&found["convention"], &found["exclusive"]), (&"END_OF_DAY".into(), &Value::Bool(true)));
    }
}

#[test]
fn a_due_is_told_in_words() {
    let text = said(&["due", "--start", "2021-03-06 10:00", "--limit", "1", "--unit", "WORK_DAY"]).unwrap();
    for part in [
        "起算 start            2021-03-06T10:00:00+08:00 周六 Sat\n",
        "1 工作日 WORK_DAY, 至当日24时 END_OF_DAY\n",
        "default 08:00-12:00 14:00-18:00\n",
        "2021-03-09T00:00:00+08:00 周二 Tue, 2021-03-08 结束前 through 2021-03-08\n",
        "cn-2026.1, 2018-01-01 – 2026-12-31\n",
    ] {
        assert!(text.contains(part), "{part}{text}");
    }
    assert!(!text.contains("provisional"), "{text}");
    let text = said(&["due", "--start", "2026-12-31 10:00", "--limit", "1", "--unit", "WORK_DAY"]).unwrap();
    assert!(text.contains("暂定 provisional"), "{text}");
}

#[test]
fn conventions_and_hours_are_chosen_by_name_or_written() {
    let due = |more: &[&str]| {
        let start = ["due", "--start", "2021-03-06 10:00", "--limit", "1", "--unit", "WORK_DAY"];
        json(&[&start, more].concat())["due"].as_str().unwrap().to_owned()
    };
    assert_eq!(due(&["--convention", "same_clock"]), "2021-03-09T08:00:00+08:00");
    assert_eq!(due(&["--convention", "WORK_SECONDS"]), "2021-03-08T18:00:00+08:00");
    assert_eq!(due(&["--convention", "CLOSE_OF_BUSINESS"]), "2021-03-08T18:00:00+08:00");
    let own = ["--convention", "WORK_SECONDS", "--windows", "09:00-11:30,13:30-17:30"];
    assert_eq!(due(&own), "2021-03-08T17:30:00+08:00");
    assert_eq!(due(&["--convention", "SAME_CLOCK", "--windows", "default"]), "2021-03-09T08:00:00+08:00");
}

#[test]
fn the_work_between_two_times_is_told() {
    let words = ["between", "2021-09-30 16:30", "2021-10-09 10:00"];
    let found = json(&words);
    assert_eq!((&found["work_seconds"], &found["provisional"]), (&41_400.into(), &Value::Bool(false)));
    assert!(said(&words).unwrap().contains("11 小时 30 分 11 h 30 min (41400 s)"));
    assert_eq!(json(&["between", "2021-03-01T10:00:00.500+08:00", "2021-03-01 10:01"])["work_seconds"], 59.5);
    assert_eq!(json(&["between", "2026-12-31 10:00", "2027-01-04 10:00"])["provisional"], true);
}

#[test]
fn a_year_is_shown_with_its_holidays_and_make_up_workdays() {
    let text = said(&["show", "2021"]).unwrap();
    for part in ["合计 total", "250", "115", "2021-10-01 周五 Fri", "2021-10-07 周四 Thu", "2021-10-09 周六 Sat"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let year = json(&["show", "2021"]);
    assert_eq!((&year["workdays"], &year["provisional"]), (&250.into(), &Value::Bool(false)));
    assert_eq!(year["months"][1], serde_json::json!({"month": 2, "workdays": 17}));
    assert_eq!(year["makeup_workdays"][0], serde_json::json!({"date": "2021-02-07", "name": "春节"}));
    assert_eq!(year["holidays"].as_array().unwrap().len(), 31);
    assert_eq!(json(&["show", "2027"])["provisional"], true);
}

#[test]
fn what_cannot_be_asked_is_a_wrong_use_of_the_command_line() {
    let due = ["due", "--start", "2021-03-06 10:00", "--limit"];
    for (words, wanted) in [
        (&[&due[..], &["2", "--unit", "WORK_HOUR", "--convention", "END_OF_DAY"]].concat(), "no day convention"),
        (&[&due[..], &["2", "--unit", "URGENT_DAY", "--convention", "WORK_SECONDS"]].concat(), "day and night"),
        (&[&due[..], &["0", "--unit", "WORK_HOUR"]].concat(), "--limit 0 --unit WORK_HOUR: only a limit in days"),
        (&[&due[..], &["2", "--unit", "WORK_HOUR", "--windows", "street"]].concat(), "it has default"),
        (&[&due[..], &["2", "--unit", "WORK_HOUR", "--windows", "12:00-08:00"]].concat(), "does not end after"),
        (&vec!["between", "2021-10-09 10:00", "2021-09-30 16:30"], "give the earlier time first"),
    ] {
        let error = said(words).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert_eq!(exit_for(&error), Exit::Usage, "{error}");
    }
}

#[test]
fn words_that_are_no_time_unit_or_year_are_refused() {
    for start in
        ["yesterday", "2021-03-06", "2021-03-06 25:00", "2021-02-30 10:00", "2021-03-06 10:00 +8", "20210306 1000"]
    {
        let error = said(&["due", "--start", start, "--limit", "1", "--unit", "WORK_DAY"]).unwrap_err().to_string();
        assert!(error.contains("--start") && error.contains("2021-03-01T10:00:00+08:00"), "{start}: {error}");
    }
    let unit = said(&["due", "--start", "2021-03-06 10:00", "--limit", "1", "--unit", "DAY"]).unwrap_err().to_string();
    assert!(unit.contains("WORK_DAY") && unit.contains("NATURAL_DAY"), "{unit}");
    assert!(said(&["due", "--start", "2021-03-06 10:00", "--limit", "-1", "--unit", "WORK_DAY"]).is_err());
    assert!(said(&["show", "21"]).is_err());
}
