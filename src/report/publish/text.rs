//! Editions for people.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{
    problem::PublishProblem,
    value::{Defined, counted, rate_text},
    verifying::Verified,
};
use crate::{
    domain::{kpi::Figure, time::Millis},
    report::{
        count::grouped,
        kpi_text::hours,
        rate::NO_RATE,
        table::{Align, TextTable, printable, write_line},
    },
    store::published::{Edition, Frozen},
};

/// `month 2021-06 第 1 版 edition 1`.
pub fn name(report: &str, edition: u32) -> String {
    format!("{report} 第 {edition} 版 edition {edition}")
}

/// What an edition is, and what it rests on.
pub fn write_head(of: &Edition, out: &mut impl Write) -> io::Result<()> {
    let zone = zone(of);
    let time = |at: Millis| at.rfc3339(&zone);
    writeln!(out, "{}", name(&of.report, of.edition))?;
    write_line("时段 period", &format!("[{}, {})", time(of.from), time(of.to)), out)?;
    write_line("截至 as of", &time(of.as_of), out)?;
    write_line("时区 zone", zone.iana_name().unwrap_or("UTC"), out)?;
    let by = if of.published_by.is_empty() { String::new() } else { format!(", {}", of.published_by) };
    write_line("发布 published", &format!("{}{by}", time(of.published_at)), out)?;
    if !of.note.is_empty() {
        write_line("备注 note", &of.note, out)?;
    }
    let rules =
        format!("代次 generation {}, 时限规则 policy {}, 日历 calendar {}", of.generation, of.policy, of.calendar);
    write_line("规则 rules", &rules, out)?;
    for one in &of.judged {
        let text = format!("{} 件 cases: {} / {}", grouped(one.cases), stated(&one.policy), stated(&one.calendar));
        write_line("判定依据 judged by", &text, out)?;
    }
    for one in &of.positions {
        let text = format!("{}[{}] < {}", one.topic, one.partition, one.next);
        write_line("账本 ledger", &text, out)?;
    }
    write_line("判定 verdicts", &format!("{} 件 cases, sha256 {}", grouped(of.cases), of.verdicts_sha256), out)?;
    write_line("数字 figures", &format!("sha256 {}", of.figures_sha256), out)?;
    write_line("上一份 previous", if of.previous.is_empty() { NO_RATE } else { &of.previous }, out)?;
    write_line("本版 this edition", &format!("序号 serial {}, sha256 {}", of.serial, of.sha256), out)
}

/// Those of one grouping, or of none.
pub fn write_figures(figures: &[&Frozen], grouped_by: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let group = grouped_by.map(|dimension| (dimension.to_owned(), Align::Left));
    let left = ["指标 figure", "", "口径 convention"].map(|head| (head.to_owned(), Align::Left));
    let right = ["分子 n", "分母 d", "率 rate", "中位 median", "P90 p90"].map(|head| (head.to_owned(), Align::Right));
    let mut table = TextTable::new(left.into_iter().chain(group).chain(right));
    for one in figures {
        let (defined, counted) = (Defined::of(&one.definition), counted(one));
        let mut row = vec![one.figure.clone(), defined.title_zh, defined.convention];
        if grouped_by.is_some() {
            row.push(stated(&one.groups.join(",")));
        }
        row.push(one.numerator.to_string());
        row.push(one.denominator.map_or(NO_RATE.to_owned(), |d| d.to_string()));
        row.push(rate_text(Figure::by_id(&one.figure), &counted));
        row.push(one.spread.map_or(NO_RATE.to_owned(), |spread| hours(spread.median)));
        row.push(one.spread.map_or(NO_RATE.to_owned(), |spread| hours(spread.p90)));
        table.push(row);
    }
    table.write(out)
}

/// One a line, with what each was judged by.
pub fn write_list(editions: &[&Edition], out: &mut impl Write) -> io::Result<()> {
    let left = ["报告 report", "版 edition", "截至 as of", "发布 published", "发布人 by"];
    let right = ["案件 cases", "规则 policy", "sha256", "备注 note"];
    let heads = left.into_iter().chain(right).map(|head| {
        let align = if head.contains("cases") || head.contains("edition") { Align::Right } else { Align::Left };
        (head.to_owned(), align)
    });
    let mut table = TextTable::new(heads);
    for one in editions {
        let zone = zone(one);
        table.push(vec![
            one.report.clone(),
            one.edition.to_string(),
            one.as_of.rfc3339(&zone),
            one.published_at.rfc3339(&zone),
            one.published_by.clone(),
            grouped(one.cases),
            one.policy.clone(),
            one.sha256.chars().take(16).collect(),
            one.note.clone(),
        ]);
    }
    table.write(out)?;
    if editions.is_empty() {
        writeln!(out, "还没有发布过 nothing was published yet")?;
    }
    Ok(())
}

/// A line for each edition, then what is wrong and what is to be noted.
pub fn write_verified(of: &Verified, out: &mut impl Write) -> io::Result<()> {
    for one in &of.editions {
        let is_whole = !of.problems.iter().any(|problem| problem.is_of(one));
        let word = if is_whole { "无误 as published" } else { "有误 CHANGED" };
        let text = format!("{word}, {} 件 cases, sha256 {}", grouped(one.cases), one.sha256);
        writeln!(out, "{}: {text}", name(&one.report, one.edition))?;
    }
    for problem in &of.problems {
        write_problem("有误 WRONG", problem, out)?;
    }
    for note in &of.notes {
        write_problem("备注 note", note, out)?;
    }
    match (of.problems.len(), of.editions.len()) {
        (0, 0) => writeln!(out, "没有可核验的版次 there is no edition to verify"),
        (0, count) => writeln!(out, "{count} 版核验无误 {count} verified, as published"),
        (count, _) => writeln!(out, "{count} 处有误 {count} things are wrong"),
    }
}

fn write_problem(word: &str, problem: &PublishProblem, out: &mut impl Write) -> io::Result<()> {
    let whose =
        if problem.edition == 0 { String::new() } else { format!("{}: ", name(&problem.report, problem.edition)) };
    writeln!(out, "{word} {whose}{}\n    {}", printable(&problem.zh), printable(&problem.en))
}

/// Of its times; UTC where nobody knows the zone any more.
pub fn zone(of: &Edition) -> TimeZone {
    TimeZone::get(&of.zone).unwrap_or(TimeZone::UTC)
}

fn stated(text: &str) -> String {
    if text.is_empty() { "(无 none)".to_owned() } else { text.to_owned() }
}
