//! A due and what moves it, whoever's it is: the case's or a unit's.

use super::{
    calendar::{Calendar, Limit, Unit},
    instant::clock,
    rulebook::Stage,
};

/// The case is suspended `since`; the due moves by what is paused `from` then on.
#[derive(Clone, Copy, Debug)]
struct Pause {
    since: i64,
    from: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Line {
    pub due: Option<i64>,
    /// Before anything moved it.
    pub original: Option<i64>,
    /// Since when it is counted; none before the first start, and after a return that stopped it.
    pub since: Option<i64>,
    /// When it was answered, or cut off by a close.
    pub stopped: Option<i64>,
    /// Stopped by a close and not by an answer.
    pub is_cut: bool,
    paused: Option<Pause>,
    /// It was missed at some time; nothing cures that.
    pub was_late: bool,
    /// Given back, passed on or cut off in time: nobody is judged by it.
    pub is_unjudged: bool,
    times: i64,
    /// 自行处置: in time at its very instant, were it midnight.
    pub is_at_once: bool,
    /// So is its original due.
    pub is_first_at_once: bool,
    /// By its original due it had been met, and that had passed, before it was sent back to work.
    pub was_met_by_original: bool,
    /// Passed on in time: somebody else is judged, as long as he has it.
    pub is_away: bool,
    /// Dropped by a rejection, in time.
    pub is_refused: bool,
}

/// The calendar, and the stage of the rule that the case has.

#[derive(Clone, Copy)]
pub struct By<'a> {
    pub calendar: &'a Calendar,
    pub stage: Option<&'a Stage>,
}

impl Line {
    pub fn begin(&mut self, at: i64, due: Option<i64>, suspended_since: Option<i64>) {
        (self.due, self.original, self.since, self.stopped) = (due, due, Some(at), None);
        self.stand_still(at, suspended_since);
        self.is_unjudged = false;
    }

    /// Whoever begins while the case is suspended is born paused.
    fn stand_still(&mut self, at: i64, suspended_since: Option<i64>) {
        self.paused = suspended_since.map(|_| Pause { since: at, from: at });
    }

    /// Named by a reopening; what was before it stays the original.
    pub fn stated(at: i64, due: i64, original: Option<i64>) -> Self {
        let mut line = Self::default();
        line.begin(at, Some(due), None);
        line.original = original.or(line.original);
        line
    }

    pub fn is_running(&self) -> bool {
        self.since.is_some() && self.stopped.is_none() && !self.is_unjudged
    }

    pub fn is_paused(&self) -> bool {
        self.is_running() && self.paused.is_some()
    }

    /// The last instant in time: the millisecond before a midnight, any other due itself.
    pub fn until(&self) -> Option<i64> {
        self.due.map(|due| if clock(due) == 0 && !self.is_at_once { due - 1 } else { due })
    }

    pub fn is_past(&self, at: i64) -> bool {
        self.until().is_some_and(|until| at > until)
    }

    /// Has it been missed before something else happens?
    pub fn look(&mut self, at: i64) {
        if self.is_running() && self.has_passed(at) {
            self.was_late = true;
        }
    }

    /// Its due has passed, whether it was met or missed.
    pub fn is_decided(&self, at: i64) -> bool {
        self.due.is_some() && (self.was_late || self.has_passed(at))
    }

    /// Behind its due, and not standing still since before it: then nothing moves it any more.
    pub fn has_passed(&self, at: i64) -> bool {
        self.is_past(self.paused.filter(|_| self.is_running()).map_or(at, |pause| pause.since))
    }

    pub fn suspend(&mut self, at: i64) {
        if self.is_running() && self.paused.is_none() {
            self.paused = Some(Pause { since: at, from: at });
        }
    }

    pub fn resume(&mut self, at: i64, stated: Option<i64>, by: By<'_>) {
        let Some(paused) = self.paused.take() else { return };
        if self.stopped.is_some() || self.was_late || self.is_past(paused.since) {
            return;
        }
        let moved = self.due.map(|due| after_pause(due, paused.from, at, by));
        self.due = if self.due.is_some() { stated.or(moved) } else { None };
    }

    /// True if the due moved.
    pub fn extend(&mut self, at: i64, stated: Option<i64>, by: By<'_>) -> bool {
        let Some(due) = self.due else { return false };
        let most =
            by.stage.map_or(i64::MAX, |stage| stage.extension.as_ref().map_or(0, |extension| extension.max_times));
        if self.was_late || self.has_passed(at) || self.times >= most || self.since.is_none() || self.is_unjudged {
            return false;
        }
        let extension = by.stage.and_then(|stage| stage.extension.as_ref().map(|extension| (stage, extension)));
        let ruled = extension.map(|(stage, extension)| match extension.limit {
            _ if extension.adds_original => once_more(due, stage.limit, by.calendar),
            limit => by.calendar.due(at, limit.expect("SET_DUE has a limit")),
        });
        match stated.or(ruled) {
            Some(later) if later > due => {
                self.due = Some(later);
                self.times += 1;
                true
            }
            _ => false,
        }
    }

    pub fn answer(&mut self, at: i64, by: By<'_>) {
        self.stop(at, by);
        self.is_cut = false;
    }

