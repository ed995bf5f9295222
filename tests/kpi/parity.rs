//! The SQL of the rates and `domain::kpi` say the same of random cases, periods and instants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clickhouse::Row;
use jiff::tz::TimeZone;
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Cohort, Figure, Flags, Period, flags},
        time::Millis,
    },
    store::kpi::{Answer, Dimension, Question, answers, cases_behind, left_out},
};

use crate::{
    histories::{cases, periods, runner, sample},
    scratch::Scratch,
};

const CASES: usize = 4000;
const BLOCKS: usize = 4;
const ZONES: [&str; 3] = ["Asia/Shanghai", "America/New_York", "UTC"];

/// Random cases, in a table that also holds what was known of them before.
async fn filled(scratch: &Scratch) -> Vec<Case> {
    scratch.store.execute("SYSTEM STOP MERGES {{database}}.cases").await.unwrap();
    let mut runner = runner();
    let strategy = cases();
    let mut drawn: Vec<Case> = (0..2 * CASES).map(|_| sample(&mut runner, &strategy)).collect();
    // Numbers are used twice, once in each stream.
    for (index, case) in drawn.iter_mut().enumerate() {
        let index = index % CASES;
        case.case_id = format!("C{:05}", index / 2).into();
        case.stream = if index.is_multiple_of(2) { "hotline" } else { "grid" }.into();
    }
    let now = drawn.split_off(CASES);
    scratch.insert(drawn.iter(), 0).await;
    for block in now.chunks(CASES / BLOCKS) {
        scratch.insert(block.iter(), 1).await;
    }
    now
}

#[tokio::test]
async fn every_flag_of_every_case_is_the_one_of_the_reference() {
    let scratch = Scratch::new("flags").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    let mut seen = [[0; 2]; CATALOGUE.len()];
    for _ in 0..60 {
        let period = sample(&mut runner, &strategy);
        let by_sql = flags_by_sql(&scratch, &period).await;
        for case in &cases {
            let expected = flags(&case.history, &period);
            let key = (case.stream.to_string(), case.case_id.to_string());
            let found = by_sql.get(&key).copied().unwrap_or_default();
            assert_eq!(found, expected, "{period:?}\n{case:#?}");
            for (seen, flags) in seen.iter_mut().zip(expected) {
                seen[0] += usize::from(flags.numerator);
                seen[1] += usize::from(flags.denominator);
            }
        }
        let known = cases.iter().filter(|case| case.history.at(period.as_of).is_some()).count();
        assert_eq!(by_sql.len(), known, "one row for each case known at the as-of");
    }
    // A test of figures that never count anything would prove nothing.
    for (figure, [n, d]) in CATALOGUE.iter().zip(seen) {
        assert!(n > 1000 && (d > n || !figure.is_rate), "{}: {n}/{d}", figure.id);
    }
}

type FlagsOfCases = HashMap<(String, String), [Flags; CATALOGUE.len()]>;

