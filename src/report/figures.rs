//! The figures of a report for a period, each with its answer: what is printed, and what may be published.

use crate::{
    domain::kpi::{CATALOGUE, Figure, Period},
    store::{
        Store, StoreError,
        kpi::{Answer, Dimension, Question, answers},
    },
};

/// Which part of the town's work a report is about.
#[derive(Clone, Debug)]
pub struct Scope {
    pub period: Period,
    /// IANA name of the zone in which days and months begin.
    pub zone: String,
    /// None: every stream.
    pub stream: Option<String>,
}

impl Scope {
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
    pub figure: &'static Figure,
    /// Empty: the whole.
    pub grouping: Vec<Dimension>,
    /// Its `group` holds one text for each dimension of the grouping.
    pub answer: Answer,
}

/// What people also want to see by unit and by community.
const RANKED: [&str; 3] = ["received", "closure", "timeliness"];

/// Every figure of the catalogue as a whole and by stream; what was received, closure and timeliness also by unit and by
/// community. In the order of the catalogue, then of the groupings, then of the groups: the same data give the same list.
pub async fn gather(store: &Store, scope: &Scope) -> Result<Vec<Gathered>, StoreError> {
    let mut all = Vec::new();
    for figure in CATALOGUE.iter() {
        for grouping in groupings(figure) {
            let question = scope.question(figure, grouping);
            let gathered = |answer| Gathered { figure, grouping: grouping.to_vec(), answer };
            all.extend(answers(store, &question).await?.into_iter().map(gathered));
        }
    }
    Ok(all)
}

/// By what a report shows a figure.
pub fn groupings(figure: &Figure) -> &'static [&'static [Dimension]] {
    const WHOLE: &[Dimension] = &[];
    const BY_STREAM: &[Dimension] = &[Dimension::Stream];
    const BY_UNIT: &[Dimension] = &[Dimension::Unit];
    const BY_COMMUNITY: &[Dimension] = &[Dimension::Community];
    if RANKED.contains(&figure.name.as_str()) {
        &[WHOLE, BY_STREAM, BY_UNIT, BY_COMMUNITY]
    } else {
        &[WHOLE, BY_STREAM]
    }
}
