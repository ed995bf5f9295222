//! The answers by `domain::kpi` alone: rows of cases, summed, grouped and put in order as the store does it by SQL.

use std::collections::{BTreeMap, HashMap};

use clickhouse::Row;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use tongguan::{
    domain::{
        attributes::Attribute,
        case::Case,
        kpi::{self, Cohort, Figure, Period, Seen, Shape},
        marks::Mark,
        time::Millis,
    },
    store::kpi::{Answer, Dimension, Question, Spread},
};

use crate::scratch::Scratch;

#[derive(Default)]
struct Sum {
    numerator: i64,
    denominator: u64,
    durations: Vec<i64>,
}

/// In the order of their groups.
pub fn answers(cases: &[Case], question: &Question) -> Vec<Answer> {
    if question.figure.shape == Shape::Net {
        return net(cases, question);
    }
    let period = question.period;
    let mut groups: BTreeMap<Vec<String>, Sum> = BTreeMap::new();
    if question.group_by.is_empty() {
        groups.entry(Vec::new()).or_default();
    }
    for case in asked(cases, question) {
        let Some(seen) = Seen::new(case, period) else { continue };
        for row in kpi::rows(question.figure, case, &period) {
            let Some(at) = row.at else {
                assert!(!row.part.is_in(), "who is in a figure is in its cohort: {case:?}");
                continue;
            };
            // In the period, but not yet come to pass.
            let has_come = seen.is_counted() && at <= period.as_of;
            if !row.part.is_in() && !has_come {
                continue;
            }
            let label = |dimension: &Dimension| label(&seen, *dimension, at, row.unit, &question.zone);
            let sum = groups.entry(question.group_by.iter().map(label).collect()).or_default();
            sum.numerator += i64::from(row.part.numerator);
            sum.denominator += u64::from(row.part.denominator);
            sum.durations.extend(row.part.duration);
        }
    }
    let answer = |(group, sum): (Vec<String>, Sum)| Answer {
        group,
        numerator: sum.numerator,
        denominator: question.figure.is_rate().then_some(sum.denominator),
        spread: spread(sum.durations),
    };
    groups.into_iter().map(answer).collect()
}

fn net(cases: &[Case], question: &Question) -> Vec<Answer> {
    let mut nets: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    for (id, sign) in [("K17a", 1), ("K17b", -1)] {
        let part = Question { figure: Figure::by_id(id).unwrap(), ..question.clone() };
        for answer in answers(cases, &part) {
            *nets.entry(answer.group).or_default() += sign * answer.numerator;
        }
    }
    let answer = |(group, numerator)| Answer { group, numerator, denominator: None, spread: None };
    nets.into_iter().map(answer).collect()
}

fn spread(mut durations: Vec<i64>) -> Option<Spread> {
    durations.sort_unstable();
    let max = *durations.last()?;
    let mean = durations.iter().sum::<i64>() / durations.len() as i64;
    Some(Spread { median: quantile(&durations, 5), p90: quantile(&durations, 9), mean, max })
}

/// `tenths` of the way from the first to the last of those in order: between two of them a part of the way, in whole numbers.
fn quantile(sorted: &[i64], tenths: usize) -> i64 {
    let way = tenths * (sorted.len() - 1);
    let (place, part) = (way / 10, (way % 10) as i64);
    let next = sorted[(place + 1).min(sorted.len() - 1)];
    (sorted[place] * (10 - part) + next * part) / 10
}

