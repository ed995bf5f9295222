//! How a figure counts, resolved: which rows are in its denominator, which of these in its numerator, what each adds.

use super::{
    Part, Seen, Times,
    atoms::{ATOMS, DURATIONS, Of, QUANTITIES},
    dimension::CaseDimension,
    expression::{AtomsAsked, Expression, ExpressionError, Writing},
};
use crate::domain::{assignment::Assignment, case::Check, span::Span, time::Millis};

/// What [`Figure`](super::Figure) says in words, with every name found: nothing is looked up by a text while it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FigureCounting {
    /// None: a count, of all rows.
    pub denominator: Option<Expression>,
    /// None: every row of the denominator.
    pub numerator: Option<Expression>,
    pub(super) numerator_sums: Option<usize>,
    pub(super) denominator_sums: Option<usize>,
    pub(super) lasts: Option<usize>,
}

/// The row of a figure's grain that is asked about.
#[derive(Clone, Copy)]
pub(super) enum One<'a> {
    Case,
    Clock(&'a Span),
    Assignment(&'a Assignment),
    /// Whether it is the first.
    Check(&'a Check, bool),
}

/// With the field that says it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountingError {
    /// An expression that cannot be read.
    #[error("{0}: {1}")]
    Expression(&'static str, ExpressionError),
    /// No quantity is called so; there are [`QUANTITIES`].
    #[error("{0}: {1:?} is nothing that a figure sums up")]
    NoQuantity(&'static str, String),
    /// No duration is called so; there are [`DURATIONS`].
    #[error("{0}: {1:?} is no duration")]
    NoDuration(&'static str, String),
}

impl CountingError {
    /// The key of the figure's file under which it stands.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Expression(field, _) | Self::NoQuantity(field, _) | Self::NoDuration(field, _) => field,
        }
    }
}

impl FigureCounting {
    /// What the row adds. A numerator is only ever counted within its denominator.
    pub(super) fn part(&self, seen: &Seen<'_>, one: One<'_>) -> Part {
        let row = Row { seen, one };
        let holds = |expression: &Option<Expression>| expression.as_ref().is_none_or(|all| all.holds(&row));
        let is_said = self.denominator.is_some() || self.numerator.is_some();
        let is_asked = is_said && holds(&self.denominator);
        let is_counted = is_asked && holds(&self.numerator);
        let amount = |quantity: Option<usize>| match quantity {
            Some(number) => (QUANTITIES[number].of)(seen),
            None => 1,
        };
        Part {
            numerator: if is_counted { amount(self.numerator_sums) } else { 0 },
            denominator: if is_asked && self.denominator.is_some() { amount(self.denominator_sums) } else { 0 },
            duration: if is_counted { self.duration(&seen.times(), seen.period.as_of) } else { None },
        }
    }

    /// How long it took or has lasted, for a row in the numerator; none where the figure is not about time.
    pub fn duration(&self, times: &Times, as_of: Millis) -> Option<i64> {
        (DURATIONS[self.lasts?].of)(times, as_of)
    }
}

struct Row<'a> {
    seen: &'a Seen<'a>,
    one: One<'a>,
}

impl AtomsAsked for Row<'_> {
    fn is(&self, atom: usize) -> bool {
        match (ATOMS[atom].of, self.one) {
            (Of::Case(is), _) => is(self.seen),
            (Of::Clock(is), One::Clock(clock)) => is(self.seen, clock),
            (Of::Assignment(is), One::Assignment(one)) => is(self.seen, one),
            (Of::Check(is), One::Check(check, is_first)) => is(self.seen, check, is_first),
            _ => false,
        }
    }

    fn stands(&self, dimension: CaseDimension) -> &str {
        dimension.of(self.seen)
    }
}

/// An expression in words.
pub const IN_CHINESE: Writing = Writing {
    and: "，且",
    or: "，或",
    not: "非",
    atom: |atom| ATOMS[atom].zh,
    stands: |dimension, values| format!("{}为{}", dimension.name(), values.join("、")),
};

/// The same in English.
pub const IN_ENGLISH: Writing = Writing {
    and: ", and ",
    or: ", or ",
    not: "not ",
    atom: |atom| ATOMS[atom].en,
    stands: |dimension, values| format!("{} is {}", dimension.name(), values.join(" or ")),
};
