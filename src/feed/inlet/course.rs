//! What is decided of the events of one request, one after the other: a table of cases, without Kafka.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::{
    EventAnswer, EventFate,
    posted::{Checked, Unfit},
};
use crate::feed::seen::{Sight, Trace};

#[derive(Debug, Default)]
pub(super) struct Course {
    events: Vec<Passed>,
    /// Cases of which an event was refused: of them nothing more is sent.
    closed: HashSet<SmolStr>,
    /// Where an identity stands in this request already.
    places: HashMap<(SmolStr, SmolStr), usize>,
}

#[derive(Debug)]
struct Passed {
    id: Option<SmolStr>,
    trace: Option<Trace>,
    fate: Passage,
    unknown: Vec<String>,
}

#[derive(Debug)]
enum Passage {
    Settled(EventFate),
    /// Sent, and not heard of yet.
    Sent,
    /// The same as the one there.
    Same(usize),
}

impl Course {
    /// The next event; `sight` is of what was taken before this request. The key under which it is to be sent, if it is.
    pub(super) fn step(
        &mut self,
        checked: Result<Checked, Unfit>,
        trace: Option<Trace>,
        may_speak_for: &(dyn Fn(&str) -> bool + Sync),
        sight: impl Fn(Trace) -> Sight,
    ) -> Option<SmolStr> {
        let place = self.events.len();
        let (case_id, id, fate, unknown) = match checked {
            Err(Unfit { rejection, case_id, id }) => {
                let is_closed = case_id.as_ref().is_some_and(|case_id| self.closed.contains(case_id));
                let fate = if is_closed { EventFate::Untried } else { EventFate::Refused(rejection) };
                (case_id, id, Passage::Settled(fate), Vec::new())
            }
            Ok(one) => {
                let fate = self.passage(&one, trace, may_speak_for, sight);
                if matches!(fate, Passage::Sent) {
                    self.places.insert((one.source, one.id.clone()), place);
                }
                (Some(one.case_id), Some(one.id), fate, one.unknown)
            }
        };
        let key = case_id.clone().filter(|_| matches!(fate, Passage::Sent));
        if let (
            Passage::Settled(EventFate::Refused(_) | EventFate::NotYours(_) | EventFate::Conflicting),
            Some(case_id),
        ) = (&fate, case_id)
        {
            self.closed.insert(case_id);
        }
        self.events.push(Passed { id, trace, fate, unknown });
        key
    }

    /// Of an event that the service would take. The first row that fits.
    fn passage(
        &self,
        one: &Checked,
        trace: Option<Trace>,
        may_speak_for: &(dyn Fn(&str) -> bool + Sync),
        sight: impl Fn(Trace) -> Sight,
    ) -> Passage {
        if self.closed.contains(&one.case_id) {
            return Passage::Settled(EventFate::Untried);
        }
        if !may_speak_for(&one.source) {
            return Passage::Settled(EventFate::NotYours(one.source_at));
        }
        if let Some(earlier) = self.places.get(&(one.source.clone(), one.id.clone())) {
            let is_same = self.events[*earlier].trace == trace;
            return if is_same { Passage::Same(*earlier) } else { Passage::Settled(EventFate::Conflicting) };
        }
        match trace.map(sight) {
            Some(Sight::Identical) => Passage::Settled(EventFate::Known),
            Some(Sight::Conflicting) => Passage::Settled(EventFate::Conflicting),
            Some(Sight::New) | None => Passage::Sent,
        }
    }

    pub(super) fn settle(&mut self, place: usize, fate: EventFate) {
        if let Some(event) = self.events.get_mut(place) {
            event.fate = Passage::Settled(fate);
        }
    }

