//! The clock of one stage: from what happened to a due and a verdict.
//!
//! A pure function of the stage's rule, the calendar and the happenings in the order of time; nothing here asks what time it is.
//! A clock that is open and overdue is still running: that it is late shows in its light, which is asked for with an instant.

mod engine;
pub(crate) mod segments;
pub mod table;
#[cfg(test)]
mod tests;
mod trail;

use jiff::tz::TimeZone;

use self::{
    engine::Engine,
    table::{Act, act},
};
pub(crate) use self::{
    segments::{Segment, SegmentKind},
    table::{ClockPhase, Happening},
    trail::{Move, Trail},
};
use super::{
    calendar::{Limit, Measure, Working},
    light::Light,
    policy::{Stage, StageName},
    time::{Due, Millis},
};

/// What the clock comes to in one word; whether a running one is late, its light says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Started, neither stopped nor paused; late or not.
    Running,
    /// 挂账: it stands still.
    Paused,
    /// Stopped, and never late.
    Met,
    /// Stopped, and late at some time.
    Breached,
    /// 不考核: an appeal was upheld, whatever it had come to.
    Exempt,
    /// Void, given back in time, or closed over its head: without a verdict.
    Cancelled,
}

impl State {
    /// As `case show --json` says it.
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

/// 计时 of one stage, as it stands after everything that happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// 时限环节 of the rule.
    pub stage: StageName,
    /// What it comes to.
    pub state: State,
    /// 计时起点, of the last round.
    pub started_at: Millis,
    /// Before any pause, extension or rework.
    pub original_due: Due,
    /// 时限 in force.
    pub due: Due,
    /// The due rests on days that no notice covers yet.
    pub is_provisional: bool,
    /// 计时停止. None: it runs, or ended without a verdict.
    pub stopped_at: Option<Millis>,
    /// By `measure`: milliseconds, or days.
    pub paused: i64,
    /// In what `paused` and the limit count.
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
pub(crate) struct Reading {
    /// 计时起点.
    pub started_at: Millis,
    /// Before any pause, extension or rework; what K06e judges by.
    pub original_due: Due,
    /// 时限 in force.
    pub due: Due,
    /// The due rests on days that no notice covers yet.
    pub is_provisional: bool,
    /// 计时停止. None: nobody has done it.
    pub stopped_at: Option<Millis>,
    /// 挂账 now, so that its due has not come.
    pub is_paused: bool,
    /// When that pause began; a clock may begin within it.
    pub paused_since: Option<Millis>,
    /// Void, given back, or closed over its head: without a verdict.
    pub is_unjudged: bool,
    /// Closed over its head, or rejected.
    pub is_dropped: bool,
    /// Given back; the next start begins a new clock.
    pub is_returned: bool,
    /// It was late at some time.
    pub ever_red: bool,
    /// 延期 that moved the due.
    pub extensions: u32,
    /// Approvals that changed nothing: too late, too many, or earlier than the due.
    pub idle_extensions: u32,
    /// Of the idle ones, those beyond what the rule allows.
    pub excess_extensions: u32,
}

impl Reading {
    /// What was approved, of all rounds together.
    pub fn counted(&self) -> Extensions {
        Extensions { moved: self.extensions, idle: self.idle_extensions, excess: self.excess_extensions }
    }
}

/// What a due is moved by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    /// The stage of a rule, in working time.
    Rule(&'a Stage, Working<'a>),
    /// The clock on the wall; a midnight is that of the zone.
    Wall(&'a TimeZone),
}

/// The clock of one stage, or of a due that an event states. It takes what happens one by one, in the order of time.
#[derive(Debug)]
pub(crate) struct Runner<'a> {
    /// None: an event states the due.
    stage: Option<&'a Stage>,
    engine: Option<Engine<'a>>,
    is_void: bool,
    is_exempt: bool,
    /// Extensions of the rounds that ended with a return.
    earlier: Extensions,
}

/// Granted, of no use, and of these beyond what the rule allows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extensions {
    /// They moved the due (延期).
    pub moved: u32,
    /// They changed nothing: too late, too many, or earlier than the due (逾期后延期).
    pub idle: u32,
    /// Of the idle ones, those beyond the `max_times` of the rule.
    pub excess: u32,
}

