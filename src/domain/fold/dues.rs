//! A due that events state. It beats the policy, and moves only by an extension in time, a pause, a reopening that states
//! another one, or a correction.

use super::folding::Folding;
use crate::domain::time::{Due, Millis};

/// For a stated due nobody says from when on it is urgent: when so much of the time has passed, on the clock on the wall.
const YELLOW_PERCENT: i64 = 80;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StatedDue {
    pub(super) due: Option<Due>,
    pub(super) original: Option<Due>,
    pub(super) was_red: bool,
}

impl StatedDue {
    pub(super) fn of(due: Due) -> Self {
        Self { due: Some(due), original: Some(due), was_red: false }
    }

    /// The first due that is stated is the one, so that sending a late case to another unit cannot cure it.
    pub(super) fn state(&mut self, due: Option<Due>) {
        if self.original.is_none() && due.is_some() {
            self.original = due;
            self.due = self.due.or(due);
        }
    }

    /// What is open behind its due is late.
    pub(super) fn look(&mut self, at: Millis) {
        self.was_red |= self.is_past(at);
    }

    pub(super) fn is_past(&self, at: Millis) -> bool {
        self.due.is_some_and(|due| !due.is_met_at(at))
    }

    pub(super) fn go_on(&mut self, paused_at: Millis, at: Millis, stated: Option<Due>) {
        self.due = stated.or_else(|| self.due.map(|old| old.after_pause(paused_at, at)));
    }

    /// A reopening may give another due; nobody is late for it yet.
    pub(super) fn replace(&mut self, due: Option<Due>) {
        self.due = due.or(self.due);
    }

    /// The due was never another one.
    pub(super) fn correct(&mut self, due: Due, done_or_now: Millis) {
        if self.original == self.due {
            self.original = Some(due);
        }
        self.due = Some(due);
        self.was_red = !due.is_met_at(done_or_now);
    }

    pub(super) fn yellow_from(&self, since: Millis) -> Option<Millis> {
        self.due.map(|due| since.plus(due.at.since(since).max(0) / 100 * YELLOW_PERCENT))
    }
}

impl Folding<'_> {
    /// Before a fact is taken: what is open and not paused may have become late since the last one.
    pub(super) fn look(&mut self, at: Millis) {
        if self.case.milestones.closed_at.is_none() && self.paused_at.is_none() {
            self.stated.look(at);
        }
    }

    /// An approval that comes too late cures nothing. Without a due of its own it means what the policy says.
    pub(super) fn extend(&mut self, at: Millis, due: Option<Due>) {
        if self.stated.due.is_none() && (due.is_none() || self.timing.due().is_some()) {
            return; // the clock of the policy decides
        }
        let is_late = self.stated.is_past(at) && self.paused_at.is_none();
        let new = due.or_else(|| self.timing.extended(self.stated.due?, at));
        match new {
            Some(new) if !is_late => {
                self.stated.due = Some(new);
                self.case.counts.extensions += 1;
                self.case.milestones.extended_at.get_or_insert(at);
            }
            _ => self.case.counts.late_extensions += 1,
        }
    }

    /// What an event states, or else what the clock of the policy says.
    pub(super) fn due(&self) -> Option<Due> {
        self.stated.due.or_else(|| self.timing.due())
    }

    pub(super) fn original_due(&self) -> Option<Due> {
        if self.stated.due.is_some() { self.stated.original } else { self.timing.original_due() }
    }

    /// For the policy's dues the clock counts extensions, and says which of them moved nothing.
    pub(super) fn count_extensions(&mut self, at: Millis) {
        if self.stated.due.is_some() {
            return;
        }
        let (extensions, idle) = self.timing.extensions();
        let counts = &mut self.case.counts;
        if extensions > counts.extensions {
            self.case.milestones.extended_at.get_or_insert(at);
        }
        (counts.extensions, counts.late_extensions) = (extensions, idle);
    }
}
