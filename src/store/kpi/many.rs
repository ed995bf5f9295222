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
    there: Vec<u64>,
    numerators: Vec<i64>,
    denominators: Vec<u64>,
    spreads: Vec<Vec<i64>>,
}

/// Readings under way: ClickHouse plans each on one core, for about as long as it reads.
const AT_ONCE: usize = 2;

/// The answers to the same question about each figure, as [`super::answers`] gives them, in the order of the figures.
/// The question's own figure plays no part.
pub async fn many(
    store: &Store,
    question: &Question,
    figures: &[&'static Figure],
) -> Result<Vec<Vec<Answer>>, StoreError> {
    let groupings = std::slice::from_ref(&question.group_by);
    Ok(many_by(store, question, figures, groupings).await?.pop().unwrap_or_default())
}

/// The same under each of these groupings, in their order; the question's own plays no part.
pub async fn many_by(
    store: &Store,
    question: &Question,
    figures: &[&'static Figure],
    groupings: &[Vec<Dimension>],
) -> Result<Vec<Vec<Vec<Answer>>>, StoreError> {
    let mut all: Vec<Vec<Vec<Answer>>> = vec![vec![Vec::new(); figures.len()]; groupings.len()];
    // Grouped by time, each by its own.
    let is_by_time = groupings.iter().flatten().any(|dimension| dimension.is_time());
    let readings = one_reading(figures, |figure| (if is_by_time { at(figure) } else { "" }, bound(figure)));
    let read = async |places: Vec<usize>| {
        let chosen: Vec<&'static Figure> = places.iter().map(|index| figures[*index]).collect();
        let rows: Vec<ManyRow> = store.fetch_all(asked(store, question, &chosen, groupings).await?).await?;
        Ok::<_, StoreError>((places, rows))
    };
    let mut read = pin!(stream::iter(readings).map(read).buffered(AT_ONCE));
    while let Some((places, rows)) = read.try_next().await? {
        for row in rows {
            let under = usize::from(row.grouping);
            for (column, place) in places.iter().enumerate() {
                all[under][*place].extend(answer(&row, column, figures[*place], groupings[under].is_empty()));
            }
        }
    }
    for (under, group_by) in groupings.iter().enumerate() {
        for (place, figure) in figures.iter().enumerate().filter(|(_, figure)| figure.shape == Shape::Net) {
            let question = Question { figure, group_by: group_by.clone(), ..question.clone() };
            all[under][place] = net::answers(store, &question).await?;
        }
    }
    Ok(all)
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
    if row.there[column] == 0 && !is_whole {
        return None;
    }
    let numerator = row.numerators[column];
    let spread = match row.spreads[column][..] {
        [median, p90, mean, max] if numerator > 0 => Some(Spread { median, p90, mean, max }),
        _ => None,
    };
    Some(Answer {
        group: row.labels.clone(),
        numerator,
        denominator: figure.is_rate().then(|| row.denominators[column]),
        spread,
    })
}

async fn asked(
    store: &Store,
    question: &Question,
    figures: &[&'static Figure],
    groupings: &[Vec<Dimension>],
) -> Result<Query, StoreError> {
    let each = |of: &dyn Fn(&Figure) -> String| figures.iter().map(|figure| of(figure)).collect::<Vec<_>>().join(", ");
    let mut within: Vec<String> = figures.iter().map(|figure| query::within(figure)).collect();
    within.sort();
    within.dedup();
    // A clock's figure is of one stage only; and what all have in common the reading says itself.
    let own = |figure: &Figure| match &within[..] {
        [_] => query::stage(figure),
        _ => format!("({} AND {})", query::stage(figure), query::within(figure)),
    };
    let is_whole = groupings.iter().all(Vec::is_empty);
    let there = |figure: &Figure| format!("countIf({} AND {})", own(figure), query::is_there(is_whole, figure));
    let numerators = |figure: &Figure| format!("toInt64(sumIf({}, {}))", query::numerator(figure), own(figure));
    let denominators = |figure: &Figure| format!("toUInt64(sumIf({}, {}))", query::denominator(figure), own(figure));
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
