//! What came of an import, in numbers.

use std::collections::BTreeMap;

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
}
