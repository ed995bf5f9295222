//! A clock while it runs.

use super::{
    By, Clock, Reading, State,
    table::{Act, ClockPhase, Happening},
};
use crate::domain::{
    calendar::{Limit, Measure, Reckoned, Working},
    policy::Stage,
    time::{Due, Millis},
};

/// For a stated due without a rule nobody says from when on it is urgent: when so much of the time has passed, on the wall.
const YELLOW_PERCENT: i64 = 80;

#[derive(Debug)]
pub(super) struct Engine<'a> {
    pub(super) by: By<'a>,
    /// An event states the due, so that no rework gives another.
    is_stated: bool,
    pub(super) phase: ClockPhase,
    started_at: Millis,
    pub(super) original_due: Due,
    due: Due,
    is_provisional: bool,
    stopped_at: Option<Millis>,
    paused_since: Option<Millis>,
    paused: i64,
    ever_red: bool,
    /// The last request that is not decided yet: was it in time?
    was_asked_in_time: Option<bool>,
    pub(super) extensions: u32,
    idle_extensions: u32,
    excess_extensions: u32,
    /// The limit in force, which a rework may replace; where it began to be counted; and the pause since, finer than in days.
    limit: Option<Limit>,
    counted_from: Millis,
    paused_since_then: i64,
}

impl<'a> Engine<'a> {
    pub(super) fn begin_with(stage: &'a Stage, working: Working<'a>, at: Millis, limit: Limit) -> Self {
        let Reckoned { due, is_provisional } = working.due(at, limit);
        let by = By::Rule(stage, working);
        Self { is_stated: false, is_provisional, limit: Some(limit), ..Self::of_stated(due, at, by) }
    }

    pub(super) fn of_stated(due: Due, at: Millis, by: By<'a>) -> Self {
        Self {
            by,
            is_stated: true,
            phase: ClockPhase::Running,
            started_at: at,
            original_due: due,
            due,
            is_provisional: false,
            stopped_at: None,
            paused_since: None,
            paused: 0,
            ever_red: false,
            was_asked_in_time: None,
            extensions: 0,
            idle_extensions: 0,
            excess_extensions: 0,
            limit: None,
            counted_from: at,
            paused_since_then: 0,
        }
    }

    pub(super) fn perform(&mut self, act: Act, at: Millis, happening: Happening) {
        self.look(at);
        match (act, happening) {
            (Act::End, _) => self.end(at),
            (Act::EndIfInTime, _) if self.due.is_met_at(at) => self.end(at),
            (Act::Hold, _) => self.hold(at),
            (Act::GoOn, Happening::Resume { due }) => self.go_on(at, due),
            (Act::Ask, _) => self.was_asked_in_time = Some(self.is_in_time(at)),
            (Act::Extend, Happening::ExtensionApproved { due }) => self.decide_extension(at, due),
            (Act::Redo, Happening::Reopened { due }) => self.reopen(at, due),
            (Act::Redo, _) => self.rework(at),
            (Act::RunOn, Happening::Reopened { due: Some(due) }) if self.due.is_met_at(at) => {
                (self.phase, self.due) = (ClockPhase::Running, due);
            }
            (Act::RunOn, _) => self.phase = ClockPhase::Running,
            (Act::Drop, _) => self.drop_it(at),
            (Act::GiveBack, _) => self.give_back(at),
            _ => {}
        }
        self.look(at);
    }

    /// A clock that runs behind its due has been late.
    pub(super) fn look(&mut self, at: Millis) {
        self.ever_red |= self.phase == ClockPhase::Running && !self.due.is_met_at(at);
    }

    fn end(&mut self, at: Millis) {
        self.go_on(at, None);
        self.phase = ClockPhase::Stopped;
        self.stopped_at = Some(at);
    }

    /// What is late already does not stand still.
    fn hold(&mut self, at: Millis) {
        if self.is_pausable() && self.due.is_met_at(at) {
            self.phase = ClockPhase::Paused;
            self.paused_since = Some(at);
        }
    }

    fn is_pausable(&self) -> bool {
        match self.by {
            By::Rule(stage, _) => stage.is_pausable,
            By::Wall(_) => true,
        }
    }

