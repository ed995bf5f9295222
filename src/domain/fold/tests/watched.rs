//! The watched fold comes to the same case, and its trails to the same clocks.

use proptest::prelude::*;

use super::{
    histories::{any_history, by_lot, judging},
    *,
};
use crate::domain::{
    clock::segments::segments,
    fold::watch::{Role, Watched, messages, watch},
    span::Span,
};

fn watched(events: &[Event], as_of: Option<Millis>) -> Option<Watched> {
    watch(&judging(), &events.iter().collect::<Vec<_>>(), as_of)
}

/// What a trail says at its end, in the words of the case's own clocks.
fn ends(watched: &Watched) -> Vec<(u16, Millis, Due, Option<Millis>, bool)> {
    let last = |trail: &crate::domain::clock::Trail| {
        let reading = trail.last().unwrap().reading;
        (trail.assignment, reading.started_at, reading.due, reading.stopped_at, reading.is_paused)
    };
    watched.trails.iter().map(last).collect()
}

fn in_force(case: &Case) -> Vec<(u16, Millis, Due, Option<Millis>, bool)> {
    let of = |span: &Span| (span.assignment, span.started_at, span.due, span.stopped_at, span.is_paused);
    case.clocks.iter().filter(|span| span.until.is_none()).map(of).collect()
}

fn sorted<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(by_lot(20_000)))]

    #[test]
    fn it_is_the_same_case_with_the_same_clocks(events in any_history()) {
        let plain = fold(&judging(), &events.iter().collect::<Vec<_>>());
        let watched = watched(&events, None).unwrap();
        prop_assert_eq!(&plain, &watched.case);
        prop_assert_eq!(watched.facts.last().unwrap().due, plain.due);
        let key = |all: Vec<(u16, Millis, Due, Option<Millis>, bool)>| {
            sorted(all.into_iter().map(|(n, start, due, stop, paused)| (n, start, due.at, stop, paused)).collect())
        };
        prop_assert_eq!(key(ends(&watched)), key(in_force(&plain)));
        let main: Vec<_> = watched.trails.iter().filter(|trail| trail.is_main).collect();
        prop_assert!(main.len() <= 1);
    }

    #[test]
    fn as_of_an_instant_it_is_the_fold_of_what_had_happened(events in any_history(), hour in 0i64..26) {
        let as_of = Millis(hour * HOUR);
        let mut events = events;
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events.dedup_by(|a, b| a.id == b.id);
        let until: Vec<Event> = events.iter().filter(|event| event.occurred_at <= as_of).cloned().collect();
        let (one, other) = (watched(&events, Some(as_of)), watched(&until, None));
        prop_assert_eq!(one.is_some(), other.is_some());
        if let Some((one, other)) = one.zip(other) {
            prop_assert_eq!(one.case.history, other.case.history);
            prop_assert_eq!(one.trails, other.trails);
        }
    }

    #[test]
    fn the_segments_of_every_clock_cover_it_without_gap_or_overlap(events in any_history()) {
        let now = Millis(60 * HOUR);
        let rules = judging();
        let calendar = &rules.limits.as_ref().unwrap().calendar;
        for trail in watched(&events, None).unwrap().trails {
            let working = calendar.working_of(&trail.unit);
            let segments = segments(&trail, working, now);
            let (from, until) = (trail.moves[0].at, trail.end(now));
            prop_assert_eq!(segments.is_empty(), until <= from, "{:?}", trail);
            let Some((first, last)) = segments.first().zip(segments.last()) else { continue };
            prop_assert_eq!((first.from, last.until), (from, until), "{:?}", segments);
            for pair in segments.windows(2) {
                prop_assert_eq!(pair[0].until, pair[1].from, "{:?}", segments);
            }
            let worked: i64 = segments.iter().map(|one| one.worked).sum();
            prop_assert_eq!(worked, working.work_between(from, until), "{:?}", segments);
        }
    }
}

#[test]
fn a_message_is_the_first_a_duplicate_or_a_conflict() {
    let first = event(0, "e", 1, accepted(10));
    let again = Event { place: Place { offset: 1, ..first.place.clone() }, ..first.clone() };
    let other = event(2, "e", 2, closed());
    let roles: Vec<Role> = messages(&[&other, &again, &first, &again]).iter().map(|one| one.role).collect();
    assert_eq!(roles, [Role::First, Role::Duplicate, Role::Conflict]);
}
