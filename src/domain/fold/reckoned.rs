//! The dues reckoned once more, where something turns out never to have been otherwise: another rule judges, or the case was closed at
//! another time. Everything is folded again under what is known now, and its dues and clocks are taken over; what they
//! said until then stays said, in the history and as spans that have ended.

use super::folding::Folding;
use crate::domain::{
    case::Case,
    event::Event,
    fact::{Correction, Fact},
    stream::Meaning,
    time::Millis,
};

impl<'a> Folding<'a> {
    /// True where the fact says that the close that stands was at another time.
    pub(super) fn sets_close_right(&mut self, fact: &Fact, was_closed: bool) -> bool {
        let Fact::Corrected { correction: Correction::ClosedAt(right), .. } = fact else { return false };
        let means_close = |event: &Event| {
            event.fact.is_patrol_dealt() || self.rules.stream.meaning(event.fact.kind()) == Meaning::Closed
        };
        was_closed && self.told.closer.is_some_and(means_close) && self.told.set_close_right(*right)
    }

    pub(super) fn reckon_again(&mut self, at: Millis) {
        let mut again =
            Self::new(self.rules, Case { stream: self.case.stream.clone(), quantity: 1, ..Case::default() });
        again.is_again = true;
        again.timing.settle(&self.timing);
        again.told.accepted = self.told.accepted;
        for fact in &self.told.facts {
            again.take_as(*fact);
        }
        (self.stated, self.original, self.answered_at) = (again.stated, again.original, again.answered_at);
        (self.told_when_closed, self.is_direct) = (again.told_when_closed, again.is_direct);
        self.resumed_with = None;
        // Accepted by what was known then is only what the fact being taken states.
        if again.told.is_accepted() {
            self.told.accepted = again.told.accepted;
        }
        // What was granted or refused was so by what was known then.
        self.seen_extensions = again.seen_extensions;
        self.passed_to = again.passed_to;
        for (one, right) in self.case.assignments.iter_mut().zip(&again.case.assignments) {
            (one.outcome, one.ended_at) = (right.outcome, right.ended_at);
        }
        self.timing.take_over(again.timing, at, &self.case.assignments);
    }
}
