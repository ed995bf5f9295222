//! A figure beside its other conventions: what each comes to, and why they differ, case by case, by the reason for which one of
//! the two leaves a case out.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    Answer, Question, answers,
    query::{bound, denominator, numerator, read, rows, sql, within},
    side::side,
};
use crate::{
    domain::kpi::{Figure, Grain},
    store::{client::Store, error::StoreError, query::Query, relation::reach},
};

/// The same question under another convention, ungrouped.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The other one.
    pub figure: &'static Figure,
    /// Of the other one.
    pub numerator: i64,
    /// Of the other one; none for a count.
    pub denominator: Option<u64>,
    /// None where the two cannot be told apart case by case.
    pub gaps: Option<Vec<ConventionGap>>,
}

impl Beside {
    pub(crate) fn answer(&self) -> Answer {
        Answer { group: Vec::new(), numerator: self.numerator, denominator: self.denominator, spread: None }
    }
}

/// What one counts and the other does not, for one reason: that of the one that leaves it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConventionGap {
    /// `n` or `d`: of the numerators, or of the denominators.
    pub side: String,
    /// A code of kpi_why_not.sql or kpi_short_of.sql.
    pub reason: String,
    /// Counted by the figure that is asked about.
    pub only_here: u64,
    /// Counted by the other one.
    pub only_there: u64,
}

#[derive(Row, Deserialize)]
struct GapRow {
    other: u8,
    side: String,
    reason: String,
    only_here: u64,
    only_there: u64,
}

#[derive(Row, Deserialize)]
struct Totals {
    totals: Vec<(i64, u64)>,
}

/// Every other convention of the figure's name.
pub async fn beside(store: &Store, question: &Question) -> Result<Vec<Beside>, StoreError> {
    let figure = question.figure;
    let others = Figure::named(&figure.name).into_iter().filter(|other| other.id != figure.id);
    let (told, apart): (Vec<&Figure>, Vec<&Figure>) = others.partition(|other| can_be_reconciled(figure, other));
    let mut all = reconciled(store, question, &told).await?;
    for other in apart {
        let asked = Question { figure: other, group_by: Vec::new(), ..question.clone() };
        for Answer { numerator, denominator, .. } in answers(store, &asked).await? {
            all.push(Beside { figure: other, numerator, denominator, gaps: None });
        }
    }
    all.sort_by(|one, other| one.figure.id.cmp(&other.figure.id));
    Ok(all)
}

/// Both have cases, and of one at least a row is a case.
fn can_be_reconciled(one: &Figure, other: &Figure) -> bool {
    one.has_cases() && other.has_cases() && (one.grain == Grain::Case || other.grain == Grain::Case)
}

async fn reconciled(store: &Store, question: &Question, others: &[&'static Figure]) -> Result<Vec<Beside>, StoreError> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let totals = async {
        store.fetch_one(query(store, question, others, include_str!("../queries/kpi_totals.sql")).await?).await
    };
    let gaps =
        async { store.fetch_all(query(store, question, others, include_str!("../queries/kpi_gaps.sql")).await?).await };
    let (totals, gaps): (Totals, Vec<GapRow>) = tokio::try_join!(totals, gaps)?;
    let of = |index: usize| {
        let gap = |row: &GapRow| ConventionGap {
            side: row.side.clone(),
            reason: row.reason.clone(),
            only_here: row.only_here,
            only_there: row.only_there,
        };
        gaps.iter().filter(|row| usize::from(row.other) == index).map(gap).collect()
    };
    let beside = |(index, (figure, (numerator, denominator))): (usize, (&&'static Figure, &(i64, u64)))| Beside {
        figure,
        numerator: *numerator,
        denominator: figure.is_rate().then_some(*denominator),
        gaps: Some(of(index)),
    };
    // The first total is that of the figure itself.
    Ok(others.iter().zip(totals.totals.iter().skip(1)).enumerate().map(beside).collect())
}

/// Over the relation that has one row a case; another grain is summed up for each case and joined to it.
async fn query(
    store: &Store,
    question: &Question,
    others: &[&'static Figure],
    template: &str,
) -> Result<Query, StoreError> {
    let figures: Vec<&Figure> = std::iter::once(question.figure as &Figure).chain(others.iter().copied()).collect();
    let is_case = |figure: &&&Figure| figure.grain == Grain::Case;
    let parts = question_of(question, figures.iter().find(|figure| !is_case(figure)));
    let whole = question_of(question, figures.iter().find(is_case)).unwrap_or_else(|| question.clone());
    let per_case = include_str!("../queries/kpi_per_case.sql");
    let per_case = |parts: &Question, source| read(parts, &sql(parts, per_case), source, reach(parts.figure));
    let within = match parts {
        // A case may have been received in any period whose assignment lies in this one.
        Some(_) => "true".to_owned(),
        None => figures.iter().map(|one| format!("({})", within(one))).collect::<Vec<_>>().join(" OR "),
    };
    let totals: Vec<String> = figures.iter().map(|figure| total(figure)).collect();
    let sides: Vec<String> =
        figures.iter().enumerate().map(|(number, figure)| side(number, figure, columns(figure))).collect();
    let text = template
        .replace("{{join}}", if parts.is_some() { JOIN } else { "" })
        .replace("{{rows}}", &rows(&whole))
        .replace("{{within}}", &format!("({within})"))
        .replace("{{totals}}", &totals.join(",\n"))
        .replace("{{figures}}", &sides.join(",\n"));
    let text = sql(&whole, &text);
    let text = |source| {
        let parts = parts.as_ref().map(|parts| per_case(parts, source)).unwrap_or_default();
        read(&whole, &text, source, "").replace("{{parts}}", &parts)
    };
    Ok(bound(question, store.at(question.period.as_of, text).await?))
}

/// The parts themselves come last: what they name is not asked of the cases.
const JOIN: &str = " AS cases LEFT JOIN ({{parts}}) AS parts USING (stream, case_id)";

fn question_of(question: &Question, figure: Option<&&Figure>) -> Option<Question> {
    let figure = Figure::by_id(&figure?.id)?;
    Some(Question { figure, group_by: Vec::new(), ..question.clone() })
}

/// Numerator and denominator as columns.
fn columns(figure: &Figure) -> (String, String) {
    match figure.grain {
        Grain::Case => (numerator(figure), denominator(figure)),
        Grain::Clock | Grain::Assignment | Grain::Check => ("sum_n".to_owned(), "sum_d".to_owned()),
    }
}

fn total(figure: &Figure) -> String {
    let (n, d) = columns(figure);
    format!("(toInt64(sum({n})), toUInt64(sum({d})))")
}
