//! A report as people read it.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::line;
use crate::{
    ask::unclear::{Wording, no_such},
    feed::own_feed::{FeedExtent, FeedReport, ReportedPlace, ReportedSplit},
    report::count::grouped,
};

pub(super) fn tell(
    report: &FeedReport,
    extent: &FeedExtent,
    others: &BTreeSet<String>,
    out: &mut impl Write,
) -> io::Result<()> {
    let FeedReport { stream, topic, from, to, messages, .. } = report;
    let source = report.sources.join(", ");
    line(&format!("{source} to {stream} ({topic}), from {from} to {to}: {} messages", grouped(*messages)), out)?;
    partly(extent, out)?;
    if report.forgotten {
        line("so many cases that the first of them were forgotten: known, late and gaps are too low", out)?;
    }
    if report.messages > 0 {
        return counts(report, out);
    }
    // What was not read may be his.
    if extent.is_whole() && !others.is_empty() {
        let names: Vec<&str> = others.iter().map(String::as_str).collect();
        let nearest = no_such(("来源", "source"), &source, &names).told(Wording::English);
        line(&format!("nothing came of it; {nearest}"), out)?;
    }
    Ok(())
}

/// Why it is not all of what was asked for.
pub(super) fn partly(extent: &FeedExtent, out: &mut impl Write) -> io::Result<()> {
    let all = [
        (extent.is_cut, "the older part is left out: more lies there than --messages"),
        (!extent.is_read_to_end, "the newer part was not read: Kafka did not give all of it in time"),
        (extent.is_damaged, "bytes lie there that cannot be read"),
    ];
    all.iter().filter(|(holds, _)| *holds).try_for_each(|(_, told)| line(&format!("not all of it: {told}"), out))
}

fn counts(report: &FeedReport, out: &mut impl Write) -> io::Result<()> {
    let taken = format!(
        "taken {:>13}   {} of them known already, {} with another content than before",
        grouped(report.taken),
        grouped(report.known),
        grouped(report.conflicting)
    );
    line(&taken, out)?;
    counted("refused", report.refused, "", out)?;
    for reason in &report.reasons {
        let at = if reason.pointer.is_empty() { String::new() } else { format!(" at {}", reason.pointer) };
        line(&format!("{:>8}  {}{at}: {}", grouped(reason.count), reason.reason, reason.detail), out)?;
        reason.examples.iter().try_for_each(|one| line(&format!("          {}", place(one)), out))?;
    }
    if report.other_reasons > 0 {
        line(&format!("{:>8}  for other reasons, each of them rarer", grouped(report.other_reasons)), out)?;
    }
    for field in &report.unknown_fields {
        line(&format!("unknown {:>7}  {}", grouped(field.count), field.field), out)?;
    }
    if report.other_fields > 0 {
        line(&format!("unknown {:>7}  others, each of them rarer", grouped(report.other_fields)), out)?;
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
    let Some(last) = &report.last else { return Ok(()) };
    let ReportedPlace { partition, offset, at, .. } = last;
    line(&format!("last arrived {at}, partition {partition} offset {offset}{}", named(last)), out)
}

fn counted(name: &str, count: u64, what: &str, out: &mut impl Write) -> io::Result<()> {
    let what = if count == 0 { "" } else { what };
    line(format!("{name:<8}{:>7}  {what}", grouped(count)).trim_end(), out)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Millis;

    #[test]
    fn why_not_all_was_read_is_told_apart() {
        let of = |is_cut, is_read_to_end| {
            let (from, to) = (Millis(0), Millis(1));
            let extent = FeedExtent { from, to, is_cut, is_read_to_end, is_damaged: false };
            let mut out = Vec::new();
            partly(&extent, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(of(false, true), "");
        assert!(of(true, true).contains("older part") && !of(true, true).contains("newer part"));
        assert!(of(false, false).contains("newer part") && !of(false, false).contains("older part"));
        assert_eq!(of(true, false).lines().count(), 2);
    }
}
