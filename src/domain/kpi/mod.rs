//! The figures: their list, and the reference implementation that the SQL is held against.
//! A figure is never "the" rate: it has an id, a convention (口径), a cohort, a period [from, to) and an instant as-of.
//!
//! - [`catalogue`]: the list, read from `catalogue.toml`
//! - `cohort`: which instant puts a case in a period
//! - `grain`: of what it is a number
//! - `seen`, `times`: a case as it stood at the as-of
//! - `atoms`: what may be asked of it, in Rust and in SQL
//! - `expression`, `dimension`, `counting`: how the catalogue puts atoms together, and what a row adds to a figure
//! - `example`, `proof`: worked examples, and whether they hold
//! - `why_not`, `of_case`: in which figures a case is, and why not in the others
//! - `score`: points for figures by weight

pub(crate) mod atoms;
pub mod catalogue;
mod cohort;
pub(crate) mod counting;
pub(crate) mod dimension;
pub(crate) mod example;
pub(crate) mod expression;
mod grain;
mod of_case;
pub(crate) mod proof;
mod rows;
pub(crate) mod score;
mod seen;
mod times;
mod why_not;

pub(crate) use self::times::Times;
pub use self::{
    catalogue::{CATALOGUE, Figure, Shape},
    cohort::Cohort,
    grain::Grain,
    of_case::{CaseInFigure, figures_of_case},
    rows::{Row, rows},
    seen::Seen,
};
use super::time::Millis;

/// So many figures can be published: a case is in each by a bit of a word.
pub const FIGURES_MAX: usize = 64;

/// What every question is about. Cases are counted as they stood at `as_of`; what happened later is as if it had not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first instant that is in it.
    pub from: Millis,
    /// The first instant that is no longer in it.
    pub to: Millis,
    /// 统计时点; may lie within the period, or long after.
    pub as_of: Millis,
}

impl Period {
    /// Is the instant in [from, to)?
    pub fn holds(&self, instant: Millis) -> bool {
        self.from <= instant && instant < self.to
    }

    /// The same; what has not happened is in no period.
    pub fn holds_some(&self, instant: Option<Millis>) -> bool {
        instant.is_some_and(|instant| self.holds(instant))
    }
}

/// What one row of a figure's grain adds: mostly 0 or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// 分子: 1 for a row that is in it, or its quantity, or its points.
    pub numerator: u32,
    /// 分母: 1 for a row that is in it, or its quantity; 0 of a count.
    pub denominator: u32,
    /// Milliseconds, where the figure is about time.
    pub duration: Option<i64>,
}

impl Part {
    /// Is the row in either number?
    pub fn is_in(&self) -> bool {
        self.numerator > 0 || self.denominator > 0
    }
}
