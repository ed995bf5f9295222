//! The row's one word for where the case stands, taken apart: closed, suspended, void and not taken on lie across
//! each other, and a row shows only one of them.

use smol_str::SmolStr;

use super::{
    facts::Facts,
    row::Status,
    step::{Step, newly},
};
use crate::domain::{
    fact::{Correction, Fact, Reason},
    time::Millis,
};

#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The close that stands; a void case keeps it underneath.
    closed_at: Option<Millis>,
    reopened_at: Option<Millis>,
    is_suspended: bool,
    is_void: bool,
    /// Rejected or not filed.
    excluded: Option<Status>,
}

impl Standing {
    pub(super) fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// From where the case stood to where the row says it stands.
    pub(super) fn follow(&mut self, status: Status, step: &Step<'_>, facts: &mut Facts<'_>) {
        let seen_at = facts.seen_at();
        if self.is_void && status != Status::Void {
            self.is_void = false;
            facts.add(seen_at, Fact::VoidRevoked(Reason::default()));
        }
        match status {
            Status::Open => {
                self.reopen(step, facts);
                self.resume(step, facts);
                self.take_on(step, facts);
            }
            Status::Suspended => {
                self.reopen(step, facts);
                self.take_on(step, facts);
                if !self.is_suspended {
                    self.is_suspended = true;
                    facts.add(seen_at, Fact::Suspended { reason: Reason::default() });
                }
            }
            Status::Closed => self.close(self.own_time(step).unwrap_or(seen_at), step, facts),
            Status::Void => self.void(step, facts),
            Status::Rejected | Status::NotFiled => self.exclude(status, step, facts),
        }
    }

    /// The row's time of closing, unless it is left over from before the case was reopened.
    fn own_time(&self, step: &Step<'_>) -> Option<Millis> {
        step.after.closed_at.filter(|at| self.reopened_at.is_none_or(|reopened| *at > reopened))
    }

    fn close(&mut self, at: Millis, step: &Step<'_>, facts: &mut Facts<'_>) {
        match self.closed_at.replace(at) {
            None => {
                self.excluded = None;
                if std::mem::take(&mut self.is_suspended) && step.due.is_some() {
                    // The close ends the pause anyway; what the pause did to the due, the row knows best.
                    facts.carries_due = true;
                    facts.add(at, Fact::Resumed { due: step.due });
                }
                facts.carries_result = true;
                let (how, result) = (step.after.how.clone(), step.after.result.clone());
                facts.add(at, Fact::Closed { how, result });
            }
            Some(old) if old != at && step.after.closed_at == Some(at) => {
                facts.correct("closed_at", Correction::ClosedAt(at), "");
            }
            // Still closed, and still without a time of its own.
            Some(old) => self.closed_at = Some(old),
        }
    }

    fn void(&mut self, step: &Step<'_>, facts: &mut Facts<'_>) {
        // Closed and then made void, between two rows; or closed at another time than the rows said before.
        if let Some(at) = self.own_time(step) {
            self.close(at, step, facts);
        }
        if !self.is_void {
            self.is_void = true;
            facts.add(facts.seen_at(), Fact::Voided(Reason::default()));
        }
    }

    fn reopen(&mut self, step: &Step<'_>, facts: &mut Facts<'_>) {
        if self.closed_at.take().is_some() {
            self.reopened_at = Some(facts.seen_at());
            let due = step.due.filter(|due| step.before.intake.due != Some(*due));
            facts.carries_due |= due.is_some();
            facts.add(facts.seen_at(), Fact::Reopened { due, reason: Reason::default() });
        }
    }

    fn resume(&mut self, step: &Step<'_>, facts: &mut Facts<'_>) {
        if std::mem::take(&mut self.is_suspended) {
            facts.carries_due |= step.due.is_some();
            facts.add(facts.seen_at(), Fact::Resumed { due: step.due });
        }
    }

    fn exclude(&mut self, status: Status, step: &Step<'_>, facts: &mut Facts<'_>) {
        self.reopen(step, facts);
        if self.excluded.replace(status) != Some(status) {
            let fact = if status == Status::Rejected { Fact::Rejected } else { Fact::NotFiled };
            facts.add(facts.seen_at(), fact(Reason::default()));
        }
    }

    /// A case that was not taken on is at work after all. Where the row has no new time that says so, it is now.
    fn take_on(&mut self, step: &Step<'_>, facts: &mut Facts<'_>) {
        let seen_at = facts.seen_at();
        match self.excluded.take() {
            Some(Status::Rejected) if newly(step.before.accepted_at, step.after.accepted_at).is_none() => {
                facts.add(seen_at, Fact::Accepted(Box::default()));
            }
            Some(Status::NotFiled) if newly(step.before.filed_at, step.after.filed_at).is_none() => {
                let condition = step.after.filing_condition.clone();
                facts.add(seen_at, Fact::Filed { condition, urgency: SmolStr::default(), due: None });
            }
            _ => {}
        }
    }
}
