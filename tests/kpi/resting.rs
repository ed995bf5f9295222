//! A question of an instant after which nothing was said reads no histories. When something is said later after all, the same
//! question has the same answer, from a store that thought otherwise too.

use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Period},
        time::Millis,
    },
    store::{
        Store,
        kpi::{Answer, Dimension, Question, cases_behind, many},
    },
};

use crate::{
    histories::{cases, periods, runner, sample},
    scratch::Scratch,
};

const CASES: usize = 600;

async fn asked(store: &Store, period: Period) -> (Vec<Vec<Answer>>, Vec<String>) {
    let figures: Vec<&'static Figure> = CATALOGUE.iter().collect();
    let question = Question { group_by: vec![Dimension::Unit], ..Question::new(figures[0], period, "Asia/Shanghai") };
    let answers = many(store, &question, &figures).await.unwrap();
    let list = Question::new(Figure::by_id("K05a").unwrap(), period, "Asia/Shanghai");
    let page = tongguan::store::kpi::Page { limit: 10_000, ..Default::default() };
    let listed = cases_behind(store, &list, page).await.unwrap();
    (answers, listed.into_iter().map(|case| case.case_id).collect())
}

fn last(case: &Case) -> Option<Millis> {
    case.milestones.last_event_at
}

#[tokio::test]
async fn what_is_said_later_changes_no_answer_of_before() {
    let scratch = Scratch::new("resting").await;
    let mut runner = runner();
    let strategy = cases();
    let mut drawn: Vec<Case> = (0..CASES)
        .map(|index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) })
        .collect();
    drawn.sort_by_key(last);
    let (before, later) = drawn.split_at(CASES * 2 / 3);
    let as_of = before.iter().filter_map(last).max().unwrap();
    assert!(later.iter().filter(|case| last(case) > Some(as_of)).count() > 50);
    let period = Period { as_of, ..sample(&mut runner, &periods()) };

    scratch.insert(before.iter(), 0).await;
    let at_rest = asked(&scratch.store, period).await;
    // Asked once more, the store knows that nothing lies after the instant; and now something does.
    scratch.insert(later.iter(), 0).await;
    let surprised = asked(&scratch.store, period).await;
    let other = scratch.store.beside(scratch.database()).unwrap();
    let afresh = asked(&other, period).await;
    assert_eq!(surprised, afresh);
    assert_ne!(at_rest, afresh, "cases that lived on were there before the instant, and count now");
    assert_eq!(asked(&scratch.store, period).await, afresh);
}

/// Without a column of the histories a question of now is answered, and one of the past is not.
#[tokio::test]
async fn a_question_of_now_reads_no_histories() {
    let scratch = Scratch::new("now").await;
    let mut runner = runner();
    let strategy = cases();
    let drawn: Vec<Case> = (0..200)
        .map(|index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) })
        .collect();
    scratch.insert(drawn.iter(), 0).await;
    let as_of = drawn.iter().filter_map(last).max().unwrap();
    let now = Period { as_of, ..sample(&mut runner, &periods()) };
    let before = asked(&scratch.store, now).await;
    scratch.store.execute("ALTER TABLE {{database}}.cases DROP COLUMN steps.marks").await.unwrap();
    assert_eq!(asked(&scratch.store, now).await, before);
    let past = Period { as_of: as_of.plus(-1), ..now };
    let question = Question::new(Figure::by_id("K05a").unwrap(), past, "Asia/Shanghai");
    assert!(tongguan::store::kpi::answers(&scratch.store, &question).await.is_err(), "the past is in the histories");
}
