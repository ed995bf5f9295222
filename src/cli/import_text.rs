//! What came of an import, in words.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::zones;
use crate::{
    feed::import::{ColumnTally, EventTally, PassedOver, Summary, Values},
    report::count::grouped,
};

pub fn write(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:<28}{:>14}   {}", "rows", grouped(summary.rows), how(summary))?;
    for (name, count) in [("  filtered out", summary.filtered), ("  without an event", summary.no_event)] {
        if count > 0 {
            writeln!(out, "{name:<28}{:>14}", grouped(count))?;
        }
    }
    writeln!(out, "{:<28}{:>14}", "  rejected", grouped(summary.rejected))?;
    for ((name, column), reason) in &summary.reasons {
        let count = grouped(reason.rows);
        let place = if column.is_empty() { String::new() } else { format!("column {column}: ") };
        let (line, text) = (reason.first_line, &reason.text);
        writeln!(out, "    {name:<24}{count:>14}   first at line {line}: {place}{text}")?;
    }
    writeln!(out, "{:<28}{:>14}", "events", grouped(summary.sent()))?;
    for (kind, tally) in &summary.events {
        let asides = asides(tally);
        let count = grouped(tally.sent);
        writeln!(out, "{}", format!("  {:<26}{count:>14}   {asides}", kind.type_name()).trim_end())?;
    }
    write_cases(summary, out)?;
    write_columns(summary, out)?;
    if summary.conflicting() > 0 {
        writeln!(
            out,
            "Conflicting events have an id that another event of the same file already has. If they are different \
             events,\ntell them apart with id = [\"COLUMN\", …] in their [[event]] rule; as it is, only the first counts."
        )?;
    }
    Ok(())
}

fn how(summary: &Summary) -> String {
    let how = &summary.how;
    let mut text = format!("read as {}", how.encoding);
    if let Some(sheet) = &how.sheet {
        text.push_str(&format!(", sheet {sheet}"));
    }
    match summary.header_line {
        Some(line) if line > 1 => text.push_str(&format!(", header in line {line}")),
        _ => {}
    }
    if how.other_sheets > 0 {
        let (s, were) = if how.other_sheets == 1 { ("", "was") } else { ("s", "were") };
        text.push_str(&format!("; {} other sheet{s} {were} not read", how.other_sheets));
    }
    text
}

fn write_cases(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.cases == 0 {
        return Ok(());
    }
    let more = if summary.has_more_cases { " or more" } else { "" };
    writeln!(out, "{:<28}{:>14}{more}", "cases", grouped(summary.cases))?;
    if summary.without_due > 0 {
        writeln!(
            out,
            "{:<28}{:>14}   the policy's limits hold, where it has any",
            "  without a stated due",
            grouped(summary.without_due)
        )?;
    }
    if let (Some(first), Some(last)) = (&summary.first, &summary.last) {
        writeln!(out, "{:<28}{first} … {last}   {}", "times", summary.zone)?;
    }
    Ok(())
}

/// Where the file's days are not those of its stream.
pub fn zone_note(summary: &Summary, stream: &str, of_stream: &TimeZone) -> Option<String> {
    let zone = &summary.zone;
    TimeZone::get(zone).ok().filter(|own| zones::differ(own, of_stream, &summary.span))?;
    let days = of_stream.iana_name().unwrap_or("UTC");
    Some(format!(
        "注意 note: 文件时区 {zone}，业务流 {stream} 按 {days} 分日。The times of this file are {zone}'s, and stream {stream} has days of {days}: ask \
         with kpi --timezone {zone}, or say so in the stream's file"
    ))
}

/// Only what is worth a look: columns that are not always filled, or hold what nobody asked for.
fn write_columns(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let worth = |column: &&ColumnTally| column.empty > 0 || column.unknown.total > 0;
    if summary.columns.iter().any(|column| worth(&column)) {
        writeln!(out, "columns")?;
    }
    for column in summary.columns.iter().filter(worth) {
        let mut said = Vec::new();
        if column.empty > 0 {
            said.push(format!("empty in {} of {}", grouped(column.empty), grouped(column.rows)));
        }
        if column.unknown.total > 0 {
            let in_rows = rows(column.unknown.total);
            said.push(format!("in {in_rows} a value that no map or condition names{}", values(&column.unknown)));
        }
        writeln!(out, "  {}: {}", column.name, said.join("; "))?;
    }
    for passed in &summary.passed_over {
        let PassedOver { column, type_name, asked, .. } = passed;
        let (rows, values) = (rows(passed.rows), values(&passed.values));
        writeln!(
            out,
            "  {column}: filled in {rows} where the condition of {type_name} is false, and taken by no other rule; {asked} is \
             then{values}"
        )?;
    }
    Ok(())
}

pub fn rows(count: u64) -> String {
    format!("{} row{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `: 办结 200, 已归档 89`, of codes; of free text nothing.
pub fn values(values: &Values) -> String {
    let most = values.most();
    if most.is_empty() {
        return " (different texts, not shown)".to_owned();
    }
    let shown = most.iter().map(|(text, count)| match *text {
        "" => format!("empty {}", grouped(*count)),
        text => format!("{text} {}", grouped(*count)),
    });
    let more = values.distinct() - most.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!(": {}{more}", shown.collect::<Vec<_>>().join(", "))
}

fn asides(tally: &EventTally) -> String {
    let mut asides = Vec::new();
    if tally.identical > 0 {
        asides.push(format!("identical, left out: {}", grouped(tally.identical)));
    }
    if tally.conflicting > 0 {
        let count = grouped(tally.conflicting);
        asides.push(format!("conflicting among them: {count}, first at line {}", tally.first_conflict));
    }
    if tally.without_time > 0 {
        asides.push(format!("time empty, none made: {}", grouped(tally.without_time)));
    }
    asides.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::FactKind;

    #[test]
    fn conflicting_events_come_with_the_advice_to_tell_them_apart() {
        let tally =
            EventTally { sent: 1_200, conflicting: 7, first_conflict: 3, identical: 1, ..EventTally::default() };
        let mut summary = Summary { rows: 1_201, ..Summary::default() };
        summary.how.encoding = "UTF-8";
        summary.events.insert(FactKind::Dispatched, tally);
        let mut text = Vec::new();
        write(&summary, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for part in
            ["1,201   read as UTF-8", "1,200   identical, left out: 1; conflicting among them: 7, first at line 3"]
        {
            assert!(text.contains(part), "{text}");
        }
        assert!(text.contains("id = [\"COLUMN\", …]"), "{text}");
    }
}
