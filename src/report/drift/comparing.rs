//! Two lists of verdicts in the same order, side by side: what is kept of them are sums, and the first cases that moved.

use std::{cmp::Ordering, collections::HashMap};

use super::change::{DriftChange, changes, is_elsewhere};
use crate::{
    domain::{kpi::Figure, time::Millis},
    report::publish::recount::{Cell, Counted, Recount},
    store::{
        StoreError,
        published::{PublishedVerdict, verdicts::Verdicts},
    },
};

/// A case that counts otherwise than it did.
#[derive(Clone, Debug)]
pub struct Moved {
    /// None: it was in no figure then.
    pub before: Option<PublishedVerdict>,
    /// None: it is in no figure now.
    pub after: Option<PublishedVerdict>,
    /// Empty where it only counts for another unit or community.
    pub changes: Vec<DriftChange>,
}

/// How many cases went into and out of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftFlow {
    /// Cases that were not in it.
    pub into_numerator: u64,
    /// Cases that are in it no more.
    pub out_of_numerator: u64,
    pub into_denominator: u64,
    pub out_of_denominator: u64,
}

/// What was kept and what is now, compared in one pass.
#[derive(Debug, Default)]
pub struct DriftCompared {
    /// The figures of now.
    pub now: HashMap<Cell, Counted>,
    /// By the figure's bit.
    pub flows: Vec<DriftFlow>,
    /// The first of them, in the order of the verdicts.
    pub moved: Vec<Moved>,
    pub moved_total: u64,
    /// Cases of which something is another, but no figure.
    pub touched: u64,
}

/// `as_of` of the one and of the other.
pub async fn compare(
    mut kept: Verdicts,
    mut now: Verdicts,
    figures: &[&'static Figure],
    as_of: (Millis, Millis),
    limit: usize,
) -> Result<DriftCompared, StoreError> {
    let mut compared = DriftCompared { flows: vec![DriftFlow::default(); figures.len()], ..DriftCompared::default() };
    let mut recount = Recount::new(figures.to_vec(), as_of.1);
    let (mut left, mut right) = (kept.next().await?, now.next().await?);
    while left.is_some() || right.is_some() {
        let order = match (&left, &right) {
            (Some(left), Some(right)) => left.key().cmp(&right.key()),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let before = if order.is_le() { std::mem::replace(&mut left, kept.next().await?) } else { None };
        let after = if order.is_ge() { std::mem::replace(&mut right, now.next().await?) } else { None };
        if let Some(verdict) = &after {
            recount.add(verdict);
        }
        if before != after {
            compared.note(figures, before, after, as_of, limit);
        }
    }
    compared.now = recount.cells();
    Ok(compared)
}

impl DriftCompared {
    fn note(
        &mut self,
        figures: &[&'static Figure],
        before: Option<PublishedVerdict>,
        after: Option<PublishedVerdict>,
        as_of: (Millis, Millis),
        limit: usize,
    ) {
        let changes = changes(figures, before.as_ref(), after.as_ref(), as_of);
        if changes.is_empty() && !is_elsewhere(before.as_ref(), after.as_ref()) {
            self.touched += 1;
            return;
        }
        for change in &changes {
            let flow = &mut self.flows[usize::from(change.bit)];
            let (before, after) = (change.before, change.after);
            flow.into_numerator += u64::from(before.n == 0 && after.n > 0);
            flow.out_of_numerator += u64::from(before.n > 0 && after.n == 0);
            flow.into_denominator += u64::from(before.d == 0 && after.d > 0);
            flow.out_of_denominator += u64::from(before.d > 0 && after.d == 0);
        }
        self.moved_total += 1;
        if self.moved.len() < limit {
            self.moved.push(Moved { before, after, changes });
        }
    }
}

impl Moved {
    /// Stream and number.
    pub fn key(&self) -> (&str, &str) {
        self.before.as_ref().or(self.after.as_ref()).map_or(("", ""), PublishedVerdict::key)
    }
}
