//! The only place that asks what time of day it is. What lasts is measured by `tokio::time::Instant`, because the time of day may
//! jump: set back by an hour, a batch that waited by it would wait for an hour.

use crate::domain::time::Millis;

#[allow(clippy::disallowed_methods, reason = "the one place")]
pub fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

/// So many milliseconds after a beginning that is the same for a whole test program.
#[cfg(test)]
pub fn after(ms: u64) -> tokio::time::Instant {
    static BEGINNING: std::sync::LazyLock<tokio::time::Instant> = std::sync::LazyLock::new(tokio::time::Instant::now);
    *BEGINNING + std::time::Duration::from_millis(ms)
}
