//! The three laws of docs/lifecycle.md over random histories: final, no cure, nobody vanishes.

use proptest::prelude::*;

use super::{
    histories::{any_history, by_lot, judging},
    *,
};
use crate::domain::{
    assignment::Outcome,
    kpi::{CATALOGUE, Figure, Part, Period, Seen, rows},
};

/// By due or by close, and final once the period is over; K06g once every case is decided, which its dues are by then.
const FINAL: [&str; 13] =
    ["K06c", "K06d", "K06e", "K06g", "K08", "K09a", "K09b", "K12b", "K13", "K14", "K16a", "K16b", "K17b"];

/// In the order of the fold, one event an identity: which of two conflicting messages wins is another matter.
fn told(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by(|a, b| a.id.cmp(&b.id));
    events.dedup_by(|a, b| a.id == b.id);
    events.sort_by_key(|event| event.occurred_at);
    events
}

fn folded(events: &[Event]) -> Case {
    fold(&judging(), &events.iter().collect::<Vec<_>>())
}

/// A life in a line, for whoever has to understand what broke a law.
fn shown(events: &[Event]) -> String {
    let one = |event: &Event| format!("{}h {:?}", event.occurred_at.0 / HOUR, event.fact);
    events.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn hour(hour: i64) -> Millis {
    Millis(hour * HOUR)
}

fn period(from: i64, to: i64, as_of: Millis) -> Period {
    Period { from: hour(from), to: hour(to), as_of }
}

/// What puts the record right, or says for the first time what a rule asks for.
fn puts_right(fact: &Fact) -> bool {
    match fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => {
            intake.due.is_some() || intake.is_patrol_dealt || !intake.attributes.town.is_empty()
        }
        Fact::Filed { due, .. } => due.is_some(),
        Fact::Corrected { .. } | Fact::Reviewed { .. } | Fact::DuplicateLinked { .. } | Fact::DuplicateUnlinked(_) => {
            true
        }
        _ => false,
    }
}

/// It names a due that had passed when it was named.
fn names_what_has_passed(event: &Event) -> bool {
    let due = match &event.fact {
        Fact::Dispatched(dispatch) => dispatch.due,
        Fact::Resumed { due } | Fact::ExtensionDecided { due, .. } => *due,
        _ => None,
    };
    due.is_some_and(|due| due.at <= event.occurred_at)
}

/// After which a figure of a past period may be another one.
fn may_change_the_past(event: &Event) -> bool {
    let fact = &event.fact;
    puts_right(fact)
        || names_what_has_passed(event)
        || matches!(
            fact,
            Fact::Voided(_)
                | Fact::VoidRevoked(_)
                | Fact::Rejected(_)
                | Fact::NotFiled(_)
                | Fact::AppealDecided { .. }
                | Fact::Reopened { .. }
        )
}

/// When it was received is said afterwards.
fn tells_the_receipt(fact: &Fact, case: &Case) -> bool {
    matches!(fact, Fact::Accepted(_)) && case.milestones.accepted_at.is_none()
}

/// An answer of a unit that had passed the case on says that it had it after all.
fn takes_back(fact: &Fact, case: &Case) -> bool {
    let Fact::Submitted { unit, .. } = fact else { return false };
    case.assignments.iter().any(|one| one.outcome == Outcome::PassedOn && (unit.is_empty() || one.unit == *unit))
}

fn figures() -> impl Iterator<Item = &'static Figure> {
    CATALOGUE.iter().filter(|figure| FINAL.contains(&figure.id.as_str()))
}

fn parts(figure: &Figure, case: &Case, period: &Period) -> Vec<Part> {
    let mut parts: Vec<Part> = rows(figure, case, period).into_iter().map(|row| row.part).filter(Part::is_in).collect();
    parts.sort_by_key(|part| (part.numerator, part.denominator, part.duration));
    parts
}

/// Its due has passed, and it had not been met.
fn is_missed(seen: &Seen<'_>) -> bool {
    let has_passed = seen.step.due.is_some_and(|due| !due.is_met_at(seen.period.as_of));
    seen.is_counted() && has_passed && seen.is_decided() && !seen.is_kept()
}

