//! The figures of a report for a period, each with its answer: what is printed, and what may be published.

use crate::{
    domain::kpi::{Figure, Grain, Period, catalogue},
    store::{
        Store, StoreError,
        kpi::{self, Answer, Cut, Dimension, Question},
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
    let cut = |grouping: &&[Dimension]| Cut {
        figures: catalogue::figures().filter(|one| is_shown_by(one, grouping)).collect(),
        group_by: grouping.to_vec(),
    };
    let cuts: Vec<Cut> = GROUPINGS.iter().map(cut).collect();
    let Some(first) = catalogue::figures().next() else { return Ok(Vec::new()) };
    let answers = kpi::cuts(store, &scope.question(first, &[]), &cuts).await?;
    Ok(cuts.iter().zip(answers).flat_map(|(cut, answers)| gathered(&cut.figures, &cut.group_by, answers)).collect())
}

/// Some figures under one grouping, not by time.
pub async fn asked(
    store: &Store,
    scope: &ReportScope,
    grouping: &[Dimension],
    figures: &[&'static Figure],
) -> Result<Vec<Gathered>, StoreError> {
    let Some(first) = figures.first() else { return Ok(Vec::new()) };
    let answers = kpi::many(store, &scope.question(first, grouping), figures).await?;
    Ok(gathered(figures, grouping, answers))
}

/// Each figure with its answers.
fn gathered(figures: &[&'static Figure], grouping: &[Dimension], answers: Vec<Vec<Answer>>) -> Vec<Gathered> {
    let of = |(figure, answers): (&&'static Figure, Vec<Answer>)| {
        let figure = *figure;
        answers.into_iter().map(move |answer| Gathered { figure, grouping: grouping.to_vec(), answer })
    };
    figures.iter().zip(answers).flat_map(of).collect()
}
