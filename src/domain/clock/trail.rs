//! What moved a clock, one by one, and where each left it: the clock that gave the verdict, watched.

use smol_str::SmolStr;

use super::{Clock, Happening, Reading};
use crate::domain::{
    calendar::Limit,
    policy::{Stage, StageName},
    time::Millis,
};

/// 计时经过: what `case show` tells of a clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// 时限环节.
    pub name: StageName,
    /// 0: the case's own; else the assignment with this number, counted from 1.
    pub assignment: u16,
    /// It gives the case its due, where no event states one.
    pub is_main: bool,
    /// None: the dispatch states the due.
    pub stage: Option<Stage>,
    /// The unit whose hours count, as it was when the clock started.
    pub unit: SmolStr,
    /// At least one: a clock that never started leaves no trail.
    pub moves: Vec<Move>,
    /// As it stands at the end; none where the dispatch states the due.
    pub(crate) clock: Option<Clock>,
    /// When it lost its verdict without stopping: the assignment was given back, or the case voided.
    pub dropped_at: Option<Millis>,
}

/// One thing that happened to a clock, and where it left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// When it happened.
    pub at: Millis,
    /// What it was to this clock.
    pub(crate) happening: Happening,
    /// After it.
    pub(crate) reading: Reading,
    /// Where the limit in force began to be counted: at the start, or at a rework that gives a new one.
    pub counted_from: Millis,
    /// None where the dispatch states the due.
    pub limit: Option<Limit>,
}

impl Trail {
    /// None: it never started.
    pub fn last(&self) -> Option<&Move> {
        self.moves.last()
    }

    /// Where the clock's time ends: at its stop, where it lost its verdict, or at `now` while it runs.
    pub fn end(&self, now: Millis) -> Millis {
        let Some(last) = self.last() else { return now };
        let returned_at = last.reading.is_returned.then(|| {
            let first = self.moves.iter().rev().take_while(|one| one.reading.is_returned).last();
            first.map_or(last.at, |one| one.at)
        });
        last.reading.stopped_at.or(returned_at).or(self.dropped_at).unwrap_or(now)
    }
}
