//! What came of an import, in numbers and in words.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::fault::RowProblem;
use crate::domain::fact::FactKind;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: u64,
    /// Not kept by `[[filter]]`.
    pub filtered: u64,
    /// Rows that made no event of their own, which the mapping accepts.
    pub no_event: u64,
    pub rejected: u64,
    /// By the fault's short name and the column.
    pub reasons: BTreeMap<(&'static str, String), Reason>,
    pub events: BTreeMap<FactKind, EventTally>,
    pub encoding: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    pub rows: u64,
    pub first_line: u64,
    /// The sentence of the first.
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTally {
    pub sent: u64,
    /// Said before in this run, in the same words; not sent.
    pub identical: u64,
    /// Among those sent: something else was said under the same id before.
    pub conflicting: u64,
    pub first_conflict: u64,
    /// The rule matched and its time was empty.
    pub without_time: u64,
}

impl Summary {
    pub fn sent(&self) -> u64 {
        self.events.values().map(|tally| tally.sent).sum()
    }

    pub fn identical(&self) -> u64 {
        self.events.values().map(|tally| tally.identical).sum()
    }

    pub fn conflicting(&self) -> u64 {
        self.events.values().map(|tally| tally.conflicting).sum()
    }

    pub(super) fn reject(&mut self, problem: &RowProblem, line: u64) {
        self.rejected += 1;
        let fresh = || Reason { rows: 0, first_line: line, text: problem.fault.to_string() };
        let key = (problem.fault.name(), problem.column.clone());
        self.reasons.entry(key).or_insert_with(fresh).rows += 1;
    }

    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:<28}{:>14}   read as {}", "rows", grouped(self.rows), self.encoding)?;
        for (name, count) in [("  filtered out", self.filtered), ("  without an event", self.no_event)] {
            if count > 0 {
                writeln!(out, "{name:<28}{:>14}", grouped(count))?;
            }
        }
        writeln!(out, "{:<28}{:>14}", "  rejected", grouped(self.rejected))?;
        for ((name, column), reason) in &self.reasons {
            let count = grouped(reason.rows);
            let place = if column.is_empty() { String::new() } else { format!("column {column}: ") };
            let (line, text) = (reason.first_line, &reason.text);
            writeln!(out, "    {name:<24}{count:>14}   first at line {line}: {place}{text}")?;
        }
        writeln!(out, "{:<28}{:>14}", "events", grouped(self.sent()))?;
        for (kind, tally) in &self.events {
            let asides = tally.asides();
            let count = grouped(tally.sent);
            writeln!(out, "{}", format!("  {:<26}{count:>14}   {asides}", kind.type_name()).trim_end())?;
        }
        if self.conflicting() > 0 {
            writeln!(
                out,
                "Conflicting events have an id that another event of the same file already has. If they are different \
                 events,\ntell them apart with id = [\"COLUMN\", …] in their [[event]] rule; as it is, only the first counts."
            )?;
        }
        Ok(())
    }
}

impl EventTally {
    fn asides(&self) -> String {
        let mut asides = Vec::new();
        if self.identical > 0 {
            asides.push(format!("identical, left out: {}", grouped(self.identical)));
        }
        if self.conflicting > 0 {
            let count = grouped(self.conflicting);
            asides.push(format!("conflicting among them: {count}, first at line {}", self.first_conflict));
        }
        if self.without_time > 0 {
            asides.push(format!("time empty, none made: {}", grouped(self.without_time)));
        }
        asides.join("; ")
    }
}

/// 121,145
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let all = [0, 999, 1000, 121_145, 1_000_000].map(grouped);
        assert_eq!(all, ["0", "999", "1,000", "121,145", "1,000,000"]);
    }
}
