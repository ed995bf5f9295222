//! One event: what was said about which case, by whom, when, and the place on Kafka where it stands.

use smol_str::SmolStr;

use super::{fact::Fact, time::Millis};

/// A message's identity on Kafka; never two messages at one place. Ordered by partition, offset and only then topic:
/// the fold sorts by place, and comparing names is the dear part of it.
#[derive(Clone, Debug, Eq, PartialOrd, Ord)]
pub struct Place {
    pub partition: i32,
    pub offset: i64,
    pub topic: SmolStr,
}

impl PartialEq for Place {
    /// The offset first: it differs nearly always, and comparing the topics' names for it cost a sixth of the service.
    fn eq(&self, other: &Self) -> bool {
        self.offset == other.offset && self.partition == other.partition && self.topic == other.topic
    }
}

/// How the message was wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Structured,
    Binary,
    Bare,
}

impl Envelope {
    pub fn name(self) -> &'static str {
        match self {
            Self::Structured => "structured",
            Self::Binary => "binary",
            Self::Bare => "bare",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Structured, Self::Binary, Self::Bare].into_iter().find(|envelope| envelope.name() == name)
    }
}

#[derive(Clone, Debug)]
pub struct Event {
    pub place: Place,
    pub envelope: Envelope,
    pub ingested_at: Millis,
    pub stream: SmolStr,
    pub case_id: SmolStr,
    /// (source, id) is the event's identity, whatever the number of messages that carry it.
    pub source: SmolStr,
    pub id: SmolStr,
    /// When it happened, by the business's clock.
    pub occurred_at: Millis,
    /// When the source system wrote it down.
    pub recorded_at: Option<Millis>,
    /// The source's own count within the case; orders events of one instant.
    pub seq: u64,
    pub fact: Fact,
}

/// So far may the clocks of a source and of this machine differ.
const CLOCKS_DIFFER_MS: i64 = 60_000;

impl Event {
    /// Does it say that it happened after it had arrived? The classic is local time written as `Z`: until then, eight hours on in
    /// Shanghai, it is in no figure.
    pub fn is_ahead(&self) -> bool {
        self.occurred_at.since(self.ingested_at) > CLOCKS_DIFFER_MS
    }

    /// Does the other message say the same? Place, wrapping and arrival do not count.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.occurred_at == other.occurred_at
            && self.recorded_at == other.recorded_at
            && self.seq == other.seq
            && self.fact == other.fact
    }
}

#[cfg(test)]
impl Event {
    /// One that says next to nothing, at that place.
    pub fn any(partition: i32, offset: i64) -> Self {
        Self {
            place: Place { topic: "t".into(), partition, offset },
            envelope: Envelope::Bare,
            ingested_at: Millis(0),
            stream: "hotline".into(),
            case_id: "c".into(),
            source: "s".into(),
            id: "i".into(),
            occurred_at: Millis(0),
            recorded_at: None,
            seq: 0,
            fact: Fact::Voided(super::fact::Reason::default()),
        }
    }
}
