//! Many figures at once: a report asks for fifty, and most of the time goes into reading the view, not into summing.

use std::{collections::BTreeMap, pin::pin};

use clickhouse::Row;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;

use super::{Answer, Dimension, Question, Spread, grouping, net, query};
use crate::{
    domain::kpi::{Figure, Shape},
    store::{
        client::Store,
        error::StoreError,
        query::Query,
        relation::{at, bound, reach},
    },
};

#[derive(Row, Deserialize)]
struct ManyRow {
    grouping: u8,
    labels: Vec<String>,
    there: Vec<bool>,
    numerators: Vec<i64>,
    denominators: Vec<u64>,
    spreads: Vec<Vec<i64>>,
}

/// Readings under way: ClickHouse plans each on one core, for about as long as it reads.
const AT_ONCE: usize = 2;

/// Figures under one grouping.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Each is answered by itself.
    pub figures: Vec<&'static Figure>,
    /// As of a question; empty: one answer for all.
    pub group_by: Vec<Dimension>,
}

/// The answers to the same question about each figure, as [`super::answers`] gives them, in the order of the figures.
/// The question's own figure plays no part.
pub async fn many(
    store: &Store,
    question: &Question,
    figures: &[&'static Figure],
) -> Result<Vec<Vec<Answer>>, StoreError> {
    let cut = Cut { figures: figures.to_vec(), group_by: question.group_by.clone() };
    Ok(cuts(store, question, &[cut]).await?.pop().unwrap_or_default())
}

/// The same for each cut, in their order; the question's own grouping plays no part either. A reading is as wide as it has to be:
/// figures that are bound alike are read once, under all their groupings.
pub async fn cuts(store: &Store, question: &Question, cuts: &[Cut]) -> Result<Vec<Vec<Vec<Answer>>>, StoreError> {
    let mut all: Vec<Vec<Vec<Answer>>> = cuts.iter().map(|cut| vec![Vec::new(); cut.figures.len()]).collect();
    // Grouped by time, each by its own.
    let is_by_time = cuts.iter().flat_map(|cut| &cut.group_by).any(|dimension| dimension.is_time());
    let figures = distinct(cuts);
    let readings = one_reading(&figures, |figure| (if is_by_time { at(figure) } else { "" }, bound(figure)));
    let readings = readings.into_iter().map(|places| Reading::of(places.iter().map(|place| figures[*place]), cuts));
    let read = async |reading: Reading| {
        let rows: Vec<ManyRow> = store.fetch_all(reading.asked(store, question).await?).await?;
        Ok::<_, StoreError>((reading, rows))
    };
    let mut read = pin!(stream::iter(readings).map(read).buffered(AT_ONCE));
    while let Some((reading, rows)) = read.try_next().await? {
        for row in rows {
            let place = reading.cuts[usize::from(row.grouping)];
            let cut = &cuts[place];
            for (figure, answers) in cut.figures.iter().zip(&mut all[place]) {
                if let Some(column) = reading.figures.iter().position(|one| one.id == figure.id) {
                    answers.extend(answer(&row, column, figure, cut.group_by.is_empty()));
                }
            }
        }
    }
    for (cut, answers) in cuts.iter().zip(&mut all) {
        for (figure, answers) in cut.figures.iter().zip(answers).filter(|(figure, _)| figure.shape == Shape::Net) {
            let question = Question { figure, group_by: cut.group_by.clone(), ..question.clone() };
            *answers = net::answers(store, &question).await?;
        }
    }
    Ok(all)
}

fn distinct(cuts: &[Cut]) -> Vec<&'static Figure> {
    let mut figures: Vec<&'static Figure> = Vec::new();
    for figure in cuts.iter().flat_map(|cut| &cut.figures) {
        if !figures.iter().any(|one| one.id == figure.id) {
            figures.push(figure);
        }
    }
    figures
}

/// Figures that are read at once, and the cuts that have any of them.
struct Reading {
    figures: Vec<&'static Figure>,
    /// Their places, in the order of the groupings.
    cuts: Vec<usize>,
    groupings: Vec<Vec<Dimension>>,
}

