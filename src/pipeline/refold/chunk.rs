//! Folds a chunk of whole cases into rows.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::RefoldTally;
use crate::{
    domain::{event::Event, fold, rules::Rules as By},
    store::cases::CaseRows,
};

/// What is folded and not written yet.
#[derive(Debug)]
pub(super) struct Folded {
    pub rows: CaseRows,
    pub tally: RefoldTally,
}

impl Folded {
    pub fn new(generation: u32) -> Self {
        Self { rows: CaseRows::new(generation), tally: RefoldTally::default() }
    }

    /// Adds a chunk; its events come in the order of their cases' numbers.
    pub fn fold(&mut self, rules: &HashMap<SmolStr, By>, events: &[Event]) {
        for of_number in events.chunk_by(|a, b| a.case_id == b.case_id) {
            for of_case in by_stream(of_number) {
                match rules.get(&of_case[0].stream) {
                    Some(rules) => {
                        self.rows.push(&fold::fold(rules, &of_case));
                        self.tally.cases += 1;
                    }
                    None => self.tally.left_alone += 1,
                }
            }
        }
        self.tally.events += events.len() as u64;
    }
}

/// Two streams may give the same number.
fn by_stream(events: &[Event]) -> Vec<Vec<&Event>> {
    let mut cases: Vec<Vec<&Event>> = Vec::with_capacity(1);
    for event in events {
        match cases.iter_mut().find(|case| case[0].stream == event.stream) {
            Some(case) => case.push(event),
            None => cases.push(vec![event]),
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::{
        event::{Envelope, Place},
        fact::{Fact, Reason},
        stream::Stream,
        time::Millis,
    };

    fn event(stream: &str, case_id: &str, offset: i64) -> Event {
        Event {
            place: Place { topic: stream.into(), partition: 0, offset },
            envelope: Envelope::Bare,
            ingested_at: Millis(0),
            stream: stream.into(),
            case_id: case_id.into(),
            source: "s".into(),
            id: format!("{stream}-{offset}").into(),
            occurred_at: Millis(offset),
            recorded_at: None,
            seq: 0,
            fact: Fact::Voided(Reason::default()),
        }
    }

    #[test]
    fn cases_of_one_number_are_told_apart_by_stream_and_a_stream_of_nobody_is_left_alone() {
        let rules = |name: &str| (name.into(), By::of_stream(Stream::usual(name, TimeZone::UTC)));
        let rules = HashMap::from([rules("hotline"), rules("grid")]);
        let events = ["hotline", "grid", "hotline", "nobody"].iter().enumerate();
        let mut events: Vec<Event> = events.map(|(n, stream)| event(stream, "A", n as i64)).collect();
        events.push(event("grid", "B", 9));
        let mut folded = Folded::new(2);
        folded.fold(&rules, &events);
        assert_eq!(folded.tally, RefoldTally { cases: 3, events: 5, left_alone: 1 });
        folded.fold(&rules, &[event("nobody", "C", 0), event("grid", "D", 1)]);
        assert_eq!(folded.tally, RefoldTally { cases: 4, events: 7, left_alone: 2 });
        assert_eq!(folded.rows.count(), 4);
    }
}
