//! `tongguan feed check`.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::{self, Write},
    time::Duration,
};

use clap::Args;

use super::{Asked, OfFeeder};
use crate::{
    ask::unclear::no_such,
    cli::{Exit, setup::Setup},
    feed::own_feed::{FeedReport, FeedWindow, ReportedPlace, ReportedSplit},
    pipeline::clock,
    report::count::grouped,
};

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    of: OfFeeder,
    /// Of the last hours
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=24 * 366))]
    hours: u32,
    /// The newest of the topic, at most
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    messages: i64,
}

/// A million messages take a few seconds; a broker that gives nothing more is not waited for.
const WITHIN: Duration = Duration::from_secs(120);
const HOUR_MS: i64 = 3_600_000;
/// Names of others that are remembered, for whoever has mistyped his own.
const OTHERS_MAX: usize = 1000;

pub(super) fn run(args: &CheckArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let asked = Asked::of(&args.of, setup)?;
    let look = asked.look();
    let to = clock::now();
    let window =
        FeedWindow { from: to.plus(-i64::from(args.hours) * HOUR_MS), to, messages: args.messages, within: WITHIN };
    let others = RefCell::new(BTreeSet::new());
    let in_report = |source: &str| {
        let report = args.of.report_of(source);
        let mut others = others.borrow_mut();
        if report.is_none() && others.len() < OTHERS_MAX {
            others.insert(source.to_owned());
        }
        report
    };
    let mut reports = look.check(window, &in_report)?.ok_or_else(|| asked.no_topic())?;
    for source in &args.of.source {
        if !reports.iter().any(|report| report.sources.contains(source)) {
            reports.push(FeedReport::empty(source.into(), &look, window));
        }
    }
    if args.of.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&reports)?)?;
    } else {
        reports.iter().try_for_each(|report| tell(report, &others.borrow(), out))?;
        if reports.is_empty() {
            writeln!(
                out,
                "nothing came to {} ({}) in the last {} hours",
                look.stream.name, look.stream.topic, args.hours
            )?;
        }
    }
    let is_clean = reports.iter().all(|report| report.refused == 0);
    Ok(if is_clean { Exit::Ok } else { Exit::Rejected })
}

fn tell(report: &FeedReport, others: &BTreeSet<String>, out: &mut impl Write) -> io::Result<()> {
    let FeedReport { stream, topic, from, to, messages, .. } = report;
    let source = report.sources.join(", ");
    writeln!(out, "{source} to {stream} ({topic}), from {from} to {to}: {} messages", grouped(*messages))?;
    if !report.complete {
        writeln!(
            out,
            "not all of what was asked for: only what is newer was read, or Kafka did not give all of it in time"
        )?;
    }
    if report.forgotten {
        writeln!(out, "so many cases that the first of them were forgotten: known, late and gaps are too low")?;
    }
    let Some(last) = &report.last else {
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(String::as_str).collect();
            let nearest = no_such(("来源", "source"), &source, &names).told(crate::ask::unclear::Wording::English);
            writeln!(out, "nothing came of it; {nearest}")?;
        }
        return Ok(());
    };
    writeln!(
        out,
        "taken {:>13}   {} of them known already, {} with another content than before",
        grouped(report.taken),
        grouped(report.known),
        grouped(report.conflicting)
    )?;
    counted("refused", report.refused, "", out)?;
    for reason in &report.reasons {
        let at = if reason.pointer.is_empty() { String::new() } else { format!(" at {}", reason.pointer) };
        writeln!(out, "{:>8}  {}{at}: {}", grouped(reason.count), reason.reason, reason.detail)?;
        reason.examples.iter().try_for_each(|one| writeln!(out, "          {}", place(one)))?;
    }
    for field in &report.unknown_fields {
        writeln!(out, "unknown {:>7}  {}", grouped(field.count), field.field)?;
    }
    counted("ahead", report.ahead.count, "their time is after their arrival: local time written as Z?", out)?;
    counted("late", report.late.count, "they happened before an event of their case that came earlier", out)?;
    let gaps: Vec<String> = report
        .gaps
        .examples
        .iter()
        .map(|one| format!("case {} lacks {}", one.case_id, one.missing.join(", ")))
        .collect();
    counted("gaps", report.gaps.count, &gaps.join("; "), out)?;
    let on = |one: &ReportedSplit| {
        let partitions: Vec<String> = one.partitions.iter().map(i32::to_string).collect();
        format!("case {} on partitions {}", one.case_id, partitions.join(", "))
    };
    let split: Vec<String> = report.split.examples.iter().map(on).collect();
    counted("split", report.split.count, &split.join("; "), out)?;
    let ReportedPlace { partition, offset, at, .. } = last;
    writeln!(out, "last arrived {at}, partition {partition} offset {offset}{}", named(last))
}

fn counted(name: &str, count: u64, what: &str, out: &mut impl Write) -> io::Result<()> {
    let what = if count == 0 { "" } else { what };
    writeln!(out, "{}", format!("{name:<8}{:>7}  {what}", grouped(count)).trim_end())
}

fn place(one: &ReportedPlace) -> String {
    let ReportedPlace { partition, offset, at, .. } = one;
    format!("partition {partition} offset {offset}, {at}{}", named(one))
}

/// What can be read of it.
fn named(one: &ReportedPlace) -> String {
    let of = [("id", &one.id), ("case", &one.case_id), ("of", &one.occurred_at)];
    of.into_iter().filter_map(|(name, value)| Some(format!(", {name} {}", value.as_ref()?))).collect()
}
