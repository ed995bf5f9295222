//! A rule: the cases it is for, when it is in force, and the stages it sets limits to.

use smol_str::SmolStr;

use super::{criteria::Criteria, stage::Stage};
use crate::domain::time::Millis;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: SmolStr,
    pub title: String,
    /// The document that states the limits.
    pub source: String,
    pub criteria: Criteria,
    pub validity: Validity,
    pub stages: Vec<Stage>,
}

/// By the instant at which a case was received: from one, and before the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    pub from: Option<Millis>,
    pub until: Option<Millis>,
}

impl Validity {
    pub fn has_begun(self, at: Millis) -> bool {
        self.from.is_none_or(|from| from <= at)
    }

    pub fn is_over(self, at: Millis) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |one: Self, other: Self| match (one.from, other.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}
