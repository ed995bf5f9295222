//! What single rows and pairs of rows give.

use smol_str::SmolStr;

use super::*;
use crate::domain::{
    attributes::{Attribute, Attributes},
    event::{Envelope, Place},
    fact::{Correction, Intake, Satisfaction},
    time::{Due, Millis},
};

const HOUR: i64 = 3_600_000;

pub(super) fn hour(n: i64) -> Millis {
    Millis(n * HOUR)
}

pub(super) fn at(n: i64) -> Option<Millis> {
    Some(hour(n))
}

pub(super) fn due(n: i64) -> Option<Due> {
    Some(Due { at: hour(n), is_exclusive: false })
}

/// An event at an hour, of one case.
pub(super) fn event(id: &str, at: i64, fact: Fact) -> Event {
    Event {
        place: Place { topic: "t".into(), partition: 0, offset: 0 },
        envelope: Envelope::Structured,
        ingested_at: Millis(0),
        stream: "hotline".into(),
        case_id: "c".into(),
        source: "s".into(),
        id: id.into(),
        occurred_at: hour(at),
        recorded_at: None,
        seq: 0,
        fact,
    }
}

fn row(at: i64, row: Snapshot) -> Event {
    event(&format!("r{at}"), at, Fact::Snapshot(Box::new(row)))
}

fn open(row: Snapshot) -> Snapshot {
    Snapshot { status: Some(Status::Open), ..row }
}

fn child(id: &str, unit: &str) -> SnapshotAssignment {
    SnapshotAssignment { id: id.into(), unit: unit.into(), dispatched_at: at(3), ..SnapshotAssignment::default() }
}

fn partial(assignments: Vec<SnapshotAssignment>) -> Snapshot {
    Snapshot { assignments, ..Snapshot::default() }
}

/// For a stream that counts its cases from their acceptance.
pub(super) fn expanded(sorted: &[&Event]) -> Vec<Event> {
    expand(&Stream::usual("hotline", jiff::tz::TimeZone::UTC), sorted, usize::MAX)
}

/// Kind and hour of every derived fact, in the order of the fold.
fn told(rows: &[Event]) -> Vec<String> {
    let mut derived = expanded(&rows.iter().collect::<Vec<_>>());
    derived.sort_by_key(|event| (event.occurred_at, event.fact.kind()));
    derived.iter().map(|event| format!("{} {}", event.fact.kind().name(), event.occurred_at.0 / HOUR)).collect()
}

fn facts(rows: &[Event]) -> Vec<Fact> {
    expanded(&rows.iter().collect::<Vec<_>>()).into_iter().map(|event| event.fact).collect()
}

#[test]
fn a_late_row_alone_tells_the_whole_life_at_its_own_times() {
    let done = SnapshotAssignment { signed_at: at(4), submitted_at: at(6), ..child("1", "A") };
    let last = Snapshot {
        status: Some(Status::Closed),
        reported_at: at(1),
        accepted_at: at(2),
        filed_at: at(2),
        contacted_at: at(5),
        closed_at: at(7),
        revisited_at: at(8),
        satisfaction: Some(Satisfaction::Satisfied),
        assignments: vec![done],
        ..Snapshot::default()
    };
    let life = [
        "reported 1",
        "accepted 2",
        "filed 2",
        "dispatched 3",
        "signed 4",
        "contacted 5",
        "submitted 6",
        "closed 7",
        "revisited 8",
    ];
    assert_eq!(told(&[row(20, last.clone())]), life);
    assert_eq!(told(&[row(20, last.clone()), row(21, last)]), life, "the same row again says nothing");
}

#[test]
fn a_row_that_leaves_a_field_out_takes_nothing_back() {
    let full = open(Snapshot {
        accepted_at: at(1),
        unit: "A".into(),
        dispatched_at: at(2),
        satisfaction: Some(Satisfaction::Neutral),
        duplicate_of: Some("P".into()),
        ..Snapshot::default()
    });
    let nothing_more = [row(3, full), row(4, open(Snapshot::default())), row(5, Snapshot::default())];
    assert_eq!(told(&nothing_more), ["accepted 1", "dispatched 2", "revisited 3", "duplicate_linked 3"]);
}