impl Extensions {
    /// What has come on top of the earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            moved: self.moved.saturating_sub(earlier.moved),
            idle: self.idle.saturating_sub(earlier.idle),
            excess: self.excess.saturating_sub(earlier.excess),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self { moved: self.moved + other.moved, idle: self.idle + other.idle, excess: self.excess + other.excess }
    }
}

impl<'a> Runner<'a> {
    /// Waits for what starts it.
    pub fn new(stage: &'a Stage) -> Self {
        Self { stage: Some(stage), engine: None, is_void: false, is_exempt: false, earlier: Extensions::default() }
    }

    /// Runs at once.
    pub fn of_stated(due: Due, at: Millis, by: By<'a>) -> Self {
        let engine = Some(Engine::of_stated(due, at, by));
        Self { stage: None, engine, is_void: false, is_exempt: false, earlier: Extensions::default() }
    }

    /// Another round of the stage, which a rework began; none where it gives no new limit.
    pub fn of_rework(stage: &'a Stage, working: Working<'a>, at: Millis) -> Option<Self> {
        let engine = Some(Engine::begin_with(stage, working, at, stage.rework.renewed(stage.limit)?));
        Some(Self { engine, ..Self::new(stage) })
    }

    /// None where an event states the due.
    pub fn stage(&self) -> Option<&'a Stage> {
        self.stage
    }

    /// `working` counts by the hours of the unit that has the case: `calendar.working_of(unit)`. A clock of a stage does not start
    /// without.
    pub fn take(&mut self, working: Option<Working<'a>>, at: Millis, happening: Happening) {
        let phase = self.engine.as_ref().map_or(ClockPhase::Waiting, |engine| engine.phase);
        match (act(phase, happening), &mut self.engine) {
            (Act::Begin, engine) => {
                if let Some((stage, working)) = self.stage.zip(working) {
                    if let Some(engine) = engine {
                        self.earlier = self.earlier.plus(engine.reading(self.is_void).counted());
                    }
                    *engine = Some(Engine::begin_with(stage, working, at, stage.limit));
                }
            }
            (Act::Void, _) => self.is_void = true,
            (Act::Unvoid, _) => self.is_void = false,
            (Act::Exempt, _) => self.is_exempt = true,
            (act, Some(engine)) => engine.perform(act, at, happening),
            (_, None) => {}
        }
    }

    /// What was open behind its due was late.
    pub fn look(&mut self, at: Millis) {
        if let Some(engine) = &mut self.engine {
            engine.look(at);
        }
    }

    /// Another rule moves the stated due from now on.
    pub fn move_by(&mut self, by: By<'a>) {
        if let Some(engine) = &mut self.engine {
            engine.by = by;
        }
    }

    /// The stated due was never another one.
    pub fn correct(&mut self, due: Due, done_or_now: Millis, suspended_since: Option<Millis>) {
        if let Some(engine) = &mut self.engine {
            engine.correct(due, done_or_now, suspended_since);
        }
    }

    /// Its due takes over the pause of another, which began then.
    pub fn stand_since(&mut self, since: Millis) {
        if let Some(engine) = &mut self.engine {
            engine.stand_since(since);
        }
    }

    /// So many extensions had been granted before it took over.
    pub fn set_granted(&mut self, extensions: u32) {
        if let Some(engine) = &mut self.engine {
            engine.extensions = extensions;
        }
    }

    /// It was the due before.
    pub fn set_original(&mut self, due: Due) {
        if let Some(engine) = &mut self.engine {
            engine.original_due = due;
        }
    }

    /// None: it never started, or an event states the due.
    pub fn clock(&self) -> Option<Clock> {
        let stage = self.stage?;
        self.engine.as_ref().map(|engine| engine.clock(stage, self.is_void, self.is_exempt))
    }

    /// Exempt cases are judged; who asks decides whether they count.
    pub fn reading(&self) -> Option<Reading> {
        let reading = self.engine.as_ref()?.reading(self.is_void);
        let Extensions { moved, idle, excess } = reading.counted().plus(self.earlier);
        Some(Reading { extensions: moved, idle_extensions: idle, excess_extensions: excess, ..reading })
    }

    /// From here on the light is yellow. None: it has not started.
    pub fn yellow_from(&self) -> Option<Millis> {
        self.engine.as_ref().map(Engine::yellow_from)
    }

    /// The limit in force, which a rework may replace, and since when it is counted; none of a stated due.
    pub fn round(&self) -> Option<(Limit, Millis)> {
        self.stage?;
        self.engine.as_ref()?.round()
    }
}
