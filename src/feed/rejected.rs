//! What was refused, as messages of a topic of its own: for whoever has Kafka and wants to be told (docs/own-feed.md). Notices only:
//! the quarantine has the messages, and keeps them whatever becomes of these.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    error::KafkaError,
    message::{DeliveryResult, Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    cluster::Cluster,
    contract::envelope::STRUCTURED_CONTENT_TYPE,
    decode::{self, Message},
    privacy::preview_of_code,
    producer::{ProduceError, settings},
    rejection::{RejectReason, Rejection},
    trouble::{Troubles, listening},
};
use crate::{
    domain::{stream::Stream, time::Millis},
    said::Said,
};

/// Longer is not waited for: the pipeline goes on.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a failure nothing is tried for so long.
const REST: Duration = Duration::from_secs(60);
const TYPE: &str = "event.rejected.v1";

/// What is told of a message that was refused: where it is and why, and nothing of what stands in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RejectionNotice {
    /// 业务流 The stream
    pub stream: String,
    /// 主题 The topic on which the message lies
    pub topic: String,
    /// 分区 Its partition
    pub partition: i32,
    /// 位移 Its offset
    pub offset: i64,
    /// 拒收原因 The reason, as the quarantine names it
    #[schemars(extend("enum" = RejectReason::ALL.map(|(_, name)| name)))]
    pub reason: &'static str,
    /// 出错位置 A JSON pointer or the name of a header; empty where the whole message is meant
    pub field: String,
    /// 说明 What is wrong, without a value of the message
    pub detail: String,
    /// 来源系统，已脱敏 Its source, where it can be read; scrubbed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 事件编号，已脱敏 Its id, where it can be read; scrubbed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    #[serde(skip)]
    at: Millis,
    /// The same, by the stream's clock.
    #[serde(skip)]
    time: String,
}

/// The same as what stands on the topic.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "拒收通知 What was refused")]
pub(super) struct RejectionEvent<'a> {
    /// CloudEvents 1.0
    #[schemars(extend("const" = "1.0"))]
    specversion: &'static str,
    /// 事件类型 Its type
    #[serde(rename = "type")]
    #[schemars(extend("const" = TYPE))]
    kind: &'static str,
    /// `urn:tongguan:` 加主题 and the topic
    source: String,
    /// `主题/分区/位移` The place: topic, partition, offset
    id: String,
    /// 到达时间 When the message arrived
    #[schemars(extend("format" = "date-time"))]
    time: &'a str,
    /// The type of `data`
    #[schemars(extend("const" = "application/json"))]
    datacontenttype: &'static str,
    /// 位置与原因 Where and why
    data: &'a RejectionNotice,
}

/// One, as the description of the topic shows it.
pub(super) fn example() -> Value {
    let at = Millis::parse("2026-11-30T09:12:11+08:00").unwrap_or(Millis(0));
    let notice = RejectionNotice {
        stream: "hotline".to_owned(),
        topic: "case-events.hotline".to_owned(),
        partition: 2,
        offset: 1204,
        reason: RejectReason::MissingField.name(),
        field: "/data/unit".to_owned(),
        detail: "required, and not there or empty".to_owned(),
        source: Some("hotline.example".to_owned()),
        event_id: Some("RX-77-2".to_owned()),
        at,
        time: "2026-11-30T09:12:11+08:00".to_owned(),
    };
    json!(notice.event())
}

impl RejectionNotice {
    /// `at`: by the message's stamp.
    pub fn of(message: &Message<'_>, at: Millis, stream: &Stream, why: &Rejection) -> Self {
        let named = decode::named(message);
        let scrubbed = |text: &str| (!text.is_empty()).then(|| plain(preview_of_code(text)));
        Self {
            stream: stream.name.to_string(),
            topic: stream.topic.to_string(),
            partition: message.partition,
            offset: message.offset,
            reason: why.reason.name(),
            field: why.field.clone(),
            detail: why.detail.clone(),
            source: scrubbed(&named.source),
            event_id: scrubbed(&named.id),
            at,
            time: at.rfc3339(&stream.zone),
        }
    }

    /// Bytes of memory.
    pub fn weight(&self) -> usize {
        let texts = [&self.stream, &self.topic, &self.field, &self.detail, &self.time];
        let shown = self.source.iter().chain(&self.event_id);
        size_of::<Self>() + texts.into_iter().chain(shown).map(String::capacity).sum::<usize>()
    }

    fn place(&self) -> String {
        format!("{}/{}/{}", self.topic, self.partition, self.offset)
    }

