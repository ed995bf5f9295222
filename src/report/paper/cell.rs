//! One value of a table or card, with what belongs to it.

use super::Text;
use crate::{
    domain::kpi::{Figure, Shape},
    report::rate,
    store::kpi::Answer,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing to say: shown as a dash.
    Nothing,
    /// From the data, in whatever language it has.
    Given(String),
    /// Ours.
    Said(Text),
    Count(i64),
    Rate(Rate),
    /// How long, in milliseconds.
    Duration(i64),
    /// Of a count against an earlier one: by how much it grew, as a part of 1.
    Growth(f64),
    /// Of a rate against an earlier one: by how much it rose, in parts of 1; shown in percentage points.
    Points(f64),
}

/// Never without its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub numerator: u64,
    pub denominator: u64,
    /// Which figure of the catalogue it is, and so its id and convention; none for a plain share.
    pub figure: Option<&'static Figure>,
}

impl Rate {
    /// So many of so many.
    pub fn share(part: u64, whole: u64) -> Self {
        Self { numerator: part, denominator: whole, figure: None }
    }

    pub fn fraction(&self) -> Option<f64> {
        rate::fraction(self.numerator, rate::most(self.figure, Some(self.denominator)))
    }

    /// Floored to the hundredth of a percent, so that nothing but all of it is 1: what a cell of a sheet holds. So many a case
    /// are floored to two decimals.
    pub fn floored(&self) -> Option<f64> {
        let hundredths = rate::hundredths(self.numerator, rate::most(self.figure, Some(self.denominator)))?;
        let floored = if self.is_percentage() { hundredths } else { hundredths / 100 * 100 };
        Some(floored as f64 / 10_000.0)
    }

    pub fn is_percentage(&self) -> bool {
        self.figure.is_none_or(|figure| figure.shape != Shape::PerCase)
    }

    /// As text, floored.
    pub fn shown(&self) -> String {
        rate::of_figure(self.figure, self.numerator, Some(self.denominator))
    }

    /// Of what the numerator counts parts: hundredths for a weighted rate.
    pub fn scale(&self) -> u64 {
        self.figure.map_or(1, Figure::scale)
    }
}

impl Cell {
    /// A count or a rate, as the figure is. A denominator of none is no rate, but the counts stay.
    pub fn of(figure: &'static Figure, answer: &Answer) -> Self {
        match answer.denominator {
            Some(denominator) => {
                Self::Rate(Rate { numerator: answer.numerator.unsigned_abs(), denominator, figure: Some(figure) })
            }
            None => Self::Count(answer.numerator),
        }
    }

    pub fn share(part: u64, whole: u64) -> Self {
        Self::Rate(Rate::share(part, whole))
    }
}
