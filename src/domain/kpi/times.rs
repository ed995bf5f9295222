//! The instants of a case between which durations lie.

use crate::domain::time::Millis;

/// What a duration is reckoned from, as it stood at the as-of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// 受理.
    pub received_at: Option<Millis>,
    /// The close that stands.
    pub closed_at: Option<Millis>,
    /// 时限: its instant, also where it is exclusive.
    pub due_at: Option<Millis>,
    /// Working time from the receipt to the close, in milliseconds; none without a calendar.
    pub worked_ms: Option<i64>,
}
