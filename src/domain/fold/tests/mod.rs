//! The fold by table; by random histories in `properties`.

mod histories;
mod laws;
mod lives;
mod properties;
mod tallies;
mod units;
mod watched;

use super::fold;
use crate::domain::{
    attributes::{Attribute, Attributes},
    case::Case,
    event::{Envelope, Event, Place},
    fact::{Correction, Dispatch, Fact, Intake, Reason},
    history::Standing,
    marks::Mark,
    rules::Rules,
    snapshot::{Snapshot, Status},
    stream::Stream,
    time::{Due, Millis},
};
use jiff::tz::TimeZone;

const HOUR: i64 = 3_600_000;

fn rules() -> Rules {
    Rules::of_stream(Stream::usual("hotline", TimeZone::UTC))
}

fn due(hour: i64) -> Option<Due> {
    Some(Due { at: Millis(hour * HOUR), is_exclusive: false })
}

fn event(offset: i64, id: &str, hour: i64, fact: Fact) -> Event {
    Event {
        place: Place { topic: "t".into(), partition: 0, offset },
        envelope: Envelope::Structured,
        ingested_at: Millis(0),
        stream: "hotline".into(),
        case_id: "c".into(),
        source: "s".into(),
        id: id.into(),
        occurred_at: Millis(hour * HOUR),
        recorded_at: None,
        seq: 0,
        fact,
    }
}

/// Facts at hours, in a row on one partition.
fn life(facts: Vec<(i64, Fact)>) -> Case {
    let events: Vec<Event> =
        facts.into_iter().enumerate().map(|(n, (hour, fact))| event(n as i64, &format!("e{n}"), hour, fact)).collect();
    fold(&rules(), &events.iter().collect::<Vec<_>>())
}

fn accepted(hour: i64) -> Fact {
    Fact::Accepted(Box::new(Intake { due: due(hour), ..Intake::default() }))
}

fn closed() -> Fact {
    Fact::Closed { how: "".into(), result: "".into() }
}

fn dispatched(unit: &str, due: Option<Due>) -> Fact {
    Fact::Dispatched(Box::new(Dispatch { unit: unit.into(), due, ..Dispatch::default() }))
}

fn extended(hour: i64) -> Fact {
    Fact::ExtensionDecided { approved: true, due: due(hour), reason: Reason::default() }
}

fn reopened() -> Fact {
    Fact::Reopened { due: None, reason: Reason::default() }
}

fn suspended() -> Fact {
    Fact::Suspended { reason: Reason::default() }
}

#[test]
fn a_plain_life_ends_closed() {
    let case = life(vec![(1, accepted(10)), (2, dispatched("U", None)), (5, closed())]);
    assert_eq!(case.standing(), Some(Standing::Closed));
    assert_eq!(case.milestones.received_at, Some(Millis(HOUR)));
    assert_eq!(case.milestones.closed_at, Some(Millis(5 * HOUR)));
    assert_eq!((case.due, case.original_due, case.unit.as_str()), (due(10), due(10), "U"));
}

#[test]
fn an_extension_in_time_moves_the_due_and_a_late_one_cures_nothing() {
    let case = life(vec![(1, accepted(10)), (9, extended(20))]);
    assert_eq!((case.due, case.original_due, case.counts.extensions), (due(20), due(10), 1));
    let case = life(vec![(1, accepted(10)), (11, extended(20))]);
    assert_eq!((case.due, case.counts.extensions, case.counts.late_extensions), (due(10), 0, 1));
}

#[test]
fn another_dispatch_does_not_move_the_due() {
    let case = life(vec![(1, dispatched("A", due(10))), (11, dispatched("B", due(99)))]);
    assert_eq!((case.due, case.unit.as_str(), case.counts.dispatches), (due(10), "B", 2));
}

#[test]
fn a_pause_moves_the_due_by_its_length() {
    let resumed = Fact::Resumed { due: None };
    let case = life(vec![(1, accepted(10)), (4, suspended()), (7, resumed)]);
    assert_eq!((case.due, case.counts.paused_ms), (due(13), 3 * HOUR));
    let case = life(vec![(1, accepted(10)), (4, suspended())]);
    assert_eq!(case.standing(), Some(Standing::Suspended));
}

