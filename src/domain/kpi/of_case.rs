//! In which figures of a period a case is, and for what reason it is not in the others.

use super::{
    Figure, Grain, Part, Period, Seen, catalogue, rows,
    why_not::{short_of, why_not},
};
use crate::domain::case::Case;

/// A case towards a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseInFigure {
    /// In one of its conventions.
    pub figure: &'static Figure,
    /// What the case adds to the numerator.
    pub n: u32,
    /// What the case adds to the denominator.
    pub d: u32,
    /// Why it is in neither; else why it is in the denominator alone.
    pub reason: &'static str,
}

impl CaseInFigure {
    /// In either number: it is among the cases that a list of the figure has.
    pub fn is_in(&self) -> bool {
        self.n > 0 || self.d > 0
    }

    /// All that is asked of it.
    pub fn is_met(&self) -> bool {
        self.n > 0
    }
}

/// Those of one of these names whose rows are cases, in the order of the catalogue. Empty while nothing of the case had happened.
pub fn figures_of_case(case: &Case, period: Period, names: &[&str]) -> Vec<CaseInFigure> {
    let Some(seen) = Seen::new(case, period) else { return Vec::new() };
    let is_asked =
        |figure: &&Figure| figure.grain == Grain::Case && figure.has_cases() && names.contains(&figure.name.as_str());
    let told = |figure: &'static Figure| {
        let Part { numerator, denominator, .. } =
            rows(figure, case, &period).first().map(|row| row.part).unwrap_or_default();
        let reason = if denominator == 0 { why_not(figure, &seen) } else { short_of(figure, &seen) };
        CaseInFigure { figure, n: numerator, d: denominator, reason }
    };
    catalogue::figures().filter(is_asked).map(told).collect()
}
