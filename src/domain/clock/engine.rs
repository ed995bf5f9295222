//! A clock while it runs.

use super::{
    Clock, Reading, State,
    table::{Act, Happening, Phase},
};
use crate::domain::{
    calendar::{Limit, Measure, Reckoned, Working},
    policy::{ExtensionMode, Rework, Stage},
    time::{Due, Millis},
};

#[derive(Debug)]
pub(super) struct Engine<'a> {
    stage: &'a Stage,
    working: Working<'a>,
    pub(super) phase: Phase,
    started_at: Millis,
    original_due: Due,
    due: Due,
    is_provisional: bool,
    stopped_at: Option<Millis>,
    paused_since: Option<Millis>,
    paused: i64,
    ever_red: bool,
    /// The last request that is not decided yet: was it in time?
    was_asked_in_time: Option<bool>,
    extensions: u32,
    idle_extensions: u32,
    /// The limit in force, which a rework may replace; where it began to be counted; and the pause since, finer than in days.
    limit: Limit,
    counted_from: Millis,
    paused_since_then: i64,
}

impl<'a> Engine<'a> {
    pub(super) fn begin(stage: &'a Stage, working: Working<'a>, at: Millis) -> Self {
        let Reckoned { due, is_provisional } = working.due(at, stage.limit);
        Self {
            stage,
            working,
            phase: Phase::Running,
            started_at: at,
            original_due: due,
            due,
            is_provisional,
            stopped_at: None,
            paused_since: None,
            paused: 0,
            ever_red: false,
            was_asked_in_time: None,
            extensions: 0,
            idle_extensions: 0,
            limit: stage.limit,
            counted_from: at,
            paused_since_then: 0,
        }
    }

    pub(super) fn perform(&mut self, act: Act, at: Millis, happening: Happening) {
        self.look(at);
        match (act, happening) {
            (Act::End, _) => self.end(at),
            (Act::Hold, _) => self.hold(at),
            (Act::GoOn, _) => self.go_on(at),
            (Act::Ask, _) => self.was_asked_in_time = Some(self.is_in_time(at)),
            (Act::Extend, Happening::ExtensionApproved { due }) => self.decide_extension(at, due),
            (Act::Redo, _) => self.redo(at),
            (Act::GiveBack, _) => self.give_back(),
            _ => {}
        }
        self.look(at);
    }

    /// A clock that runs behind its due has been late.
    fn look(&mut self, at: Millis) {
        self.ever_red |= self.phase == Phase::Running && !self.due.is_met_at(at);
    }

    fn end(&mut self, at: Millis) {
        if self.paused_since.is_some() {
            self.go_on(at);
        }
        self.phase = Phase::Stopped;
        self.stopped_at = Some(at);
    }

    fn hold(&mut self, at: Millis) {
        if self.stage.is_pausable {
            self.phase = Phase::Paused;
            self.paused_since = Some(at);
        }
    }

    fn go_on(&mut self, at: Millis) {
        let Some(since) = self.paused_since.take() else { return };
        self.phase = Phase::Running;
        self.paused += self.working.passed(since, at, self.stage.limit.measure());
        self.paused_since_then += self.working.passed(since, at, self.fine());
        // A pause that began too late cures nothing.
        if self.due.is_met_at(since) {
            let passed = self.working.passed(since, at, self.limit.measure());
            let later = self.working.moved(self.due, passed, self.limit);
            // Whole days leave out the clock: who is resumed in the evening after the hour of the due would be late at once.
            let is_left = later.due.is_met_at(at);
            self.postpone(if is_left { later } else { self.working.moved(self.due, passed + 1, self.limit) });
        }
    }

    fn decide_extension(&mut self, at: Millis, named: Option<Due>) {
        if self.extend(at, named).is_some() {
            self.extensions += 1;
        } else {
            self.idle_extensions += 1;
        }
        self.was_asked_in_time = None;
    }

