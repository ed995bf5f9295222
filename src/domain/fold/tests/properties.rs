//! What holds for every history: order, duplication and splitting do not matter, and the case as of T is that of a fold of
//! what had happened by T. 120,000 histories in all in an optimised build, shrunk when one fails.

use proptest::prelude::*;

use super::{
    histories::{any_history, by_lot, judging},
    *,
};
use crate::domain::{
    assignment::Outcome,
    case::{Check, CitizenAnswer, Earlier},
    history::Step,
    span::Span,
};

/// Everything that a question as of T may see of a case.
#[derive(Debug, PartialEq)]
struct Seen {
    step: Option<Step>,
    firsts: Vec<Option<Millis>>,
    stands_under: (Attributes, String, String),
    answer: Option<CitizenAnswer>,
    clocks: Vec<Span>,
    assignments: Vec<(String, Millis, Option<Millis>, bool)>,
    checks: Vec<Check>,
    reworks: Vec<Millis>,
}

fn seen(case: &Case, as_of: Millis) -> Seen {
    let marks = &case.milestones;
    let by = |at: Option<Millis>| at.filter(|at| *at <= as_of);
    Seen {
        step: case.history.at(as_of).map(|step| Step { at: Millis(0), ..*step }),
        firsts: [
            marks.first_event_at,
            marks.reported_at,
            marks.accepted_at,
            marks.verified_at,
            marks.filed_at,
            marks.dispatched_at,
            marks.signed_at,
            marks.contacted_at,
            marks.extended_at,
            marks.suspended_at,
            marks.returned_at,
            marks.reworked_at,
            marks.reopened_at,
            marks.supervised_at,
            marks.misdispatched_at,
        ]
        .map(by)
        .to_vec(),
        stands_under: stands_under(case, as_of),
        answer: case
            .answers
            .iter()
            .rev()
            .find(|answer| answer.since <= as_of)
            .copied()
            .map(|answer| CitizenAnswer { since: Millis(0), ..answer }),
        clocks: clocks(case, as_of),
        assignments: case
            .assignments
            .iter()
            .filter(|one| one.at <= as_of)
            .map(|one| {
                let is_given_back =
                    matches!(one.outcome, Outcome::Returned | Outcome::Withdrawn) && by(one.ended_at).is_some();
                (one.unit.to_string(), one.at, by(one.signed_at), is_given_back)
            })
            .collect(),
        checks: case.checks.iter().filter(|check| check.at <= as_of).copied().collect(),
        reworks: case.reworks.iter().filter(|at| **at <= as_of).copied().collect(),
    }
}

/// As the mart reads it: the first `earlier` that had not ended, or else what is so now; no unit before there was one.
fn stands_under(case: &Case, as_of: Millis) -> (Attributes, String, String) {
    let now = Earlier {
        until: Millis(i64::MAX),
        attributes: case.attributes.clone(),
        unit: case.unit.clone(),
        unit_name: case.unit_name.clone(),
        how: case.how.clone(),
        result: case.result.clone(),
    };
    let then = case.earlier.iter().find(|earlier| earlier.until > as_of).unwrap_or(&now);
    if case.milestones.first_event_at.is_none_or(|first| first > as_of) {
        return (Attributes::default(), String::new(), String::new());
    }
    let has_unit = case.milestones.unit_since.is_some_and(|since| since <= as_of);
    let unit = |text: &str| if has_unit { text.to_owned() } else { String::new() };
    (then.attributes.clone(), unit(&then.unit), unit(&then.unit_name))
}

fn clocks(case: &Case, as_of: Millis) -> Vec<Span> {
    let in_force = case.clocks.iter().filter(|span| span.is_in_force(as_of));
    let mut spans: Vec<Span> = in_force
        .map(|span| Span {
            since: Millis(0),
            until: None,
            stopped_at: span.stopped_at.filter(|at| *at <= as_of),
            ..*span
        })
        .collect();
    spans.sort_by_key(|span| (span.stage, span.assignment, span.started_at, span.due.at));
    spans
}

fn fold_all(rules: &Rules, events: &[Event]) -> Case {
    fold(rules, &events.iter().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: by_lot(60_000), ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_redelivery_and_any_batches_give_the_same_case(
        (events, shuffled, cut) in any_history().prop_flat_map(|events| {
            let twice: Vec<Event> = events.iter().chain(events.iter()).cloned().collect();
            let size = twice.len();
            (Just(events), Just(twice).prop_shuffle(), 0..=size)
        })
    ) {
        let rules = judging();
        let plain = fold_all(&rules, &events);
        prop_assert_eq!(&plain, &fold_all(&rules, &shuffled));
        // Two batches: the second fold reads the first batch's rows back from the ledger, behind its own.
        let (first, second) = shuffled.split_at(cut);
        let knew_less = fold_all(&rules, first);
        let behind: Vec<&Event> = second.iter().chain(first).collect();
        prop_assert!(knew_less.counts.rows <= plain.counts.rows);
        prop_assert_eq!(&plain, &fold(&rules, &behind));
    }

    /// One event an identity here: which of two conflicting messages wins depends on all of them by design.
    #[test]
    fn the_case_as_of_t_is_a_fold_of_what_had_happened_by_t(mut events in any_history(), hour in 0i64..26) {
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events.dedup_by(|a, b| a.id == b.id);
        let (rules, as_of) = (judging(), Millis(hour * HOUR));
        let whole = fold_all(&rules, &events);
        let until: Vec<&Event> = events.iter().filter(|event| event.occurred_at <= as_of).collect();
        prop_assert_eq!(seen(&whole, as_of), seen(&fold(&rules, &until), as_of));
    }
}
