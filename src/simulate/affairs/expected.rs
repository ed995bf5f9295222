//! The figures that these streams must lead to, counted from the plan and not from the events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::plan::{Course, PlannedWork, WORKS};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffairExpected {
    pub stream: String,
    pub year: i16,
    pub kpi: String,
    /// Dimension and value that narrow it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, String>,
    pub numerator: u64,
    pub denominator: u64,
}

pub fn all() -> Vec<AffairExpected> {
    WORKS.iter().flat_map(of).collect()
}

fn of(work: &PlannedWork) -> Vec<AffairExpected> {
    let kind = (!work.kind.is_empty()).then_some(("kind", work.kind));
    let one = |kpi: &str, only: Option<(&str, &str)>, numerator: u64, denominator: u64| AffairExpected {
        stream: work.stream.to_owned(),
        year: work.year,
        kpi: kpi.to_owned(),
        only: only.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        numerator,
        denominator,
    };
    let n = work.cases;
    let mut figures = vec![one("K01", kind, n, 0), one("K17b", kind, n, 0)];
    figures.extend(match work.course {
        Course::Tally { total } => vec![one("K19", kind, total, 0)],
        Course::Petition => vec![one("K02b", None, n, n), one("K05a", None, n, n)],
        Course::Mediation { failed } => {
            vec![one("K14", None, n - failed, n), one("K01", Some(("how", "民转刑")), 0, 0)]
        }
        Course::Proposal => vec![one("K18c", kind, n, n)],
        Course::Lawsuit => vec![one("K14", None, n, n), one("K01", Some(("result", "败诉")), 0, 0)],
        Course::Document | Course::Request | Course::Environment => vec![one("K05a", kind, n, n)],
    });
    figures
}