    fn event(&self) -> RejectionEvent<'_> {
        RejectionEvent {
            specversion: "1.0",
            kind: TYPE,
            source: format!("urn:tongguan:{}", self.topic),
            id: self.place(),
            time: &self.time,
            datacontenttype: "application/json",
            data: self,
        }
    }

    /// By the names that Kafka Connect and Spring give to what lies on a dead-letter topic.
    fn headers(&self) -> OwnedHeaders {
        let what = match self.field.as_str() {
            "" => self.detail.clone(),
            field => format!("{field}: {}", self.detail),
        };
        let (partition, offset) = (self.partition.to_string(), self.offset.to_string());
        let source = self.source.as_ref().map(|source| ("tongguan-source", source.as_bytes()));
        [
            ("content-type", STRUCTURED_CONTENT_TYPE.as_bytes()),
            ("__connect.errors.topic", self.topic.as_bytes()),
            ("__connect.errors.partition", partition.as_bytes()),
            ("__connect.errors.offset", offset.as_bytes()),
            ("__connect.errors.stage", b"VALUE_CONVERTER"),
            ("__connect.errors.connector.name", b"tongguan"),
            ("__connect.errors.exception.class.name", self.reason.as_bytes()),
            ("__connect.errors.exception.message", what.as_bytes()),
            ("kafka_dlt-original-topic", self.topic.as_bytes()),
            ("kafka_dlt-original-partition", &self.partition.to_be_bytes()),
            ("kafka_dlt-original-offset", &self.offset.to_be_bytes()),
            ("kafka_dlt-original-timestamp", &self.at.0.to_be_bytes()),
            ("kafka_dlt-exception-fqcn", self.reason.as_bytes()),
            ("kafka_dlt-exception-message", what.as_bytes()),
        ]
        .into_iter()
        .chain(source)
        .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(value) }))
    }
}

/// A preview is written as JSON; so is what it is put into.
fn plain(preview: String) -> String {
    serde_json::from_str(&preview).unwrap_or(preview)
}

#[derive(Debug, Default)]
struct Taking {
    troubles: Troubles,
    taken: AtomicUsize,
    refused: Mutex<String>,
}

impl ClientContext for Taking {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.troubles.note(facility, message);
    }

    fn error(&self, _: KafkaError, _: &str) {}
}

impl ProducerContext for Taking {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => _ = self.taken.fetch_add(1, Ordering::Relaxed),
            Err((error, _)) => *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = error.to_string(),
        }
    }
}

/// The topic on which is told what was refused. Clones are the same.
#[derive(Clone)]
pub struct RejectionTopic {
    topic: String,
    producer: Arc<ThreadedProducer<Taking>>,
    state: Arc<Mutex<(Option<Instant>, Said)>>,
}

impl std::fmt::Debug for RejectionTopic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RejectionTopic").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl RejectionTopic {
    pub fn new(cluster: &Cluster, topic: String) -> Result<Self, ProduceError> {
        let mut config = settings(cluster);
        config.set("linger.ms", "2").set("message.timeout.ms", PATIENCE.as_millis().to_string());
        let taking = Taking { troubles: Troubles::of(cluster), ..Taking::default() };
        let producer = listening(&mut config).create_with_context(taking).map_err(ProduceError::Setup)?;
        Ok(Self { topic, producer: Arc::new(producer), state: Arc::default() })
    }

    /// Waits until Kafka has them, or for ten seconds; how many it does not have. On a thread that may wait, by one at a time.
    pub fn tell(&self, notices: &[RejectionNotice]) -> usize {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if state.0.is_some_and(|until| now < until) {
            return notices.len();
        }
        let context = self.producer.context();
        context.taken.store(0, Ordering::Relaxed);
        for notice in notices {
            let (key, value) = (notice.place(), json!(notice.event()).to_string());
            let record = BaseRecord::to(&self.topic).key(&key).payload(&value).headers(notice.headers());
            if let Err((error, _)) = self.producer.send(record) {
                *context.refused.lock().unwrap_or_else(PoisonError::into_inner) = error.to_string();
                break;
            }
        }
        let flushed = self.producer.flush(PATIENCE);
        let untold = notices.len().saturating_sub(context.taken.load(Ordering::Relaxed));
        if untold > 0 {
            state.0 = Some(Instant::now() + REST);
            if let Some(more) = state.1.seen("untold", Instant::now()) {
                let refused = context.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let late = flushed.err().map(|error| error.to_string()).unwrap_or_default();
                let error =
                    self.producer.context().troubles.last().unwrap_or(if refused.is_empty() { late } else { refused });
                tracing::warn!(
                    topic = self.topic,
                    untold,
                    more,
                    error,
                    "what was refused could not be told on its topic; the quarantine has it"
                );
            }
        }
        untold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_where_and_why_and_nothing_of_what_stands_there() {
        let payload = br#"{"type":"case.accepted.v1","case_id":"13800138000","id":"RX-1","source":"hotline.example","title":"x"}"#;
        let message =
            Message { partition: 2, offset: 1204, payload: Some(payload), headers: Some(&[]), arrived_at: Millis(0) };
        let stream = Stream::usual("hotline", jiff::tz::TimeZone::UTC);
        let why = Rejection::new(RejectReason::MissingField, "/occurred_at", "required, and not there or empty");
        let notice = RejectionNotice::of(&message, Millis(0), &stream, &why);
        let event: Value = serde_json::to_value(notice.event()).unwrap();
        assert_eq!(event["id"], "hotline/2/1204");
        assert_eq!(event["time"], "1970-01-01T00:00:00+00:00");
        assert_eq!((&event["data"]["source"], &event["data"]["event_id"]), (&json!("hotline.example"), &json!("RX-1")));
        assert!(!event.to_string().contains("13800138000"));
        assert_eq!(notice.event_id.as_deref(), Some("RX-1"));
    }

    #[test]
    fn quotes_in_an_id_are_no_escapes_of_ours() {
        for (id, wanted) in [("q\"a\\b", "q\"a\\b"), ("\"q\"", "\"q\""), ("q\u{1b}a", "q a")] {
            assert_eq!(plain(preview_of_code(id)), wanted);
        }
    }
}
