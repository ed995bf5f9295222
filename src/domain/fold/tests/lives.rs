//! Lives under a policy. Hours count from Thursday, 1 January 1970, 00:00; work is done 8-12 and 14-18. Handling may take 4
//! working hours, and 3 after a rework; in town `b` 2, and a rework changes nothing.

use std::sync::Arc;

use super::{
    histories::{judging, judging_only_b},
    *,
};
use crate::domain::{
    assignment::Outcome,
    fact::{OfUnit, Revisit, Satisfaction},
    marks::Mark,
    policy::StageName,
    span::Span,
    stream::Counting,
};

pub(super) fn judged(facts: Vec<(i64, Fact)>) -> Case {
    judged_by(&judging(), facts)
}

fn judged_by(rules: &Rules, facts: Vec<(i64, Fact)>) -> Case {
    let facts = facts.into_iter().enumerate();
    let events: Vec<Event> = facts.map(|(n, (hour, fact))| event(n as i64, &format!("e{n}"), hour, fact)).collect();
    fold(rules, &events.iter().collect::<Vec<_>>())
}

pub(super) fn taken_in() -> Fact {
    Fact::Accepted(Box::default())
}

fn in_town(town: &str) -> Fact {
    let attributes = Attributes { town: town.into(), ..Attributes::default() };
    Fact::Accepted(Box::new(Intake { attributes, ..Intake::default() }))
}

fn sent(unit: &str) -> Fact {
    dispatched(unit, None)
}

pub(super) fn answered(unit: &str) -> Fact {
    Fact::Submitted { unit: unit.into(), result: "".into(), note: "".into() }
}

fn failed_check() -> Fact {
    Fact::Checked { passed: false, reason: Reason::default() }
}

pub(super) fn returned(accepted: bool, unit: &str) -> Fact {
    Fact::ReturnDecided { accepted, of: OfUnit { unit: unit.into(), ..OfUnit::default() } }
}

fn approved(due: Option<Due>) -> Fact {
    Fact::ExtensionDecided { approved: true, due, reason: Reason::default() }
}

fn corrected(correction: Correction) -> Fact {
    Fact::Corrected { correction, old: "".into(), reason: Reason::default() }
}

fn mark(case: &Case, mark: Mark) -> bool {
    case.history.0.last().unwrap().marks.has(mark)
}

/// Finished in time, as the rates see it.
fn is_on_time(case: &Case) -> bool {
    let step = case.history.0.last().unwrap();
    step.due.zip(step.finished_at).is_some_and(|(due, at)| due.is_met_at(at))
}

#[test]
fn the_rule_gives_a_due_and_stands_on_the_case() {
    let case = judged(vec![(8, taken_in()), (9, sent("A")), (15, answered("A")), (16, closed())]);
    assert_eq!((case.due, case.original_due, case.policy_due), (due(15), due(15), due(15)));
    assert_eq!((case.judged_by.policy.as_str(), case.judged_by.rule.as_str()), ("test@1", "any"));
    assert_eq!(case.judged_by.calendar, "test");
    assert!(is_on_time(&case), "the answer stopped the clock, an hour before the close");
    assert_eq!(case.history.0.last().unwrap().worked_ms, Some(6 * HOUR));
}

#[test]
fn a_stated_due_beats_the_policy_and_both_are_kept() {
    let case = judged(vec![(8, accepted(12)), (9, sent("A")), (11, answered("A")), (13, closed())]);
    assert_eq!((case.due, case.policy_due), (due(12), due(15)));
    assert!(!is_on_time(&case), "a stated due is that of the close");
}

#[test]
fn a_late_approval_cures_nothing_and_one_in_time_adds_the_limit() {
    let late = judged(vec![(8, taken_in()), (9, sent("A")), (16, approved(None)), (17, answered("A")), (18, closed())]);
    assert_eq!((late.due, late.counts.extensions, late.counts.late_extensions), (due(15), 0, 1));
    assert!(!is_on_time(&late) && mark(&late, Mark::WasRed));
    let early =
        judged(vec![(8, taken_in()), (9, sent("A")), (10, approved(None)), (17, answered("A")), (18, closed())]);
    assert_eq!((early.due, early.original_due, early.counts.extensions), (due(24 + 9), due(15), 1));
    assert_eq!(early.milestones.extended_at, Some(Millis(10 * HOUR)));
    assert!(is_on_time(&early));
}

