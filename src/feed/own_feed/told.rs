//! One message as it is told to whoever follows what he sends.

use std::fmt;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::judged::{FeedPlace, FeedVerdict, JudgedMessage};

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ToldMessage {
    pub partition: i32,
    pub offset: i64,
    /// When it arrived
    pub at: String,
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// `taken` or `refused`
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl ToldMessage {
    pub fn of(message: JudgedMessage, zone: &TimeZone) -> Self {
        let JudgedMessage { place: FeedPlace { partition, offset }, at, source, id, case_id, verdict } = message;
        let rejection = match verdict {
            FeedVerdict::Taken(_) => None,
            FeedVerdict::Refused(rejection) => Some(rejection),
        };
        let status = if rejection.is_none() { "taken" } else { "refused" };
        let reason = rejection.as_ref().map(|rejection| rejection.reason.name());
        let (pointer, detail) = rejection.map(|rejection| (rejection.field, rejection.detail)).unzip();
        Self {
            partition,
            offset,
            at: at.rfc3339(zone),
            source: source.into(),
            id: id.map(Into::into),
            case_id: case_id.map(Into::into),
            status,
            reason,
            pointer,
            detail,
        }
    }
}

impl fmt::Display for ToldMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, offset, at, source, id, status, reason, pointer, detail, .. } = self;
        write!(f, "{at} {partition}@{offset} {source} {} {status}", id.as_deref().unwrap_or("-"))?;
        let (Some(reason), Some(pointer), Some(detail)) = (reason, pointer, detail) else { return Ok(()) };
        let at = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
        write!(f, ": {reason}{at}: {detail}")
    }
}
