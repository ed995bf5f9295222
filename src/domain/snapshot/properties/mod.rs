//! Random lives, told once as events and once as the rows that a poller of the platform's tables would see.

mod life;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use self::life::{Life, Table};
use super::{
    Snapshot,
    tests::{event, expanded},
};
use crate::domain::{
    case::{Case, Milestones},
    event::Event,
    fact::{Correction, Fact, Satisfaction},
    fold::fold,
    history::{History, Step},
    marks::{Mark, Marks},
    rules::Rules,
    stream::Stream,
    time::Due,
};

fn folded(events: &[Event]) -> Case {
    let rules = Rules::of_stream(Stream::usual("hotline", TimeZone::UTC));
    fold(&rules, &events.iter().collect::<Vec<_>>())
}

/// What a case must have in common however it was told: its standing, its times, its due, its unit.
fn end(case: &Case) -> (Option<crate::domain::history::Standing>, Milestones, Option<Due>, String, Option<bool>) {
    // First times of what a row shows only while it lasts, or not at all, and of the telling itself.
    let milestones = Milestones {
        unit_since: None,
        verified_at: None,
        last_passed_at: None,
        extended_at: None,
        suspended_at: None,
        returned_at: None,
        misdispatched_at: None,
        reworked_at: None,
        reopened_at: None,
        supervised_at: None,
        last_event_at: None,
        last_recorded_at: None,
        last_ingested_at: None,
        ..case.milestones.clone()
    };
    let attributes = &case.attributes;
    let texts = format!("{} {}", case.unit, attributes.town);
    (case.standing(), milestones, case.due, texts, case.contacted)
}

/// How the case stood from each instant on. That it was late is noted with whatever is said next, and a row says less often
/// something than events do.
fn history(case: &Case) -> History {
    let mut history = History::default();
    for step in &case.history.0 {
        history.note(Step { marks: Marks(step.marks.0 & !(Mark::WasRed as u16)), ..*step });
    }
    history
}

/// What came of it and what the citizen says, whether the case counts, and whose duplicate it is, after all facts.
#[derive(Debug, Default, PartialEq)]
struct Said {
    answers: (Option<bool>, Option<bool>, Option<Satisfaction>),
    is_exempt: bool,
    parent: Option<String>,
    result: String,
}

fn said(events: &[Event]) -> Said {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_key(|event| (event.occurred_at, event.fact.kind()));
    let mut said = Said::default();
    for event in events {
        match &event.fact {
            Fact::Revisited(now) => said.answers = (now.first_contact, now.solved, now.satisfaction),
            Fact::Submitted { result, .. } | Fact::Closed { result, .. } if !result.is_empty() => {
                said.result = result.to_string();
            }
            Fact::DuplicateLinked { parent } => said.parent = Some(parent.to_string()),
            Fact::DuplicateUnlinked(_) => said.parent = None,
            Fact::Corrected { correction, .. } | Fact::Reviewed { correction, .. } => match correction {
                Correction::Result(result) => said.result = result.to_string(),
                Correction::Assessed(assessed) => said.is_exempt = !assessed,
                Correction::Solved(solved) => said.answers.1 = Some(*solved),
                Correction::Satisfaction(satisfaction) => said.answers.2 = Some(*satisfaction),
                _ => {}
            },
            Fact::Reported(intake) | Fact::Accepted(intake) => {
                said.is_exempt |= intake.is_assessed == Some(false);
            }
            _ => {}
        }
    }
    said
}

/// The rows as messages; for child rows apart, each row is several.
fn messages(rows: &[(i64, Snapshot)], table: Table) -> Vec<Event> {
    let mut events = Vec::new();
    for (n, (at, row)) in rows.iter().enumerate() {
        if table != Table::Apart {
            events.push(event(&format!("r{n}"), *at, Fact::Snapshot(Box::new(row.clone()))));
            continue;
        }
        let task = Snapshot { assignments: Vec::new(), ..row.clone() };
        events.push(event(&format!("t{n}"), *at, Fact::Snapshot(Box::new(task))));
        for (m, child) in row.assignments.iter().enumerate() {
            let child = Snapshot { assignments: vec![child.clone()], ..Snapshot::default() };
            events.push(event(&format!("c{n}.{m}"), *at, Fact::Snapshot(Box::new(child))));
        }
    }
    events
}

