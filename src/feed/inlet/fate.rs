//! What becomes of an event that was posted, and what its sender is told.

use smol_str::SmolStr;

use crate::feed::rejection::Rejection;

/// What becomes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventFate {
    /// On Kafka, acknowledged by all in-sync replicas.
    Taken { partition: i32, offset: i64 },
    /// Taken before, with the same content.
    Known,
    /// Taken before, and said something else.
    Conflicting,
    /// It would be quarantined.
    Refused(Rejection),
    /// The sender may not speak for its source, which stands there, as in a rejection.
    NotYours(&'static str),
    /// Not sent, because an earlier event of its case was refused.
    Untried,
    /// Not taken, or not known whether.
    Failed(SendFault),
}

/// Why an event was not taken, or is not known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// Too much waits here.
    Busy,
    /// Kafka did not acknowledge it in time.
    Away,
}

/// An event's id, where it has one that can be read, and its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAnswer {
    pub id: Option<SmolStr>,
    pub fate: EventFate,
    /// Of one that stands on Kafka: fields that the contract does not name, and what each might be, `/data/chanel (channel?)`.
    pub unknown: Vec<String>,
}

impl EventAnswer {
    /// Stands at the end of unknown fields for those that are not named.
    pub const MORE_UNKNOWN: &str = "…";
}

impl EventFate {
    /// It stands on Kafka, since now or before.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Taken { .. } | Self::Known)
    }

    /// What is wrong, and what to do. Nothing of an event's own is repeated.
    pub fn told(&self) -> &str {
        match self {
            Self::Taken { .. } => "taken",
            Self::Known => "known already",
            Self::Conflicting => {
                "an event with this source and id was taken before and said something else; give this one an id of its own, and mend what was wrong with case.corrected.v1"
            }
            Self::Refused(rejection) => &rejection.detail,
            Self::NotYours(_) => "the key does not speak for the source of this event",
            Self::Untried => "an earlier event of this case was not taken; send both, the earlier one mended",
            Self::Failed(SendFault::Busy) => "more waits for Kafka than is held in memory; send it again",
            Self::Failed(SendFault::Away) => {
                "Kafka did not acknowledge it in time, and it is not known whether it was taken; send it again, nothing is doubled"
            }
        }
    }
}
