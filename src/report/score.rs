//! A score, group by group: each part with the counts that it comes from, their sum, and the grade.

use std::{collections::BTreeMap, io::Write};

use serde_json::{Value, json};

use super::{
    count::counts,
    table::{Align, TextTable},
};
use crate::{
    domain::kpi::{
        Figure,
        score::{OfGroup, Score, ScorePart},
    },
    store::{
        Store, StoreError,
        kpi::{Answer, Dimension, Question, many},
    },
};

/// What a group gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// One text for each dimension that is grouped by.
    pub group: Vec<String>,
    /// As the score lists its parts, with hundredths of points.
    pub parts: Vec<(OfGroup, i64)>,
}

impl Scored {
    /// Of all parts together: what the grade is given for.
    pub fn hundredths(&self) -> i64 {
        self.parts.iter().map(|(_, hundredths)| hundredths).sum()
    }
}

/// The best first. `figures` are those of the parts.
pub async fn scored(
    store: &Store,
    score: &Score,
    figures: &[&'static Figure],
    question: &Question,
) -> Result<Vec<Scored>, StoreError> {
    let answers = many(store, question, figures).await?;
    let mut groups: BTreeMap<Vec<String>, Vec<OfGroup>> = BTreeMap::new();
    for (place, answers) in answers.iter().enumerate() {
        let numerator_of_all = answers.iter().map(|answer| answer.numerator).sum();
        for Answer { group, numerator, denominator, .. } in answers {
            let parts = groups.entry(group.clone()).or_insert_with(|| vec![OfGroup::default(); figures.len()]);
            parts[place] = OfGroup { numerator: *numerator, denominator: *denominator, numerator_of_all };
        }
    }
    let points = |(group, counted): (Vec<String>, Vec<OfGroup>)| {
        let parts = score.parts.iter().zip(figures).zip(counted);
        Scored { group, parts: parts.map(|((part, figure), of)| (of, part.hundredths(figure, of))).collect() }
    };
    let mut all: Vec<Scored> = groups.into_iter().map(points).collect();
    all.sort_by_key(|one| -one.hundredths());
    Ok(all)
}

pub fn write_text(
    score: &Score,
    figures: &[&'static Figure],
    group_by: &[Dimension],
    all: &[Scored],
    out: &mut impl Write,
) -> std::io::Result<()> {
    writeln!(out, "{} {}", score.id, score.title.both(" | "))?;
    let left = |text: &str| (text.to_owned(), Align::Left);
    let right = |text: String| (text, Align::Right);
    let groups = group_by.iter().map(|dimension| left(dimension.name()));
    let parts = score.parts.iter().zip(figures).flat_map(|(part, figure)| {
        [right(format!("{} {}", figure.id, figure.title.zh)), right(format!("{} {}", part.points.name(), part.weight))]
    });
    let ends = [right("总分 score".to_owned()), left("等级 grade")];
    let mut table = TextTable::new(groups.chain(parts).chain(ends));
    for one in all {
        let mut row: Vec<String> = one.group.clone();
        for (of, hundredths) in &one.parts {
            row.extend([counts(of.numerator, of.denominator), points(*hundredths)]);
        }
        let total = one.hundredths();
        row.extend([points(total), score.grade(total).map_or("–".to_owned(), |grade| grade.name.clone())]);
        table.push(row);
    }
    table.write(out)
}

pub fn json(score: &Score, figures: &[&'static Figure], group_by: &[Dimension], all: &[Scored]) -> Value {
    let part = |((part, figure), (of, hundredths)): ((&ScorePart, &&Figure), &(OfGroup, i64))| {
        json!({
            "kpi": figure.id,
            "points": part.points.name(),
            "weight": part.weight,
            "numerator": of.numerator,
            "denominator": of.denominator,
            "numerator_of_all": of.numerator_of_all,
            "hundredths": hundredths,
        })
    };
    let row = |one: &Scored| {
        let total = one.hundredths();
        json!({
            "group": group_by.iter().map(|one| one.name()).zip(&one.group).collect::<BTreeMap<_, _>>(),
            "parts": score.parts.iter().zip(figures).zip(&one.parts).map(part).collect::<Vec<_>>(),
            "hundredths": total,
            "grade": score.grade(total).map(|grade| &grade.name),
        })
    };
    json!({
        "score": score.id,
        "title": { "zh": score.title.zh, "en": score.title.en },
        "groups": all.iter().map(row).collect::<Vec<_>>(),
    })
}

fn points(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}