#[test]
fn a_rework_after_the_due_changes_no_verdict_and_is_a_clock_of_its_own_for_the_unit() {
    let lives = |first: i64| {
        judged(vec![
            (8, taken_in()),
            (9, sent("A")),
            (first, answered("A")),
            (24 + 8, failed_check()),
            (24 + 9, answered("A")),
            (24 + 10, closed()),
        ])
    };
    let case = lives(11);
    assert_eq!((case.due, case.reworks.as_slice()), (due(15), [Millis(32 * HOUR)].as_slice()));
    assert!(is_on_time(&case) && !mark(&case, Mark::WasRed));
    let late_at_first = lives(17);
    assert!(!is_on_time(&late_at_first) && mark(&late_at_first, Mark::WasRed), "late stays late");
    let of_unit = |case: &Case| -> Vec<(Option<Due>, bool)> {
        let spans = case.clocks.iter().filter(|span| span.stage == StageName::Dispose && span.assignment == 1);
        spans.filter(|span| span.until.is_none()).map(|span| (Some(span.due), span.is_met(Millis(99 * HOUR)))).collect()
    };
    assert_eq!(of_unit(&case), [(due(15), true), (due(24 + 11), true)]);
    assert_eq!(of_unit(&late_at_first), [(due(15), false), (due(24 + 11), true)]);
}

#[test]
fn an_order_after_a_failed_check_is_the_same_rework() {
    let ordered = Fact::ReworkOrdered(OfUnit::default());
    let facts = vec![(8, taken_in()), (9, sent("A")), (10, answered("A")), (11, failed_check()), (12, ordered)];
    let case = judged(facts);
    assert_eq!((case.reworks.len(), case.milestones.reworked_at), (1, Some(Millis(11 * HOUR))));
    assert_eq!(case.assignments[0].outcome, Outcome::Open, "it is with the unit again");
}

#[test]
fn an_accepted_return_ends_the_assignment_and_the_next_dispatch_begins_anew() {
    let case = judged(vec![
        (8, taken_in()),
        (9, sent("A")),
        (10, returned(true, "A")),
        (14, sent("B")),
        (17, answered("B")),
        (18, closed()),
    ]);
    let outcomes: Vec<Outcome> = case.assignments.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Returned, Outcome::Done]);
    assert_eq!((case.unit.as_str(), case.due, case.counts.returns), ("B", due(18), 1));
    let unjudged: Vec<bool> = case
        .clocks
        .iter()
        .filter(|span| span.assignment == 1 && span.stage == StageName::Dispose && span.until.is_none())
        .map(|span| span.is_unjudged)
        .collect();
    assert_eq!(unjudged, [true], "nobody is judged for what was not his");
}

#[test]
fn after_a_refused_return_the_clock_runs_on() {
    let case = judged(vec![(8, taken_in()), (9, sent("A")), (10, returned(false, "A")), (16, answered("A"))]);
    assert_eq!((case.due, case.counts.returns, case.counts.refused_returns), (due(15), 0, 1));
    assert!(mark(&case, Mark::WasRed));
}

#[test]
fn a_supporting_unit_neither_has_the_case_nor_answers_for_it() {
    let support =
        Fact::Dispatched(Box::new(Dispatch { unit: "B".into(), role: "support".into(), ..Dispatch::default() }));
    let case = judged(vec![(8, taken_in()), (9, sent("A")), (10, support), (11, answered("B"))]);
    assert_eq!((case.unit.as_str(), case.milestones.last_submitted_at), ("A", None));
    let of = |assignment| {
        let is_it = |span: &&Span| span.assignment == assignment && span.stage == StageName::Dispose;
        case.clocks.iter().rfind(is_it).unwrap()
    };
    assert_eq!((of(0).stopped_at, of(2).stopped_at), (None, Some(Millis(11 * HOUR))));
}

#[test]
fn every_check_and_every_rework_is_kept() {
    let passed = Fact::Checked { passed: true, reason: Reason::default() };
    let ordered = Fact::ReworkOrdered(OfUnit::default());
    let case = judged(vec![
        (8, taken_in()),
        (9, sent("A")),
        (10, ordered),
        (11, answered("A")),
        (14, failed_check()),
        (15, answered("A")),
        (16, passed),
    ]);
    let checks: Vec<(Millis, bool)> = case.checks.iter().map(|check| (check.at, check.passed)).collect();
    assert_eq!(checks, [(Millis(14 * HOUR), false), (Millis(16 * HOUR), true)]);
    assert_eq!(case.reworks, [Millis(10 * HOUR), Millis(14 * HOUR)]);
}