/// A place of its own for every message, in order.
fn in_order(messages: &[Event]) -> Vec<Event> {
    let mut placed = messages.to_vec();
    placed.iter_mut().enumerate().for_each(|(offset, event)| event.place.offset = offset as i64);
    placed
}

/// Places as Kafka gave them: every message once and some again, in the order of `keys`.
fn delivered(messages: &[Event], keys: &[u32]) -> Vec<Event> {
    let key = |n: usize| keys[n % keys.len()].wrapping_mul(n as u32 + 1);
    let again = messages.iter().enumerate().filter(|(n, _)| key(*n).is_multiple_of(3)).map(|(_, message)| message);
    let mut all: Vec<Event> = messages.iter().chain(again).cloned().collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|n| key(*n).rotate_left(7));
    for (offset, n) in order.into_iter().enumerate() {
        all[n].place.offset = offset as i64;
    }
    all
}

fn derived(rows: &[Event]) -> Vec<Event> {
    let mut sorted: Vec<&Event> = rows.iter().collect();
    sorted.sort_by(|a, b| (a.occurred_at, &a.id).cmp(&(b.occurred_at, &b.id)));
    expanded(&sorted)
}

fn any_life() -> impl Strategy<Value = Life> {
    let table = prop_oneof![Just(Table::Task), Just(Table::Joined), Just(Table::Apart)];
    let acts = proptest::collection::vec((0u8..24, 0u8..8), 1..24);
    (table, acts).prop_map(|(table, acts)| Life::of(table, &acts))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, ..ProptestConfig::default() })]

    /// A row after each change: the same case, and at every instant of the past the same standing, receipt, close and due.
    #[test]
    fn rows_after_each_change_tell_what_the_events_tell(
        life in any_life(), keys in proptest::collection::vec(any::<u32>(), 1..9)
    ) {
        let rows = messages(&life.rows(|_| true), life.table);
        let (told, seen) = (folded(&in_order(&life.events)), folded(&delivered(&rows, &keys)));
        prop_assert_eq!(end(&told), end(&seen));
        let firsts = |case: &Case| {
            let marks = &case.milestones;
            [marks.suspended_at, marks.reopened_at, marks.returned_at]
        };
        prop_assert_eq!(firsts(&told), firsts(&seen));
        prop_assert_eq!(history(&told), history(&seen));
        prop_assert_eq!(told.original_due, seen.original_due);
        prop_assert_eq!(said(&life.events), said(&derived(&rows)));
    }

    /// Rows missed by a slow poller, where a later row still carries the times: the same case in the end.
    #[test]
    fn rows_that_were_missed_change_nothing_that_later_rows_still_carry(
        life in any_life(), missed in any::<u32>(), keys in proptest::collection::vec(any::<u32>(), 1..9)
    ) {
        let rows = messages(&life.rows(|n| missed >> (n % 32) & 1 == 0), life.table);
        let (told, seen) = (folded(&in_order(&life.events)), folded(&delivered(&rows, &keys)));
        prop_assert_eq!(end(&told), end(&seen));
        prop_assert_eq!(said(&life.events), said(&derived(&rows)));
    }

    /// Rows polled again without a change, and rows of one instant in any order: nothing moves, whatever they say.
    #[test]
    fn unchanged_rows_and_any_order_of_arrival_change_nothing(
        life in any_life(), keys in proptest::collection::vec(any::<u32>(), 1..9), squeeze in 1i64..5
    ) {
        let mut rows = life.rows(|_| true);
        rows.iter_mut().for_each(|(at, _)| *at -= *at % squeeze);
        let rows = messages(&rows, life.table);
        let again = rows.iter().map(|row| {
            Event { id: format!("{}+", row.id).into(), ..row.clone() }
        });
        let twice: Vec<Event> = rows.iter().cloned().chain(again).collect();
        let (once, other) = (folded(&in_order(&rows)), folded(&delivered(&twice, &keys)));
        prop_assert_eq!(end(&once), end(&other));
        prop_assert_eq!(history(&once), history(&other));
    }
}
