//! Readers side by side, each asking one question after the other.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tongguan::{
    domain::kpi::Figure,
    store::{
        Store, case_row,
        kpi::{Dimension, Page, Question, answers, cases_behind},
        ledger_read,
    },
};

use super::{
    bench::{Bench, MONTH, YEAR, ZONE},
    rounds::{Times, time},
};

/// What they ask in turn.
#[derive(Clone)]
enum Ask {
    Figure(Question),
    Overdue(Question),
    Case(String),
}

pub struct Readers {
    pub count: usize,
    /// Between an answer and the next question of the same reader.
    pub pause: Duration,
}

impl Readers {
    /// How long each question took, by its name.
    pub async fn read(&self, bench: &Bench, case_id: &str) -> BTreeMap<&'static str, Times> {
        let questions = Arc::new(questions(bench, case_id));
        let until = Instant::now() + bench.load;
        let mut readers = Vec::new();
        for number in 0..self.count {
            let (store, questions, pause) = (bench.another_store(), Arc::clone(&questions), self.pause);
            readers.push(tokio::spawn(async move { one(&store, &questions, number, pause, until).await }));
        }
        let mut all: BTreeMap<&'static str, Vec<Duration>> = BTreeMap::new();
        for reader in readers {
            for (name, took) in reader.await.unwrap() {
                all.entry(name).or_default().push(took);
                all.entry("all").or_default().push(took);
            }
        }
        all.into_iter().map(|(name, times)| (name, Times::of(times))).collect()
    }
}

async fn one(
    store: &Store,
    questions: &[(&'static str, Ask)],
    number: usize,
    pause: Duration,
    until: Instant,
) -> Vec<(&'static str, Duration)> {
    let mut all = Vec::new();
    for (name, ask) in questions.iter().cycle().skip(number % questions.len()) {
        if Instant::now() >= until {
            break;
        }
        let (took, ()) = time(asked(store, ask)).await;
        all.push((*name, took));
        tokio::time::sleep(pause).await;
    }
    all
}

async fn asked(store: &Store, ask: &Ask) {
    match ask {
        Ask::Figure(question) => drop(answers(store, question).await.unwrap()),
        Ask::Overdue(question) => {
            drop(cases_behind(store, question, Page { limit: 100, ..Page::default() }).await.unwrap())
        }
        Ask::Case(case_id) => {
            drop(ledger_read::of_cases(store, &[case_id], &[]).await.unwrap());
            drop(case_row::of_case(store, "grid", case_id).await.unwrap());
        }
    }
}

fn questions(bench: &Bench, case_id: &str) -> Vec<(&'static str, Ask)> {
    let of = |id: &str, span, is_past, group_by: &[Dimension]| Question {
        group_by: group_by.to_vec(),
        ..Question::new(Figure::by_id(id).unwrap(), bench.period(span, is_past), ZONE)
    };
    vec![
        ("K05b of a month", Ask::Figure(of("K05b", MONTH, false, &[]))),
        ("K06c of a month by town", Ask::Figure(of("K06c", MONTH, false, &[Dimension::Town]))),
        ("one case", Ask::Case(case_id.to_owned())),
        ("K05b of a month, as of the past", Ask::Figure(of("K05b", MONTH, true, &[]))),
        (
            "K05c of the year by unit and month",
            Ask::Figure(of("K05c", YEAR, false, &[Dimension::Unit, Dimension::Month])),
        ),
        ("the overdue, a page", Ask::Overdue(of("K07", MONTH, false, &[]))),
    ]
}
