//! docs/kpi.md is true: its generated parts are what the catalogue says and what the store answers for its examples.
//! `KPI_PAGE=write cargo test --test kpi example` writes them anew.

use std::{fmt::Write as _, fs};

use tongguan::{
    domain::{
        kpi::{CATALOGUE, Figure, Grain, Period, Shape},
        time::Millis,
    },
    report::kpi::percent,
    store::kpi::{Answer, CaseBehind, Question, answers, cases_behind},
};

use crate::{lives, program::printed, scratch::Scratch};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/kpi.md");
const STREAM: &str = "hotline";

/// Which figures the first example shows; the second shows the others. One table for each line.
const FIRST: [&[&str]; 2] = [
    &["K01", "K05a", "K05b", "K05c", "K05d", "K06a", "K06b", "K06c", "K06d", "K06e", "K06f", "K06g", "K06h"],
    &["K07", "K11a", "K11b", "K11d", "K11h", "K13", "K16a", "K17a", "K17b", "K17d", "K19"],
];
const SECOND: [&[&str]; 2] = [
    &[
        "K02", "K02b", "K03", "K04a", "K04b", "K04c", "K08", "K09a", "K09b", "K09c", "K09d", "K10a", "K10b", "K10c",
        "K11c", "K11i",
    ],
    &["K11e", "K11f", "K11g", "K12", "K12b", "K14", "K15", "K15b", "K16b", "K18a", "K18b", "K18c"],
];

struct Page(String);

impl Page {
    fn read() -> Self {
        Self(fs::read_to_string(PAGE).unwrap())
    }

    /// Number and life of each case of the table under a heading.
    fn cases(&self, heading: &str) -> Vec<(String, String)> {
        let (_, rest) = self.0.split_once(heading).unwrap_or_else(|| panic!("no heading {heading}"));
        let lines =
            rest.lines().skip_while(|line| !line.starts_with("| case | what")).take_while(|line| line.starts_with('|'));
        let cells =
            |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        lines.skip(2).map(cells).map(|row| (row[0].clone(), row[2].clone())).collect()
    }

    /// What stands between the marks of a generated part.
    fn part(&self, name: &str) -> &str {
        let (begin, end) = marks(name);
        let (_, rest) = self.0.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
        rest.split_once(&end).unwrap_or_else(|| panic!("no {end}")).0
    }
}

fn marks(name: &str) -> (String, String) {
    (format!("<!-- generated: {name} -->\n"), format!("<!-- end: {name} -->"))
}

/// March 2021 as of 10 April.
fn period() -> Period {
    let at = |day: &str| Millis::parse(&format!("2021-{day}T00:00:00+08:00")).unwrap();
    Period { from: at("03-01"), to: at("04-01"), as_of: at("04-10") }
}

struct Examples {
    first: (Scratch, Vec<String>),
    second: (Scratch, Vec<String>),
}

impl Examples {
    async fn of(page: &Page) -> Self {
        let first = page.cases("## The worked example");
        let second = page.cases("## The second example");
        let cases = |of: fn(&str, &str, &str) -> _, lives: &[(String, String)]| -> Vec<_> {
            lives.iter().map(|(id, life)| of(STREAM, id, life)).collect()
        };
        let scratches = [Scratch::new("example_a").await, Scratch::new("example_b").await];
        scratches[0].insert(cases(lives::case, &first).iter(), 0).await;
        scratches[1].insert(cases(lives::judged, &second).iter(), 0).await;
        let ids = |cases: Vec<(String, String)>| cases.into_iter().map(|(id, _)| id).collect();
        let [one, two] = scratches;
        Self { first: (one, ids(first)), second: (two, ids(second)) }
    }

    fn showing(&self, figure: &Figure) -> &Scratch {
        let is_first = FIRST.iter().any(|ids| ids.contains(&figure.id.as_str())) || figure.shape == Shape::Net;
        if is_first { &self.first.0 } else { &self.second.0 }
    }
}

struct Shown {
    question: Question,
    total: Answer,
    behind: Vec<CaseBehind>,
}

