//! A rule: the cases it is for, when it is in force, and the stages it sets limits to.

use smol_str::SmolStr;

use super::{criteria::Criteria, stage::Stage};
use crate::domain::time::Millis;

/// 规则: complete in itself, it inherits nothing from a less specific one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stands on each case that it judged; unique within the policy.
    pub id: SmolStr,
    /// For people; empty: none.
    pub title: String,
    /// The document that states the limits.
    pub source: String,
    /// 条件: which cases.
    pub criteria: Criteria,
    /// 有效期: received when.
    pub validity: Validity,
    /// 时限环节, each name once.
    pub stages: Vec<Stage>,
}

/// By the instant at which a case was received: from one, and before the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// Received then or later. None: since ever.
    pub from: Option<Millis>,
    /// Received before then. None: for ever.
    pub until: Option<Millis>,
}

impl Validity {
    /// Was it in force already?
    pub fn has_begun(self, at: Millis) -> bool {
        self.from.is_none_or(|from| from <= at)
    }

    /// Is it no longer in force? Both are asked of the receipt, never of now.
    pub fn is_over(self, at: Millis) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Is there an instant in both?
    pub(super) fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |one: Self, other: Self| match (one.from, other.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}