    /// A close answers for nobody, but ends what runs.
    pub fn cut(&mut self, at: i64, by: By<'_>) {
        self.stop(at, by);
        self.is_cut = true;
    }

    /// Answered while it runs, or after a close over its head and still before its due.
    pub fn meet(&mut self, at: i64, by: By<'_>) {
        if self.since.is_some() && (self.is_running() || (self.is_cut && !self.is_past(at))) {
            self.is_unjudged = false;
            self.answer(at, by);
        }
    }

    /// Closed over its head: in time nobody is judged by it, late it stays late.
    pub fn drop(&mut self, at: i64, by: By<'_>) {
        if self.is_running() && !self.was_late {
            self.cut(at, by);
            self.is_unjudged = !self.was_late;
        }
    }

    /// Rejected or not filed: in time nobody is judged by it as long as that stands.
    pub fn refuse(&mut self, at: i64, by: By<'_>) {
        if self.is_running() && !self.was_late && !self.is_away {
            self.drop(at, by);
            self.is_refused = true;
        }
    }

    pub fn take_on(&mut self, at: i64, suspended_since: Option<i64>) {
        if self.is_refused {
            (self.is_refused, self.is_unjudged, self.is_cut, self.stopped) = (false, false, false, None);
            self.look(at);
            if !self.was_late {
                self.stand_still(at, suspended_since);
            }
        }
    }

    /// By the due that it had before anything moved it.
    pub fn is_past_first(&self, at: i64) -> bool {
        self.original.is_some_and(|due| at > due || (at == due && clock(due) == 0))
    }

    pub fn cut_running(&mut self, at: i64, by: By<'_>) {
        if self.is_running() {
            self.cut(at, by);
        }
    }

    fn stop(&mut self, at: i64, by: By<'_>) {
        if let Some(paused) = self.paused.take()
            && !self.was_late
            && !self.is_past(paused.since)
        {
            self.due = self.due.map(|due| after_pause(due, paused.from, at, by));
        }
        self.was_late |= self.is_past(at);
        self.stopped = Some(at);
    }

    /// Run again, to the same due or to another; what was missed stays missed, and keeps its due.
    pub fn again(&mut self, at: i64, due: Option<i64>, suspended_since: Option<i64>) {
        self.stopped = None;
        (self.is_cut, self.is_unjudged, self.is_refused) = (false, false, false);
        self.stand_still(at, suspended_since);
        if !self.was_late && self.due.is_some() && due.is_some() {
            self.due = due;
            self.is_at_once = false;
        }
    }

    /// Another due was right from the start, also for a pause that stands: since it began, or since the start if that came later.
    pub fn keeps_pause_and_times_of(&mut self, before: &Self, suspended_since: Option<i64>) {
        self.times = before.times;
        if before.due.is_some() && (before.is_running() || before.is_refused) {
            let since = suspended_since.max(before.since).filter(|_| suspended_since.is_some());
            self.paused = before.paused.or(since.map(|since| Pause { since, from: since }));
        }
    }

    /// Sent back to work. True where the verdict stands, so that a new limit is another clock.
    pub fn rework(&mut self, at: i64, due: Option<i64>, suspended_since: Option<i64>) -> bool {
        if self.since.is_none() || self.is_unjudged || self.is_paused() {
            return false;
        }
        let is_kept = self.stopped.is_some_and(|answered| !self.is_past_first(answered));
        self.was_met_by_original |= self.is_past_first(at) && is_kept;
        if self.was_late {
            self.stopped = None;
        } else if !self.is_past(at) {
            self.again(at, due, suspended_since);
            return false;
        }
        true
    }
}

/// In the unit of the limit where there is one, by the clock where there is none.
fn after_pause(due: i64, paused: i64, resumed: i64, by: By<'_>) -> i64 {
    let Some(stage) = by.stage else { return due + resumed - paused };
    let calendar = by.calendar;
    match stage.limit.unit {
        Unit::Minute => due + resumed - paused,
        Unit::WorkHour => {
            let moved = calendar.after_work(due, calendar.work_between(paused, resumed));
            let until = if clock(moved) == 0 { moved - 1 } else { moved };
            // A paused clock is not late: who is resumed behind it has the next instant of work.
            if resumed > until { calendar.after_work(resumed, 1) } else { moved }
        }
        unit @ (Unit::WorkDay | Unit::NaturalDay) => {
            let only_worked = unit == Unit::WorkDay;
            let days = calendar.days_passed(paused, resumed, only_worked);
            let moved = if days == 0 { due } else { calendar.due_days_on(due, days, only_worked) };
            let until = if clock(moved) == 0 { moved - 1 } else { moved };
            if resumed > until { calendar.due_days_on(moved, 1, only_worked) } else { moved }
        }
    }
}

fn once_more(due: i64, limit: Limit, calendar: &Calendar) -> i64 {
    match limit.unit {
        Unit::WorkDay => calendar.due_days_on(due, limit.n, true),
        Unit::NaturalDay => calendar.due_days_on(due, limit.n, false),
        _ => calendar.due(due, limit),
    }
}
