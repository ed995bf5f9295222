//! The SQL of the figures and `domain::kpi` say the same of random cases, periods and instants; and what both say of an
//! instant is what a fold of only the events up to it says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clickhouse::Row;
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Cohort, Figure, Grain, Part, Period, Seen, Shape, rows},
        time::Millis,
    },
    store::kpi::{Answer, Dimension, LastCase, Page, Question, Side, answers, cases_behind, left_out},
};

use crate::{
    histories::{Life, cases, lives, periods, runner, sample},
    reference,
    scratch::Scratch,
};

const CASES: usize = 2000;
const BLOCKS: usize = 4;
const ZONES: [&str; 3] = ["Asia/Shanghai", "America/New_York", "UTC"];

/// Numbers are used twice, once in each stream.
fn number(index: usize) -> (&'static str, String) {
    (if index.is_multiple_of(2) { "hotline" } else { "grid" }, format!("C{:05}", index / 2))
}

/// Random cases, in a table that also holds what was known of them before.
async fn filled(scratch: &Scratch) -> Vec<Case> {
    scratch.store.execute("SYSTEM STOP MERGES {{database}}.cases").await.unwrap();
    let mut runner = runner();
    let strategy = cases();
    let mut drawn: Vec<Case> = (0..2 * CASES).map(|_| sample(&mut runner, &strategy)).collect();
    for (index, case) in drawn.iter_mut().enumerate() {
        let (stream, case_id) = number(index % CASES);
        (case.stream, case.case_id) = (stream.into(), case_id.into());
    }
    let now = drawn.split_off(CASES);
    scratch.insert(drawn.iter(), 0).await;
    for block in now.chunks(CASES / BLOCKS) {
        scratch.insert(block.iter(), 1).await;
    }
    now
}

/// What a case adds to every figure of a grain, row by row: figure, unit, and the part.
type Parts = Vec<(String, String, String, Part)>;

fn by_reference(grain: Grain, case: &Case, period: &Period) -> Parts {
    let of_figure = |figure: &'static Figure| {
        let named = move |row: tongguan::domain::kpi::Row<'_>| {
            (figure.id.clone(), row.unit.0.to_owned(), row.unit.1.to_owned(), row.part)
        };
        rows(figure, case, period).into_iter().map(named).collect::<Vec<_>>()
    };
    let figures = CATALOGUE.iter().filter(|figure| figure.grain == grain && figure.has_cases());
    let mut parts: Parts = figures.flat_map(of_figure).filter(|(.., part)| part.is_in()).collect();
    parts.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    parts
}

async fn by_sql(scratch: &Scratch, grain: Grain, period: &Period) -> HashMap<(String, String), Parts> {
    #[derive(Row, serde::Deserialize)]
    struct Found {
        stream: String,
        case_id: String,
        unit: String,
        unit_name: String,
        numbers: Vec<i64>,
    }
    let figures: Vec<&Figure> = CATALOGUE.iter().filter(|figure| figure.grain == grain && figure.has_cases()).collect();
    let columns = figures.iter().flat_map(|figure| {
        let id = figure.id.to_lowercase();
        let d = if figure.is_rate() { format!("{id}_d") } else { "0".to_owned() };
        let v = if figure.has_durations() { format!("ifNull({id}_v, -1)") } else { "-1".to_owned() };
        [format!("{id}_n"), d, v].map(|column| format!("toInt64({column})"))
    });
    let view = match grain {
        Grain::Case => "kpi_flags",
        Grain::Clock => "kpi_clocks",
        Grain::Assignment => "kpi_assignments",
        Grain::Check => "kpi_checks",
    };
    let at = |at: Millis| format!("fromUnixTimestamp64Milli({}, 'Asia/Shanghai')", at.0);
    let sql = format!(
        "SELECT stream, case_id, unit, unit_name, [{}] AS numbers
        FROM {{{{database}}}}_mart.{view}(from = {}, to = {}, as_of = {})",
        columns.collect::<Vec<_>>().join(", "),
        at(period.from),
        at(period.to),
        at(period.as_of),
    );
    let mut all: HashMap<(String, String), Parts> = HashMap::new();
    for row in scratch.rows::<Found>(&sql).await {
        let parts = all.entry((row.stream, row.case_id)).or_default();
        for (figure, number) in figures.iter().zip(row.numbers.chunks(3)) {
            let [numerator, denominator] = [number[0], number[1]].map(|number| u32::try_from(number).unwrap());
            let part = Part { numerator, denominator, duration: Some(number[2]).filter(|ms| *ms >= 0) };
            if part.is_in() {
                parts.push((figure.id.clone(), row.unit.clone(), row.unit_name.clone(), part));
            }
        }
    }
    for parts in all.values_mut() {
        parts.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    }
    all
}

