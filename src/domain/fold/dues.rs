//! The due of the case. What an event states beats the policy; what has passed is decided, and nothing but a correction, or a policy
//! that says so by name, moves it then.

use super::folding::{Folding, Original};
use crate::domain::{
    clock::{Extensions, Happening, Reading, Runner},
    stream::{Finish, Meaning},
    time::{Due, Millis},
};

/// For a stated due nobody says from when on it is urgent: when so much of the time has passed, on the clock on the wall.
const YELLOW_PERCENT: i64 = 80;

impl Folding<'_> {
    /// Before a fact is taken: what is open and not paused may have become late since the last one.
    pub(super) fn look(&mut self, at: Millis) {
        if let Some(stated) = &mut self.stated {
            stated.look(at);
        }
        let Some(due) = self.case.original_due.filter(|due| !due.is_met_at(at)) else { return };
        if self.original.is_none_or(|original| original.due != due) {
            let is_kept = self.finished_at().is_some_and(|finished| due.is_met_at(finished));
            self.original = Some(Original { due, is_kept });
        }
    }

    /// The original due was kept when it passed, whatever was sent back to work since.
    pub(super) fn is_original_kept(&self) -> bool {
        let due = self.case.original_due;
        self.original.is_some_and(|original| original.is_kept && Some(original.due) == due)
    }

    /// What an event states, or else what the clock of the policy says.
    pub(super) fn reading(&self) -> Option<Reading> {
        let of_policy = || self.timing.reading().filter(|reading| !reading.is_returned);
        self.stated.as_ref().and_then(Runner::reading).or_else(of_policy)
    }

    pub(super) fn due(&self) -> Option<Due> {
        self.reading().map(|reading| reading.due)
    }

    /// The due had passed by then, unless it stood still: was it met? None: it had not.
    pub(super) fn was_met(&self, at: Millis) -> Option<bool> {
        let reading = self.reading()?;
        let until = if reading.is_paused { self.paused_at.unwrap_or(at) } else { at };
        let is_met = || self.finished_at().is_some_and(|finished| reading.due.is_met_at(finished));
        (!reading.due.is_met_at(until)).then(is_met)
    }

    /// The first due that is stated is the one, so that sending a late case to another unit cannot cure it. Where the policy's has
    /// passed, it comes too late.
    pub(super) fn state(&mut self, at: Millis, due: Option<Due>) {
        let Some(due) = due.filter(|_| self.stated.is_none()) else { return };
        if self.was_met(at).is_some() && !self.told.is_accepted() {
            self.case.counts.irregular += 1;
            return;
        }
        self.told.accepted = self.told.current();
        // By the policy's original one it has been judged, if that has passed.
        let judged = self.timing.in_force().map(|reading| reading.original_due).filter(|due| !due.is_met_at(at));
        self.begin_stated(at, due);
        if let (Some(judged), Some(stated)) = (judged, &mut self.stated) {
            stated.set_original(judged);
        }
    }

    fn begin_stated(&mut self, at: Millis, due: Due) {
        let mut stated = Runner::of_stated(due, at, self.timing.by(&self.case.unit));
        if let Some(finished) = self.finished_at_under(true) {
            stated.take(None, finished, Happening::Stop);
        } else if self.paused_at.is_some() {
            stated.take(None, at, Happening::Pause);
        }
        self.stated = Some(stated);
    }

    /// A resumption or a reopening names another due. What was missed is not cured by it.
    fn name(&mut self, at: Millis, due: Due) {
        let before = self.timing.in_force().map(|reading| reading.original_due);
        self.begin_stated(at, due);
        if let (Some(before), Some(stated)) = (before, &mut self.stated) {
            stated.set_original(before);
        }
    }

    /// What happens to the stated due.
    pub(super) fn stated_hears(&mut self, at: Millis, happening: Happening) {
        let by = self.timing.by(&self.case.unit);
        if let Some(stated) = &mut self.stated {
            stated.move_by(by);
            stated.take(None, at, happening);
        }
    }

    /// An approval that comes too late cures nothing. Without a due of its own it means what the policy says.
    pub(super) fn extend(&mut self, at: Millis, due: Option<Due>) {
        let Some(before) = self.stated.as_ref().and_then(Runner::reading) else {
            // The clock of the policy decides; where there is none, the approval states the due.
            let is_closed = self.case.milestones.closed_at.is_some();
            if !is_closed && self.timing.in_force().is_none() {
                self.state(at, due);
            }
            return;
        };
        self.stated_hears(at, Happening::ExtensionApproved { due });
        let Some(after) = self.stated.as_ref().and_then(Runner::reading) else { return };
        self.count(at, after.counted().since(before.counted()));
    }

    /// The end of a pause, while it still is one.
    pub(super) fn go_on(&mut self, at: Millis, named: Option<Due>) {
        if self.stated.is_some() {
            self.stated_hears(at, Happening::Resume { due: named });
        } else if let Some(due) = named {
            match self.was_met(at) {
                Some(_) if !self.told.is_accepted() => self.case.counts.irregular += 1,
                _ => {
                    self.told.accepted = self.told.current();
                    self.resumed_with = Some(due);
                }
            }
        }
    }

    /// The case is no longer suspended.
    pub(super) fn name_resumed(&mut self, at: Millis) {
        if let Some(due) = self.resumed_with.take() {
            self.name(at, due);
        }
    }

    /// Open again, after the close was taken away. `was_met` is of the close.
    pub(super) fn reopen_due(&mut self, at: Millis, named: Option<Due>, was_missed: bool) {
        self.answered_at = None;
        if let Some(original) = &mut self.original {
            original.is_kept = false;
        }
        match named {
            Some(due) if self.stated.is_none() && !was_missed => self.name(at, due),
            _ => self.stated_hears(at, Happening::Reopened { due: named.filter(|_| !was_missed) }),
        }
        if self.due().is_none() {
            let told = self.told_when_closed.take();
            self.state(at, told);
        }
    }

    /// The due was never another one.
    pub(super) fn correct_due(&mut self, at: Millis, due: Due) {
        let done_or_now = self.case.milestones.closed_at.unwrap_or(at);
        self.original = None;
        match &mut self.stated {
            Some(stated) => stated.correct(due, self.answered_at.unwrap_or(done_or_now), self.paused_at),
            None => {
                // What had been moved was another due before.
                let before = self.timing.in_force();
                self.begin_stated(at, due);
                let (Some(before), Some(stated)) = (before, &mut self.stated) else { return };
                stated.set_granted(before.extensions);
                if before.original_due != before.due {
                    stated.set_original(before.original_due);
                }
                if let Some(paused_at) = self.paused_at.filter(|_| before.stopped_at.is_none()) {
                    stated.stand_since(before.paused_since.unwrap_or(paused_at.max(before.started_at)));
                }
            }
        }
    }

    /// An answer, where the stream says that the due is about it. The first one counts.
    pub(super) fn be_done(&mut self, at: Millis) {
        if self.answered_at.is_none() && self.case.milestones.closed_at.is_none() {
            self.answered_at = Some(at);
            self.stated_hears(at, Happening::Stop);
        }
    }

    /// Sent back to work: what was in time when its due passed stays so.
    pub(super) fn send_back(&mut self, at: Millis) {
        if self.case.milestones.closed_at.is_some() {
            return;
        }
        if self.was_met(at) != Some(true) {
            self.answered_at = None;
        }
        self.stated_hears(at, Happening::Rework);
        if self.answered_at.is_none() && self.paused_at.is_some() {
            self.stated_hears(at, Happening::Pause);
        }
    }

    /// What the due is compared with, as far as it has happened. Whoever answered after the close had finished with the close.
    pub(super) fn finished_at(&self) -> Option<Millis> {
        self.finished_at_under(self.stated.is_some())
    }

    fn finished_at_under(&self, is_stated: bool) -> Option<Millis> {
        let found = match self.finish_is_by_stream() {
            true => self.answered_at,
            false if is_stated || self.rules.stream.finish == Some(Finish::Closed) => None,
            false => {
                self.timing.reading().filter(|reading| !reading.is_returned).and_then(|reading| reading.stopped_at)
            }
        };
        match self.case.milestones.closed_at {
            Some(closed_at) => Some(found.unwrap_or(closed_at).min(closed_at)),
            None => found,
        }
    }

    /// The stream says which fact finishes the work; else the kind of the due does.
    fn finish_is_by_stream(&self) -> bool {
        let stream = &self.rules.stream;
        stream.declares(Meaning::Handled) || matches!(stream.finish, Some(Finish::Submitted | Finish::CheckPassed))
    }

    /// Is this an answer by the stream's word?
    pub(super) fn is_finish(&self, finish: Finish) -> bool {
        !self.rules.stream.declares(Meaning::Handled) && self.rules.stream.finish == Some(finish)
    }

    pub(super) fn yellow_from(&mut self) -> Option<Millis> {
        let Some(stated) = self.stated.as_ref().and_then(Runner::reading) else { return self.timing.yellow_from() };
        let marks = &self.case.milestones;
        let since = marks.received_at.or(marks.first_event_at)?;
        Some(since.plus(stated.due.at.since(since).max(0) / 100 * YELLOW_PERCENT))
    }

    /// For the policy's dues the clock counts extensions, and says which of them moved nothing.
    pub(super) fn count_extensions(&mut self, at: Millis) {
        let now = self.timing.reading().map(|reading| reading.counted()).unwrap_or_default();
        let new = now.since(std::mem::replace(&mut self.seen_extensions, now));
        if self.stated.is_none() {
            self.count(at, new);
        }
    }

    fn count(&mut self, at: Millis, new: Extensions) {
        let counts = &mut self.case.counts;
        if new.moved > 0 {
            self.case.milestones.extended_at.get_or_insert(at);
        }
        counts.extensions += new.moved;
        counts.late_extensions += new.idle;
        counts.irregular += new.excess;
    }
}
