//! The numbers of the report, each as `tongguan kpi` gives it. Indicators of the same cases are asked in one query.

use std::collections::BTreeMap;

use super::{Indicator, TownOrder, TownShows, Value};
use crate::{
    domain::kpi::Figure,
    store::{
        Store, StoreError,
        kpi::{Against, Answer, Question, compared, many},
    },
};

#[derive(Clone, Debug)]
pub struct TownTold<'a> {
    pub order: &'a TownOrder,
    /// By the id of the indicator.
    values: BTreeMap<String, Value>,
}

impl TownTold<'_> {
    /// None: no indicator has this id.
    pub fn value(&self, id: &str) -> Option<Value> {
        self.values.get(id).copied()
    }
}

/// Asks once for all indicators of the same cases.
pub async fn told<'a>(store: &Store, order: &'a TownOrder) -> Result<TownTold<'a>, StoreError> {
    let mut groups: BTreeMap<String, Vec<&Indicator>> = BTreeMap::new();
    for indicator in order.indicators() {
        let cases = format!("{} {:?}", indicator.stream, indicator.only);
        groups.entry(cases).or_default().push(indicator);
    }
    let mut values = BTreeMap::new();
    for group in groups.values() {
        let Some(first) = group.first() else { continue };
        let figures: Vec<&'static Figure> = group.iter().map(|indicator| indicator.figure).collect();
        let answers = many(store, &question(order, first), &figures).await?;
        for (indicator, answers) in group.iter().zip(answers) {
            // Ungrouped there is always one answer.
            let Some(answer) = answers.into_iter().next() else { continue };
            values.insert(indicator.id.clone(), value(store, order, indicator, answer).await?);
        }
    }
    Ok(TownTold { order, values })
}

fn question(order: &TownOrder, indicator: &Indicator) -> Question {
    Question {
        stream: Some(indicator.stream.clone()),
        only: indicator.only.iter().map(|only| (only.dimension, only.value.clone())).collect(),
        ..Question::new(indicator.figure, order.period, &order.zone)
    }
}

async fn value(store: &Store, order: &TownOrder, indicator: &Indicator, answer: Answer) -> Result<Value, StoreError> {
    Ok(match (indicator.shows, answer.denominator) {
        (TownShows::Rate, Some(denominator)) => {
            let numerator = answer.numerator.unsigned_abs();
            Value::Rate { numerator, denominator, figure: indicator.figure }
        }
        (TownShows::Change, _) => {
            let now = answer.numerator;
            let earlier = compared(store, &question(order, indicator), &[answer], Against::YearBefore).await?.before;
            let before = earlier.into_iter().flatten().map(|answer| answer.numerator).sum();
            Value::Change { now, before }
        }
        _ => Value::Count(answer.numerator),
    })
}