const GRAINS: [Grain; 4] = [Grain::Case, Grain::Clock, Grain::Assignment, Grain::Check];

#[tokio::test]
async fn every_row_of_every_view_is_the_one_of_the_reference() {
    let scratch = Scratch::new("flags").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    let mut seen: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for _ in 0..24 {
        let period = sample(&mut runner, &strategy);
        for grain in GRAINS {
            let found = by_sql(&scratch, grain, &period).await;
            for case in &cases {
                let expected = by_reference(grain, case, &period);
                let key = (case.stream.to_string(), case.case_id.to_string());
                let found = found.get(&key).cloned().unwrap_or_default();
                assert_eq!(found, expected, "{period:?}\n{case:?}");
                for (id, _, _, part) in expected {
                    let seen = seen.entry(id).or_default();
                    seen[0] += u64::from(part.numerator);
                    seen[1] += u64::from(part.denominator);
                }
            }
            if grain == Grain::Case {
                let known = cases.iter().filter(|case| Seen::new(case, period).is_some()).count();
                assert_eq!(found.len(), known, "one row for each case known at the as-of");
            }
        }
    }
    // A test of figures that never count anything would prove nothing.
    for figure in CATALOGUE.iter().filter(|figure| figure.has_cases()) {
        let [n, d] = seen.get(&figure.id).copied().unwrap_or_default();
        let is_part = figure.is_rate() && figure.shape != Shape::PerCase;
        assert!(n > 1 && (!is_part || d * figure.scale() > n), "{}: {n}/{d}", figure.id);
    }
}

/// As-of: for any instant, what the tables say is what a fold of only the events up to it says, and where the case stood.
#[tokio::test]
async fn an_instant_of_the_past_is_a_fold_of_what_had_happened_by_then() {
    let scratch = Scratch::new("as_of").await;
    let (mut runner, strategy) = (runner(), lives());
    let drawn: Vec<_> = (0..CASES)
        .map(|index| {
            let (stream, case_id) = number(index);
            sample(&mut runner, &strategy).numbered(stream, &case_id)
        })
        .collect();
    scratch.insert(drawn.iter().map(|life| &life.case), 0).await;
    let strategy = periods();
    let mut in_the_past = 0;
    for _ in 0..25 {
        let period = sample(&mut runner, &strategy);
        let then: Vec<Case> = drawn.iter().map(|life| life.known_by(period.as_of)).collect();
        in_the_past += drawn.iter().zip(&then).filter(|(life, then)| life.case != **then).count();
        for grain in GRAINS {
            let found = by_sql(&scratch, grain, &period).await;
            let is_told = |life: &Life| grain != Grain::Assignment || life.ends() < 2;
            for (life, then) in drawn.iter().zip(&then).filter(|(life, _)| is_told(life)) {
                let expected = by_reference(grain, then, &period);
                let key = (life.case.stream.to_string(), life.case.case_id.to_string());
                let found = found.get(&key).cloned().unwrap_or_default();
                assert_eq!(found, expected, "{period:?}\n{life:#?}");
            }
        }
        let places = reference::places_by_sql(&scratch, period.as_of).await;
        for (life, then) in drawn.iter().zip(&then).filter(|(_, then)| !then.history.0.is_empty()) {
            let key = (life.case.stream.to_string(), life.case.case_id.to_string());
            assert_eq!(places[&key], reference::place(then, period), "{period:?}\n{life:#?}");
            assert_eq!(reference::place(&life.case, period), reference::place(then, period), "{period:?}\n{life:#?}");
        }
    }
    assert!(in_the_past > 5000, "{in_the_past} cases that lived on after the instant");
}

