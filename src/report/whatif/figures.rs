//! Every closure and timeliness figure twice: as it is, and as it would be.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::WhatifAsked;
use crate::{
    ask::GroupNames,
    domain::kpi::Figure,
    report::{
        rate::{NO_RATE, fraction, hundredths, percent, signed},
        table::{Align, TextTable},
    },
    store::{
        Store, StoreError,
        kpi::{self, Answer, Question},
    },
};

/// Numerator and denominator; none where there is no such group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhatifCounts {
    pub numerator: u64,
    pub denominator: u64,
}

/// One group of one figure.
#[derive(Clone, Debug)]
pub struct WhatifPair {
    pub figure: &'static Figure,
    /// One text for each dimension that is grouped by.
    pub group: Vec<String>,
    pub before: WhatifCounts,
    pub after: WhatifCounts,
}

/// Every closure and timeliness figure, from both databases.
pub async fn figures(live: &Store, scratch: &Store, asked: &WhatifAsked) -> Result<Vec<WhatifPair>, StoreError> {
    let mut pairs = Vec::new();
    for figure in Figure::named("closure").into_iter().chain(Figure::named("timeliness")) {
        let question = Question {
            group_by: asked.group_by.clone(),
            stream: asked.stream.clone(),
            ..Question::new(figure, asked.period, asked.zone.iana_name().unwrap_or("UTC"))
        };
        let (before, after) = (kpi::answers(live, &question).await?, kpi::answers(scratch, &question).await?);
        pairs.extend(paired(figure, before, after));
    }
    Ok(pairs)
}

/// A group may be there on one side only: a due that moves takes its case to another month.
fn paired(figure: &'static Figure, before: Vec<Answer>, after: Vec<Answer>) -> Vec<WhatifPair> {
    // Closure and timeliness count cases; only a net of two counts can be less than nothing.
    let counts = |answer: &Answer| WhatifCounts {
        numerator: u64::try_from(answer.numerator).unwrap_or(0),
        denominator: answer.denominator.unwrap_or(0),
    };
    let mut groups: BTreeMap<Vec<String>, (WhatifCounts, WhatifCounts)> = BTreeMap::new();
    for answer in before {
        groups.entry(answer.group.clone()).or_default().0 = counts(&answer);
    }
    for answer in after {
        groups.entry(answer.group.clone()).or_default().1 = counts(&answer);
    }
    groups.into_iter().map(|(group, (before, after))| WhatifPair { figure, group, before, after }).collect()
}

pub fn write_figures(
    asked: &WhatifAsked,
    pairs: &[WhatifPair],
    names: &GroupNames,
    out: &mut impl Write,
) -> io::Result<()> {
    let left = |head: &str| (head.to_owned(), Align::Left);
    let right = |head: &str| (head.to_owned(), Align::Right);
    let mut heads = vec![left("指标 figure"), left("口径 convention")];
    heads.extend(asked.group_by.iter().map(|dimension| left(dimension.name())));
    heads.extend(["现 n/d now", "率 rate", "试 n/d then", "率 rate", "差 difference"].map(right));
    let mut table = TextTable::new(heads);
    for pair in pairs {
        let mut row = vec![pair.figure.id.clone(), pair.figure.convention.clone()];
        let mut group = pair.group.clone();
        names.name(&mut group);
        row.extend(group.iter().map(|text| if text.is_empty() { "(未填 none)".to_owned() } else { text.clone() }));
        for counts in [pair.before, pair.after] {
            row.push(format!("{}/{}", counts.numerator, counts.denominator));
            row.push(counts.percent());
        }
        row.push(pair.shown_difference().replace('−', "-"));
        table.push(row);
    }
    table.write(out)
}

pub fn figures_json(asked: &WhatifAsked, pairs: &[WhatifPair]) -> Value {
    pairs.iter().map(|pair| pair.json(asked)).collect()
}

impl WhatifCounts {
    pub fn percent(self) -> String {
        percent(self.numerator, Some(self.denominator))
    }

    fn rate(self) -> Option<f64> {
        fraction(self.numerator, Some(self.denominator))
    }

    fn json(self) -> Value {
        json!({ "numerator": self.numerator, "denominator": self.denominator, "rate": self.rate() })
    }
}

impl WhatifPair {
    fn difference(&self) -> Option<f64> {
        Some(self.after.rate()? - self.before.rate()?)
    }

    /// Of the rates as shown, so that the reader can check it.
    pub fn shown_difference(&self) -> String {
        self.hundredths().map_or(NO_RATE.to_owned(), |difference| signed(difference, "pp"))
    }

    /// Hundredths of a percentage point.
    pub fn hundredths(&self) -> Option<i64> {
        let shown = |counts: WhatifCounts| i64::try_from(hundredths(counts.numerator, Some(counts.denominator))?).ok();
        Some(shown(self.after)? - shown(self.before)?)
    }

    fn json(&self, asked: &WhatifAsked) -> Value {
        let mut told = json!({
            "kpi": self.figure.id,
            "convention": self.figure.convention,
            "cohort": self.figure.cohort.name(),
            "before": self.before.json(),
            "after": self.after.json(),
            "difference": self.difference(),
        });
        for (dimension, text) in asked.group_by.iter().zip(&self.group) {
            told[dimension.name()] = json!(text);
        }
        told
    }
}