#[test]
fn a_quantile_lies_between_its_neighbours() {
    assert_eq!([quantile(&[7], 5), quantile(&[7], 9)], [7, 7]);
    assert_eq!([quantile(&[1, 2], 5), quantile(&[10, 20], 5)], [1, 15]);
    assert_eq!(quantile(&[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 9), 90);
    assert_eq!(quantile(&[26, 121, 135, 145, 198, 319, 368, 409], 9), 380);
}

fn asked<'a>(cases: &'a [Case], question: &'a Question) -> impl Iterator<Item = &'a Case> {
    cases.iter().filter(move |case| {
        let is_meant = question.stream.as_deref().is_none_or(|stream| case.stream == stream);
        is_meant && stands_as_asked(case, question) && (!question.is_assessed || is_assessed(case, question.period))
    })
}

/// Of questions that narrow by what needs no time.
fn stands_as_asked(case: &Case, question: &Question) -> bool {
    let Some(seen) = Seen::new(case, question.period) else { return true };
    let stands = |(dimension, value): &(Dimension, String)| {
        label(&seen, *dimension, Millis(0), seen.place().unit, "UTC") == *value
    };
    question.only.iter().all(stands)
}

fn is_assessed(case: &Case, period: Period) -> bool {
    Seen::new(case, period).is_none_or(|seen| !seen.has(Mark::Unassessed) && !seen.has(Mark::Exempt))
}

/// Cases of the period, whether they count or not; for a figure by dues also those received in it without one, and for one
/// of what was received those reported in it and never taken in.
pub fn known_in_period(cases: &[Case], question: &Question) -> u64 {
    let Question { figure, period, .. } = question;
    let unassessed_count_too = Question { is_assessed: false, ..question.clone() };
    let known = asked(cases, &unassessed_count_too).filter(|case| {
        let Some(seen) = Seen::new(case, *period) else { return false };
        // Received later than now by a correction: neither in a figure nor left out of it.
        let is_there = !seen.step.standing.counts() || seen.is_counted();
        let received_within = period.holds_some(seen.step.received_at);
        let also = match figure.cohort {
            Cohort::Created | Cohort::CreatedMature => {
                seen.step.received_at.is_none() && period.holds_some(seen.reported_at())
            }
            Cohort::Due | Cohort::DueCarry => seen.step.due.is_none() && received_within,
            Cohort::OriginalDue => seen.step.due.is_none() && received_within,
            _ => false,
        };
        let is_in = || kpi::rows(figure, case, period).iter().any(|row| row.part.is_in());
        (is_there || is_in()) && (figure.cohort.instant(&seen).is_some() || also)
    });
    known.count() as u64
}

fn label(seen: &Seen<'_>, dimension: Dimension, at: Millis, unit: (&str, &str), zone: &str) -> String {
    let place = seen.place();
    let in_zone =
        |at: Millis| -> Zoned { Timestamp::from_millisecond(at.0).unwrap().to_zoned(TimeZone::get(zone).unwrap()) };
    let (zoned, received) = (|| in_zone(at), || seen.step.received_at.map(in_zone));
    match dimension {
        Dimension::Stream => seen.case.stream.to_string(),
        Dimension::Town => place.get(Attribute::Town).to_owned(),
        Dimension::Kind => place.get(Attribute::Kind).to_owned(),
        Dimension::Category => either(place.get(Attribute::CategoryCode), place.get(Attribute::CategoryName)),
        Dimension::Unit => either(unit.0, unit.1),
        Dimension::How => place.outcome.0.to_owned(),
        Dimension::Result => place.outcome.1.to_owned(),
        Dimension::Day => zoned().date().to_string(),
        Dimension::Week => {
            let week = zoned().date().iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Dimension::Month => format!("{:04}-{:02}", zoned().year(), zoned().month()),
        Dimension::Quarter => format!("{}-Q{}", zoned().year(), (zoned().month() + 2) / 3),
        Dimension::Year => zoned().year().to_string(),
        Dimension::Fate => {
            assert!(dimension.fixed().iter().any(|value| value.name == seen.fate()), "{} has a title", seen.fate());
            seen.fate().to_owned()
        }
        Dimension::Hour => received().map_or(String::new(), |at| format!("{:02}", at.hour())),
        Dimension::Weekday => received().map_or(String::new(), |at| at.weekday().to_monday_one_offset().to_string()),
        Dimension::Satisfaction => {
            let names = ["satisfied", "basically", "neutral", "dissatisfied"];
            seen.answer().satisfaction.map_or("", |said| names[said as usize - 1]).to_owned()
        }
        _ => unreachable!(),
    }
}

/// The code, or the name where there is none.
fn either(code: &str, name: &str) -> String {
    if code.is_empty() { name.to_owned() } else { code.to_owned() }
}

/// Every dimension of a case at an instant.
pub fn place(case: &Case, period: Period) -> Vec<String> {
    let place = Seen::new(case, period).unwrap().place();
    let attributes =
        Attribute::ALL.iter().filter(|(one, _)| !matches!(one, Attribute::ExternalNo | Attribute::RepeatOf));
    let values = attributes.map(|(attribute, _)| place.get(*attribute).to_owned());
    let others = [place.unit.0, place.unit.1, place.outcome.0, place.outcome.1];
    values.chain(others.map(str::to_owned)).collect()
}

pub async fn places_by_sql(scratch: &Scratch, as_of: Millis) -> HashMap<(String, String), Vec<String>> {
    #[derive(Row, serde::Deserialize)]
    struct Found {
        stream: String,
        case_id: String,
        place: Vec<String>,
    }
    let sql = format!(
        "SELECT stream, case_id,
            CAST([kind, channel, category_standard, category_code, category_name, area, town, community, cell, duty_grid,
                urgency, unit, unit_name, how, result], 'Array(String)') AS place
        FROM {{{{database}}}}_mart.cases_at(as_of = fromUnixTimestamp64Milli({}, 'Asia/Shanghai'))",
        as_of.0
    );
    let rows: Vec<Found> = scratch.rows(&sql).await;
    rows.into_iter().map(|row| ((row.stream, row.case_id), row.place)).collect()
}