    /// The answers, and what is to be remembered.
    pub(super) fn ended(self) -> (Vec<EventAnswer>, Vec<Trace>) {
        let mut answered: Vec<EventAnswer> = Vec::with_capacity(self.events.len());
        let mut taken = Vec::new();
        for event in self.events {
            let fate = match event.fate {
                Passage::Settled(fate) => fate,
                Passage::Sent => EventFate::Failed(super::SendFault::Away),
                Passage::Same(earlier) => match &answered[earlier].fate {
                    EventFate::Taken { .. } => EventFate::Known,
                    other => other.clone(),
                },
            };
            if let (EventFate::Taken { .. }, Some(trace)) = (&fate, event.trace) {
                taken.push(trace);
            }
            let unknown = if fate.is_taken() { event.unknown } else { Vec::new() };
            answered.push(EventAnswer { id: event.id, fate, unknown });
        }
        (answered, taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{
        rejection::{RejectReason, Rejection},
        seen::Seen,
    };

    const TAKEN: EventFate = EventFate::Taken { partition: 0, offset: 1 };

    fn fit(case_id: &str, id: &str, content: &str) -> Result<Checked, Unfit> {
        Ok(Checked {
            case_id: case_id.into(),
            source: "s".into(),
            source_at: "/source",
            id: id.into(),
            content: content.into(),
            unknown: Vec::new(),
        })
    }

    fn unfit(case_id: Option<&str>) -> Result<Checked, Unfit> {
        let rejection = Rejection::new(RejectReason::MissingField, "/data/unit", "required");
        Err(Unfit { rejection, case_id: case_id.map(SmolStr::from), id: None })
    }

    /// What became of each, where Kafka takes what it is sent.
    fn fates(seen: &mut Seen, events: Vec<Result<Checked, Unfit>>, yours: &str) -> Vec<EventFate> {
        let mut course = Course::default();
        for (place, event) in events.into_iter().enumerate() {
            let trace = event.as_ref().ok().map(|one| seen.trace(one.identity(), &one.content));
            let key = course.step(event, trace, &|source| source == yours, |trace| seen.sight(trace));
            if key.is_some() {
                course.settle(place, TAKEN);
            }
        }
        let (answered, taken) = course.ended();
        taken.into_iter().for_each(|trace| seen.remember(trace));
        answered.into_iter().map(|one| one.fate).collect()
    }

    fn refused() -> EventFate {
        EventFate::Refused(unfit(None).unwrap_err().rejection)
    }

    #[test]
    fn after_a_refused_event_the_later_ones_of_its_case_are_not_tried_and_others_are() {
        let mut seen = Seen::with_generation(10);
        let events = vec![
            fit("a", "1", ""),
            unfit(Some("a")),
            fit("b", "2", ""),
            fit("a", "3", ""),
            unfit(Some("a")),
            unfit(None),
        ];
        let wanted = [TAKEN, refused(), TAKEN, EventFate::Untried, EventFate::Untried, refused()];
        assert_eq!(fates(&mut seen, events, "s"), wanted);
    }

    #[test]
    fn the_same_again_is_known_and_another_content_is_a_conflict_within_and_across_requests() {
        let mut seen = Seen::with_generation(10);
        let once = vec![fit("a", "1", "x"), fit("a", "1", "x"), fit("b", "1", "y"), fit("b", "2", "z")];
        assert_eq!(fates(&mut seen, once, "s"), [TAKEN, EventFate::Known, EventFate::Conflicting, EventFate::Untried]);
        let again = vec![fit("a", "1", "x"), fit("a", "1", "other"), fit("a", "3", "")];
        assert_eq!(fates(&mut seen, again, "s"), [EventFate::Known, EventFate::Conflicting, EventFate::Untried]);
    }

    #[test]
    fn nobody_speaks_for_a_source_that_is_not_his_and_what_was_not_taken_is_not_remembered() {
        let mut seen = Seen::with_generation(10);
        assert_eq!(
            fates(&mut seen, vec![fit("a", "1", ""), fit("a", "2", "")], "t"),
            [EventFate::NotYours("/source"), EventFate::Untried]
        );
        assert_eq!(fates(&mut seen, vec![fit("a", "1", "")], "s"), [TAKEN]);
    }
}
