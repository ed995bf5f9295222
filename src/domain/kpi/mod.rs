//! The figures: their list, and the reference implementation that the SQL is held against.
//! A figure is never "the" rate: it has an id, a convention (口径), a cohort, a period [from, to) and an instant as-of.
//!
//! - [`catalogue`]: the list, read from `catalogue.toml`
//! - [`cohort`]: which instant puts a case in a period
//! - [`seen`]: a case as it stood at the as-of
//! - [`of_cases`], [`of_clocks`], [`of_assignments`], [`of_checks`]: what it adds to each figure, by the figure's grain

pub mod catalogue;
pub mod cohort;
pub mod of_assignments;
pub mod of_cases;
pub mod of_checks;
pub mod of_clocks;
pub mod seen;

pub use self::{
    catalogue::{CATALOGUE, Figure, Grain, Shape},
    cohort::Cohort,
    of_cases::{Times, duration},
    seen::Seen,
};
use super::{case::Case, time::Millis};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Millis,
    pub to: Millis,
    pub as_of: Millis,
}

impl Period {
    pub fn holds(&self, instant: Millis) -> bool {
        self.from <= instant && instant < self.to
    }

    pub fn holds_some(&self, instant: Option<Millis>) -> bool {
        instant.is_some_and(|instant| self.holds(instant))
    }
}

/// What one row of a figure's grain adds: mostly 0 or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub numerator: u32,
    pub denominator: u32,
    /// Milliseconds, where the figure is about time.
    pub duration: Option<i64>,
}

impl Part {
    /// A numerator is only ever counted within its denominator.
    pub fn of_rate(numerator: bool, denominator: bool) -> Self {
        let part = |is_in| u32::from(is_in && denominator);
        Self { numerator: part(numerator), denominator: part(true), duration: None }
    }

    pub fn of_count(numerator: bool) -> Self {
        Self { numerator: numerator.into(), denominator: 0, duration: None }
    }

    pub fn is_in(&self) -> bool {
        self.numerator > 0 || self.denominator > 0
    }
}

/// One row of a figure's grain, of a case known at the as-of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// What puts it in a period, and in a month of it.
    pub at: Option<Millis>,
    /// The unit that it counts for: the case's, or that of the assignment. Code and name.
    pub unit: (&'a str, &'a str),
    pub part: Part,
}

/// Every row of a case for a figure; none while the case is not known.
pub fn rows<'a>(figure: &Figure, case: &'a Case, period: &Period) -> Vec<Row<'a>> {
    let Some(seen) = Seen::new(case, *period) else { return Vec::new() };
    match figure.grain {
        Grain::Case => {
            vec![Row { at: figure.cohort.instant(&seen), unit: seen.place().unit, part: of_cases::part(figure, &seen) }]
        }
        Grain::Clock => of_clocks::rows(figure, &seen),
        Grain::Assignment => of_assignments::rows(&seen),
        Grain::Check => of_checks::rows(figure, &seen),
    }
}
