//! What a file is like, seen through its mapping: how full its columns are, which values nobody asked for, from when to when.
//! Of bounded size, whatever the file; and what may be a person's is counted and not kept.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use super::{
    clock::Clock,
    fault::{Fault, RowProblem},
    mapping::{Columns, Mapping, Row, Slot, Watch},
    row_events::RowEvents,
    shape::shape,
    summary::{ColumnTally, PassedOver, Summary, Values},
};
use crate::domain::time::Millis;

/// 2 Mi slots, seven eighths full: 36 MB.
const CASES_MAX: usize = 1_835_008;

#[derive(Debug)]
pub(super) struct Profile {
    hasher: RandomState,
    /// By the hash of its number: has it a stated due?
    cases: HashMap<u64, bool>,
    first: Option<Millis>,
    last: Option<Millis>,
    columns: Vec<ColumnTally>,
    passed: HashMap<Slot, Passed>,
    shape: Option<(String, Vec<&'static str>)>,
}

/// A column of times that were there and were not taken.
#[derive(Debug)]
struct Passed {
    rows: u64,
    rule: usize,
    asked: Slot,
    values: Values,
}

impl Profile {
    pub(super) fn new(columns: &Columns) -> Self {
        let columns = columns.names().map(|name| ColumnTally { name: name.to_owned(), ..ColumnTally::default() });
        Self {
            hasher: RandomState::new(),
            cases: HashMap::new(),
            first: None,
            last: None,
            columns: columns.collect(),
            passed: HashMap::new(),
            shape: None,
        }
    }

    /// A row that no filter drops.
    pub(super) fn kept(&mut self, row: Row<'_>, watches: &[Watch]) {
        for slot in row.slots() {
            self.columns[slot.0].rows += 1;
            self.columns[slot.0].empty += u64::from(row.cell(slot).is_none());
        }
        for watch in watches {
            if let Some(text) = watch.unknown(row) {
                let unknown = &mut self.columns[watch.column.0].unknown;
                unknown.hide_if(watch.is_text());
                unknown.count(&text);
            }
        }
    }

    /// A row that made its events.
    pub(super) fn made(&mut self, made: &RowEvents, row: Row<'_>) {
        for event in &made.events {
            self.first = Some(self.first.map_or(event.at, |first| first.min(event.at)));
            self.last = Some(self.last.map_or(event.at, |last| last.max(event.at)));
        }
        for passed in &made.passed_over {
            let fresh = || Passed { rows: 0, rule: passed.rule, asked: passed.asked, values: Values::default() };
            let tally = self.passed.entry(passed.time).or_insert_with(fresh);
            tally.rows += 1;
            if tally.asked == passed.asked {
                tally.values.hide_if(passed.is_text);
                tally.values.count(row.cell(passed.asked).unwrap_or_default());
            }
        }
        let case = self.hasher.hash_one(&made.case_id);
        if made.events.is_empty() {
            return;
        }
        if let Some(has_due) = self.cases.get_mut(&case) {
            *has_due |= made.has_due;
        } else if self.cases.len() < CASES_MAX {
            self.cases.insert(case, made.has_due);
        }
    }

    /// Of the first time that no format reads, how it is written.
    pub(super) fn rejected(&mut self, problem: &RowProblem, row: Row<'_>, mapping: &Mapping, clock: &Clock) {
        if problem.fault != Fault::NotATime || self.shape.is_some() {
            return;
        }
        let named = |slot: &Slot| problem.column.split(" or ").any(|name| name == mapping.columns.name(*slot));
        let cells = row.slots().filter(named).filter_map(|slot| row.cell(slot));
        self.shape = cells.filter(|text| clock.civil(text).is_none()).find_map(shape);
    }

    pub(super) fn tell(self, summary: &mut Summary, mapping: &Mapping) {
        summary.cases = self.cases.len() as u64;
        summary.has_more_cases = self.cases.len() == CASES_MAX;
        summary.without_due = self.cases.values().filter(|has_due| !**has_due).count() as u64;
        let local = |at: Option<Millis>| {
            let instant = jiff::Timestamp::from_millisecond(at?.0).ok()?;
            Some(instant.to_zoned(mapping.clock.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
        };
        (summary.first, summary.last) = (local(self.first), local(self.last));
        summary.span = [self.first, self.last].into_iter().flatten().collect();
        summary.zone = mapping.clock.zone.iana_name().unwrap_or_default().to_owned();
        summary.shape = self.shape;
        summary.columns = self.columns;
        for (place, column) in summary.columns.iter_mut().enumerate() {
            column.unknown.hide_if(mapping.columns.is_personal(Slot(place)));
        }
        let mut passed: Vec<PassedOver> =
            self.passed.into_iter().map(|(time, passed)| passed.told(time, mapping)).collect();
        passed.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.column.cmp(&b.column)));
        summary.passed_over = passed;
    }
}

impl Passed {
    fn told(mut self, time: Slot, mapping: &Mapping) -> PassedOver {
        self.values.hide_if(mapping.columns.is_personal(self.asked));
        PassedOver {
            column: mapping.columns.name(time).to_owned(),
            type_name: mapping.events[self.rule].type_name.clone(),
            rows: self.rows,
            asked: mapping.columns.name(self.asked).to_owned(),
            values: self.values,
        }
    }
}
