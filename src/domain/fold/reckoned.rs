//! The dues reckoned once more, where something turns out never to have been otherwise: another rule judges, or the case was closed at
//! another time. Everything is folded again under what is known now, and its dues and clocks are taken over; what they
//! said until then stays said, in the history and as spans that have ended.

use super::{folding::Folding, order_at};
use crate::domain::{
    case::Case,
    event::Event,
    fact::{Correction, Fact},
    stream::Meaning,
    time::Millis,
};

#[derive(Clone, Copy, Debug)]
struct Told<'a> {
    at: Millis,
    event: &'a Event,
    is_second_close: bool,
}

/// What was taken so far, in the order of its right times.
#[derive(Debug, Default)]
pub(super) struct Taken<'a> {
    facts: Vec<Told<'a>>,
    /// The one that closed the case, as long as it is closed.
    pub(super) closer: Option<&'a Event>,
    /// The one of which the stated due was accepted when it came; it stays so.
    pub(super) accepted: Option<&'a Event>,
}

impl<'a> Taken<'a> {
    pub(super) fn add(&mut self, at: Millis, event: &'a Event, is_second_close: bool) {
        self.facts.push(Told { at, event, is_second_close });
    }

    /// The last one.
    pub(super) fn current(&self) -> Option<&'a Event> {
        self.facts.last().map(|fact| fact.event)
    }

    /// Its due was accepted, by what was known then.
    pub(super) fn is_accepted(&self) -> bool {
        self.accepted.zip(self.current()).is_some_and(|(one, other)| std::ptr::eq(one, other))
    }

    /// The close that stands was at another time. A second one changed nothing, wherever the first is moved to.
    fn set_close_right(&mut self, right: Millis) -> bool {
        let Some(closer) = self.closer else { return false };
        let Some(fact) = self.facts.iter_mut().find(|fact| std::ptr::eq(fact.event, closer) && fact.at != right) else {
            return false;
        };
        fact.at = right;
        self.facts.retain(|fact| !fact.is_second_close);
        self.facts.sort_by(|one, other| order_at(one.at, one.event).cmp(&order_at(other.at, other.event)));
        true
    }
}

impl<'a> Folding<'a> {
    /// True where the fact says that the close that stands was at another time.
    pub(super) fn sets_close_right(&mut self, fact: &Fact, was_closed: bool) -> bool {
        let Fact::Corrected { correction: Correction::ClosedAt(right), .. } = fact else { return false };
        let means_close = |event: &Event| self.rules.stream.meaning(event.fact.kind()) == Meaning::Closed;
        was_closed && self.told.closer.is_some_and(means_close) && self.told.set_close_right(*right)
    }

    pub(super) fn reckon_again(&mut self, at: Millis) {
        let mut again =
            Self::new(self.rules, Case { stream: self.case.stream.clone(), quantity: 1, ..Case::default() });
        again.is_again = true;
        again.timing.settle(&self.timing);
        again.told.accepted = self.told.accepted;
        for fact in &self.told.facts {
            again.take_at(fact.at, fact.event);
        }
        (self.stated, self.original, self.answered_at) = (again.stated, again.original, again.answered_at);
        (self.told_when_closed, self.is_direct) = (again.told_when_closed, again.is_direct);
        (self.told.accepted, self.resumed_with) = (again.told.accepted, None);
        // What was granted or refused was so by what was known then.
        self.seen_extensions = again.seen_extensions;
        self.passed_to = again.passed_to;
        for (one, right) in self.case.assignments.iter_mut().zip(&again.case.assignments) {
            // So was what was given back, and it is counted.
            if !one.is_given_back() && !right.is_given_back() {
                (one.outcome, one.ended_at) = (right.outcome, right.ended_at);
            }
        }
        self.timing.take_over(again.timing, at, &self.case.assignments);
    }
}
