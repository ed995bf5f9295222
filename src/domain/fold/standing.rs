//! After each fact: the step that the history keeps.

use super::{codes, folding::Folding};
use crate::domain::{
    history::{Standing, Step},
    marks::{Mark, Marks},
    stream::{Finish, Meaning},
    time::Millis,
};

impl Folding<'_> {
    /// Puts the standing after this fact into the history.
    pub(super) fn note(&mut self, at: Millis) {
        self.count_extensions(at);
        let marks = &self.case.milestones;
        let (received_at, closed_at) = (marks.received_at, marks.closed_at);
        let since = received_at.or(marks.first_event_at);
        let yellow_from = if self.stated.due.is_some() {
            since.and_then(|since| self.stated.yellow_from(since))
        } else {
            self.timing.yellow_from()
        };
        self.case.due = self.due();
        self.case.original_due = self.original_due();
        self.case.policy_due = self.timing.due();
        self.case.judged_by = self.timing.judged_by();
        self.case.history.note(Step {
            at,
            standing: self.standing(),
            received_at,
            closed_at,
            finished_at: closed_at.map(|closed_at| self.finished_at(closed_at)),
            due: self.case.due,
            original_due: self.case.original_due,
            yellow_from,
            worked_ms: received_at.zip(closed_at).and_then(|(from, until)| self.timing.worked(from, until)),
            quantity: self.case.quantity,
            marks: self.marks(),
        });
    }

    fn standing(&self) -> Standing {
        if self.case.is_void {
            Standing::Void
        } else if self.is_excluded {
            Standing::Excluded
        } else if self.case.milestones.received_at.is_none() {
            Standing::Pending
        } else if self.case.milestones.closed_at.is_some() {
            Standing::Closed
        } else if self.case.is_suspended {
            Standing::Suspended
        } else {
            Standing::Open
        }
    }

    /// What the due is compared with. Whoever answered after the close had finished with the close.
    fn finished_at(&self, closed_at: Millis) -> Millis {
        let marks = &self.case.milestones;
        if self.rules.stream.declares(Meaning::Handled) {
            return self.handled_at.unwrap_or(closed_at).min(closed_at);
        }
        let found = match self.rules.stream.finish {
            Some(Finish::Closed) => None,
            Some(Finish::Submitted) => marks.last_submitted_at,
            Some(Finish::CheckPassed) => marks.last_passed_at,
            None if self.stated.due.is_some() => None,
            None => self.timing.stopped_at(),
        };
        found.unwrap_or(closed_at).min(closed_at)
    }

    fn marks(&self) -> Marks {
        let case = &self.case;
        let (counting, results) = (self.rules.stream.counting, &self.rules.stream.results);
        let is_direct = codes::DIRECT_ANSWER.contains(&case.how.as_str()) && case.counts.dispatches == 0;
        let is_duplicate = !case.attributes.repeat_of.is_empty();
        let is_out_of_base = (is_duplicate && !counting.duplicates) || (is_direct && !counting.direct_answers);
        Marks::default()
            .with(Mark::DueIsExclusive, case.due.is_some_and(|due| due.is_exclusive))
            .with(Mark::OriginalDueIsExclusive, case.original_due.is_some_and(|due| due.is_exclusive))
            .with(Mark::Provisional, case.judged_by.is_provisional && self.stated.due.is_none())
            .with(Mark::Unassessed, case.is_assessed == Some(false))
            .with(Mark::Exempt, case.is_exempt)
            .with(Mark::Duplicate, is_duplicate)
            .with(Mark::DirectAnswer, is_direct)
            .with(Mark::PatrolDealt, case.is_patrol_dealt)
            .with(Mark::OutOfBase, is_out_of_base)
            .with(Mark::ResultSolved, results.solved.contains(&case.result))
            .with(Mark::ResultExplained, results.explained.contains(&case.result))
            .with(Mark::WasRed, self.was_red())
    }

    fn was_red(&self) -> bool {
        let of_due = if self.stated.due.is_some() { self.stated.was_red } else { self.timing.was_red() };
        of_due || self.is_red_by_source
    }
}
