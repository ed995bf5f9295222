//! How a figure counts, resolved: which rows are in its denominator, which of these in its numerator, what each adds.

use super::{
    Figure, Grain, Part, Seen,
    atoms::{ATOMS, DURATIONS, Of, QUANTITIES, Times},
    expression::{Expression, ExpressionError},
};
use crate::domain::{assignment::Assignment, case::Check, span::Span, time::Millis};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    denominator: Option<Expression>,
    numerator: Option<Expression>,
    numerator_sums: Option<usize>,
    denominator_sums: Option<usize>,
    lasts: Option<usize>,
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

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountingError {
    #[error("{0}: {1}")]
    Expression(&'static str, ExpressionError),
    #[error("{0}: {1:?} is no quantity")]
    Quantity(&'static str, String),
}

impl Counting {
    pub(super) fn of(figure: &Figure) -> Result<Self, CountingError> {
        let expression = |field, text: &Option<String>| {
            let parsed = text.as_ref().map(|text| Expression::parse(text, &|name| atom(name, figure.grain)));
            parsed.transpose().map_err(|error| CountingError::Expression(field, error))
        };
        let quantity = |field, name: &Option<String>| named(field, name, QUANTITIES.iter().map(|one| one.name));
        Ok(Self {
            denominator: expression("denominator", &figure.denominator)?,
            numerator: expression("numerator", &figure.numerator)?,
            numerator_sums: quantity("numerator_sums", &figure.numerator_sums)?,
            denominator_sums: quantity("denominator_sums", &figure.denominator_sums)?,
            lasts: named("lasts", &figure.lasts, DURATIONS.iter().map(|one| one.name))?,
        })
    }

    /// What the row adds. A numerator is only ever counted within its denominator.
    pub(super) fn part(&self, seen: &Seen<'_>, one: One<'_>) -> Part {
        let atom = |number: usize| is(ATOMS[number].of, seen, one);
        let holds = |expression: &Option<Expression>| expression.as_ref().is_none_or(|all| all.holds(&atom));
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

fn named(
    field: &'static str,
    name: &Option<String>,
    mut names: impl Iterator<Item = &'static str>,
) -> Result<Option<usize>, CountingError> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || CountingError::Quantity(field, name.clone());
    names.position(|one| one == name).map(Some).ok_or_else(unknown)
}

fn atom(name: &str, grain: Grain) -> Option<usize> {
    ATOMS.iter().position(|atom| atom.name == name && atom.grain() == grain)
}

fn is(of: Of, seen: &Seen<'_>, one: One<'_>) -> bool {
    match (of, one) {
        (Of::Case(is), _) => is(seen),
        (Of::Clock(is), One::Clock(clock)) => is(seen, clock),
        (Of::Assignment(is), One::Assignment(one)) => is(seen, one),
        (Of::Check(is), One::Check(check, is_first)) => is(seen, check, is_first),
        _ => false,
    }
}