async fn shown(scratch: &Scratch, figure: &'static Figure) -> Shown {
    let question = Question::new(figure, period(), "Asia/Shanghai");
    let total = answers(&scratch.store, &question).await.unwrap().remove(0);
    let behind = match figure.has_cases() {
        true => {
            cases_behind(&scratch.store, &question, tongguan::store::kpi::Page { limit: 1000, ..Default::default() })
                .await
                .unwrap()
        }
        false => Vec::new(),
    };
    Shown { question, total, behind }
}

/// The counts of a figure as the tables write them; `–` where it is in neither.
fn cell(figure: &Figure, n: i64, d: u64, duration_ms: Option<i64>) -> String {
    let hours = duration_ms.map(|ms| format!("{}.{:02} h", ms / 3_600_000, ms / 36_000 % 100));
    match (figure.shape, hours) {
        _ if n == 0 && d == 0 => "–".to_owned(),
        (Shape::Durations, Some(hours)) => hours,
        (Shape::Count | Shape::Sum | Shape::Durations | Shape::Net, _) => n.to_string(),
        _ => format!("{n}/{d}"),
    }
}

async fn table(example: &(Scratch, Vec<String>), ids: &[&str]) -> String {
    let mut columns = Vec::new();
    for id in ids {
        columns.push(shown(&example.0, Figure::by_id(id).unwrap()).await);
    }
    let mut text = format!("| case | {} |\n|---|{}\n", ids.join(" | "), "---|".repeat(ids.len()));
    for case_id in &example.1 {
        let of = |column: &Shown| {
            let rows = || column.behind.iter().filter(|row| row.case_id == *case_id);
            let (n, d) = (rows().map(|row| row.n).sum::<u64>(), rows().map(|row| row.d).sum());
            cell(column.question.figure, n as i64, d, rows().find_map(|row| row.duration_ms))
        };
        writeln!(text, "| {case_id} | {} |", columns.iter().map(of).collect::<Vec<_>>().join(" | ")).unwrap();
    }
    let sum = |column: &Shown| {
        let (figure, total) = (column.question.figure, &column.total);
        cell(figure, total.numerator, total.denominator.unwrap_or(0), None)
    };
    writeln!(text, "| sum | {} |", columns.iter().map(sum).collect::<Vec<_>>().join(" | ")).unwrap();
    text
}

fn list() -> String {
    let mut text = "| id | name | convention | cohort | figure |\n|---|---|---|---|---|\n".to_owned();
    for figure in CATALOGUE.iter() {
        let (name, convention, cohort) = (&figure.name, &figure.convention, figure.cohort.name());
        let title = format!("{} {}", figure.title.zh, figure.title.en);
        writeln!(text, "| {} | `{name}` | `{convention}` | {cohort} | {title} |", figure.id).unwrap();
    }
    text
}

fn section(shown: &Shown) -> String {
    let figure = shown.question.figure;
    let mut text = format!("## {} {} {}\n\n", figure.id, figure.title.zh, figure.title.en);
    let counted = match figure.grain {
        Grain::Case => "",
        Grain::Clock => ", counts clocks (计时)",
        Grain::Assignment => ", counts assignments (派遣)",
        Grain::Check => ", counts checks (核查)",
    };
    let (name, convention, cohort) = (&figure.name, &figure.convention, figure.cohort.name());
    writeln!(text, "`tongguan kpi {name} --convention {convention}`, cohort {cohort}{counted}.\n").unwrap();
    let settles = figure.settles.text();
    for (head, zh, en) in [
        ("Question", figure.question.zh.as_str(), figure.question.en.as_str()),
        ("Formula", &figure.formula.zh, &figure.formula.en),
        ("Counts", &figure.counts.zh, &figure.counts.en),
        ("Leaves out", &figure.leaves_out.zh, &figure.leaves_out.en),
        ("Final", settles.0, settles.1),
    ] {
        let end = if en.ends_with('?') { "" } else { "." };
        writeln!(text, "- **{head}.** {en}{end} {zh}").unwrap();
    }
    writeln!(text, "- **Example.** {}\n", example(shown)).unwrap();
    text
}