#[tokio::test]
async fn every_answer_is_the_sum_of_the_reference_under_any_grouping() {
    let scratch = Scratch::new("answers").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    let groupings: [&[Dimension]; 9] = [
        &[Dimension::Stream],
        &[Dimension::Month],
        &[Dimension::Town, Dimension::Week],
        &[Dimension::Unit, Dimension::Stream],
        &[Dimension::Category, Dimension::Quarter, Dimension::Year],
        &[Dimension::Town, Dimension::Day, Dimension::Kind],
        &[Dimension::How, Dimension::Result],
        &[Dimension::Weekday, Dimension::Hour],
        &[Dimension::Fate, Dimension::Satisfaction],
    ];
    for round in 0..4 {
        let period = sample(&mut runner, &strategy);
        for (index, figure) in CATALOGUE.iter().enumerate() {
            for group_by in [&[], groupings[(round + index) % groupings.len()]] {
                let question = Question {
                    group_by: group_by.to_vec(),
                    stream: (round % 4 == 3).then(|| "grid".to_owned()),
                    is_assessed: round == 1,
                    only: narrowed(round, index),
                    ..Question::new(figure, period, ZONES[round % ZONES.len()])
                };
                let found = answers(&scratch.store, &question).await.unwrap();
                assert_eq!(found, reference::answers(&cases, &question), "{question:?}");
                let is_of_cases = figure.grain == Grain::Case && figure.has_cases();
                if group_by.is_empty() && is_of_cases && !["K15b", "K19"].contains(&&*figure.id) {
                    let left = left_out(&scratch.store, &question).await.unwrap();
                    let all = left.sum() + in_figure(&found);
                    let known = reference::known_in_period(&cases, &question);
                    assert_eq!(all, known, "counted and left out are all: {question:?} {left:?}");
                }
            }
        }
    }
}

/// In every other round some cases only: by where they stand, and by how they ended.
fn narrowed(round: usize, index: usize) -> Vec<(Dimension, String)> {
    let all = [
        (Dimension::Kind, "投诉"),
        (Dimension::Result, "实际解决"),
        (Dimension::How, "direct_answer"),
        (Dimension::Fate, "closed_late"),
        (Dimension::Satisfaction, "basically"),
    ];
    let asked = if round.is_multiple_of(2) { &[][..] } else { &all[index % all.len()..][..1] };
    asked.iter().map(|(dimension, value)| (*dimension, (*value).to_owned())).collect()
}

fn in_figure(rows: &[Answer]) -> u64 {
    rows.iter().map(|row| row.denominator.unwrap_or(row.numerator.unsigned_abs())).sum()
}

#[tokio::test]
async fn the_pages_of_cases_together_are_the_figure() {
    let scratch = Scratch::new("pages").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    for figure in CATALOGUE.iter().filter(|figure| figure.grain == Grain::Case && figure.has_cases()) {
        let period = sample(&mut runner, &strategy);
        let question = Question::new(figure, period, "UTC");
        let expected: BTreeSet<_> = cases
            .iter()
            .flat_map(|case| rows(figure, case, &period).into_iter().map(move |row| (case, row.part)))
            .filter(|(_, part)| part.is_in())
            .map(|(case, part)| {
                (case.case_id.to_string(), case.stream.to_string(), part.numerator > 0, part.denominator > 0)
            })
            .collect();
        let limit = (expected.len() as u64 / 5).max(1);
        let (mut found, mut after) = (Vec::new(), None::<LastCase>);
        loop {
            let asked = Page { limit, after: after.as_ref(), ..Page::default() };
            let page = cases_behind(&scratch.store, &question, asked).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() as u64 <= limit + 1);
            assert!(after.as_ref().is_none_or(|after| last.case_id > after.case_id));
            after = Some(LastCase::numbered(&last.case_id));
            found.extend(page.into_iter().map(|case| (case.case_id, case.stream, case.numerator, case.denominator)));
        }
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{}", figure.id);
        assert_eq!(found.len(), expected.len(), "{}: no case comes twice", figure.id);
        let all = Page { limit: 10_000, side: Side::NotMet, ..Page::default() };
        let not_met = cases_behind(&scratch.store, &question, all).await.unwrap();
        let expected: BTreeSet<_> =
            expected.into_iter().filter(|(.., numerator, denominator)| *denominator && !numerator).collect();
        let found = not_met.into_iter().map(|case| (case.case_id, case.stream, case.numerator, case.denominator));
        assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{} not met", figure.id);
    }
}

#[tokio::test]
async fn with_no_cases_there_is_one_answer_of_nothing_and_no_group() {
    let scratch = Scratch::new("empty").await;
    let period = Period { from: Millis(0), to: Millis(i64::MAX), as_of: Millis(i64::MAX) };
    for figure in CATALOGUE.iter() {
        let question = Question::new(figure, period, "Asia/Shanghai");
        let found = answers(&scratch.store, &question).await.unwrap();
        let nothing =
            Answer { group: Vec::new(), numerator: 0, denominator: figure.is_rate().then_some(0), spread: None };
        assert_eq!(found, [nothing]);
        let by_month = Question { group_by: vec![Dimension::Month], ..question };
        assert!(answers(&scratch.store, &by_month).await.unwrap().is_empty());
    }
    assert!(CATALOGUE.iter().any(|figure| figure.cohort == Cohort::DueCarry));
}
