//! docs/kpi.md is true: its worked example is read from the page and computed by the real command.

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use tongguan::{
    domain::kpi::{CATALOGUE, Figure},
    report::rate::percent,
};

use crate::{
    lives,
    program::{json, printed},
    scratch::Scratch,
};

const STREAM: &str = "hotline";

struct Page(String);

impl Page {
    fn read() -> Self {
        Self(fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/kpi.md")).unwrap())
    }

    /// The cells of each row, heads first, of the table whose first line begins so.
    fn table(&self, head: &str) -> Vec<Vec<String>> {
        let lines = self.0.lines().skip_while(|line| !line.starts_with(head)).take_while(|line| line.starts_with('|'));
        let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let rows: Vec<Vec<String>> = lines.map(cells).filter(|row: &Vec<String>| !row[0].starts_with("---")).collect();
        assert!(rows.len() > 10, "a table that begins with {head}: {rows:?}");
        rows
    }

    /// `--from … --to … --as-of …` as the example gives them.
    fn period(&self) -> &str {
        let (_, rest) = self.0.split_once("`--from").expect("the period of the example");
        rest.split_once('`').unwrap().0
    }

    /// The text under a figure's heading.
    fn section(&self, figure: &Figure) -> &str {
        let heading = format!("\n## {} {} {}\n", figure.id, figure.title_zh, figure.title_en);
        let (_, rest) = self.0.split_once(&heading).unwrap_or_else(|| panic!("no section {heading}"));
        rest.split("\n## ").next().unwrap()
    }
}

async fn filled(page: &Page) -> Scratch {
    let scratch = Scratch::new("example").await;
    let rows = page.table("| case | what it shows");
    let cases: Vec<_> = rows.iter().skip(1).map(|row| lives::case(STREAM, &row[0], &row[2])).collect();
    scratch.insert(cases.iter(), 0).await;
    scratch
}

/// The counts of a figure as the table writes them.
fn cell(figure: &Figure, n: &Value, d: &Value) -> String {
    match figure.is_rate {
        true => format!("{}/{}", number(n), number(d)),
        false => number(n).to_string(),
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| u64::from(value.as_bool().unwrap()))
}

#[tokio::test]
async fn every_cell_of_the_worked_example_is_what_the_command_says() {
    let page = Page::read();
    let scratch = filled(&page).await;
    let table = page.table("| case | K01");
    let period = format!("--from {}", page.period());
    for (index, figure) in CATALOGUE.iter().enumerate() {
        assert_eq!(table[0][index + 1], figure.id);
        let behind = json(&scratch, &format!("{} {period} --cases", figure.id));
        let shown: BTreeMap<&str, String> = behind
            .iter()
            .map(|case| (case["case_id"].as_str().unwrap(), cell(figure, &case["numerator"], &case["denominator"])))
            .collect();
        let (sum, cases) = table[1..].split_last().unwrap();
        assert_eq!(cases.len(), 15);
        for row in cases {
            let found = shown.get(row[0].as_str()).map_or("–", String::as_str);
            assert_eq!(row[index + 1], found, "case {} under {}", row[0], figure.id);
        }
        let answers = json(&scratch, &format!("{} {period}", figure.id));
        let total = cell(figure, &answers[0]["numerator"], &answers[0]["denominator"]);
        assert_eq!((sum[0].as_str(), &sum[index + 1]), ("sum", &total), "{}", figure.id);
    }
}

#[tokio::test]
async fn every_section_states_convention_cohort_and_the_examples_rate() {
    let page = Page::read();
    let scratch = filled(&page).await;
    for figure in &CATALOGUE {
        let section = page.section(figure);
        let call = match figure.is_rate {
            true => format!("`tongguan kpi {} --convention {}`, cohort ", figure.name, figure.convention),
            false => format!("`tongguan kpi {}`, convention `{}`, cohort ", figure.name, figure.convention),
        };
        assert!(section.contains(&(call + figure.cohort.name())), "{}: {section}", figure.id);
        for part in ["Question.", "Formula.", "Counts.", "Leaves out.", "Final**", "Example."] {
            assert!(section.contains(&format!("- **{part}")), "{} has no {part}", figure.id);
        }
        let answers = json(&scratch, &format!("{} --from {}", figure.id, page.period()));
        let (n, d) = (number(&answers[0]["numerator"]), answers[0]["denominator"].as_u64());
        let stated = d.map_or(format!(": {n}."), |d| format!(": {n}/{d} = {}", percent(n, Some(d))));
        let (_, example) = section.split_once("- **Example.**").unwrap();
        assert!(example.contains(&stated), "{} does not say {stated}", figure.id);
    }
}

#[tokio::test]
async fn a_later_as_of_moves_the_closure_rate_as_the_page_says() {
    let page = Page::read();
    let scratch = filled(&page).await;
    let answers = json(&scratch, "K05a --from 2021-03-01 --to 2021-04-01 --as-of 2021-04-15");
    assert!(page.0.contains("as of 15 April the rate is 9/12"));
    assert_eq!((number(&answers[0]["numerator"]), number(&answers[0]["denominator"])), (9, 12));
}

#[tokio::test]
async fn the_text_shown_on_the_page_is_what_the_command_prints() {
    let page = Page::read();
    let scratch = filled(&page).await;
    let (_, session) = page.0.split_once("```text\n$ tongguan kpi ").expect("a session");
    let (words, output) = session.split_once("\n```").unwrap().0.split_once('\n').unwrap();
    assert_eq!(printed(&scratch, words).trim_end(), output);
}
