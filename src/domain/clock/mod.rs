//! The clock of one stage: from what happened to a due and a verdict.
//!
//! A pure function of the stage's rule, the calendar and the happenings in the order of time; nothing here asks what time it is.
//! A clock that is open and overdue is still running: that it is late shows in its light, which is asked for with an instant.

mod engine;
pub mod segments;
pub mod table;
#[cfg(test)]
mod tests;
pub mod trail;

use serde::{Deserialize, Serialize};

use self::{
    engine::Engine,
    table::{Act, act},
};
pub use self::{
    segments::{Segment, SegmentKind},
    table::{Happening, Phase},
    trail::{Move, Trail},
};
use super::{
    calendar::{Limit, Measure, Working},
    policy::{Stage, StageName},
    time::{Due, Millis},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Paused,
    /// Stopped, and never late.
    Met,
    /// Stopped, and late at some time.
    Breached,
    Exempt,
    /// Void, or given back in time: without a verdict.
    Cancelled,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Breached => "breached",
            Self::Exempt => "exempt",
            Self::Cancelled => "cancelled",
        }
    }
}

/// 灯.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Light {
    Green,
    /// So much of the limit is used that it is time to hurry.
    Yellow,
    /// Late, now or at any time before.
    Red,
    /// Not assessed.
    Grey,
    /// Paused.
    Blue,
}

impl Light {
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Yellow => "YELLOW",
            Self::Red => "RED",
            Self::Grey => "GREY",
            Self::Blue => "BLUE",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub stage: StageName,
    pub state: State,
    pub started_at: Millis,
    /// Before any pause, extension or rework.
    pub original_due: Due,
    pub due: Due,
    /// The due rests on days that no notice covers yet.
    pub is_provisional: bool,
    pub stopped_at: Option<Millis>,
    /// By `measure`: milliseconds, or days.
    pub paused: i64,
    pub measure: Measure,
    /// It was late at some time. Only an extension that may cure lateness takes this away.
    pub ever_red: bool,
    /// Extensions that moved the due.
    pub extensions: u32,
    /// Approvals that changed nothing: too late, too many, or earlier than the due.
    pub idle_extensions: u32,
    yellow_from: Millis,
}

impl Clock {
    /// The light at an instant that is not before the last happening.
    pub fn light(&self, as_of: Millis) -> Light {
        match self.state {
            State::Exempt | State::Cancelled => Light::Grey,
            _ if self.ever_red => Light::Red,
            State::Met => Light::Green,
            State::Breached => Light::Red,
            State::Paused => Light::Blue,
            State::Running if !self.due.is_met_at(as_of) => Light::Red,
            State::Running if as_of >= self.yellow_from => Light::Yellow,
            State::Running => Light::Green,
        }
    }
}

/// What the rest of the case needs of a clock after each fact; cheaper than a whole `Clock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub started_at: Millis,
    pub original_due: Due,
    pub due: Due,
    pub is_provisional: bool,
    pub stopped_at: Option<Millis>,
    pub is_paused: bool,
    /// Void, exempt or given back: without a verdict.
    pub is_unjudged: bool,
    /// Given back; the next start begins a new clock.
    pub is_returned: bool,
    pub ever_red: bool,
    pub extensions: u32,
    pub idle_extensions: u32,
}

/// The clock of one stage, which takes what happens one by one, in the order of time.
#[derive(Debug)]
pub struct Runner<'a> {
    stage: &'a Stage,
    engine: Option<Engine<'a>>,
    is_void: bool,
    is_exempt: bool,
}

impl<'a> Runner<'a> {
    pub fn new(stage: &'a Stage) -> Self {
        Self { stage, engine: None, is_void: false, is_exempt: false }
    }

    pub fn stage(&self) -> &'a Stage {
        self.stage
    }

    /// `working` counts by the hours of the unit that has the case: `calendar.working_of(unit)`.
    pub fn take(&mut self, working: Working<'a>, at: Millis, happening: Happening) {
        let phase = self.engine.as_ref().map_or(Phase::Waiting, |engine| engine.phase);
        match (act(phase, happening), &mut self.engine) {
            (Act::Begin, engine) => *engine = Some(Engine::begin(self.stage, working, at)),
            (Act::Void, _) => self.is_void = true,
            (Act::Unvoid, _) => self.is_void = false,
            (Act::Exempt, _) => self.is_exempt = true,
            (act, Some(engine)) => engine.perform(act, at, happening),
            (_, None) => {}
        }
    }

    /// None: it never started.
    pub fn clock(&self) -> Option<Clock> {
        self.engine.as_ref().map(|engine| engine.clock(self.is_void, self.is_exempt))
    }

    pub fn reading(&self) -> Option<Reading> {
        self.engine.as_ref().map(|engine| engine.reading(self.is_void || self.is_exempt))
    }

    pub fn yellow_from(&self) -> Option<Millis> {
        self.engine.as_ref().map(Engine::yellow_from)
    }

    /// The limit in force, which a rework may replace, and since when it is counted.
    pub fn round(&self) -> Option<(Limit, Millis)> {
        self.engine.as_ref().map(Engine::round)
    }
}