    /// A pause that began too late cures nothing, nor does the due that its end names.
    fn go_on(&mut self, at: Millis, named: Option<Due>) {
        let Some(since) = self.paused_since.take() else { return };
        self.phase = ClockPhase::Running;
        if let By::Rule(stage, working) = self.by {
            self.paused += working.passed(since, at, stage.limit.measure());
            self.paused_since_then += working.passed(since, at, fine(self.limit.unwrap_or(stage.limit)));
        }
        if !self.due.is_met_at(since) {
            return;
        }
        match (named, self.by) {
            (Some(due), _) => (self.due, self.is_provisional) = (due, false),
            (None, By::Rule(stage, working)) => self.postpone(since, at, self.limit.unwrap_or(stage.limit), working),
            (None, By::Wall(zone)) => self.due = self.due.after_pause(since, at, zone),
        }
    }

    fn postpone(&mut self, since: Millis, at: Millis, limit: Limit, working: Working<'_>) {
        let passed = working.passed(since, at, limit.measure());
        let later = working.moved(self.due, passed, limit);
        // Whole days leave out the clock: who is resumed in the evening after the hour of the due would be late at once.
        let is_left = later.due.is_met_at(at);
        let later = if is_left { later } else { working.moved(self.due, passed + 1, limit) };
        self.due = later.due;
        self.is_provisional |= later.is_provisional && !self.is_stated;
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
        let is_in_time = self.is_in_time(at);
        let extended = match self.by {
            By::Wall(_) if !is_in_time => return None,
            By::Wall(_) => Reckoned { due: named?, is_provisional: false },
            By::Rule(stage, working) => {
                let max_times = stage.extension.map_or(0, |rule| rule.max_times);
                if self.extensions >= max_times {
                    self.excess_extensions += 1;
                    return None;
                }
                let rule = stage.extension?;
                let was_asked = self.was_asked_in_time.unwrap_or(is_in_time);
                let is_allowed = (was_asked || !rule.must_request_before_due) && (is_in_time || rule.cures_lateness);
                if !is_allowed {
                    return None;
                }
                stage.extended(working, self.due, at, named)?
            }
        };
        // An extension moves the due, and does not shorten.
        if extended.due.on_time_until() <= self.due.on_time_until() {
            return None;
        }
        self.is_provisional = extended.is_provisional || (self.is_provisional && named.is_none());
        self.due = extended.due;
        // Allowed only where lateness may be cured.
        if !is_in_time {
            self.ever_red = !self.due.is_met_at(self.stopped_at.unwrap_or(at));
        }
        Some(())
    }

    /// What has passed is decided: what was in time stays so, what was late runs on to the due that it missed.
    fn rework(&mut self, at: Millis) {
        if !self.due.is_met_at(at) && !self.ever_red {
            return;
        }
        (self.phase, self.stopped_at) = (ClockPhase::Running, None);
        self.renew(at);
    }

    /// A missed due is not cured by it.
    fn reopen(&mut self, at: Millis, named: Option<Due>) {
        (self.phase, self.stopped_at) = (ClockPhase::Running, None);
        match named {
            Some(due) if !self.ever_red => (self.due, self.is_provisional) = (due, false),
            _ => self.renew(at),
        }
    }

    fn renew(&mut self, at: Millis) {
        let By::Rule(stage, working) = self.by else { return };
        let Some(limit) = stage.rework.renewed(stage.limit).filter(|_| !self.is_stated && !self.ever_red) else {
            return;
        };
        Reckoned { due: self.due, is_provisional: self.is_provisional } = working.due(at, limit);
        (self.limit, self.counted_from, self.paused_since_then) = (Some(limit), at, 0);
    }

    /// Nobody did it, and nobody was late with it. The close ends a pause.
    fn drop_it(&mut self, at: Millis) {
        self.go_on(at, None);
        self.look(at);
        if !self.ever_red {
            self.phase = ClockPhase::Dropped;
        }
    }

    /// Giving back what is late already, be it by the original due only, cures nothing: the clock runs on.
    fn give_back(&mut self, at: Millis) {
        let stops = matches!(self.by, By::Rule(stage, _) if stage.return_stops_clock) && !self.is_stated;
        if stops && !self.ever_red && self.original_due.is_met_at(at) {
            self.phase = ClockPhase::Returned;
            self.paused_since = None;
        }
    }

