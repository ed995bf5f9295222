//! Why a message could not be taken: a value, not an error. It names the field and never the value,
//! because what stands in a wrong place may be somebody's name.

use std::fmt;

/// The one list of reasons; the names stand in the quarantine and in the metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectReason {
    /// A message without a value, as a deletion in a compacted topic is one.
    Empty,
    /// Its text, a header or the decoded data is in another encoding, mostly GBK.
    NotUtf8,
    /// It begins as JSON, or should, and breaks off or goes wrong.
    NotJson,
    /// JSON, but a list, a number or a text.
    NotAnObject,
    /// A field that has to be there is not, or is empty.
    MissingField,
    /// A field is there and says what it cannot say.
    InvalidField,
    /// The event type is none of the contract.
    UnknownType,
    /// A time before `ingest.earliest`, too far in the future, or outside of what ClickHouse keeps.
    ImpossibleTime,
    /// Unpacked, it is more than is held of one message.
    TooLarge,
    /// Who put it on Kafka may not speak for its source.
    ForeignSource,
    /// A fault of this program, found by this message.
    Internal,
}

impl RejectReason {
    /// Each with its name, in the order of the enum.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Empty, "empty"),
        (Self::NotUtf8, "not_utf8"),
        (Self::NotJson, "not_json"),
        (Self::NotAnObject, "not_an_object"),
        (Self::MissingField, "missing_field"),
        (Self::InvalidField, "invalid_field"),
        (Self::UnknownType, "unknown_type"),
        (Self::ImpossibleTime, "impossible_time"),
        (Self::TooLarge, "too_large"),
        (Self::ForeignSource, "foreign_source"),
        (Self::Internal, "internal"),
    ];

    /// As it stands in the quarantine, in metrics and in answers of the inlet.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Why, where, and what was expected there. Whoever feeds the message mends it and sends it again, or it is replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// By what it is counted and sorted.
    pub reason: RejectReason,
    /// A JSON pointer, or the name of a header; empty where the whole message is meant.
    pub field: String,
    /// What was expected, in English, for whoever feeds.
    pub detail: String,
}

impl Rejection {
    pub(crate) fn new(reason: RejectReason, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { reason, field: field.into(), detail: detail.into() }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(RejectReason::MissingField, field, "required, and not there or empty")
    }

    pub(crate) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(RejectReason::InvalidField, field, detail)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(f, "{}: {}", self.reason.name(), self.detail),
            field => write!(f, "{} at {field}: {}", self.reason.name(), self.detail),
        }
    }
}
