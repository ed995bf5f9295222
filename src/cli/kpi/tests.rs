use clap::{CommandFactory as _, Parser};
use jiff::tz::TimeZone;

use super::*;
use crate::ask::PARAMETERS;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: KpiArgs,
}

fn asked(line: &str) -> anyhow::Result<Vec<Question>> {
    let args = Line::try_parse_from(std::iter::once("kpi").chain(line.split_whitespace()))?.args.ask.unwrap();
    Ok(Asked::read(&args.figure, &args.terms(), "Asia/Shanghai", Millis(0))?.questions)
}

/// The flags that are about a question, and not about how its answer is shown.
#[test]
fn an_address_and_the_command_line_have_the_same_names() {
    let shown = ["cases", "limit", "after", "sort", "desc", "not-met", "json", "csv", "help"];
    let line = Line::command();
    let mut flags: Vec<&str> = line.get_arguments().filter_map(|one| one.get_long()).collect();
    flags.retain(|flag| !shown.contains(flag));
    assert_eq!(flags, PARAMETERS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

fn refusal(line: &str) -> String {
    asked(line).unwrap_err().to_string()
}

const YEAR: &str = "--from 2021-01-01 --to 2022-01-01";

#[test]
fn a_name_asks_every_convention_and_a_convention_one() {
    let ids = |line: &str| {
        let questions = asked(&format!("{line} {YEAR}")).unwrap();
        questions.iter().map(|question| question.figure.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(ids("closure"), ["K05a", "K05b", "K05c", "K05d"]);
    assert_eq!(ids("timeliness --convention due"), ["K06c"]);
    assert_eq!(ids("k05B"), ["K05b"]);
    assert_eq!(ids("结案率"), ["K05a", "K05b", "K05c", "K05d"]);
    assert_eq!(ids("及时率（红绿灯口径）"), ["K06f"]);
}

#[test]
fn a_date_is_midnight_in_the_zone_and_a_time_is_itself() {
    let period = |line: &str| asked(line).unwrap()[0].period;
    let shown = |at: Millis| at.rfc3339(&TimeZone::UTC);
    let shanghai = period(&format!("received {YEAR}"));
    assert_eq!(shown(shanghai.from), "2020-12-31T16:00:00+00:00");
    assert_eq!(shanghai.as_of, Millis(0));
    let boston = period(&format!("received {YEAR} --timezone america/new_york --as-of 2016-01-12T23:59:59-05:00"));
    assert_eq!(shown(boston.from), "2021-01-01T05:00:00+00:00");
    assert_eq!(shown(boston.as_of), "2016-01-13T04:59:59+00:00");
    let june = asked("received --month 2021-06").unwrap()[0].period;
    assert_eq!(
        (shown(june.from), shown(june.to)),
        ("2021-05-31T16:00:00+00:00".into(), "2021-06-30T16:00:00+00:00".into())
    );
    let local = period(&format!("received {YEAR} --as-of 2021-06-01T08:00"));
    assert_eq!(shown(local.as_of), "2021-06-01T00:00:00+00:00");
}

#[test]
fn what_is_unknown_is_answered_with_what_there_is() {
    let told = |line: &str, words: &[&str]| {
        let text = refusal(line);
        assert!(words.iter().all(|word| text.contains(word)), "{line}: {text}");
    };
    told(&format!("happiness {YEAR}"), &["`happiness`", "received, acceptance", "kpi list"]);
    told(&format!("closure {YEAR} --convention closed"), &["`closed`", "shanghai, need-close"]);
    told(&format!("closure {YEAR} --timezone Mars/Base"), &["`Mars/Base`", "Asia/Shanghai"]);
    told(&format!("closure {YEAR} --group-by village"), &["'village'", "stream, day, week, month"]);
    told(&format!("closure {YEAR} --group-by stream,month,town,unit"), &["at most 3"]);
    told(&format!("closure {YEAR} --group-by town,town"), &["town twice"]);
    told("closure --from 2022-01-01 --to 2022-01-01", &["empty", "--from 2022-01-01", "--to 2022-01-01"]);
    told("closure", &["which period", "--month"]);
    told("closure --month 2021-13", &["`2021-13` is no month", "2021-06"]);
    told(&format!("closure {YEAR} --month 2021-06"), &["cannot be used with"]);
    told("closure --from yesterday --to 2022-01-01", &["--from `yesterday`"]);
    told(&format!("closure {YEAR} --cases --group-by town"), &["cannot be used with"]);
    told(&format!("closure {YEAR} --cases --limit 0"), &["--limit"]);
}
