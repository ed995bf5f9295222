//! The spans of the clocks, as they stand after each fact.

use super::{clocks::Clocks, running::Running};
use crate::domain::{
    assignment::{Assignment, Outcome, numbered},
    clock::Reading,
    span::Span,
    time::Millis,
};

/// So many are kept of a case, then its history ends. A hundred clocks that are paused a thousand times would be a gigabyte.
const MOST: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Spans {
    all: Vec<Span>,
    /// For each clock the place of its span that is still open; clocks keep their order.
    open: Vec<Option<usize>>,
    /// What had become of each assignment.
    known: Vec<(Outcome, Option<Millis>)>,
    /// For each clock: how its assignment had ended, and whether that was in time of it. What moves its due afterwards does not
    /// change that.
    pub(super) given_away: Vec<Option<(Outcome, Option<Millis>, bool)>>,
}

impl Spans {
    pub(super) fn record(&mut self, at: Millis, clocks: &Clocks<'_>, assignments: &[Assignment]) {
        self.open.resize(clocks.all().len(), None);
        self.given_away.resize(clocks.all().len(), None);
        let given = self.given(assignments);
        if given.is_empty() {
            return clocks.moved().iter().for_each(|place| self.look(at, *place, &clocks.all()[*place], assignments));
        }
        let of_given = given.iter().flat_map(|number| clocks.of_unit(*number));
        let mut places: Vec<usize> = of_given.chain(clocks.moved()).copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().for_each(|place| self.look(at, place, &clocks.all()[place], assignments));
    }

    /// The numbers of assignments with which something happened since the last time.
    fn given(&mut self, assignments: &[Assignment]) -> Vec<u16> {
        self.known.resize(assignments.len(), Default::default());
        let mut given = Vec::new();
        for (number, (one, known)) in (1..).zip(assignments.iter().zip(&mut self.known)) {
            let now = (one.outcome, one.ended_at);
            if *known != now {
                *known = now;
                given.push(number);
            }
        }
        given
    }

    fn look(&mut self, at: Millis, place: usize, clock: &Running<'_>, assignments: &[Assignment]) {
        let Some(reading) = clock.reading() else { return };
        let is_given_away = self.is_given_away(place, clock.assignment, &reading, assignments);
        let now = Span {
            stage: clock.name,
            assignment: clock.assignment,
            since: at,
            until: None,
            started_at: reading.started_at,
            due: reading.due,
            stopped_at: reading.stopped_at,
            is_paused: reading.is_paused,
            is_unjudged: reading.is_unjudged || is_given_away,
            was_red: reading.ever_red,
        };
        match self.open[place] {
            Some(open) => self.go_on(place, open, now),
            None => self.add(place, now),
        }
    }

    fn is_given_away(&mut self, place: usize, number: u16, reading: &Reading, assignments: &[Assignment]) -> bool {
        let Some(one) = numbered(number).and_then(|place| assignments.get(place)) else { return false };
        let known = &mut self.given_away[place];
        match *known {
            Some((outcome, ended_at, is_given_away)) if (outcome, ended_at) == (one.outcome, one.ended_at) => {
                is_given_away
            }
            // Given back by what was known once, it is judged by the handing on.
            Some((Outcome::PassedOn, _, is_given_away)) if one.is_given_back() => {
                known.insert((one.outcome, one.ended_at, is_given_away)).2
            }
            _ => known.insert((one.outcome, one.ended_at, is_given_in_time(one, reading))).2,
        }
    }

    fn add(&mut self, place: usize, span: Span) {
        self.open[place] = Some(self.all.len());
        self.all.push(span);
    }

    pub(super) fn is_full(&self) -> bool {
        self.all.len() >= MOST
    }

    /// A stop alone only ends the running; anything else begins another span.
    fn go_on(&mut self, place: usize, open: usize, now: Span) {
        let last = &mut self.all[open];
        let stops = last.stopped_at.is_none() && !last.is_paused && !now.is_paused;
        let is_same = last.due == now.due
            && (last.stopped_at == now.stopped_at || stops)
            && last.is_paused == now.is_paused
            && last.is_unjudged == now.is_unjudged
            && last.started_at == now.started_at;
        if is_same {
            last.stopped_at = now.stopped_at;
        } else if last.since == now.since {
            *last = now;
        } else {
            last.until = Some(now.since);
            self.add(place, now);
        }
    }

    /// The clocks begin anew, under another rule; what they said until now stays.
    pub(super) fn end_all(&mut self, at: Millis) {
        for open in self.open.drain(..).flatten() {
            self.all[open].until = Some(at);
        }
        self.all.retain(|span| span.until != Some(span.since));
    }

    pub(super) fn into_vec(self) -> Vec<Span> {
        self.all
    }
}

/// The unit does not have the case any more. Handing on or giving back what is late already cures nothing, and what was answered in
/// time before its due passed stays so.
fn is_given_in_time(one: &Assignment, reading: &Reading) -> bool {
    match (one.outcome, one.ended_at) {
        (Outcome::Returned | Outcome::Withdrawn, Some(at)) => {
            reading.is_paused || reading.is_dropped || reading.due.is_met_at(at)
        }
        (Outcome::PassedOn, Some(at)) => {
            let was_running = reading.stopped_at.is_none_or(|stopped_at| stopped_at > at);
            was_running && (reading.is_paused || reading.due.is_met_at(at))
        }
        _ => false,
    }
}