async fn flags_by_sql(scratch: &Scratch, period: &Period) -> FlagsOfCases {
    #[derive(Row, serde::Deserialize)]
    struct Found {
        stream: String,
        case_id: String,
        flags: Vec<u8>,
    }
    let columns: Vec<String> = CATALOGUE
        .iter()
        .flat_map(|figure| {
            let id = figure.id.to_lowercase();
            let d = if figure.is_rate { format!("{id}_d") } else { "0".to_owned() };
            [format!("{id}_n"), d]
        })
        .collect();
    let sql = format!(
        "SELECT stream, case_id, CAST([{}], 'Array(UInt8)') AS flags FROM {{{{database}}}}_mart.kpi_flags(
            from = fromUnixTimestamp64Milli({}, 'Asia/Shanghai'), to = fromUnixTimestamp64Milli({}, 'Asia/Shanghai'),
            as_of = fromUnixTimestamp64Milli({}, 'Asia/Shanghai'))",
        columns.join(", "),
        period.from.0,
        period.to.0,
        period.as_of.0
    );
    let rows: Vec<Found> = scratch.rows(&sql).await;
    let pair = |pair: &[u8]| Flags { numerator: pair[0] == 1, denominator: pair[1] == 1 };
    rows.into_iter()
        .map(|row| {
            let flags: Vec<Flags> = row.flags.chunks(2).map(pair).collect();
            ((row.stream, row.case_id), flags.try_into().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_answer_is_the_sum_of_the_reference_under_any_grouping() {
    let scratch = Scratch::new("answers").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    let groupings: [&[Dimension]; 7] = [
        &[],
        &[Dimension::Stream],
        &[Dimension::Month],
        &[Dimension::Town],
        &[Dimension::Category],
        &[Dimension::Unit, Dimension::Stream],
        &[Dimension::Town, Dimension::Month, Dimension::Stream],
    ];
    for round in 0..8 {
        let period = sample(&mut runner, &strategy);
        for (index, figure) in CATALOGUE.iter().enumerate() {
            for group_by in groupings {
                let question = Question {
                    figure,
                    period,
                    zone: ZONES[round % ZONES.len()].to_owned(),
                    group_by: group_by.to_vec(),
                    stream: (round % 4 == 3).then(|| "grid".to_owned()),
                };
                let found = answers(&scratch.store, &question).await.unwrap();
                assert_eq!(found, reference(&cases, &question, index), "{question:?}");
                if group_by.is_empty() {
                    let left = left_out(&scratch.store, &question).await.unwrap();
                    let all =
                        left.void + left.excluded + left.no_due + left.suspended + left.not_due + in_figure(&found);
                    assert_eq!(all, known_in_period(&cases, &question), "counted and left out are all: {question:?}");
                }
            }
        }
    }
}

fn in_figure(rows: &[Answer]) -> u64 {
    rows.iter().map(|row| row.denominator.unwrap_or(row.numerator)).sum()
}

/// The sums by `domain::kpi`, in the order of their groups.
fn reference(cases: &[Case], question: &Question, index: usize) -> Vec<Answer> {
    let mut groups: BTreeMap<Vec<String>, (u64, u64)> = BTreeMap::new();
    if question.group_by.is_empty() {
        groups.insert(Vec::new(), (0, 0));
    }
    for case in asked(cases, question) {
        let flags = flags(&case.history, &question.period)[index];
        let Some(at) = member_since(case, question) else {
            assert_eq!(flags, Flags::default(), "who is in a figure is in its cohort: {case:?}");
            continue;
        };
        if at > question.period.as_of && !(flags.numerator || flags.denominator) {
            continue; // in the period, but not yet come to pass
        }
        let labels = question.group_by.iter().map(|dimension| label(case, *dimension, at, &question.zone)).collect();
        let (n, d) = groups.entry(labels).or_default();
        *n += u64::from(flags.numerator);
        *d += u64::from(flags.denominator);
    }
    let answer =
        |(group, (numerator, d))| Answer { group, numerator, denominator: question.figure.is_rate.then_some(d) };
    groups.into_iter().map(answer).collect()
}

fn asked<'a>(cases: &'a [Case], question: &Question) -> impl Iterator<Item = &'a Case> {
    let stream = question.stream.clone();
    cases.iter().filter(move |case| stream.as_deref().is_none_or(|stream| case.stream == stream))
}

/// The instant that puts a case that counts in the period.
fn member_since(case: &Case, question: &Question) -> Option<Millis> {
    let period = question.period;
    let step = case.history.at(period.as_of)?;
    let counts = step.standing.counts() && step.received_at.is_some_and(|at| at <= period.as_of);
    question.figure.cohort.instant(step).filter(|at| counts && (period.from..period.to).contains(at))
}

/// Cases of the period, whether they count or not; for a figure by dues also those received in it without one.
fn known_in_period(cases: &[Case], question: &Question) -> u64 {
    let period = question.period;
    let within = |at: Millis| (period.from..period.to).contains(&at);
    let known = asked(cases, question).filter(|case| {
        let Some(step) = case.history.at(period.as_of) else { return false };
        // Received later than now by a correction: neither in a figure nor left out of it.
        let is_there = !step.standing.counts() || step.received_at.is_some_and(|at| at <= period.as_of);
        let by_due =
            question.figure.cohort == Cohort::Due && step.due.is_none() && step.received_at.is_some_and(within);
        is_there && (question.figure.cohort.instant(step).is_some_and(within) || by_due)
    });
    known.count() as u64
}

fn label(case: &Case, dimension: Dimension, at: Millis, zone: &str) -> String {
    match dimension {
        Dimension::Stream => case.stream.to_string(),
        Dimension::Town => case.attributes.town.to_string(),
        Dimension::Month => at.rfc3339(&TimeZone::get(zone).unwrap())[..7].to_owned(),
        Dimension::Category => either(&case.attributes.category_code, &case.attributes.category_name),
        Dimension::Unit => either(&case.unit, &case.unit_name),
        _ => unreachable!(),
    }
}

/// The code, or the name where there is none.
fn either(code: &str, name: &str) -> String {
    if code.is_empty() { name.to_owned() } else { code.to_owned() }
}

#[tokio::test]
async fn the_pages_of_cases_together_are_the_figure() {
    let scratch = Scratch::new("pages").await;
    let cases = filled(&scratch).await;
    let mut runner = runner();
    let strategy = periods();
    for (index, figure) in CATALOGUE.iter().enumerate() {
        let period = sample(&mut runner, &strategy);
        let question = Question { figure, period, zone: "UTC".to_owned(), group_by: Vec::new(), stream: None };
        let expected: BTreeSet<_> = cases
            .iter()
            .map(|case| (case, flags(&case.history, &period)[index]))
            .filter(|(_, flags)| flags.numerator || flags.denominator)
            .map(|(case, flags)| {
                (case.case_id.to_string(), case.stream.to_string(), flags.numerator, flags.denominator)
            })
            .collect();
        let limit = (expected.len() as u64 / 5).max(1);
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = cases_behind(&scratch.store, &question, limit, &after).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() as u64 <= limit + 1 && *last.case_id > *after);
            after = last.case_id.clone();
            found.extend(page.into_iter().map(|case| (case.case_id, case.stream, case.numerator, case.denominator)));
        }
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{}", figure.id);
        assert_eq!(found.len(), expected.len(), "{}: no case comes twice", figure.id);
    }
}

#[tokio::test]
async fn with_no_cases_there_is_one_answer_of_nothing_and_no_group() {
    let scratch = Scratch::new("empty").await;
    let period = Period { from: Millis(0), to: Millis(i64::MAX), as_of: Millis(i64::MAX) };
    let ask = |figure: &'static Figure, group_by: &[Dimension]| Question {
        figure,
        period,
        zone: "Asia/Shanghai".to_owned(),
        group_by: group_by.to_vec(),
        stream: None,
    };
    for figure in &CATALOGUE {
        let found = answers(&scratch.store, &ask(figure, &[])).await.unwrap();
        let nothing = Answer { group: Vec::new(), numerator: 0, denominator: figure.is_rate.then_some(0) };
        assert_eq!(found, [nothing]);
        assert!(answers(&scratch.store, &ask(figure, &[Dimension::Month])).await.unwrap().is_empty());
    }
}
