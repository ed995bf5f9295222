//! (c) One case, and the list of those that are open or overdue.

use tongguan::{
    domain::kpi::Figure,
    store::{
        case_row,
        kpi::{self, Page, Question},
        ledger_read,
    },
};

use super::{
    bare::{By, bound},
    bench::{Bench, MONTH, ZONE},
    figures::Asked,
    rounds::{alone, beside, head, show, show_alone},
};

pub async fn measure(bench: &Bench) {
    head("one case, and a page of the overdue", "the library", "by hand");
    overdue(bench).await;
    one(bench).await;
}

async fn overdue(bench: &Bench) {
    let figure = Figure::by_id("K07").unwrap();
    let asked = Asked { figure, period: bench.period(MONTH, false), by: By::Nothing, is_past: false };
    let question = Question::new(figure, asked.period, ZONE);
    let ours = async || {
        let cases = kpi::cases_behind(&bench.store, &question, Page { limit: 100, ..Page::default() }).await.unwrap();
        cases.into_iter().map(|case| case.case_id).collect::<Vec<_>>()
    };
    let by_hand = async || bench.lines(bound(bench, &asked, include_str!("bare/overdue.sql"))).await;
    let check = |ours: Vec<String>, by_hand: Vec<String>| assert_eq!(ours, by_hand, "the page of overdue cases");
    let (ours, by_hand) = beside(bench.rounds, ours, by_hand, check).await;
    show("the overdue, a page of 100", &ours, &by_hand);
    let words = ["kpi", "K07", "--month", "2021-06", "--cases"];
    show_alone("tongguan kpi K07 --cases", &alone(bench.rounds, async || bench.run(&words)).await);
}

async fn one(bench: &Bench) {
    let (stream, case_id) = ("grid", a_case(bench).await);
    let row = async || usize::from(case_row::of_case(&bench.store, stream, &case_id).await.unwrap().is_some());
    let by_hand = async || {
        let query =
            bench.store.query(include_str!("bare/case_row.sql")).param("stream", stream).param("case_id", &case_id);
        bench.lines(query).await.len()
    };
    let (ours, theirs) =
        beside(bench.rounds, row, by_hand, |ours, theirs| assert_eq!(ours, theirs, "rows of a case")).await;
    show("the row of a case", &ours, &theirs);
    let events = async || ledger_read::of_cases(&bench.store, &[&case_id], &[]).await.unwrap().into_iter().count();
    let by_hand = async || {
        let query = bench.store.query(include_str!("bare/case_events.sql")).param("case_id", &case_id);
        bench.lines(query).await.len()
    };
    let check = |ours, theirs| assert_eq!(ours, theirs, "events of a case");
    let (ours, theirs) = beside(bench.rounds, events, by_hand, check).await;
    show("the events of a case", &ours, &theirs);
    let words = ["case", "show", &case_id];
    show_alone("tongguan case show", &alone(bench.rounds, async || bench.run(&words)).await);
}

/// One that was taken in and not copied, because only of these there are events.
pub async fn a_case(bench: &Bench) -> String {
    let sql = "SELECT min(case_id) AS line FROM {{database}}.events WHERE stream = 'grid' AND case_id >= '2106A'";
    bench.lines(bench.store.query(sql)).await.remove(0)
}
