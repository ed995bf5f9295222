//! Whether a unit kept the due of its assignment, and which units are not asked. Hours and rules as in `lives`.

use super::{
    lives::{answered, judged, returned, taken_in},
    *,
};
use crate::domain::{assignment::Outcome, policy::StageName, span::Span};

/// To a unit of a level, as the lead where `role` says so.
fn sent_to(unit: &str, level: u8, role: &str) -> Fact {
    let (unit, role) = (unit.into(), role.into());
    Fact::Dispatched(Box::new(Dispatch { unit, level, role, ..Dispatch::default() }))
}

fn outcomes(case: &Case) -> Vec<Outcome> {
    case.assignments.iter().map(|one| one.outcome).collect()
}

/// Whether a unit kept the due of its assignment, as far as that has a verdict at an hour.
fn verdict(case: &Case, assignment: u16, hour: i64) -> Option<bool> {
    let at = Millis(hour * HOUR);
    let is_it = |span: &&Span| span.assignment == assignment && span.stage == StageName::Dispose;
    let span = case.clocks.iter().filter(|span| span.is_in_force(at)).find(is_it)?;
    (!span.is_unjudged).then(|| span.is_met(at))
}

#[test]
fn who_passes_a_case_on_in_time_is_not_judged_and_who_has_it_then_is() {
    let case = judged(vec![
        (8, taken_in()),
        (9, sent_to("T", 2, "")),
        (10, sent_to("U", 3, "")),
        (11, sent_to("V", 4, "")),
        (16, answered("V")),
        (17, closed()),
    ]);
    assert_eq!(outcomes(&case), [Outcome::PassedOn, Outcome::PassedOn, Outcome::Done]);
    assert_eq!(case.assignments[0].ended_at, Some(Millis(10 * HOUR)));
    // Four working hours from 11: until 17.
    assert_eq!([1, 2, 3].map(|number| verdict(&case, number, 99)), [None, None, Some(true)]);
    assert_eq!(verdict(&case, 1, 9), Some(false), "until then it has not answered");
}

#[test]
fn passing_on_what_is_late_cures_nothing() {
    let late = judged(vec![(8, taken_in()), (9, sent_to("T", 2, "")), (16, sent_to("U", 3, "")), (17, answered("U"))]);
    assert_eq!(outcomes(&late), [Outcome::PassedOn, Outcome::Done]);
    assert_eq!([1, 2].map(|number| verdict(&late, number, 99)), [Some(false), Some(true)]);
}

#[test]
fn a_unit_that_passed_a_case_on_and_answers_after_all_is_judged_by_its_answer() {
    let life = |hour| {
        judged(vec![(8, taken_in()), (9, sent_to("T", 2, "")), (10, sent_to("U", 3, "")), (hour, answered("T"))])
    };
    assert_eq!([life(14), life(16)].map(|case| verdict(&case, 1, 99)), [Some(true), Some(false)]);
}

#[test]
fn on_one_level_only_a_dispatch_that_names_the_lead_takes_the_case_from_another() {
    let life =
        |role| judged(vec![(8, taken_in()), (9, sent_to("A", 3, "")), (10, sent_to("B", 3, role)), (16, closed())]);
    assert_eq!(outcomes(&life("lead")), [Outcome::PassedOn, Outcome::Done]);
    assert_eq!(outcomes(&life("")), [Outcome::Done; 2], "two units side by side");
    assert_eq!(outcomes(&life("support")), [Outcome::Done; 2]);
    assert_eq!(verdict(&life(""), 1, 99), Some(false));
}

#[test]
fn what_a_lower_unit_returns_the_upper_has_again() {
    let returned = judged(vec![
        (8, taken_in()),
        (9, sent_to("T", 2, "")),
        (10, sent_to("U", 3, "")),
        (11, returned(true, "U")),
        (17, closed()),
    ]);
    assert_eq!(outcomes(&returned), [Outcome::Done, Outcome::Returned]);
    assert_eq!([10, 11, 99].map(|hour| verdict(&returned, 1, hour)), [None, Some(false), Some(false)]);
}

#[test]
fn a_reopening_is_for_the_unit_that_has_the_case_and_the_due_that_it_names_as_well() {
    let given = |unit: &str| dispatched(unit, due(15));
    let reopened = |due| Fact::Reopened { due, reason: Reason::default() };
    let life = |named| {
        let answers =
            vec![(8, taken_in()), (9, given("A")), (10, given("B")), (11, answered("A")), (12, answered("B"))];
        let again = [(13, closed()), (14, reopened(named)), (16, answered("B")), (17, closed())];
        judged(answers.into_iter().chain(again).collect())
    };
    assert_eq!([1, 2].map(|number| verdict(&life(due(18)), number, 99)), [Some(true), Some(true)]);
    assert_eq!([1, 2].map(|number| verdict(&life(None), number, 99)), [Some(true), Some(false)]);
}

#[test]
fn a_due_that_a_resumption_names_is_the_units_as_well() {
    let resumed = |due| Fact::Resumed { due };
    let life = |named| {
        let paused = [(8, taken_in()), (9, dispatched("A", due(12))), (10, suspended()), (11, resumed(named))];
        judged(paused.into_iter().chain([(16, answered("A")), (17, closed())]).collect())
    };
    // Without a name it moves by an hour of work, from 12 to 15.
    assert_eq!([due(16), None].map(|named| verdict(&life(named), 1, 99)), [Some(true), Some(false)]);
}
