//! Why a whole request is refused, and the problem (RFC 9457) that is answered.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;

use super::limits::{EVENT_BYTES_MAX, EVENTS_MAX, REQUEST_BYTES_MAX};

pub(super) const PROBLEM: &str = "application/problem+json";

pub(super) const TYPES: &str =
    "application/cloudevents+json, application/cloudevents-batch+json, application/json, application/x-ndjson";
pub(super) const PACKINGS: &str = "gzip, zstd";

/// Nothing of the request was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// As a whole it cannot be read; where, and what is wrong.
    Unreadable(String),
    /// A parameter or header of the request.
    Parameter(String),
    /// No key, or none that is good; why.
    Unknown(&'static str),
    /// The key is good, and not for this.
    NotYours(String),
    NotFound,
    Method,
    /// Looked at, and nothing else.
    OnlyGet,
    /// A request with this `idempotency-key` is under way.
    UnderWay,
    /// It was used with another body.
    OtherBody,
    TooLarge,
    TooMany,
    MediaType,
    Packing,
    /// More than the key may send.
    Hurried(Duration),
    /// The key looks at its events already.
    Looking(Duration),
    /// Too much under way here.
    Busy,
    /// Kafka cannot be reached.
    Away,
    /// The body did not come in time.
    Slow,
}

/// Why an event or a request is refused (RFC 9457)
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct ProblemBody {
    /// What kind of problem it is: `urn:tongguan:problem:` and a word
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) title: &'static str,
    pub(super) status: u16,
    /// What is wrong and what to do, with the nearest right word
    pub(super) detail: String,
    /// Of the event
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<SmolStr>,
    /// By this name the service would quarantine it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    /// A JSON pointer into the event, or the name of a header; empty where the whole is meant
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pointer: Option<String>,
}

impl ProblemBody {
    pub(super) fn new(name: &str, title: &'static str, status: StatusCode, detail: impl Into<String>) -> Self {
        let kind = format!("urn:tongguan:problem:{name}");
        Self { kind, title, status: status.as_u16(), detail: detail.into(), ..Self::default() }
    }

    pub(super) fn response(&self, again: Option<Duration>) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if let Some(again) = again {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(again)));
        }
        response
    }
}

impl Refusal {
    /// For a page.
    pub(super) fn told(&self) -> (StatusCode, Cow<'_, str>, Option<HeaderValue>) {
        let (_, _, status, detail) = self.words();
        (status, detail, self.again().map(|again| HeaderValue::from(seconds(again))))
    }

    fn again(&self) -> Option<Duration> {
        match self {
            Self::Hurried(wait) | Self::Looking(wait) => Some(*wait),
            Self::Busy | Self::UnderWay => Some(Duration::from_secs(1)),
            Self::Away => Some(Duration::from_secs(5)),
            _ => None,
        }
    }

    /// Its name, title, status, and what is told.
    #[rustfmt::skip]
    fn words(&self) -> (&'static str, &'static str, StatusCode, Cow<'_, str>) {
        use StatusCode as S;
        match self {
            Self::Unreadable(what) => ("unreadable", "The body cannot be read", S::BAD_REQUEST, what.into()),
            Self::Parameter(what) => ("parameter", "The request cannot be understood", S::BAD_REQUEST, what.into()),
            Self::Unknown(why) => ("key", "Nobody that is known", S::UNAUTHORIZED, (*why).into()),
            Self::NotYours(what) => ("not-yours", "Not with this key", S::FORBIDDEN, what.into()),
            Self::NotFound => ("missing", "Not found", S::NOT_FOUND, "events are posted to /v1/events".into()),
            Self::Method => ("method", "Not in this way", S::METHOD_NOT_ALLOWED, "events are posted: POST /v1/events".into()),
            Self::OnlyGet => ("method", "Not in this way", S::METHOD_NOT_ALLOWED, "this is looked at: GET".into()),
            Self::UnderWay => ("under-way", "Under way", S::CONFLICT, "a request with this idempotency-key is under way; ask again in a moment".into()),
            Self::OtherBody => ("other-body", "Another body", S::UNPROCESSABLE_ENTITY, "this idempotency-key was used for another request (stream, report or body); another request needs another key".into()),
            Self::TooLarge => ("too-large", "Too large", S::PAYLOAD_TOO_LARGE, format!("a request has at most {REQUEST_BYTES_MAX} bytes, unpacked, and an event {EVENT_BYTES_MAX}; send several").into()),
            Self::TooMany => ("too-large", "Too many", S::PAYLOAD_TOO_LARGE, format!("a request has at most {EVENTS_MAX} events; send several").into()),
            Self::MediaType => ("media-type", "Not this type", S::UNSUPPORTED_MEDIA_TYPE, format!("content-type is one of {TYPES}, in UTF-8").into()),
            Self::Packing => ("packing", "Not this packing", S::UNSUPPORTED_MEDIA_TYPE, format!("content-encoding is one of {PACKINGS}, or absent").into()),
            Self::Hurried(wait) => ("quota", "More than this key may send", S::TOO_MANY_REQUESTS, format!("its events of this minute are sent; again in {} s", seconds(*wait)).into()),
            Self::Looking(_) => ("looking", "Looked at already", S::TOO_MANY_REQUESTS, "a look at the events of this key is under way; one at a time".into()),
            Self::Away => ("away", "Kafka is away", S::SERVICE_UNAVAILABLE, "Kafka cannot be reached from here; again in a moment".into()),
            Self::Busy => ("busy", "Too much under way", S::SERVICE_UNAVAILABLE, "more is under way here than is held in memory; send it again in a moment".into()),
            Self::Slow => ("slow", "Too slow", S::REQUEST_TIMEOUT, "the body did not come in time".into()),
        }
    }
}

/// Whole ones, one at least.
fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (name, title, status, detail) = self.words();
        let mut response = ProblemBody::new(name, title, status, detail).response(self.again());
        let told = match self {
            Self::Unknown(_) => Some((header::WWW_AUTHENTICATE, "Bearer")),
            Self::Method => Some((header::ALLOW, "POST, OPTIONS")),
            Self::OnlyGet => Some((header::ALLOW, "GET")),
            Self::MediaType => Some((header::ACCEPT, TYPES)),
            Self::Packing => Some((header::ACCEPT_ENCODING, PACKINGS)),
            _ => None,
        };
        if let Some((name, value)) = told {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
