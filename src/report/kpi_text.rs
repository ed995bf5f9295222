//! Answers and cases as text for people: what was asked, the counts, the rate, and what was left out.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{
    rate::{NO_RATE, percent},
    table::{Align, Table},
};
use crate::{
    domain::{kpi::Cohort, time::Millis},
    store::kpi::{Answer, CaseBehind, LeftOut, Question},
};

pub fn write_answers(
    question: &Question,
    answers: &[Answer],
    left: &LeftOut,
    zone: &TimeZone,
    out: &mut impl Write,
) -> io::Result<()> {
    write_heading(question, zone, out)?;
    let dimensions = question.group_by.iter().map(|dimension| (dimension.name().to_owned(), Align::Left));
    let counts = ["分子 n", "分母 d", "率 rate"].map(|head| (head.to_owned(), Align::Right));
    let mut table = Table::new(dimensions.chain(counts).collect());
    for answer in answers {
        table.push(line(answer.group.iter().map(|text| stated(text)).collect(), answer));
    }
    if answers.len() > 1 {
        table.push(total(question.group_by.len(), answers));
    }
    table.write(out)?;
    if answers.is_empty() {
        writeln!(out, "没有案件 no cases")?;
    }
    match left_out(question.figure.cohort, left) {
        Some(text) => writeln!(out, "未计入 left out: {text}"),
        None => Ok(()),
    }
}

/// A page of cases. A full page says how to go on.
pub fn write_cases(
    question: &Question,
    cases: &[CaseBehind],
    limit: u64,
    zone: &TimeZone,
    out: &mut impl Write,
) -> io::Result<()> {
    write_heading(question, zone, out)?;
    let heads = ["case_id", "stream", "town", "category", "unit", "standing", "received_at", "due_at", "closed_at"];
    let heads = heads.map(|head| (head.to_owned(), Align::Left)).into_iter();
    let mut table = Table::new(heads.chain(["n", "d"].map(|head| (head.to_owned(), Align::Right))).collect());
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
            u8::from(case.numerator).to_string(),
            u8::from(case.denominator).to_string(),
        ]);
    }
    table.write(out)?;
    match cases.last() {
        None => writeln!(out, "没有案件 no cases"),
        Some(last) if cases.len() as u64 >= limit => writeln!(out, "还有 there may be more: --after {}", last.case_id),
        Some(_) => Ok(()),
    }
}

fn write_heading(question: &Question, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let (figure, period) = (question.figure, question.period);
    writeln!(out, "{} {} | {}", figure.id, figure.title_zh, figure.title_en)?;
    write!(out, "口径 convention {}, 人群 cohort {}, ", figure.convention, figure.cohort.name())?;
    write!(out, "时段 period [{}, {}), ", period.from.rfc3339(zone), period.to.rfc3339(zone))?;
    write!(out, "截至 as of {}", period.as_of.rfc3339(zone))?;
    match &question.stream {
        Some(stream) => writeln!(out, ", 业务流 stream {stream}"),
        None => writeln!(out),
    }
}

fn line(mut cells: Vec<String>, answer: &Answer) -> Vec<String> {
    cells.push(answer.numerator.to_string());
    cells.push(answer.denominator.map_or(NO_RATE.to_owned(), |d| d.to_string()));
    cells.push(percent(answer.numerator, answer.denominator));
    cells
}

/// Every case is in one group only, so that the groups add up.
fn total(dimensions: usize, rows: &[Answer]) -> Vec<String> {
    let sum = Answer {
        group: Vec::new(),
        numerator: rows.iter().map(|row| row.numerator).sum(),
        denominator: rows.iter().map(|row| row.denominator).sum(),
    };
    let mut cells = vec![String::new(); dimensions];
    if let Some(first) = cells.first_mut() {
        "合计 total".clone_into(first);
    }
    line(cells, &sum)
}

fn left_out(cohort: Cohort, left: &LeftOut) -> Option<String> {
    let no_due = if cohort == Cohort::Due { "无时限 received without a due" } else { "无时限 without a due" };
    let reasons = [
        (left.no_due, no_due),
        (left.suspended, "挂账 suspended"),
        (left.not_due, "未到期 not yet due"),
        (left.void, "作废 void"),
        (left.excluded, "不予受理或立案 rejected or not filed"),
    ];
    let named: Vec<String> =
        reasons.iter().filter(|(n, _)| *n > 0).map(|(n, reason)| format!("{n} {reason}")).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn stated(text: &str) -> String {
    if text.is_empty() { "(未填 none)".to_owned() } else { text.to_owned() }
}

fn either(name: &str, code: &str) -> String {
    stated(if name.is_empty() { code } else { name })
}
