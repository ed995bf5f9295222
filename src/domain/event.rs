//! One event: what was said about which case, by whom, when, and the place on Kafka where it stands.

use smol_str::SmolStr;

use super::{fact::Fact, time::Millis};

/// A message's identity on Kafka; never two messages at one place. Ordered by partition, offset and only then topic:
/// the fold sorts by place, and comparing names is the dear part of it.
#[derive(Clone, Debug, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the partition within the topic.
    pub partition: i32,
    /// 位移: unique within the partition, and never used again.
    pub offset: i64,
    /// 主题, with its prefix.
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
    /// CloudEvents 1.0 in one JSON: attributes and data together.
    Structured,
    /// CloudEvents 1.0 with the attributes as headers (`ce_…`), and the data as the value.
    Binary,
    /// Our own JSON without an envelope: case id, type and time beside the data (contracts/README.md).
    Bare,
}

impl Envelope {
    /// As the column `envelope` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Structured => "structured",
            Self::Binary => "binary",
            Self::Bare => "bare",
        }
    }

    /// By [`Self::name`]. None: the column holds something else.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Structured, Self::Binary, Self::Bare].into_iter().find(|envelope| envelope.name() == name)
    }
}

/// An event as the ledger keeps it: understood, scrubbed of personal data, and never changed. The fold takes nothing else.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where its message stands.
    pub place: Place,
    /// 封装方式; makes no difference to what is said.
    pub envelope: Envelope,
    /// 接收时间, by our clock; no figure rests on it, but what is known by an instant does where the source does not say.
    pub ingested_at: Millis,
    /// 业务流: by the topic that it came on.
    pub stream: SmolStr,
    /// 案件编号, as the source gives it; cases are told apart by stream and number.
    pub case_id: SmolStr,
    /// (source, id) is the event's identity, whatever the number of messages that carry it.
    pub source: SmolStr,
    /// 事件编号, unique within its source.
    pub id: SmolStr,
    /// When it happened, by the business's clock.
    pub occurred_at: Millis,
    /// When the source system wrote it down.
    pub recorded_at: Option<Millis>,
    /// The source's own count within the case; orders events of one instant.
    pub seq: u64,
    /// What happened.
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
