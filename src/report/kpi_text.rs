//! Answers and cases as text for people: what was asked, the counts, the rate, and what was left out.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{
    kpi::{percent, scaled},
    kpi_catalogue::grain,
    left_out::reasons,
    rate::{self, NO_RATE},
    table::{Align, TextTable},
};
use crate::{
    ask::Told,
    domain::{
        kpi::{Figure, Grain, Period, Shape},
        time::Millis,
    },
    store::kpi::{Answer, CaseBehind, LeftOut, Question, Spread},
};

/// `whole` is the same question without groups, where those do not simply add up.
pub fn write_answers(
    told: &Told<'_>,
    whole: Option<&Told<'_>>,
    zone: &TimeZone,
    out: &mut impl Write,
) -> io::Result<()> {
    let question = told.question;
    write_heading(question, zone, out)?;
    if question.figure.convention == WORKING && told.workday_ms > 0 {
        writeln!(out, "一个工作日 wd a working day = {}", hours(told.workday_ms))?;
    }
    let dimensions = question.group_by.iter().map(|dimension| (dimension.name().to_owned(), Align::Left));
    let numbers = heads(told).into_iter().map(|head| (head, Align::Right));
    let mut table = TextTable::new(dimensions.chain(numbers));
    for (index, answer) in told.answers.iter().enumerate() {
        let groups = answer.group.iter().map(|text| stated(text)).collect();
        table.push(line(groups, told, answer, index));
    }
    if told.answers.len() > 1 {
        table.push(total(told, whole));
    }
    table.write(out)?;
    if told.answers.is_empty() {
        writeln!(out, "没有案件 no cases")?;
    }
    match told.left_out.as_ref().and_then(|left| left_out(question.figure, left)) {
        Some(text) => writeln!(out, "未计入 left out: {text}"),
        None => Ok(()),
    }
}

fn heads(told: &Told<'_>) -> Vec<String> {
    let mut heads = vec!["分子 n".to_owned(), "分母 d".to_owned(), "率 rate".to_owned()];
    if told.question.figure.has_durations() {
        heads.extend(["中位 median", "P90 p90", "平均 mean", "最长 max"].map(str::to_owned));
    }
    for compared in &told.compared {
        let (zh, name) = (compared.against.title_zh(), compared.against.name());
        heads.extend([format!("{zh}值 {name}"), format!("{zh} change")]);
    }
    heads
}

/// A page of cases. A full page says how to go on.
pub fn write_cases(
    question: &Question,
    cases: &[CaseBehind],
    next: Option<&str>,
    zone: &TimeZone,
    out: &mut impl Write,
) -> io::Result<()> {
    write_heading(question, zone, out)?;
    let heads = ["case_id", "stream", "town", "category", "unit", "standing", "received_at", "due_at", "closed_at"];
    let heads = heads.map(|head| (head.to_owned(), Align::Left)).into_iter();
    let mut table = TextTable::new(heads.chain(["n", "d"].map(|head| (head.to_owned(), Align::Right))));
    for case in cases {
        let time = |at: Option<i64>| at.map_or(NO_RATE.to_owned(), |at| Millis(at).rfc3339(zone));
        table.push(vec![
            case.case_id.clone(),
            case.stream.clone(),
            stated(&case.town),
            either(&case.category_name, &case.category_code),
            either(&case.unit_name, &case.unit),
            case.standing.clone(),
            time(case.received_at),
            time(case.due_at),
            time(case.closed_at),
            case.n.to_string(),
            case.d.to_string(),
        ]);
    }
    table.write(out)?;
    match next {
        _ if cases.is_empty() => writeln!(out, "没有案件 no cases"),
        Some(next) => writeln!(out, "还有 there may be more: --after {next}"),
        None => Ok(()),
    }
}

/// Its bounds, the as-of and the zone, as every table says them.
pub fn period_text(period: Period, zone: &TimeZone, name: &str) -> String {
    let [from, to, as_of] = [period.from, period.to, period.as_of].map(|at| at.rfc3339(zone));
    format!("[{from}, {to}), 截至 as of {as_of}, 时区 zone {name}")
}

fn write_heading(question: &Question, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let (figure, period) = (question.figure, question.period);
    writeln!(out, "{} {} | {}", figure.id, figure.title.zh, figure.title.en)?;
    write!(out, "口径 convention {}, 人群 cohort {}, ", figure.convention, figure.cohort.name())?;
    write!(out, "时段 period {}", period_text(period, zone, &question.zone))?;
    if let Some(stream) = &question.stream {
        write!(out, ", 业务流 stream {stream}")?;
    }
    for (dimension, value) in &question.only {
        write!(out, ", 只计 only {}={value}", dimension.name())?;
    }
    if let Some(due_by) = question.due_by {
        write!(out, ", 时限不晚于 due by {}", due_by.rfc3339(zone))?;
    }
    if question.is_assessed {
        write!(out, ", 只计考核 assessed only")?;
    }
    if figure.grain != Grain::Case {
        let (zh, en) = grain(figure.grain);
        write!(out, ", 按{zh}计 counts {en}")?;
    }
    if figure.shape == Shape::Points {
        write!(out, ", 分子以百分之一分计 numerator in hundredths of a point")?;
    }
    if figure.shape == Shape::Sum {
        write!(out, ", 分子为数量之和 numerator sums quantities")?;
    }
    writeln!(out)
}