#[test]
fn closing_ends_a_pause() {
    let case = life(vec![(1, accepted(10)), (4, suspended()), (30, closed())]);
    assert_eq!((case.standing(), case.due), (Some(Standing::Closed), due(36)));
}

#[test]
fn the_first_close_stands_until_the_case_is_reopened() {
    let case = life(vec![(1, accepted(10)), (5, closed()), (8, closed())]);
    assert_eq!(case.milestones.closed_at, Some(Millis(5 * HOUR)));
    let case = life(vec![(1, accepted(10)), (5, closed()), (6, reopened()), (8, closed())]);
    assert_eq!(case.milestones.closed_at, Some(Millis(8 * HOUR)));
    assert_eq!((case.milestones.first_closed_at, case.counts.reopens), (Some(Millis(5 * HOUR)), 1));
}

#[test]
fn a_void_case_leaves_and_a_revoked_void_brings_it_back() {
    let void = || Fact::Voided(Reason::default());
    let case = life(vec![(1, accepted(10)), (5, closed()), (6, void())]);
    assert_eq!(case.standing(), Some(Standing::Void));
    let case = life(vec![(1, accepted(10)), (5, closed()), (6, void()), (7, Fact::VoidRevoked(Reason::default()))]);
    assert_eq!((case.standing(), case.milestones.voided_at), (Some(Standing::Closed), None));
}

#[test]
fn a_rejected_case_is_never_received() {
    let reported = Fact::Reported(Box::default());
    let case = life(vec![(1, reported), (2, Fact::Rejected(Reason::default()))]);
    assert_eq!((case.standing(), case.milestones.received_at), (Some(Standing::Excluded), None));
}

#[test]
fn a_close_told_before_the_opening_still_counts_from_the_opening() {
    let case = life(vec![(4, closed()), (5, accepted(10))]);
    assert_eq!(case.standing(), Some(Standing::Closed));
    assert_eq!(case.milestones.received_at, Some(Millis(5 * HOUR)));
    assert!(case.counts.irregular > 0);
}

#[test]
fn a_patrol_that_puts_it_right_closes_on_the_spot() {
    let intake = Intake { is_patrol_dealt: true, due: due(10), ..Intake::default() };
    let case = life(vec![(1, Fact::Reported(Box::new(intake))), (3, closed())]);
    assert_eq!((case.standing(), case.milestones.closed_at), (Some(Standing::Closed), Some(Millis(HOUR))));
}

#[test]
fn duplicates_conflicts_and_disorder_are_counted() {
    let events = [
        event(0, "a", 1, accepted(10)),
        event(1, "b", 5, closed()),
        event(2, "a", 1, accepted(10)),
        event(3, "a", 1, accepted(11)),
        event(4, "c", 3, dispatched("U", None)),
        event(4, "c", 3, dispatched("U", None)),
    ];
    let counts = fold(&rules(), &events.iter().collect::<Vec<_>>()).counts;
    assert_eq!((counts.rows, counts.events, counts.duplicates, counts.conflicts, counts.out_of_order), (5, 3, 1, 1, 1));
}

#[test]
fn more_than_is_followed_is_counted_and_marked() {
    let urged = || Fact::Urged(Box::default());
    let facts = std::iter::once((1, accepted(10))).chain((0..10_050).map(|_| (2, urged()))).chain([(9, closed())]);
    let case = life(facts.collect());
    let last = case.history.0.last().unwrap();
    assert!(case.is_history_limited && last.marks.has(Mark::HistoryLimited));
    assert_eq!((case.counts.urges, case.counts.irregular, case.standing()), (9_999, 52, Some(Standing::Open)));
    let row = || Fact::Snapshot(Box::new(Snapshot { status: Some(Status::Open), ..Snapshot::default() }));
    let polled = life((1..20_000).map(|minute| (minute, row())).collect());
    assert!(!polled.is_history_limited && polled.counts.irregular == 0, "rows that say nothing new are none");
}

#[test]
fn attributes_come_from_whoever_states_them_first() {
    let intake = |town: &str| Intake {
        attributes: Attributes { town: town.into(), ..Attributes::default() },
        ..Intake::default()
    };
    let case = life(vec![
        (1, Fact::Reported(Box::new(intake("310113112")))),
        (2, Fact::Accepted(Box::new(intake("310113111")))),
    ]);
    assert_eq!(case.attributes.town, "310113112");
}
