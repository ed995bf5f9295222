//! What was asked and what was answered, in the one form that text, JSON and CSV are made of.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::rate;
use crate::{
    ask::Told,
    store::kpi::{Answer, Question, Spread},
};

/// Names and values of one answer, in the order that programs rely on: whatever is new comes after what was there.
pub(crate) fn fields(told: &Told<'_>, index: usize, zone: &TimeZone) -> Vec<(String, Value)> {
    let (question, answer) = (told.question, &told.answers[index]);
    let (figure, period) = (question.figure, question.period);
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut add = |name: &str, value: Value| fields.push((name.to_owned(), value));
    add("kpi", figure.id.as_str().into());
    add("convention", figure.convention.as_str().into());
    add("cohort", figure.cohort.name().into());
    for (dimension, text) in question.group_by.iter().zip(&answer.group) {
        add(dimension.name(), text.as_str().into());
    }
    add("from", period.from.rfc3339(zone).into());
    add("to", period.to.rfc3339(zone).into());
    add("as_of", period.as_of.rfc3339(zone).into());
    add("numerator", answer.numerator.into());
    add("denominator", answer.denominator.into());
    add("rate", fraction(question, answer).into());
    if figure.has_durations() {
        for (name, of) in SPREADS {
            add(name, answer.spread.as_ref().map(|spread| of(spread).div_euclid(1000)).into());
        }
    }
    for compared in &told.compared {
        let before = compared.before[index].as_ref();
        let (name, change) = (compared.against.name(), KpiChange::of(question, answer, before));
        add(&format!("{name}_numerator"), before.map(|before| before.numerator).into());
        add(&format!("{name}_denominator"), before.and_then(|before| before.denominator).into());
        add(&format!("{name}_rate"), before.and_then(|before| fraction(question, before)).into());
        add(&format!("{name}_difference"), change.difference.into());
        add(&format!("{name}_growth"), change.growth.into());
        if figure.has_durations() {
            let median = before.and_then(|before| before.spread).map(|spread| spread.median.div_euclid(1000));
            add(&format!("{name}_median_s"), median.into());
        }
    }
    if let Some(known_by) = told.known_by {
        add("known_by", known_by.rfc3339(zone).into());
    }
    fields
}

type OfSpread = fn(&Spread) -> i64;

/// In seconds.
const SPREADS: [(&str, OfSpread); 4] = [
    ("median_s", |spread| spread.median),
    ("p90_s", |spread| spread.p90),
    ("mean_s", |spread| spread.mean),
    ("max_s", |spread| spread.max),
];

/// What a rate says, not rounded.
pub fn fraction(question: &Question, answer: &Answer) -> Option<f64> {
    rate::fraction(answer.numerator.unsigned_abs(), scaled(question, answer))
}

/// As text, floored: a percentage, or so many a case.
pub fn percent(question: &Question, answer: &Answer) -> String {
    rate::of_figure(Some(question.figure), answer.numerator.unsigned_abs(), answer.denominator)
}

/// As many as the numerator could at most be.
pub(crate) fn scaled(question: &Question, answer: &Answer) -> Option<u64> {
    rate::most(Some(question.figure), answer.denominator)
}

/// 同比、环比: of a rate the difference in points of 1, of what is counted a case the difference, of a count the difference and the growth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct KpiChange {
    /// In points of 1, or in what is counted. None: there is nothing to compare with.
    pub difference: Option<f64>,
    /// In parts of 1. None of a rate, and where there was nothing before.
    pub growth: Option<f64>,
}

impl KpiChange {
    /// `before` is the same group of the other period.
    pub fn of(question: &Question, now: &Answer, before: Option<&Answer>) -> Self {
        let Some(before) = before else { return Self::default() };
        if question.figure.is_rate() {
            let rates = fraction(question, now).zip(fraction(question, before));
            return Self { difference: rates.map(|(now, before)| now - before), growth: None };
        }
        let difference = (now.numerator - before.numerator) as f64;
        let growth = (before.numerator > 0).then(|| difference / before.numerator as f64);
        Self { difference: Some(difference), growth }
    }
}
