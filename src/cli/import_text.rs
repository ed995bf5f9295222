//! What came of an import, in words.

use std::io::{self, Write};

use crate::{
    feed::import::{EventTally, Summary},
    report::count::grouped,
};

pub fn write(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:<28}{:>14}   read as {}", "rows", grouped(summary.rows), summary.encoding)?;
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
    if summary.conflicting() > 0 {
        writeln!(
            out,
            "Conflicting events have an id that another event of the same file already has. If they are different \
             events,\ntell them apart with id = [\"COLUMN\", …] in their [[event]] rule; as it is, only the first counts."
        )?;
    }
    Ok(())
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
        let mut summary = Summary { rows: 1_201, encoding: "UTF-8", ..Summary::default() };
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