/// The places of those that one reading answers: of one grain, and alike in `apart`. A difference is asked by its parts.
pub(super) fn one_reading<Apart: Ord>(
    figures: &[&'static Figure],
    apart: impl Fn(&Figure) -> Apart,
) -> Vec<Vec<usize>> {
    let mut all: BTreeMap<(&str, Apart), Vec<usize>> = BTreeMap::new();
    for (place, figure) in figures.iter().enumerate().filter(|(_, figure)| figure.has_cases()) {
        all.entry((figure.grain.name(), apart(figure))).or_default().push(place);
    }
    all.into_values().collect()
}

/// None where the group has nothing of the figure's cohort. Ungrouped there is always an answer.
fn answer(row: &ManyRow, column: usize, figure: &Figure, is_whole: bool) -> Option<Answer> {
    let (numerator, denominator) = (row.numerators[column], row.denominators[column]);
    if !is_whole && !row.there[column] && numerator == 0 && denominator == 0 {
        return None;
    }
    let spread = match row.spreads[column][..] {
        [median, p90, mean, max] if numerator > 0 => Some(Spread { median, p90, mean, max }),
        _ => None,
    };
    Some(Answer { group: row.labels.clone(), numerator, denominator: figure.is_rate().then_some(denominator), spread })
}

impl Reading {
    fn of(figures: impl Iterator<Item = &'static Figure>, cuts: &[Cut]) -> Self {
        let figures: Vec<&'static Figure> = figures.collect();
        let has_any = |cut: &Cut| cut.figures.iter().any(|figure| figures.iter().any(|one| one.id == figure.id));
        let cuts: Vec<(usize, &Cut)> = cuts.iter().enumerate().filter(|(_, cut)| has_any(cut)).collect();
        Self {
            cuts: cuts.iter().map(|(place, _)| *place).collect(),
            groupings: cuts.iter().map(|(_, cut)| cut.group_by.clone()).collect(),
            figures,
        }
    }

    async fn asked(&self, store: &Store, question: &Question) -> Result<Query, StoreError> {
        let Self { figures, groupings, .. } = self;
        let each =
            |of: &dyn Fn(&Figure) -> String| figures.iter().map(|figure| of(figure)).collect::<Vec<_>>().join(", ");
        let mut within: Vec<String> = figures.iter().map(|figure| query::within(figure)).collect();
        within.sort();
        within.dedup();
        // A clock's figure is of one stage only; and what all have in common the reading says itself.
        let own = |figure: &Figure| match &within[..] {
            [_] => query::stage(figure),
            _ => format!("({} AND {})", query::stage(figure), query::within(figure)),
        };
        let is_whole = groupings.iter().all(Vec::is_empty);
        let there = |figure: &Figure| match is_whole {
            true => "true".to_owned(),
            false => format!("toBool(max(ifNull({} AND {}, false)))", own(figure), query::is_there(figure)),
        };
        let numerators = |figure: &Figure| format!("toInt64(sumIf({}, {}))", query::numerator(figure), own(figure));
        let denominators =
            |figure: &Figure| format!("toUInt64(sumIf({}, {}))", query::denominator(figure), own(figure));
        let spreads = |figure: &Figure| query::spread(figure, &own(figure));
        let sql = include_str!("../queries/kpi_many.sql")
            .replace("{{there}}", &each(&there))
            .replace("{{numerators}}", &each(&numerators))
            .replace("{{denominators}}", &each(&denominators))
            .replace("{{spreads}}", &each(&spreads))
            .replace("{{within}}", &within.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" OR "))
            .replace("{{labels}}", &grouping::labels(groupings))
            .replace("{{keys}}", &grouping::keys(groupings))
            .replace("{{grouping}}", &grouping::place(groupings))
            .replace("{{rows}}", &query::meant(question))
            .replace("{{group_by}}", &grouping::group_by(groupings))
            .replace("{{at}}", at(figures[0]));
        let first = Question { figure: figures[0], ..question.clone() };
        query::asked(store, &first, &sql, reach(figures[0])).await
    }
}