    pub(super) fn correct(&mut self, due: Due, done_or_now: Millis, suspended_since: Option<Millis>) {
        if self.original_due == self.due {
            self.original_due = due;
        }
        (self.due, self.was_asked_in_time) = (due, None);
        if self.paused_since.is_some_and(|since| !due.is_met_at(since)) {
            // It had passed by then.
            (self.phase, self.paused_since) = (ClockPhase::Running, None);
        }
        if let Some(since) = suspended_since.filter(|_| self.phase == ClockPhase::Running) {
            self.stand_since(since.max(self.started_at));
        }
        self.ever_red = !due.is_met_at(self.paused_since.unwrap_or(done_or_now));
    }

    /// It had not passed when the case was suspended, so that it stands still since then.
    pub(super) fn stand_since(&mut self, since: Millis) {
        if matches!(self.phase, ClockPhase::Running | ClockPhase::Paused)
            && self.is_pausable()
            && self.due.is_met_at(since)
        {
            (self.phase, self.paused_since, self.ever_red) = (ClockPhase::Paused, Some(since), false);
        }
    }

    /// A paused clock stands still, so it does not become late.
    fn is_in_time(&self, at: Millis) -> bool {
        self.due.is_met_at(self.paused_since.unwrap_or(at))
    }

    /// Where so many percent of the limit are used, pauses left out.
    pub(super) fn yellow_from(&self) -> Millis {
        let (By::Rule(stage, working), Some(limit)) = (self.by, self.limit) else {
            let whole = self.due.at.since(self.started_at).max(0);
            return self.started_at.plus(whole / 100 * YELLOW_PERCENT);
        };
        let measure = fine(limit);
        let whole = working.passed(self.counted_from, self.due.at, measure) - self.paused_since_then;
        let share = (whole.max(0) * i64::from(stage.yellow_at) + 99) / 100 + self.paused_since_then;
        match measure {
            Measure::Work | Measure::Workdays => working.add_work(self.counted_from, share),
            Measure::Clock | Measure::Days => self.counted_from.plus(share),
        }
    }

    pub(super) fn round(&self) -> Option<(Limit, Millis)> {
        self.limit.map(|limit| (limit, self.counted_from))
    }

    pub(super) fn clock(&self, stage: &Stage, is_void: bool, is_exempt: bool) -> Clock {
        let state = match self.phase {
            _ if is_void => State::Cancelled,
            ClockPhase::Waiting | ClockPhase::Dropped | ClockPhase::Returned => State::Cancelled,
            _ if is_exempt => State::Exempt,
            ClockPhase::Running => State::Running,
            ClockPhase::Paused => State::Paused,
            ClockPhase::Stopped if self.ever_red => State::Breached,
            ClockPhase::Stopped => State::Met,
        };
        Clock {
            stage: stage.name,
            state,
            started_at: self.started_at,
            original_due: self.original_due,
            due: self.due,
            is_provisional: self.is_provisional,
            stopped_at: self.stopped_at,
            paused: self.paused,
            measure: stage.limit.measure(),
            ever_red: self.ever_red,
            extensions: self.extensions,
            idle_extensions: self.idle_extensions,
            yellow_from: self.yellow_from(),
        }
    }

    pub(super) fn reading(&self, is_void: bool) -> Reading {
        let is_returned = self.phase == ClockPhase::Returned;
        let is_dropped = self.phase == ClockPhase::Dropped;
        Reading {
            started_at: self.started_at,
            original_due: self.original_due,
            due: self.due,
            is_provisional: self.is_provisional,
            stopped_at: self.stopped_at,
            is_paused: self.phase == ClockPhase::Paused,
            paused_since: self.paused_since,
            is_unjudged: is_void || is_returned || is_dropped,
            is_dropped,
            is_returned,
            ever_red: self.ever_red,
            extensions: self.extensions,
            idle_extensions: self.idle_extensions,
            excess_extensions: self.excess_extensions,
        }
    }
}

/// For percents, days are counted in the milliseconds that they are made of.
fn fine(limit: Limit) -> Measure {
    match limit.measure() {
        Measure::Clock | Measure::Days => Measure::Clock,
        Measure::Work | Measure::Workdays => Measure::Work,
    }
}