#[test]
fn another_rule_after_a_correction_judges_from_the_start_again() {
    let town = Correction::Attribute(Attribute::Town, "b".into());
    let case = judged(vec![(8, in_town("a")), (9, sent("A")), (14, corrected(town)), (15, answered("A"))]);
    assert_eq!((case.judged_by.rule.as_str(), case.due), ("b", due(11)));
    assert!(mark(&case, Mark::WasRed));
    assert_eq!(case.history.at(Millis(13 * HOUR)).unwrap().due, due(15), "then it was another rule's");
    let earlier: Vec<(&str, Millis)> =
        case.earlier.iter().map(|earlier| (earlier.attributes.town.as_str(), earlier.until)).collect();
    assert_eq!(earlier, [("a", Millis(14 * HOUR))]);
}

#[test]
fn an_approval_extends_what_a_rule_found_later_gives_and_cures_nothing_by_it() {
    let life =
        |hour| vec![(8, taken_in()), (9, sent("A")), (hour, approved(due(100))), (15, in_town("b")), (16, closed())];
    for (hour, expected) in [(10, due(100)), (14, due(11))] {
        let case = judged_by(&judging_only_b(), life(hour));
        assert_eq!((case.due, case.original_due), (expected, due(11)), "approved at {hour}");
        assert_eq!(case.history.at(Millis(14 * HOUR)).unwrap().due, due(100), "until then it had no other");
    }
}

#[test]
fn a_pause_stops_the_clock_in_its_own_unit() {
    let resumed = Fact::Resumed { due: None };
    let case = judged(vec![(8, taken_in()), (9, sent("A")), (11, suspended()), (24 + 8, resumed)]);
    // Five working hours went by: 11-12 and 14-18.
    assert_eq!((case.due, case.counts.paused_ms), (due(24 + 10), 21 * HOUR));
    assert_eq!(case.counts.longest_pause_ms, 21 * HOUR);
}

#[test]
fn an_upheld_appeal_exempts_and_an_assessment_can_be_taken_away() {
    let upheld = Fact::AppealDecided { upheld: true, reason: Reason::default() };
    let case = judged(vec![(8, taken_in()), (9, upheld), (10, corrected(Correction::Assessed(false)))]);
    assert!(mark(&case, Mark::Exempt) && mark(&case, Mark::Unassessed));
    let steps = &case.history;
    assert!(!steps.at(Millis(9 * HOUR)).unwrap().marks.has(Mark::Unassessed));
}

#[test]
fn duplicates_and_direct_answers_are_in_the_base_as_the_stream_says() {
    let mut stream = Stream::usual("hotline", TimeZone::UTC);
    stream.counting = Counting { duplicates: false, direct_answers: false };
    let rules = Rules { stream: Arc::new(stream), ..judging() };
    let linked = || Fact::DuplicateLinked { parent: "p".into() };
    let direct = || Fact::Closed { how: "direct_answer".into(), result: "".into() };
    let duplicate = judged_by(&rules, vec![(8, taken_in()), (9, linked())]);
    assert!(mark(&duplicate, Mark::Duplicate) && mark(&duplicate, Mark::OutOfBase));
    let usual = judged(vec![(8, taken_in()), (9, linked()), (10, Fact::DuplicateUnlinked(Reason::default()))]);
    assert!(!mark(&usual, Mark::Duplicate) && usual.history.at(Millis(9 * HOUR)).unwrap().marks.has(Mark::Duplicate));
    let answered_at_once = judged_by(&rules, vec![(8, taken_in()), (8, direct())]);
    assert!(mark(&answered_at_once, Mark::DirectAnswer) && mark(&answered_at_once, Mark::OutOfBase));
    let sent_out = judged_by(&rules, vec![(8, taken_in()), (9, sent("A")), (10, direct())]);
    assert!(!mark(&sent_out, Mark::DirectAnswer), "it went to a unit");
}

