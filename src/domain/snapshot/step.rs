//! What one row adds to what was known: the case before it and after it, and which times are new.

use super::row::Snapshot;
use crate::domain::time::Due;

/// The row's statement between what was known and what is known with it.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) before: &'a Snapshot,
    pub(super) after: &'a Snapshot,
    /// As this row states it, and not an earlier one.
    pub(super) due: Option<Due>,
    /// The first row that says where the case stands.
    pub(super) is_first: bool,
    /// Child rows are known, so that they alone say who was given the case, and when.
    pub(super) has_assignments: bool,
}

/// A time that the row states and nobody did before.
pub(super) fn newly<T>(before: Option<T>, after: Option<T>) -> Option<T> {
    if before.is_none() { after } else { None }
}

/// A time that is new, or later than the one known: it happened, or happened once more.
pub(super) fn once_more<T: PartialOrd + Copy>(before: Option<T>, after: Option<T>) -> Option<T> {
    after.filter(|after| before.is_none_or(|before| *after > before))
}
