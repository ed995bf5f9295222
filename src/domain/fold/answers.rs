//! 回访: what the citizen says, and what reviews make of it.

use super::folding::Folding;
use crate::domain::{
    case::CitizenAnswer,
    fact::{Fact, Revisit, Satisfaction},
    time::Millis,
};

impl Folding<'_> {
    /// What a later call does not ask stays as it was said.
    pub(super) fn revisit(&mut self, at: Millis, revisit: &Revisit) {
        self.answer(at, |answer| {
            answer.attempts += 1;
            answer.reached += u32::from(revisit.reached);
            answer.first_contact = revisit.first_contact.or(answer.first_contact);
            answer.solved = revisit.solved.or(answer.solved);
            answer.satisfaction = revisit.satisfaction.or(answer.satisfaction);
        });
    }

    /// What the stream takes for a word of satisfaction; a check that is not passed is the contrary.
    pub(super) fn be_satisfied(&mut self, at: Millis, fact: &Fact) {
        let is_not = matches!(fact, Fact::Checked { passed: false, .. });
        let said = if is_not { Satisfaction::Dissatisfied } else { Satisfaction::Satisfied };
        self.answer(at, |answer| answer.satisfaction = Some(said));
    }

    /// A review puts right what was said; before anybody was asked, it is kept for the first answer.
    pub(super) fn review(&mut self, at: Millis, change: impl FnOnce(&mut CitizenAnswer)) {
        if self.case.answers.is_empty() {
            return change(&mut self.unasked);
        }
        self.answer(at, change);
    }

    /// The answer from `at` on; several changes of one instant are one.
    fn answer(&mut self, at: Millis, change: impl FnOnce(&mut CitizenAnswer)) {
        let answers = &mut self.case.answers;
        let mut answer = answers.last().copied().unwrap_or(self.unasked);
        answer.since = at;
        change(&mut answer);
        if answers.last().is_some_and(|last| last.since == at) {
            answers.pop();
        }
        answers.push(answer);
    }
}
