//! What a case was told, in the order of its right times: kept, so that it can be folded once more.

use super::order_at;
use crate::domain::{event::Event, fact::FactKind, time::Millis};

#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) at: Millis,
    pub(super) event: &'a Event,
    /// A second close, or a reopening of an open case: it changed nothing, wherever the close is moved to.
    is_idle: bool,
    /// A close, of which only that somebody was at work still holds: it was a second one, or is at another time.
    pub(super) is_mere_work: bool,
    /// A report of what was put right on the spot, which closes nothing: the case was closed already, or its close is at another time.
    pub(super) is_receipt: bool,
    /// The assignment that a return or a withdrawal was about when it came.
    pub(super) gave_back: Option<Option<u16>>,
}

/// What was taken so far, in the order of its right times.
#[derive(Debug, Default)]
pub(super) struct Taken<'a> {
    pub(super) facts: Vec<Told<'a>>,
    /// The one that closed the case, as long as it is closed.
    pub(super) closer: Option<&'a Event>,
    /// The last one that opened it again.
    reopener: Option<Told<'a>>,
    /// The one of which the stated due was accepted when it came; it stays so.
    pub(super) accepted: Option<&'a Event>,
}

impl<'a> Told<'a> {
    pub(super) fn new(at: Millis, event: &'a Event) -> Self {
        Self { at, event, is_idle: false, is_mere_work: false, is_receipt: false, gave_back: None }
    }

    fn is_of(&self, event: &Event) -> bool {
        std::ptr::eq(self.event, event)
    }
}

impl<'a> Taken<'a> {
    /// `means_close`: by the stream's word.
    pub(super) fn add(&mut self, fact: Told<'a>, was_closed: bool, means_close: bool) {
        let kind = fact.event.fact.kind();
        self.facts.push(Told {
            is_idle: fact.is_idle || if was_closed { means_close } else { kind == FactKind::Reopened },
            is_receipt: fact.is_receipt || (was_closed && fact.event.fact.is_patrol_dealt()),
            ..fact
        });
    }

    /// The last one.
    pub(super) fn current(&self) -> Option<&'a Event> {
        self.facts.last().map(|fact| fact.event)
    }

    /// The last one opened the case again.
    pub(super) fn reopen(&mut self) {
        self.reopener = self.facts.last().copied();
    }

    /// The last one gave back this assignment, or none.
    pub(super) fn give_back(&mut self, assignment: Option<u16>) {
        if let Some(last) = self.facts.last_mut() {
            last.gave_back = Some(assignment);
        }
    }

    /// What the last one gave back when it came; none where it comes now.
    pub(super) fn gave_back(&self) -> Option<Option<u16>> {
        self.facts.last().and_then(|fact| fact.gave_back)
    }

    /// Its due was accepted, by what was known then.
    pub(super) fn is_accepted(&self) -> bool {
        self.accepted.zip(self.current()).is_some_and(|(one, other)| std::ptr::eq(one, other))
    }

    /// The last one was when it said.
    pub(super) fn is_as_told(&self) -> bool {
        self.facts.last().is_some_and(|fact| fact.at == fact.event.occurred_at)
    }

    /// A close cannot have been before the reopening that it follows.
    pub(super) fn may_have_closed(&self, right: Millis) -> bool {
        let Some((closer, reopener)) = self.closer.zip(self.reopener) else { return true };
        order_at(right, closer) > order_at(reopener.at, reopener.event)
    }

    /// The close that stands was at another time.
    pub(super) fn set_close_right(&mut self, right: Millis) -> bool {
        let Some(closer) = self.closer.filter(|_| self.may_have_closed(right)) else { return false };
        let is_rest = |fact: &Told<'_>| fact.is_receipt || fact.is_mere_work;
        let mut of_closer = self.facts.iter_mut().filter(|fact| fact.is_of(closer));
        let Some(fact) = of_closer.find(|fact| !is_rest(fact) && fact.at != right) else { return false };
        let before = *fact;
        fact.at = right;
        self.facts.retain(|fact| !(fact.is_idle && fact.event.fact.kind() == FactKind::Reopened));
        self.facts.iter_mut().for_each(|fact| fact.is_mere_work |= fact.is_idle);
        // When it was told somebody was at work, and of what was put right on the spot there was the receipt.
        if !self.facts.iter().any(|fact| fact.is_of(closer) && is_rest(fact)) {
            self.facts.push(Told { is_mere_work: true, ..before });
            self.facts.extend(closer.fact.is_patrol_dealt().then_some(Told { is_receipt: true, ..before }));
        }
        self.facts.sort_by(|one, other| order_at(one.at, one.event).cmp(&order_at(other.at, other.event)));
        true
    }
}
