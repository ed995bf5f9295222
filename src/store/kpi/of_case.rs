//! In which figures of a period a case is, and for what reason it is not in the others.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    Question,
    query::{bound, read, sql},
    reconcile::side,
};
use crate::{
    domain::kpi::{Figure, Grain, catalogue},
    store::{client::Store, error::StoreError},
};

/// A case towards a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseInFigure {
    pub figure: &'static Figure,
    pub n: i64,
    pub d: i64,
    /// Why it is in neither; else why it is in the denominator alone.
    pub reason: String,
}

impl CaseInFigure {
    pub fn is_in(&self) -> bool {
        self.n > 0 || self.d > 0
    }

    /// All that is asked of it.
    pub fn is_met(&self) -> bool {
        self.n > 0
    }
}

/// Beside the table itself, where its key finds the case: ClickHouse would not bring the condition down to it.
const OF_CASE: &str = "c.stream = {case_stream:String} AND c.case_id = {case_id:String}";

#[derive(Row, Deserialize)]
struct FigureRow {
    figures: Vec<(i64, i64, String, String)>,
}

/// Those of one of these names whose rows are cases, in the order of the catalogue. Empty while the table has no row of the case, or none
/// by the instant of the question, whose own figure plays no part.
pub async fn figures_of_case(
    store: &Store,
    question: &Question,
    names: &[&str],
    (stream, case_id): (&str, &str),
) -> Result<Vec<CaseInFigure>, StoreError> {
    let is_asked =
        |figure: &&Figure| figure.grain == Grain::Case && figure.has_cases() && names.contains(&figure.name.as_str());
    let figures: Vec<&'static Figure> = catalogue::figures().filter(is_asked).collect();
    let sides: Vec<String> = figures.iter().map(|figure| side(figure)).collect();
    let template = include_str!("../queries/kpi_of_case.sql").replace("{{figures}}", &sides.join(",\n"));
    // The relation is that of cases, whichever of the figures it is.
    let Some(first) = figures.first() else { return Ok(Vec::new()) };
    let question = Question { figure: first, group_by: Vec::new(), ..question.clone() };
    let text = sql(&question, &template);
    let query = store.at(question.period.as_of, |source| read(&question, &text, source, OF_CASE)).await?;
    let query = bound(&question, query).param("case_stream", stream).param("case_id", case_id);
    let rows: Vec<FigureRow> = store.fetch_all(query).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(Vec::new()) };
    let told = |(figure, (n, d, out, short)): (&'static Figure, (i64, i64, String, String))| CaseInFigure {
        figure,
        n,
        d,
        reason: if n == 0 && d == 0 { out } else { short },
    };
    Ok(figures.into_iter().zip(row.figures).map(told).collect())
}
