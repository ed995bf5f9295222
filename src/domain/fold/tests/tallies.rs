//! Tallies, and what a stream declares besides the usual: results, handling, satisfaction, codes.

use super::{HOUR, accepted, closed, dispatched, due, event, fold, reopened, rules};
use crate::domain::{
    attributes::Attributes,
    case::Case,
    event::Event,
    fact::{Correction, Fact, FactKind, Reason, Satisfaction, Tally},
    history::Standing,
    kpi::{Figure, Period, Seen, rows},
    lifecycle::Phase,
    marks::Mark,
    rules::Rules,
    stream::{Meaning, Results, Stream},
    time::Millis,
};

fn counted(quantity: u32) -> Fact {
    let attributes = Attributes { kind: "宣传活动".into(), ..Attributes::default() };
    Fact::Tallied(Box::new(Tally { attributes, quantity, unit: "U".into(), ..Tally::default() }))
}

fn corrected(correction: Correction) -> Fact {
    Fact::Corrected { correction, old: "".into(), reason: Reason::default() }
}

fn folded(stream: Stream, facts: Vec<(i64, Fact)>) -> Case {
    let events: Vec<Event> =
        facts.into_iter().enumerate().map(|(n, (hour, fact))| event(n as i64, &format!("e{n}"), hour, fact)).collect();
    fold(&Rules::of_stream(stream), &events.iter().collect::<Vec<_>>())
}

fn usual() -> Stream {
    (*rules().stream).clone()
}

/// K19 as of an hour.
fn quantity(case: &Case, hour: i64) -> u32 {
    let period = Period { from: Millis(0), to: Millis(1000 * HOUR), as_of: Millis(hour * HOUR) };
    rows(Figure::by_id("K19").unwrap(), case, &period).iter().map(|row| row.part.numerator).sum()
}

#[test]
fn a_tally_is_received_and_closed_when_told_and_counts_what_it_says() {
    let case = folded(usual(), vec![(2, counted(30))]);
    assert_eq!((case.standing(), case.phase, case.quantity), (Some(Standing::Closed), Phase::Closed, 30));
    assert_eq!(case.milestones.received_at, case.milestones.closed_at);
    assert_eq!((case.attributes.kind.as_str(), case.unit.as_str(), case.due), ("宣传活动", "U", None));
    assert_eq!((case.counts.irregular, case.is_incomplete(), quantity(&case, 3)), (0, false, 30));
}

#[test]
fn a_tally_is_corrected_from_then_on_and_a_void_one_counts_nothing() {
    let life = || vec![(2, counted(30)), (5, corrected(Correction::Quantity(3)))];
    let case = folded(usual(), life());
    assert_eq!([1, 4, 5].map(|hour| quantity(&case, hour)), [0, 30, 3]);
    let case = folded(usual(), life().into_iter().chain([(7, Fact::Voided(Reason::default()))]).collect());
    assert_eq!([4, 6, 7].map(|hour| quantity(&case, hour)), [30, 3, 0]);
}

#[test]
fn any_other_case_counts_for_one() {
    let case = folded(usual(), vec![(1, accepted(10)), (5, closed())]);
    assert_eq!((case.quantity, quantity(&case, 2)), (1, 1));
}

#[test]
fn a_stream_says_which_results_are_a_success_and_which_codes_there_are() {
    let mut stream = usual();
    stream.results = Results { solved: vec!["调解成功".into()], explained: vec!["调解不成".into()] };
    stream.codes.closings.push("民转刑".into());
    let ended = |result: &str| Fact::Closed { how: "民转刑".into(), result: result.into() };
    let marks = |result| {
        let case = folded(stream.clone(), vec![(1, accepted(10)), (5, ended(result))]);
        assert_eq!(case.counts.unknown_codes, 0);
        let marks = case.history.0.last().unwrap().marks;
        (marks.has(Mark::ResultSolved), marks.has(Mark::ResultExplained))
    };
    assert_eq!(
        [marks("调解成功"), marks("调解不成"), marks("实际解决")],
        [(true, false), (false, true), (false, false)]
    );
    let strange = folded(usual(), vec![(1, accepted(10)), (5, ended(""))]);
    assert_eq!(strange.counts.unknown_codes, 1);
}

#[test]
fn a_due_is_compared_with_the_handling_where_the_stream_names_one() {
    let answered = |hour| (hour, Fact::Submitted { unit: "U".into(), result: "".into(), note: "".into() });
    let finished = |stream: Stream, facts| folded(stream, facts).history.0.last().unwrap().finished_at;
    let life = || vec![(1, accepted(10)), (2, dispatched("U", due(9))), answered(8), (12, closed())];
    assert_eq!(finished(usual(), life()), Some(Millis(12 * HOUR)));
    let handled = || usual().means(&[FactKind::Submitted], Meaning::Handled);
    assert_eq!(finished(handled(), life()), Some(Millis(8 * HOUR)));
    // Another round is handled anew, or else when it is closed.
    let again: Vec<_> = life().into_iter().chain([(13, reopened()), (20, closed())]).collect();
    assert_eq!(finished(handled(), again), Some(Millis(20 * HOUR)));
}

#[test]
fn an_event_can_be_a_word_of_satisfaction_and_a_failed_check_the_contrary() {
    let stream = || usual().means(&[FactKind::Checked], Meaning::Satisfied);
    let said = |passed| {
        let checked = Fact::Checked { passed, reason: Reason::default() };
        folded(stream(), vec![(1, accepted(10)), (5, checked), (6, closed())]).answers[0].satisfaction
    };
    assert_eq!([said(true), said(false)], [Some(Satisfaction::Satisfied), Some(Satisfaction::Dissatisfied)]);
}

#[test]
fn the_result_at_an_instant_is_what_stood_then_and_only_a_closed_case_has_one() {
    let ended = |result: &str| Fact::Closed { how: "".into(), result: result.into() };
    let case = folded(
        usual(),
        vec![
            (1, accepted(10)),
            (3, ended("甲")),
            (5, reopened()),
            (7, ended("乙")),
            (9, corrected(Correction::Result("丙".into()))),
        ],
    );
    let result = |hour: i64| {
        let period = Period { from: Millis(0), to: Millis(1000 * HOUR), as_of: Millis(hour * HOUR) };
        Seen::new(&case, period).unwrap().place().outcome.1.to_owned()
    };
    assert_eq!([2, 4, 6, 8, 9].map(result), ["", "甲", "", "乙", "丙"]);
}