#[test]
fn child_rows_apart_from_task_rows_give_the_same_facts_in_any_order_of_time() {
    let task = open(Snapshot { accepted_at: at(1), ..Snapshot::default() });
    let wanted = ["accepted 1", "dispatched 3"];
    assert_eq!(told(&[row(4, task.clone()), row(5, partial(vec![child("1", "A")]))]), wanted);
    assert_eq!(told(&[row(4, partial(vec![child("1", "A")])), row(5, task.clone())]), wanted);
    assert_eq!(told(&[row(4, Snapshot { assignments: vec![child("1", "A")], ..task })]), wanted);
}

#[test]
fn each_child_row_is_an_assignment_of_its_own() {
    let lead = SnapshotAssignment { role: "lead".into(), level: Some(3), due: due(9), ..child("1", "A") };
    let support = SnapshotAssignment { role: "support".into(), ..child("2", "B") };
    let rows = [row(4, partial(vec![lead, support])), row(5, partial(vec![child("2", "B")]))];
    let units: Vec<(SmolStr, SmolStr, u8, Option<Due>)> = facts(&rows)
        .into_iter()
        .map(|fact| match fact {
            Fact::Dispatched(sent) => (sent.unit, sent.role, sent.level, sent.due),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(units, [("A".into(), "lead".into(), 3, due(9)), ("B".into(), "support".into(), 0, None)]);
    let ids: std::collections::BTreeSet<SmolStr> =
        expanded(&rows.iter().collect::<Vec<_>>()).into_iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
}

#[test]
fn a_child_row_that_is_withdrawn_or_returned_ends_and_may_come_back() {
    let with = |status, ended_at| SnapshotAssignment { status: Some(status), ended_at, ..child("1", "A") };
    let rows = [
        row(4, partial(vec![child("1", "A")])),
        row(6, partial(vec![with(AssignmentStatus::Returned, at(5))])),
        row(8, partial(vec![with(AssignmentStatus::Open, at(5))])),
        row(9, partial(vec![with(AssignmentStatus::Withdrawn, at(5))])),
    ];
    let wanted = ["dispatched 3", "returned 5", "return_decided 5", "dispatched 8", "withdrawn 9"];
    assert_eq!(told(&rows), wanted, "a time left over from the first end is not the time of the second");
    assert_eq!(told(&rows[3..]), ["dispatched 3", "withdrawn 5"]);
}

#[test]
fn a_child_row_given_to_another_unit_is_withdrawn_from_the_first() {
    let moved = SnapshotAssignment { dispatched_at: at(6), ..child("1", "B") };
    let rows = [row(4, partial(vec![child("1", "A")])), row(7, partial(vec![moved]))];
    assert_eq!(told(&rows), ["dispatched 3", "dispatched 6", "withdrawn 6"]);
}

#[test]
fn the_task_rows_own_unit_is_not_told_again_by_its_child_row() {
    let task = open(Snapshot { accepted_at: at(1), unit: "A".into(), dispatched_at: at(3), ..Snapshot::default() });
    let later = Snapshot { unit: "centre".into(), submitted_at: at(5), ..task.clone() };
    let answered = SnapshotAssignment { submitted_at: at(5), ..child("1", "A") };
    let rows = [row(4, task), row(5, partial(vec![child("1", "A")])), row(6, later), row(7, partial(vec![answered]))];
    assert_eq!(told(&rows), ["accepted 1", "dispatched 3", "submitted 5"]);
}

#[test]
fn a_unit_without_a_dispatch_is_the_cases_from_the_beginning() {
    let first = open(Snapshot { accepted_at: at(1), unit: "A".into(), ..Snapshot::default() });
    let moved = Snapshot { unit: "B".into(), ..first.clone() };
    assert_eq!(told(&[row(4, first), row(6, moved)]), ["accepted 1", "corrected 1", "corrected 6"]);
}

#[test]
fn status_words_cross_each_other_as_the_events_would() {
    let mut hours = 2..;
    let mut rows = Vec::new();
    for status in [
        Status::Suspended,
        Status::Void,
        Status::Suspended,
        Status::Open,
        Status::Closed,
        Status::Void,
        Status::Closed,
        Status::Open,
        Status::NotFiled,
        Status::Open,
    ] {
        let closed_at = (status == Status::Closed).then_some(hour(6));
        let stated = Snapshot { status: Some(status), accepted_at: at(1), closed_at, ..Snapshot::default() };
        rows.push(row(hours.next().unwrap(), stated));
    }
    let wanted = [
        "accepted 1",
        "suspended 2",
        "voided 3",
        "void_revoked 4",
        "resumed 5",
        "closed 6",
        "voided 7",
        "void_revoked 8",
        "reopened 9",
        "not_filed 10",
        "filed 11",
    ];
    assert_eq!(told(&rows), wanted);
}

#[test]
fn a_time_of_closing_left_over_from_before_the_reopening_is_not_believed() {
    let stated =
        |status| Snapshot { status: Some(status), accepted_at: at(1), closed_at: at(3), ..Snapshot::default() };
    let rows = [row(3, stated(Status::Closed)), row(5, stated(Status::Open)), row(7, stated(Status::Closed))];
    assert_eq!(told(&rows), ["accepted 1", "closed 3", "reopened 5", "closed 7"]);
    let rows = [row(3, stated(Status::Closed)), row(5, stated(Status::Open)), row(7, stated(Status::Void))];
    assert_eq!(told(&rows), ["accepted 1", "closed 3", "reopened 5", "voided 7"]);
}

#[test]
fn another_due_is_an_extension_a_correction_or_goes_with_the_resumption() {
    let with = |status, n| Snapshot {
        status: Some(status),
        accepted_at: at(1),
        intake: Intake { due: due(n), ..Intake::default() },
        ..Snapshot::default()
    };
    let rows = [row(2, with(Status::Open, 10)), row(3, with(Status::Open, 20)), row(4, with(Status::Open, 15))];
    assert_eq!(told(&rows), ["accepted 1", "extension_decided 3", "corrected 4"]);
    let rows = [row(2, with(Status::Suspended, 10)), row(5, with(Status::Open, 13))];
    let resumed = facts(&rows).pop().unwrap();
    assert_eq!(resumed, Fact::Resumed { due: due(13) });
}

#[test]
fn a_later_due_first_seen_with_the_close_is_still_an_extension_and_the_end_of_a_pause_takes_the_rows_due() {
    let with = |status, n, closed_at| Snapshot {
        status: Some(status),
        accepted_at: at(1),
        closed_at,
        intake: Intake { due: due(n), ..Intake::default() },
        ..Snapshot::default()
    };
    // As a correction it would cure a case that was closed too late.
    let rows = [row(2, with(Status::Open, 10, None)), row(12, with(Status::Closed, 20, at(12)))];
    assert_eq!(told(&rows), ["accepted 1", "extension_decided 12", "closed 12"]);
    let rows = [row(2, with(Status::Suspended, 10, None)), row(12, with(Status::Closed, 14, at(11)))];
    assert_eq!(told(&rows), ["accepted 1", "suspended 2", "resumed 11", "closed 11"]);
    assert!(facts(&rows).contains(&Fact::Resumed { due: due(14) }));
}

#[test]
fn a_case_without_report_or_acceptance_was_reported_when_it_is_first_heard_of() {
    assert_eq!(told(&[row(5, open(Snapshot { filed_at: at(2), ..Snapshot::default() }))]), ["reported 2", "filed 2"]);
    assert_eq!(told(&[row(5, open(Snapshot::default()))]), ["reported 5"]);
}

#[test]
fn a_changed_value_is_a_correction_and_a_changed_answer_a_review() {
    let with = |town: &str, result: &str, solved, accepted| {
        let attributes = Attributes { town: town.into(), external_no: "H1".into(), ..Attributes::default() };
        let intake = Intake { attributes, is_assessed: Some(solved), ..Intake::default() };
        let (result, accepted_at, solved) = (result.into(), at(accepted), Some(solved));
        open(Snapshot { intake, result, accepted_at, solved, first_contact: Some(true), ..Snapshot::default() })
    };
    let told = facts(&[row(3, with("T1", "解释说明", true, 1)), row(4, with("T2", "实际解决", false, 2))]);
    let mut changed: Vec<(Correction, SmolStr)> = Vec::new();
    for fact in told {
        match fact {
            Fact::Corrected { correction, old, .. } | Fact::Reviewed { correction, old, .. } => {
                changed.push((correction, old));
            }
            Fact::Accepted(intake) => assert_eq!(intake.attributes.external_no, "H1"),
            Fact::Revisited(said) => assert_eq!((said.reached, said.first_contact), (true, Some(true))),
            other => panic!("{other:?}"),
        }
    }
    let wanted = [
        (Correction::Result("解释说明".into()), ""),
        (Correction::Solved(false), "true"),
        (Correction::Attribute(Attribute::Town, "T2".into()), "T1"),
        (Correction::ReceivedAt(hour(2)), ""),
        (Correction::Result("实际解决".into()), "解释说明"),
        (Correction::Assessed(false), "true"),
    ];
    assert_eq!(changed, wanted.map(|(correction, old)| (correction, SmolStr::from(old))));
}

#[test]
fn the_receipt_is_put_right_by_the_time_that_the_stream_counts_from() {
    let with = |reported, accepted| {
        open(Snapshot { reported_at: at(reported), accepted_at: at(accepted), ..Snapshot::default() })
    };
    let rows = [row(4, with(1, 2)), row(5, with(3, 2))];
    let rows: Vec<&Event> = rows.iter().collect();
    let corrected = |derived: &[Event]| derived.iter().any(|event| event.fact.kind() == FactKind::Corrected);
    let by_report =
        Stream::new("grid", "grid", jiff::tz::TimeZone::UTC).means(&[FactKind::Reported], Meaning::Received);
    assert!(corrected(&expand(&by_report, &rows, usize::MAX)));
    assert!(!corrected(&expanded(&rows)));
}

#[test]
fn a_link_to_a_parent_moves_and_is_taken_away() {
    let with = |parent: &str| open(Snapshot { duplicate_of: Some(parent.into()), ..Snapshot::default() });
    let rows = [row(1, with("")), row(2, with("P")), row(3, with("Q")), row(4, with(""))];
    assert_eq!(told(&rows), ["reported 1", "duplicate_linked 2", "duplicate_linked 3", "duplicate_unlinked 4"]);
}

#[test]
fn of_rows_of_one_instant_the_one_that_says_more_comes_later() {
    let accepted = open(Snapshot { accepted_at: at(1), ..Snapshot::default() });
    let closed = Snapshot { status: Some(Status::Closed), closed_at: at(2), ..accepted.clone() };
    // By its id the closed row would come first, and the case would be open again.
    let rows = [event("a", 2, Fact::Snapshot(Box::new(closed))), event("b", 2, Fact::Snapshot(Box::new(accepted)))];
    assert_eq!(told(&rows), ["accepted 1", "closed 2"]);
}

#[test]
fn the_ledger_keeps_a_row_as_it_was_stated() {
    let full = Snapshot {
        light: Some(crate::domain::light::Light::Red),
        satisfaction: Some(Satisfaction::Dissatisfied),
        duplicate_of: Some(SmolStr::default()),
        assignments: vec![SnapshotAssignment { status: Some(AssignmentStatus::Withdrawn), ..child("1", "A") }],
        ..open(Snapshot::default())
    };
    let json = serde_json::to_string(&full).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), full, "{json}");
    assert!(json.contains(r#""light":"RED""#), "{json}");
    let old = r#"{"status":"closed","unit":"A","closed_at":1}"#;
    assert_eq!(serde_json::from_str::<Snapshot>(old).unwrap().status, Some(Status::Closed));
}
