//! After each fact: the step that the history keeps.

use super::folding::Folding;
use crate::domain::{
    history::{Standing, Step},
    marks::{Mark, Marks},
    time::Millis,
};

impl Folding<'_> {
    /// Puts the standing after this fact into the history.
    pub(super) fn note(&mut self, at: Millis) {
        self.count_extensions(at);
        let marks = &self.case.milestones;
        let (received_at, closed_at) = (marks.received_at, marks.closed_at);
        let reading = self.reading();
        self.case.due = reading.map(|reading| reading.due);
        self.case.original_due = reading.map(|reading| reading.original_due);
        self.case.suspended_since = self.paused_at;
        self.case.policy_due = self.timing.due();
        if self.is_again {
            return;
        }
        self.case.judged_by = self.timing.judged_by();
        let yellow_from = self.yellow_from();
        self.case.history.note(Step {
            at,
            standing: self.standing(),
            received_at,
            closed_at,
            finished_at: self.finished_at(),
            due: self.case.due,
            original_due: self.case.original_due,
            yellow_from,
            worked_ms: received_at.zip(closed_at).and_then(|(from, until)| self.timing.worked(from, until)),
            quantity: self.case.quantity,
            suspended_since: self.paused_at,
            paused_ms: self.case.counts.paused_ms,
            longest_pause_ms: self.case.counts.longest_pause_ms,
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
        } else if self.finished_at().is_some() {
            Standing::Answered
        } else {
            Standing::Open
        }
    }

    fn marks(&self) -> Marks {
        let case = &self.case;
        let (counting, results) = (self.rules.stream.counting, &self.rules.stream.results);
        let is_direct = self.is_direct;
        let is_duplicate = !case.attributes.repeat_of.is_empty();
        let is_out_of_base = (is_duplicate && !counting.duplicates) || (is_direct && !counting.direct_answers);
        Marks::default()
            .with(Mark::DueIsExclusive, case.due.is_some_and(|due| due.is_exclusive))
            .with(Mark::OriginalDueIsExclusive, case.original_due.is_some_and(|due| due.is_exclusive))
            .with(Mark::Provisional, case.judged_by.is_provisional && self.stated.is_none())
            .with(Mark::Unassessed, case.is_assessed == Some(false))
            .with(Mark::Exempt, case.is_exempt)
            .with(Mark::Duplicate, is_duplicate)
            .with(Mark::DirectAnswer, is_direct)
            .with(Mark::PatrolDealt, case.is_patrol_dealt)
            .with(Mark::OutOfBase, is_out_of_base)
            .with(Mark::ResultSolved, results.solved.contains(&case.result))
            .with(Mark::ResultExplained, results.explained.contains(&case.result))
            .with(Mark::WasRed, self.was_red())
            .with(Mark::ClosedBeforeReceipt, self.is_closed_before_receipt())
            .with(Mark::DueIsHeld, self.is_due_held())
            .with(Mark::HistoryLimited, case.is_history_limited)
            .with(Mark::OriginalIsKept, self.is_original_kept())
    }

    fn is_closed_before_receipt(&self) -> bool {
        let marks = &self.case.milestones;
        marks.closed_at.zip(marks.received_at).is_some_and(|(closed, received)| closed < received)
    }

    /// The due stands still in a pause that began before it passed.
    fn is_due_held(&self) -> bool {
        self.reading().is_some_and(|reading| reading.is_paused)
    }

    fn was_red(&self) -> bool {
        self.reading().is_some_and(|reading| reading.ever_red) || self.is_red_by_source
    }
}
