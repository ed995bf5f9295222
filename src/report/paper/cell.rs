//! One value of a table or card, with what belongs to it.

use std::cmp::Ordering;

use super::Text;
use crate::{
    domain::kpi::{Figure, Shape},
    report::rate,
    store::kpi::Answer,
};

/// A value as the model has it: no format and no language yet.
#[derive(Clone, Debug, PartialEq)]
pub enum PaperCell {
    /// Nothing to say: shown as a dash.
    Nothing,
    /// From the data, in whatever language it has.
    Given(String),
    /// Ours.
    Said(Text),
    /// As it is; below nothing where it is a difference.
    Count(i64),
    Rate(Rate),
    /// How long, in milliseconds.
    Duration(i64),
    /// Of a count against an earlier one: by how much it grew, in hundredths of a percent.
    Growth(i64),
    /// Of a rate against an earlier one: by how much it rose, in hundredths of a percentage point.
    Points(i64),
}

/// Never without its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In hundredths for a weighted rate.
    pub numerator: u64,
    /// 0: of nothing, shown as a dash.
    pub denominator: u64,
    /// Which figure of the catalogue it is, and so its id and convention; none for a plain share.
    pub figure: Option<&'static Figure>,
}

impl Rate {
    /// So many of so many.
    pub fn share(part: u64, whole: u64) -> Self {
        Self { numerator: part, denominator: whole, figure: None }
    }

    /// As a figure answers; of nothing where it has no answer.
    pub fn of(figure: &'static Figure, answer: Option<&Answer>) -> Self {
        match answer.map(|answer| PaperCell::of(figure, answer)) {
            Some(PaperCell::Rate(rate)) => rate,
            _ => Self::none(figure),
        }
    }

    /// Of nothing.
    pub fn none(figure: &'static Figure) -> Self {
        Self { numerator: 0, denominator: 0, figure: Some(figure) }
    }

    /// The rates themselves, not as they are shown.
    pub fn compare(&self, other: &Self) -> Ordering {
        let cross = |one: &Self, other: &Self| u128::from(one.numerator) * u128::from(other.denominator);
        cross(self, other).cmp(&cross(other, self))
    }

    /// A part of 1, not rounded; none of nothing.
    pub fn fraction(&self) -> Option<f64> {
        rate::fraction(self.numerator, rate::most(self.figure, Some(self.denominator)))
    }

    /// Hundredths of a percent, floored, so that nothing but all of it is 10,000. So many a case are floored to two decimals.
    pub fn hundredths(&self) -> Option<i64> {
        let hundredths = rate::hundredths(self.numerator, rate::most(self.figure, Some(self.denominator)))?;
        i64::try_from(if self.is_percentage() { hundredths } else { hundredths / 100 * 100 }).ok()
    }

    /// What a cell of a sheet holds.
    pub fn floored(&self) -> Option<f64> {
        self.hundredths().map(|hundredths| hundredths as f64 / 10_000.0)
    }

    /// Else it is so many a case.
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

impl PaperCell {
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

    /// What cannot be said in 64 bits with a sign stays at the end.
    pub fn count(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}