/// Every one of them excludes the others.
fn places(seen: &Seen<'_>) -> Vec<&'static str> {
    let is_in = |bucket: &str| seen.bucket() == bucket;
    let all = [
        ("closed in time", seen.is_on_time()),
        ("closed late", seen.is_late()),
        ("closed without a due", seen.is_closed() && !seen.has_due()),
        ("answered", is_in("answered")),
        ("not due", is_in("not_due")),
        ("due soon", is_in("due_soon")),
        ("overdue", is_in("overdue")),
        ("suspended", is_in("suspended")),
        ("no limit", is_in("no_limit")),
    ];
    all.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect()
}

fn states_a_due(fact: &Fact) -> bool {
    match fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => intake.due.is_some(),
        Fact::Filed { due, .. } => due.is_some(),
        Fact::Dispatched(dispatch) => dispatch.due.is_some(),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: by_lot(40_000), max_global_rejects: 2_000_000, ..ProptestConfig::default() })]

    /// 既定.
    #[test]
    fn what_is_over_stays(events in any_history(), from in 0i64..12, length in 1i64..14) {
        let (mut events, to) = (told(events), from + length);
        let by_then: Vec<Event> = events.iter().filter(|event| event.occurred_at <= hour(to)).cloned().collect();
        let then = folded(&by_then);
        let at_the_end = period(from, to, hour(to));
        // What had not been received, or was void or rejected, is not in the figures yet.
        prop_assume!(Seen::new(&then, at_the_end).is_some_and(|seen| seen.is_counted()));
        events.retain(|event| {
            let fact = &event.fact;
            let is_told = takes_back(fact, &then) || tells_the_receipt(fact, &then);
            event.occurred_at <= hour(to) || !(may_change_the_past(event) || is_told)
        });
        let later = folded(&events);
        for figure in figures() {
            let (was, is) = (parts(figure, &then, &at_the_end), parts(figure, &later, &period(from, to, hour(999))));
            prop_assert_eq!(was, is, "{} of [{}, {}): {}", figure.id, from, to, shown(&events));
        }
    }

    /// 不补救.
    #[test]
    fn what_was_missed_is_never_in_time(events in any_history()) {
        let mut events = told(events);
        let case = folded(&events);
        let is_missed_at = |at: &i64| Seen::new(&case, period(0, 99, hour(*at))).is_some_and(|seen| is_missed(&seen));
        let missed = (0..24).find(is_missed_at);
        prop_assume!(missed.is_some());
        let missed = missed.unwrap_or_default();
        events.retain(|event| event.occurred_at <= hour(missed) || !puts_right(&event.fact));
        let later = folded(&events);
        for as_of in missed..=60 {
            let seen = Seen::new(&later, period(0, 99, hour(as_of))).unwrap();
            prop_assert!(!seen.is_kept() && !seen.is_on_time(), "at hour {as_of}, missed at {missed}: {}", shown(&events));
        }
    }

    /// 不失踪.
    #[test]
    fn everything_received_is_in_one_place(events in any_history(), as_of in 0i64..44) {
        let events = told(events);
        let case = folded(&events);
        let Some(seen) = Seen::new(&case, period(0, 99, hour(as_of))) else { return Ok(()) };
        prop_assume!(seen.is_counted());
        let places = places(&seen);
        prop_assert_eq!(places.len(), 1, "{:?}", places);
        if places == ["no limit"] {
            let by_then = || events.iter().filter(|event| event.occurred_at <= hour(as_of));
            prop_assert!(!by_then().any(|event| states_a_due(&event.fact)), "an event states one: {}", shown(&events));
            let is_returned = by_then().any(|event| matches!(event.fact, Fact::ReturnDecided { accepted: true, .. }));
            let is_sent =
                by_then().any(|event| matches!(&event.fact, Fact::Dispatched(dispatch) if dispatch.role != "support"));
            prop_assert!(!is_sent || is_returned, "the rule gives one with the dispatch: {}", shown(&events));
        }
    }
}