fn line(mut cells: Vec<String>, told: &Told<'_>, answer: &Answer, index: usize) -> Vec<String> {
    let (question, spread) = (told.question, answer.spread);
    cells.push(answer.numerator.to_string());
    cells.push(answer.denominator.map_or(NO_RATE.to_owned(), |d| d.to_string()));
    cells.push(percent(question, answer));
    if question.figure.has_durations() {
        let of = |value: fn(Spread) -> i64| spread.map_or(NO_RATE.to_owned(), |one| lasted(value(one), told));
        cells.extend([of(|one| one.median), of(|one| one.p90), of(|one| one.mean), of(|one| one.max)]);
    }
    for compared in &told.compared {
        let before = compared.before.get(index).and_then(Option::as_ref);
        cells.push(before.map_or(NO_RATE.to_owned(), |before| value(question, before)));
        cells.push(change(question, answer, before));
    }
    cells
}

/// The rate, or the count where there is none.
fn value(question: &Question, answer: &Answer) -> String {
    if question.figure.is_rate() { percent(question, answer) } else { answer.numerator.to_string() }
}

/// Of the rates as shown, so that the reader can check it.
fn change(question: &Question, now: &Answer, before: Option<&Answer>) -> String {
    let Some(before) = before else { return NO_RATE.to_owned() };
    if !question.figure.is_rate() {
        let growth = rate::growth(now.numerator, before.numerator, 10_000);
        let growth = growth
            .map_or(String::new(), |hundredths| format!(" ({})", rate::signed(hundredths, "%").replace('−', "-")));
        return format!("{:+}{growth}", now.numerator - before.numerator);
    }
    let (of_one, unit) = if question.figure.shape == Shape::PerCase { (100, "") } else { (10_000, " pp") };
    let hundredths = |answer: &Answer| {
        let d = scaled(question, answer).filter(|d| *d > 0)?;
        i64::try_from(u128::from(answer.numerator.unsigned_abs()) * of_one / u128::from(d)).ok()
    };
    let Some((now, before)) = hundredths(now).zip(hundredths(before)) else { return NO_RATE.to_owned() };
    let by = now - before;
    let sign = if by < 0 { '-' } else { '+' };
    format!("{sign}{}.{:02}{unit}", by.abs() / 100, by.abs() % 100)
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// In the unit that a person would use, floored to two decimals: minutes, hours, or days, which of working time are working days.
fn lasted(ms: i64, told: &Told<'_>) -> String {
    let is_working = told.question.figure.convention == WORKING;
    let (unit, name) = match ms {
        _ if ms < HOUR => (MINUTE, "min"),
        _ if is_working && told.workday_ms > 0 && ms >= told.workday_ms => (told.workday_ms, "wd"),
        _ if is_working || ms < 3 * DAY => (HOUR, "h"),
        _ => (DAY, "d"),
    };
    let hundredths = i128::from(ms) * 100 / i128::from(unit);
    format!("{}.{:02} {name}", hundredths / 100, hundredths % 100)
}

/// The convention of what is measured in working time.
const WORKING: &str = "working";

/// Hours, floored to two decimals.
pub fn hours(ms: i64) -> String {
    let hundredths = ms / 36_000;
    format!("{}.{:02} h", hundredths / 100, hundredths % 100)
}

/// Every row is in one group only, so that the groups add up; times and comparisons do not, and are asked for.
fn total(told: &Told<'_>, whole: Option<&Told<'_>>) -> Vec<String> {
    let mut cells = vec![String::new(); told.question.group_by.len()];
    if let Some(first) = cells.first_mut() {
        "合计 total".clone_into(first);
    }
    if let Some((whole, answer)) = whole.and_then(|whole| Some((whole, whole.answers.first()?))) {
        return line(cells, whole, answer, 0);
    }
    let rows = &told.answers;
    let sum = Answer {
        group: Vec::new(),
        numerator: rows.iter().map(|row| row.numerator).sum(),
        denominator: rows.iter().map(|row| row.denominator).sum(),
        spread: None,
    };
    line(cells, told, &sum, usize::MAX)
}

fn left_out(figure: &Figure, left: &LeftOut) -> Option<String> {
    let all = reasons(figure, left);
    let named: Vec<String> = all.iter().map(|(count, reason)| format!("{count} {} {}", reason.zh, reason.en)).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn stated(text: &str) -> String {
    if text.is_empty() { "(未填 none)".to_owned() } else { text.to_owned() }
}

fn either(name: &str, code: &str) -> String {
    stated(if name.is_empty() { code } else { name })
}
