//! The figures of a report for a period, each with its answer: what is printed, and what may be published.

use crate::{
    domain::kpi::{Figure, Grain, Period, catalogue},
    store::{
        Store, StoreError,
        kpi::{Answer, Dimension, Question, many},
    },
};

/// Which part of the town's work a report is about.
#[derive(Clone, Debug)]
pub struct ReportScope {
    /// Which cases, and how they are seen.
    pub period: Period,
    /// IANA name of the zone in which days and months begin.
    pub zone: String,
    /// None: every stream.
    pub stream: Option<String>,
}

impl ReportScope {
    /// One figure of it, as the store is asked.
    pub fn question(&self, figure: &'static Figure, group_by: &[Dimension]) -> Question {
        Question {
            stream: self.stream.clone(),
            group_by: group_by.to_vec(),
            ..Question::new(figure, self.period, &self.zone)
        }
    }
}

/// One number of a report: which figure, for which group, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// In one of its conventions.
    pub figure: &'static Figure,
    /// Empty: the whole.
    pub grouping: Vec<Dimension>,
    /// Its `group` holds one text for each dimension of the grouping.
    pub answer: Answer,
}

/// What people also want to see by unit and by community.
const RANKED: [&str; 3] = ["received", "closure", "timeliness"];

/// By what a report shows its figures.
pub const GROUPINGS: [&[Dimension]; 4] = [&[], &[Dimension::Stream], &[Dimension::Unit], &[Dimension::Community]];

/// Does a report show the figure by these dimensions?
pub fn is_shown_by(figure: &Figure, grouping: &[Dimension]) -> bool {
    let is_of_cases = figure.grain == Grain::Case && !figure.has_durations();
    matches!(grouping, [] | [Dimension::Stream]) || (is_of_cases && RANKED.contains(&figure.name.as_str()))
}

/// Every figure of the catalogue as a whole and by stream; what was received, closure and timeliness also by unit and by
/// community. In the order of the groupings, then of the catalogue, then of the groups: the same data give the same list.
pub async fn gather(store: &Store, scope: &ReportScope) -> Result<Vec<Gathered>, StoreError> {
    let mut gathered = Vec::new();
    for grouping in GROUPINGS {
        let figures: Vec<&'static Figure> = catalogue::figures().filter(|one| is_shown_by(one, grouping)).collect();
        gathered.extend(asked(store, scope, grouping, &figures).await?);
    }
    Ok(gathered)
}

/// Some figures under one grouping, not by time.
pub async fn asked(
    store: &Store,
    scope: &ReportScope,
    grouping: &[Dimension],
    figures: &[&'static Figure],
) -> Result<Vec<Gathered>, StoreError> {
    let Some(first) = figures.first() else { return Ok(Vec::new()) };
    let answers = many(store, &scope.question(first, grouping), figures).await?;
    let of = |(figure, answers): (&&'static Figure, Vec<Answer>)| {
        let figure = *figure;
        answers.into_iter().map(move |answer| Gathered { figure, grouping: grouping.to_vec(), answer })
    };
    Ok(figures.iter().zip(answers).flat_map(of).collect())
}
