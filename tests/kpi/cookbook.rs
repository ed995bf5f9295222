//! The queries of docs/sql-cookbook.md and the command give the same figures, on random cases. That every query of the
//! cookbook runs is shown by tests/it/cookbook.rs.

use std::fs;

use serde_json::Value;

use crate::{
    histories::{cases, runner, sample},
    program::json,
    scratch::Scratch,
};

const YEAR: &str = "--from 2021-01-01 --to 2022-01-01 --as-of 2022-01-05";
const MARCH: &str = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-10";
const EVER: &str = "--from 2000-01-01 --to 2100-01-01";

async fn filled() -> Scratch {
    let scratch = Scratch::new("cookbook").await;
    let mut runner = runner();
    let strategy = cases();
    let mut drawn: Vec<_> = (0..2000).map(|_| sample(&mut runner, &strategy)).collect();
    for (index, case) in drawn.iter_mut().enumerate() {
        case.case_id = format!("C{index:05}").into();
    }
    scratch.insert(drawn.iter(), 0).await;
    scratch
}

/// The query under a heading, for the scratch database and without its limit.
fn query(scratch: &Scratch, heading: &str) -> String {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sql-cookbook.md")).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let (_, sql) = section.split_once("```sql\n").unwrap();
    let sql = sql.split_once("```").unwrap().0.replace("tongguan", scratch.database());
    sql.lines().filter(|line| !line.starts_with("LIMIT ")).collect::<Vec<_>>().join("\n")
}

/// The one number that a question about the query's rows is answered with.
async fn number(scratch: &Scratch, asked: &str, heading: &str) -> u64 {
    #[derive(clickhouse::Row, serde::Deserialize)]
    struct Number {
        number: u64,
    }
    let sql = format!("SELECT toUInt64({asked}) AS number FROM (\n{}\n)", query(scratch, heading));
    scratch.rows::<Number>(&sql).await.remove(0).number
}

fn counts(answers: &[Value]) -> (u64, u64) {
    let sum = |name: &str| answers.iter().map(|answer| answer[name].as_u64().unwrap()).sum();
    (sum("numerator"), sum("denominator"))
}

#[tokio::test]
async fn the_rates_of_a_year_by_stream_are_those_of_the_command() {
    let scratch = filled().await;
    for answer in json(&scratch, &format!("K05a {YEAR} --group-by stream")) {
        for (column, name) in [("closed", "numerator"), ("received", "denominator")] {
            let asked = format!("sumIf({column}, stream = '{}')", answer["stream"].as_str().unwrap());
            let found = number(&scratch, &asked, "The closure rate of a year, by stream").await;
            assert_eq!(Some(found), answer[name].as_u64(), "{asked}");
            assert!(found > 100, "{asked}: {found}");
        }
    }
}

#[tokio::test]
async fn a_month_under_every_convention_is_that_of_the_command() {
    let scratch = filled().await;
    for (prefix, id) in [("shanghai", "K06a"), ("need_close", "K06b"), ("due", "K06c"), ("closed", "K06d")] {
        let (n, d) = counts(&json(&scratch, &format!("{id} {MARCH}")));
        for (column, wanted) in [("n", n), ("d", d)] {
            let found =
                number(&scratch, &format!("any({prefix}_{column})"), "The same month under every convention").await;
            assert_eq!(found, wanted, "{id} {column}");
        }
        assert!(n > 20 && d > n, "{id}: {n}/{d}");
    }
}

#[tokio::test]
async fn the_cases_that_a_rate_lacks_are_the_difference_of_its_counts() {
    let scratch = filled().await;
    let (n, d) = counts(&json(&scratch, &format!("K06c {YEAR}")));
    assert_eq!(number(&scratch, "count()", "Which cases make a timeliness rate fall short").await, d - n);
}

#[tokio::test]
async fn open_and_overdue_is_what_the_closure_rate_lacks_as_of_now() {
    let scratch = filled().await;
    let (n, d) = counts(&json(&scratch, &format!("K05b {EVER}")));
    assert_eq!(number(&scratch, "count()", "Open and overdue now, longest first").await, d - n);
}

#[tokio::test]
async fn cases_by_month_are_the_cases_received() {
    let scratch = filled().await;
    let heading = "Cases by month and category, with median days to close";
    let months = json(&scratch, &format!("K01 {EVER} --group-by month"));
    assert!(months.len() > 2, "{months:?}");
    for answer in months {
        let asked = format!("sumIf(received, startsWith(toString(month), '{}'))", answer["month"].as_str().unwrap());
        assert_eq!(Some(number(&scratch, &asked, heading).await), answer["numerator"].as_u64(), "{asked}");
    }
}
