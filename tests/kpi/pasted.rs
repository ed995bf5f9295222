//! The SQL that `tongguan kpi explain` prints, over the views that an analyst may read, gives what `tongguan kpi` gives.

use clickhouse::Row;
use serde::Deserialize;
use serde_json::Value;
use tongguan::{
    domain::{
        kpi::{CATALOGUE, Figure, Grain, Period},
        time::Millis,
    },
    store::kpi::{Dimension, Question, answers, pasted},
};

use crate::{
    explain::{YEAR, drawn, filled},
    histories::{periods, runner, sample},
    program::json,
    scratch::Scratch,
};

#[derive(Row, Deserialize)]
struct Pasted {
    labels: Vec<String>,
    numerator: i64,
    denominator: u64,
    #[allow(dead_code, reason = "the row has it")]
    spread: Vec<i64>,
}

#[derive(Row, Deserialize)]
struct Net {
    labels: Vec<String>,
    numerator: i64,
}

/// Label by label: the SQL as it stands gives what the figure's own query gives.
async fn run(scratch: &Scratch, figure: &Figure, sql: &str) -> Vec<(Vec<String>, i64, u64)> {
    assert!(!sql.contains(['{', '}', '?']) && !sql.contains("--"), "{sql}");
    match figure.has_cases() {
        true => {
            let rows = scratch.rows::<Pasted>(sql).await.into_iter();
            rows.map(|row| (row.labels, row.numerator, row.denominator)).collect()
        }
        false => scratch.rows::<Net>(sql).await.into_iter().map(|row| (row.labels, row.numerator, 0)).collect(),
    }
}

/// What both say.
async fn agreed(scratch: &Scratch, question: &Question) -> Vec<(Vec<String>, i64, u64)> {
    let found = run(scratch, question.figure, &pasted(&scratch.store, question)).await;
    let wanted = answers(&scratch.store, question).await.unwrap().into_iter();
    let wanted: Vec<_> = wanted.map(|one| (one.group, one.numerator, one.denominator.unwrap_or_default())).collect();
    assert_eq!(found, wanted, "{question:?}");
    found
}

#[tokio::test]
async fn the_sql_of_every_figure_gives_the_figure() {
    let (scratch, _) = drawn("pasted").await;
    let mut runner = runner();
    let strategy = periods();
    for (turn, figure) in CATALOGUE.iter().enumerate() {
        let plain = Question::new(figure, sample(&mut runner, &strategy), "America/New_York");
        let question = match turn % 3 {
            0 => plain,
            1 => Question { group_by: vec![Dimension::Stream, Dimension::Month], ..plain },
            _ => Question {
                stream: Some("hotline".to_owned()),
                is_assessed: true,
                group_by: vec![Dimension::Day],
                ..plain
            },
        };
        agreed(&scratch, &question).await;
    }
}

#[tokio::test]
async fn the_sql_that_is_printed_gives_the_figures_that_are_printed() {
    let scratch = filled("printed").await;
    for words in ["K06a --group-by stream,month", "K17c", "K08 --stream hotline --assessed"] {
        let explained = json(&scratch, &format!("explain {words} {YEAR}")).remove(0);
        let figure = Figure::by_id(explained["kpi"].as_str().unwrap()).unwrap();
        let found = run(&scratch, figure, explained["sql"].as_str().unwrap()).await;
        let number = |answer: &Value, name: &str| answer[name].as_i64().unwrap_or_default();
        let wanted = explained["answers"].as_array().unwrap().iter();
        let wanted: Vec<_> = wanted.map(|one| (number(one, "numerator"), number(one, "denominator"))).collect();
        assert!(!wanted.is_empty());
        assert_eq!(found.iter().map(|(_, n, d)| (*n, *d as i64)).collect::<Vec<_>>(), wanted, "{words}");
    }
}

const EVER: Period = Period { from: Millis(0), to: Millis(4_102_444_800_000), as_of: Millis(4_102_444_800_000) };

/// No case is asked for by these.
const TIMES: [&str; 5] = ["day", "week", "month", "quarter", "year"];

#[tokio::test]
async fn the_sql_of_every_grain_knows_every_dimension() {
    let (scratch, _) = drawn("dimensions").await;
    let (mut grouped, mut filtered) = (0, 0);
    for grain in [Grain::Case, Grain::Clock, Grain::Assignment, Grain::Check] {
        let figure = CATALOGUE.iter().find(|figure| figure.grain == grain && figure.has_cases()).unwrap();
        let plain = Question::new(figure, EVER, "Asia/Shanghai");
        for (dimension, name, _) in Dimension::ALL {
            let groups = agreed(&scratch, &Question { group_by: vec![dimension], ..plain.clone() }).await;
            grouped += groups.len();
            let largest = groups.into_iter().max_by_key(|(_, n, d)| (*n, *d)).filter(|_| !TIMES.contains(&name));
            let Some((group, n, d)) = largest else { continue };
            let only = vec![(dimension, group[0].clone())];
            let one = agreed(&scratch, &Question { only, ..plain.clone() }).await;
            assert_eq!(one, [(vec![], n, d)], "{} of {name} {group:?}", figure.id);
            filtered += n;
        }
    }
    assert!(grouped > 200 && filtered > 1000, "too little to show anything: {grouped} {filtered}");
}