fn example(shown: &Shown) -> String {
    let Shown { question, total, behind } = shown;
    let figure = question.figure;
    let ids = |is_meant: &dyn Fn(&CaseBehind) -> bool| {
        let mut ids: Vec<&str> = behind.iter().filter(|row| is_meant(row)).map(|row| row.case_id.as_str()).collect();
        ids.dedup();
        if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
    };
    let hours = |ms: i64| format!("{}.{:02} h", ms / 3_600_000, ms / 36_000 % 100);
    let times = total.spread.map_or(String::new(), |one| {
        format!(
            "; median {}, p90 {}, mean {}, longest {}",
            hours(one.median),
            hours(one.p90),
            hours(one.mean),
            hours(one.max)
        )
    });
    match total.denominator {
        _ if !figure.has_cases() => format!("K17a minus K17b: {}.", total.numerator),
        None => format!("{}: {}{times}.", ids(&|row| row.n > 0), total.numerator),
        Some(d) => format!(
            "Numerator {}; only denominator {}: {}/{d} = {}{times}.",
            ids(&|row| row.n > 0),
            ids(&|row| row.n == 0),
            total.numerator,
            percent(question, total)
        ),
    }
}

#[tokio::test]
async fn every_generated_part_of_the_page_is_what_the_catalogue_and_the_store_say() {
    let page = Page::read();
    let examples = Examples::of(&page).await;
    let mut sections = String::from("\n");
    for figure in CATALOGUE.iter() {
        sections.push_str(&section(&shown(examples.showing(figure), figure).await));
    }
    let mut parts = vec![("list", list()), ("figures", sections)];
    for (name, example, tables) in [("first", &examples.first, FIRST), ("second", &examples.second, SECOND)] {
        let two = [table(example, tables[0]).await, table(example, tables[1]).await];
        parts.push((name, format!("\n{}\n", two.join("\n"))));
    }
    if std::env::var("KPI_PAGE").is_ok_and(|value| value == "write") {
        return write(&page, &parts);
    }
    for (name, expected) in parts {
        assert_eq!(page.part(name), expected, "`KPI_PAGE=write cargo test --test kpi example` writes part {name}");
    }
}

fn write(page: &Page, parts: &[(&str, String)]) {
    let mut text = page.0.clone();
    for (name, part) in parts {
        let (begin, end) = marks(name);
        let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
        let (_, after) = rest.split_once(&end).unwrap();
        text = format!("{before}{begin}{part}{end}{after}");
    }
    fs::write(PAGE, text).unwrap();
}

#[test]
fn every_figure_is_in_one_example() {
    let shown = || FIRST.iter().chain(&SECOND).flat_map(|ids| ids.iter());
    for figure in CATALOGUE.iter().filter(|figure| figure.has_cases()) {
        assert_eq!(shown().filter(|id| **id == figure.id).count(), 1, "{}", figure.id);
    }
    assert_eq!(shown().count() + 1, CATALOGUE.len());
}

#[tokio::test]
async fn what_the_page_says_of_the_conventions_is_what_they_give() {
    let page = Page::read();
    let examples = Examples::of(&page).await;
    let (_, said) = page.0.split_once("The same fifteen cases give").expect("the sentence on the conventions");
    let said = said.split("\n\n").next().unwrap();
    // The page knows the built-in ones only.
    let named = Figure::named("closure").into_iter().chain(Figure::named("timeliness"));
    for figure in named.filter(|figure| !figure.is_own()) {
        let shown = shown(examples.showing(figure), figure).await;
        assert!(said.contains(&percent(&shown.question, &shown.total)), "{}: {said}", figure.id);
    }
    let later = Period { as_of: Millis::parse("2021-04-15T00:00:00+08:00").unwrap(), ..period() };
    let question = Question::new(Figure::by_id("K05a").unwrap(), later, "Asia/Shanghai");
    let answer = answers(&examples.first.0.store, &question).await.unwrap().remove(0);
    assert!(page.0.contains("as of 15 April K05a is 9/12"));
    assert_eq!((answer.numerator, answer.denominator), (9, Some(12)));
}

#[tokio::test]
async fn the_text_shown_on_the_page_is_what_the_command_prints() {
    let page = Page::read();
    let examples = Examples::of(&page).await;
    for session in page.0.split("```text\n$ tongguan kpi ").skip(1) {
        let (words, output) = session.split_once("\n```").unwrap().0.split_once('\n').unwrap();
        assert_eq!(printed(&examples.first.0, words).trim_end(), output);
    }
}
