//! Which times a message can have.

use crate::domain::time::Millis;

/// Which times can be true.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimits {
    /// `ingest.earliest`: what lies before is refused.
    pub earliest: Millis,
    /// `ingest.future_max_s` in milliseconds: what lies further after the arrival is refused.
    pub future_max_ms: i64,
}

impl TimeLimits {
    /// Why the time cannot be true of what arrived then.
    pub fn fault(&self, at: Millis, arrived_at: Millis) -> Option<&'static str> {
        if at < self.earliest {
            return Some("before ingest.earliest");
        }
        let is_ahead = at.since(arrived_at) > self.future_max_ms;
        is_ahead.then_some("later than the message's arrival by more than ingest.future_max_s")
    }
}