    /// None: it changes nothing.
    fn extend(&mut self, at: Millis, named: Option<Due>) -> Option<()> {
        let rule = self.stage.extension?;
        let is_in_time = self.is_in_time(at);
        let was_asked = self.was_asked_in_time.unwrap_or(is_in_time);
        let is_allowed = self.extensions < rule.max_times
            && (was_asked || !rule.must_request_before_due)
            && (is_in_time || rule.cures_lateness);
        if !is_allowed {
            return None;
        }
        let extended = self.stage.extended(self.working, self.due, at, named)?;
        // An extension does not shorten.
        if extended.due.on_time_until() < self.due.on_time_until() {
            return None;
        }
        let is_stated = matches!(rule.mode, ExtensionMode::SetDue(_));
        self.is_provisional = extended.is_provisional || (self.is_provisional && !is_stated);
        self.due = extended.due;
        // Allowed only where lateness may be cured.
        if !is_in_time {
            self.ever_red = !self.due.is_met_at(self.stopped_at.unwrap_or(at));
        }
        Some(())
    }

    fn redo(&mut self, at: Millis) {
        let limit = match self.stage.rework {
            Rework::Continue => None,
            Rework::Restart => Some(self.stage.limit),
            Rework::Fixed(limit) => Some(limit),
        };
        self.phase = Phase::Running;
        self.stopped_at = None;
        if let Some(limit) = limit {
            self.recount(at, limit);
        }
    }

    fn recount(&mut self, at: Millis, limit: Limit) {
        Reckoned { due: self.due, is_provisional: self.is_provisional } = self.working.due(at, limit);
        (self.limit, self.counted_from, self.paused_since_then) = (limit, at, 0);
    }

    /// Giving back what is late already cures nothing: the clock runs on.
    fn give_back(&mut self) {
        if self.stage.return_stops_clock && !self.ever_red {
            self.phase = Phase::Returned;
            self.paused_since = None;
        }
    }

    /// A paused clock stands still, so it does not become late.
    fn is_in_time(&self, at: Millis) -> bool {
        self.due.is_met_at(self.paused_since.unwrap_or(at))
    }

    fn postpone(&mut self, later: Reckoned) {
        self.due = later.due;
        self.is_provisional |= later.is_provisional;
    }

    /// For percents, days are counted in the milliseconds that they are made of.
    fn fine(&self) -> Measure {
        match self.limit.measure() {
            Measure::Clock | Measure::Days => Measure::Clock,
            Measure::Work | Measure::Workdays => Measure::Work,
        }
    }

    /// Where so many percent of the limit are used, pauses left out.
    pub(super) fn yellow_from(&self) -> Millis {
        let whole = self.working.passed(self.counted_from, self.due.at, self.fine()) - self.paused_since_then;
        let share = (whole.max(0) * i64::from(self.stage.yellow_at) + 99) / 100 + self.paused_since_then;
        match self.fine() {
            Measure::Work | Measure::Workdays => self.working.add_work(self.counted_from, share),
            Measure::Clock | Measure::Days => self.counted_from.plus(share),
        }
    }

    pub(super) fn round(&self) -> (Limit, Millis) {
        (self.limit, self.counted_from)
    }

    pub(super) fn clock(&self, is_void: bool, is_exempt: bool) -> Clock {
        let state = match self.phase {
            _ if is_void => State::Cancelled,
            Phase::Waiting | Phase::Returned => State::Cancelled,
            _ if is_exempt => State::Exempt,
            Phase::Running => State::Running,
            Phase::Paused => State::Paused,
            Phase::Stopped if self.ever_red => State::Breached,
            Phase::Stopped => State::Met,
        };
        Clock {
            stage: self.stage.name,
            state,
            started_at: self.started_at,
            original_due: self.original_due,
            due: self.due,
            is_provisional: self.is_provisional,
            stopped_at: self.stopped_at,
            paused: self.paused,
            measure: self.stage.limit.measure(),
            ever_red: self.ever_red,
            extensions: self.extensions,
            idle_extensions: self.idle_extensions,
            yellow_from: self.yellow_from(),
        }
    }

    pub(super) fn reading(&self, is_unjudged: bool) -> Reading {
        let is_returned = self.phase == Phase::Returned;
        Reading {
            started_at: self.started_at,
            original_due: self.original_due,
            due: self.due,
            is_provisional: self.is_provisional,
            stopped_at: self.stopped_at,
            is_paused: self.phase == Phase::Paused,
            is_unjudged: is_unjudged || is_returned,
            is_returned,
            ever_red: self.ever_red,
            extensions: self.extensions,
            idle_extensions: self.idle_extensions,
        }
    }
}
