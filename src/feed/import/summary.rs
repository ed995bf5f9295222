//! What came of an import, in numbers.

use std::collections::{BTreeMap, HashMap};

use super::{fault::RowProblem, table::How};
use crate::{
    domain::{fact::FactKind, time::Millis},
    feed::privacy::scrub,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: u64,
    /// Not kept by `[[filter]]`.
    pub filtered: u64,
    /// Rows that made no event of their own, which the mapping accepts.
    pub no_event: u64,
    pub rejected: u64,
    /// By the fault's short name and the column.
    pub reasons: BTreeMap<(&'static str, String), SummaryReason>,
    pub events: BTreeMap<FactKind, EventTally>,
    pub how: How,
    /// None where the mapping has the names.
    pub header_line: Option<u64>,
    pub cases: u64,
    /// More than are counted.
    pub has_more_cases: bool,
    /// Cases of which no event states a due.
    pub without_due: u64,
    /// The earliest and the latest time, in the mapping's zone.
    pub first: Option<String>,
    pub last: Option<String>,
    /// The same two as instants.
    pub span: Vec<Millis>,
    pub zone: String,
    /// Those that the mapping names.
    pub columns: Vec<ColumnTally>,
    /// Times that were there and that no rule took.
    pub passed_over: Vec<PassedOver>,
    /// How the first time is written that no format reads, and formats that would.
    pub shape: Option<(String, Vec<&'static str>)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryReason {
    pub rows: u64,
    pub first_line: u64,
    /// The sentence of the first.
    pub text: String,
    /// The same in Chinese.
    pub zh: String,
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

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnTally {
    pub name: String,
    /// Those that no filter drops.
    pub rows: u64,
    pub empty: u64,
    /// Values that no map lists and no condition names.
    pub unknown: Values,
}

/// A column of times that is filled where the condition of its rule is false.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    pub column: String,
    pub type_name: String,
    pub rows: u64,
    /// The column of the condition, and what stands there.
    pub asked: String,
    pub values: Values,
}

/// Values that are counted, of which the codes may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    pub total: u64,
    counts: HashMap<String, u64>,
    is_free: bool,
}

/// A column of more values than this is no code.
const DISTINCT_MAX: usize = 64;
const CODE_CHARS: usize = 24;
const SHOWN: usize = 5;

impl Values {
    pub(super) fn count(&mut self, text: &str) {
        self.total += 1;
        if self.is_free {
            return;
        }
        match self.counts.get_mut(text) {
            Some(count) => *count += 1,
            None => {
                let is_code = text.chars().count() <= CODE_CHARS && scrub(text).text == text;
                self.hide_if(!is_code || self.counts.len() == DISTINCT_MAX);
                if !self.is_free {
                    self.counts.insert(text.to_owned(), 1);
                }
            }
        }
    }

    pub(super) fn hide_if(&mut self, is_free: bool) {
        if is_free {
            self.is_free = true;
            self.counts.clear();
        }
    }

    /// The most frequent; none where they may be free text.
    pub fn most(&self) -> Vec<(&str, u64)> {
        let mut all = self.all();
        all.truncate(SHOWN);
        all
    }

    /// The most frequent first.
    pub fn all(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.counts.iter().map(|(text, count)| (text.as_str(), *count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        all
    }

    pub fn distinct(&self) -> usize {
        self.counts.len()
    }
}

impl Summary {
    /// Rows are there, and nothing came of them.
    pub fn took_nothing(&self) -> bool {
        self.rows > 0 && self.sent() == 0
    }

    pub fn sent(&self) -> u64 {
        self.events.values().map(|tally| tally.sent).sum()
    }

    #[cfg(test)]
    pub fn identical(&self) -> u64 {
        self.events.values().map(|tally| tally.identical).sum()
    }

    pub fn conflicting(&self) -> u64 {
        self.events.values().map(|tally| tally.conflicting).sum()
    }

    pub(super) fn reject(&mut self, problem: &RowProblem, line: u64) {
        self.rejected += 1;
        let fresh = || {
            let (text, zh) = (problem.fault.to_string(), problem.fault.in_chinese());
            SummaryReason { rows: 0, first_line: line, text, zh }
        };
        let key = (problem.fault.name(), problem.column.clone());
        self.reasons.entry(key).or_insert_with(fresh).rows += 1;
    }
}
