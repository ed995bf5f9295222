//! Every closure and timeliness figure twice: as it is, and as it would be.

use std::{collections::BTreeMap, io::Write};

use serde_json::{Value, json};

use super::Asked;
use crate::{
    cli::lines::write_json,
    domain::kpi::Figure,
    report::{
        rate::{NO_RATE, fraction, hundredths, percent, signed},
        table::{Align, TextTable},
    },
    store::{
        Store,
        kpi::{self, Answer, Question},
    },
};

/// Numerator and denominator; none where there is no such group.
#[derive(Clone, Copy, Default)]
struct Counts {
    numerator: u64,
    denominator: u64,
}

/// One group of one figure.
struct Pair {
    figure: &'static Figure,
    group: Vec<String>,
    before: Counts,
    after: Counts,
}

pub(super) async fn compare(asked: &Asked<'_>, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
    let mut pairs = Vec::new();
    for figure in Figure::named("closure").into_iter().chain(Figure::named("timeliness")) {
        let question = Question {
            own: Vec::new(),
            figure,
            period: asked.period,
            zone: asked.zone.iana_name().unwrap_or("UTC").to_owned(),
            group_by: asked.args.group_by.clone(),
            stream: asked.args.stream.clone(),
            is_assessed: false,
            only: Vec::new(),
            due_by: None,
        };
        let (before, after) = (kpi::answers(&asked.live, &question).await?, kpi::answers(scratch, &question).await?);
        pairs.extend(paired(figure, before, after));
    }
    if asked.args.json {
        let mut told = asked.heading_json();
        told["figures"] = pairs.iter().map(|pair| pair.json(asked)).collect();
        return write_json(&told, out);
    }
    asked.write_heading(out)?;
    writeln!(out)?;
    Ok(table(asked, &pairs).write(out)?)
}

/// A group may be there on one side only: a due that moves takes its case to another month.
fn paired(figure: &'static Figure, before: Vec<Answer>, after: Vec<Answer>) -> Vec<Pair> {
    // Closure and timeliness count cases; only a net of two counts can be less than nothing.
    let counts = |answer: &Answer| Counts {
        numerator: u64::try_from(answer.numerator).unwrap_or(0),
        denominator: answer.denominator.unwrap_or(0),
    };
    let mut groups: BTreeMap<Vec<String>, (Counts, Counts)> = BTreeMap::new();
    for answer in before {
        groups.entry(answer.group.clone()).or_default().0 = counts(&answer);
    }
    for answer in after {
        groups.entry(answer.group.clone()).or_default().1 = counts(&answer);
    }
    groups.into_iter().map(|(group, (before, after))| Pair { figure, group, before, after }).collect()
}

fn table(asked: &Asked<'_>, pairs: &[Pair]) -> TextTable {
    let left = |head: &str| (head.to_owned(), Align::Left);
    let right = |head: &str| (head.to_owned(), Align::Right);
    let mut heads = vec![left("指标 figure"), left("口径 convention")];
    heads.extend(asked.args.group_by.iter().map(|dimension| left(dimension.name())));
    heads.extend(["现 n/d now", "率 rate", "试 n/d then", "率 rate", "差 difference"].map(right));
    let mut table = TextTable::new(heads);
    for pair in pairs {
        let mut row = vec![pair.figure.id.to_owned(), pair.figure.convention.to_owned()];
        let mut group = pair.group.clone();
        asked.names.name(&mut group);
        row.extend(group.iter().map(|text| if text.is_empty() { "(未填 none)".to_owned() } else { text.clone() }));
        for counts in [pair.before, pair.after] {
            row.push(format!("{}/{}", counts.numerator, counts.denominator));
            row.push(percent(counts.numerator, Some(counts.denominator)));
        }
        row.push(pair.shown_difference());
        table.push(row);
    }
    table
}

impl Counts {
    fn rate(self) -> Option<f64> {
        fraction(self.numerator, Some(self.denominator))
    }

    fn json(self) -> Value {
        json!({ "numerator": self.numerator, "denominator": self.denominator, "rate": self.rate() })
    }
}

impl Pair {
    fn difference(&self) -> Option<f64> {
        Some(self.after.rate()? - self.before.rate()?)
    }

    /// Of the rates as shown, so that the reader can check it.
    fn shown_difference(&self) -> String {
        let shown = |counts: Counts| i64::try_from(hundredths(counts.numerator, Some(counts.denominator))?).ok();
        let both = shown(self.after).zip(shown(self.before));
        both.map_or(NO_RATE.to_owned(), |(after, before)| signed(after - before, "pp").replace('−', "-"))
    }

    fn json(&self, asked: &Asked<'_>) -> Value {
        let mut told = json!({
            "kpi": self.figure.id,
            "convention": self.figure.convention,
            "cohort": self.figure.cohort.name(),
            "before": self.before.json(),
            "after": self.after.json(),
            "difference": self.difference(),
        });
        for (dimension, text) in asked.args.group_by.iter().zip(&self.group) {
            told[dimension.name()] = json!(text);
        }
        told
    }
}