#[test]
fn a_duplicate_closed_with_its_parent_is_judged_by_its_own_due() {
    let mut stream = Stream::usual("hotline", TimeZone::UTC);
    stream.counting = Counting { duplicates: false, direct_answers: true };
    let without = Rules { stream: Arc::new(stream), ..judging() };
    let child = || vec![(8, accepted(12)), (9, Fact::DuplicateLinked { parent: "p".into() })];
    let closed_with_parent = |hour| {
        let auto = Fact::Closed { how: "duplicate_auto".into(), result: "".into() };
        child().into_iter().chain([(hour, auto)]).collect::<Vec<_>>()
    };
    let case = judged(closed_with_parent(11));
    assert_eq!((case.standing(), case.how.as_str()), (Some(Standing::Closed), "duplicate_auto"));
    assert_eq!((case.attributes.repeat_of.as_str(), case.counts.unknown_codes), ("p", 0));
    assert!(is_on_time(&case) && mark(&case, Mark::Duplicate) && !mark(&case, Mark::OutOfBase));
    assert!(!is_on_time(&judged(closed_with_parent(13))), "its own due, and not the parent's");
    assert!(mark(&judged_by(&without, closed_with_parent(11)), Mark::OutOfBase));
    let forgotten = judged(child());
    assert_eq!(forgotten.standing(), Some(Standing::Open), "nobody said that it is closed");
}

#[test]
fn what_the_patrol_puts_right_is_closed_and_on_time() {
    let intake = Intake { is_patrol_dealt: true, ..Intake::default() };
    let case = judged(vec![(8, Fact::Reported(Box::new(intake)))]);
    assert_eq!(case.standing(), Some(Standing::Closed));
    assert!(is_on_time(&case) && mark(&case, Mark::PatrolDealt));
    assert!(case.clocks.is_empty(), "nothing is left to be done");
}

#[test]
fn a_review_overturns_what_the_citizen_said_from_then_on() {
    let said = Revisit {
        reached: true,
        first_contact: Some(true),
        satisfaction: Some(Satisfaction::Dissatisfied),
        ..Revisit::default()
    };
    let review = Fact::Reviewed {
        correction: Correction::Satisfaction(Satisfaction::Satisfied),
        old: "dissatisfied".into(),
        reason: Reason::default(),
    };
    let case = judged(vec![(8, taken_in()), (9, closed()), (10, Fact::Revisited(Box::new(said))), (12, review)]);
    let answers: Vec<_> = case.answers.iter().map(|answer| (answer.attempts, answer.satisfaction)).collect();
    assert_eq!(answers, [(1, Some(Satisfaction::Dissatisfied)), (1, Some(Satisfaction::Satisfied))]);
    assert_eq!(case.answers[1].first_contact, Some(true));
}

#[test]
fn a_second_check_has_a_clock_of_its_own() {
    let passed = Fact::Checked { passed: true, reason: Reason::default() };
    let case = judged(vec![
        (8, taken_in()),
        (9, sent("A")),
        (10, answered("A")),
        (12, failed_check()),
        (14, answered("A")),
        (15, passed),
    ]);
    let checks: Vec<(Millis, Option<Millis>, bool)> = case
        .clocks
        .iter()
        .filter(|span| span.stage == StageName::Check)
        .map(|span| (span.started_at, span.stopped_at, span.is_met(Millis(99 * HOUR))))
        .collect();
    let at = |hour: i64| Millis(hour * HOUR);
    assert_eq!(checks, [(at(10), Some(at(12)), false), (at(14), Some(at(15)), true)]);
}

#[test]
fn gaps_skew_and_unknown_codes_are_counted_and_nothing_is_dropped() {
    let attributes = Attributes { kind: "怪事".into(), town: "x".into(), ..Attributes::default() };
    let strange = Fact::Accepted(Box::new(Intake { attributes, ..Intake::default() }));
    let case = judged(vec![(8, strange), (10, closed())]);
    assert_eq!((case.counts.unknown_codes, case.counts.gaps, case.counts.irregular), (2, 1, 1));
    assert_eq!((case.standing(), case.attributes.kind.as_str()), (Some(Standing::Closed), "怪事"));
    let early = Event { recorded_at: Some(Millis(7 * HOUR)), ..event(0, "e0", 8, taken_in()) };
    assert_eq!(fold(&judging(), &[&early]).counts.clock_skew, 1);
}
