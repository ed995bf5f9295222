//! How things stand, as gauges: what was last heard, what waits, by what cases are judged and until when.
//!
//! Instants come as milliseconds since 1970, because that is what those who know them have.

use metrics::gauge;

use super::sources::Sources;
use super::table::{
    CALENDAR_END, GENERATION, LAST_EVENT, LAST_SWEEP, LAST_VERIFY, POLICY_END, POLICY_INFO, QUARANTINE_OLDEST,
    QUARANTINE_WAITING, WORKING_HOURS,
};

/// Kept beside the recorder: it has to know which names it has given out.
static SOURCES: Sources = Sources::new();

/// When something of a source last arrived here. Arrival and not business time: a feeder that sends old events is not silent.
pub fn last_event(stream: &str, source: &str, arrived_ms: i64) {
    SOURCES.heard(stream, source, arrived_ms, |label, latest_ms| {
        gauge!(LAST_EVENT, "stream" => stream.to_owned(), "source" => label.to_owned()).set(seconds(latest_ms));
    });
}

pub fn quarantine_waits(stream: &str, messages: u64, oldest_ms: Option<i64>) {
    gauge!(QUARANTINE_WAITING, "stream" => stream.to_owned()).set(messages as f64);
    gauge!(QUARANTINE_OLDEST, "stream" => stream.to_owned()).set(seconds(oldest_ms.unwrap_or_default()));
}

pub fn swept(at_ms: i64) {
    gauge!(LAST_SWEEP).set(seconds(at_ms));
}

/// 0 for never.
pub fn verified(at_ms: i64) {
    gauge!(LAST_VERIFY).set(seconds(at_ms));
}

pub fn generation(number: u32) {
    gauge!(GENERATION).set(f64::from(number));
}

pub fn judged_by(policy: &str, calendar: &str) {
    gauge!(POLICY_INFO, "policy" => policy.to_owned(), "calendar" => calendar.to_owned()).set(1.0);
}

pub fn policy_ends(at_ms: Option<i64>) {
    gauge!(POLICY_END).set(seconds(at_ms.unwrap_or_default()));
}

pub fn calendar_ends(at_ms: i64) {
    gauge!(CALENDAR_END).set(seconds(at_ms));
}

pub fn is_working_time(is_so: bool) {
    gauge!(WORKING_HOURS).set(f64::from(u8::from(is_so)));
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1e3
}
