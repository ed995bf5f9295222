//! A clock as it stood for a while: enough to judge a stage, or a unit's part in it, at any instant.

use super::{
    policy::StageName,
    time::{Due, Millis},
};

/// The number of the clock that is the case's own and no assignment's.
pub const OF_CASE: u16 = 0;

/// Valid from `since` until `until`. A clock has one span as long as nothing but its stop changes it: a pause, an
/// extension, a rework or a return begins another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// 时限环节.
    pub stage: StageName,
    /// 0: the case's own; else the assignment with this number, counted from 1.
    pub assignment: u16,
    /// It stands so from then on, included.
    pub since: Millis,
    /// Until then, no longer included. None: it still stands so.
    pub until: Option<Millis>,
    /// 计时起点; may be long before `since`.
    pub started_at: Millis,
    /// 时限 then in force.
    pub due: Due,
    /// At T it has stopped if this is not after T.
    pub stopped_at: Option<Millis>,
    /// 挂账: its due stands still, and has not come.
    pub is_paused: bool,
    /// Void, exempt or given back: without a verdict.
    pub is_unjudged: bool,
    /// It had been late before `since`.
    pub was_red: bool,
}

impl Span {
    /// Is it the one that says how the clock stood then?
    pub fn is_in_force(&self, as_of: Millis) -> bool {
        self.since <= as_of && self.until.is_none_or(|until| as_of < until)
    }

    /// Had it stopped by then?
    pub fn has_stopped(&self, as_of: Millis) -> bool {
        self.stopped_at.is_some_and(|at| at <= as_of)
    }

    /// Stopped by then, in time, and never late before.
    pub fn is_met(&self, as_of: Millis) -> bool {
        !self.was_red && self.stopped_at.is_some_and(|at| at <= as_of && self.due.is_met_at(at))
    }
}
