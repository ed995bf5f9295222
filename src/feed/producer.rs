//! Puts messages on Kafka, for the files and the synthetic year: in order, none twice, each acknowledged by all replicas.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rdkafka::{
    ClientConfig, ClientContext, Message,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
    message::{DeliveryResult, Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
};

use super::{
    cluster::Cluster,
    contract::envelope::STRUCTURED_CONTENT_TYPE,
    trouble::{Troubles, listening},
};
use crate::domain::stream::FEEDER_HEADER;

/// Why messages are not on Kafka.
#[derive(Debug, thiserror::Error)]
pub enum ProduceError {
    /// The client refuses the settings of the connection: mend `kafka.*`.
    #[error("cannot create a Kafka producer")]
    Setup(#[source] KafkaError),
    /// The client does not take the message, for example because it is too large: that one is not sent.
    #[error("cannot put a message on topic {topic}")]
    Refused {
        /// Where it should have gone.
        topic: String,
        /// The client's reason.
        source: KafkaError,
    },
    /// Some may be there and some not: send all of it again, which doubles nothing.
    #[error(
        "{failed} messages were not acknowledged by Kafka; the first: {first}. Run the same command again: nothing is doubled"
    )]
    Undelivered {
        /// How many, those that still wait among them.
        failed: u64,
        /// Why, of the first of them, or what the connection last met.
        first: String,
    },
}

/// What a message may hold beside its key and headers: client and brokers take a megabyte of all of it, unless told otherwise.
pub(crate) const PAYLOAD_MAX: usize = 990_000;

/// How a message is wrapped on Kafka.
#[derive(Clone, Copy, Debug)]
pub enum Wrapping<'a> {
    /// One CloudEvent as JSON, its attributes in the value.
    Structured,
    /// CloudEvents attributes as headers, without the `ce_` prefix here.
    Binary(&'a [(&'a str, &'a str)]),
    /// The data alone, with the content type of JSON; what an event says of itself stands in it.
    Bare,
}

#[derive(Debug, Default)]
struct Tally {
    delivered: AtomicU64,
    failed: AtomicU64,
    first_failure: Mutex<String>,
}

#[derive(Clone, Debug)]
struct Deliveries {
    tally: Arc<Tally>,
    troubles: Troubles,
}

impl ClientContext for Deliveries {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.troubles.note(facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "kafka connection");
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => {
                self.tally.delivered.fetch_add(1, Ordering::Relaxed);
            }
            Err((error, message)) => {
                if self.tally.failed.fetch_add(1, Ordering::Relaxed) == 0
                    && let Ok(mut first) = self.tally.first_failure.lock()
                {
                    *first = format!("topic {}: {error}", message.topic());
                }
            }
        }
    }
}

pub(super) fn settings(cluster: &Cluster) -> ClientConfig {
    let mut config = cluster.client();
    config
        .set("enable.idempotence", "true")
        // Of two batches in flight the second may be taken and the first refused, on a topic that is being made; sent again it is
        // called a duplicate, and librdkafka calls that delivered, though it is nowhere.
        .set("max.in.flight.requests.per.connection", "1")
        .set("compression.type", "lz4")
        .set("linger.ms", "20")
        .set("queue.buffering.max.messages", "200000");
    config
}

/// Puts messages on Kafka in the order in which they are handed over, each at least once.
pub struct Producer {
    inner: ThreadedProducer<Deliveries>,
    feeder: String,
    tally: Arc<Tally>,
    troubles: Troubles,
}

impl std::fmt::Debug for Producer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Producer").field("tally", &self.tally).finish_non_exhaustive()
    }
}

impl Producer {
    /// An error only where the settings are wrong: nobody is asked yet.
    pub fn new(cluster: &Cluster) -> Result<Self, ProduceError> {
        let (tally, troubles) = (Arc::<Tally>::default(), Troubles::of(cluster));
        let context = Deliveries { tally: Arc::clone(&tally), troubles: troubles.clone() };
        let inner = listening(&mut settings(cluster)).create_with_context(context).map_err(ProduceError::Setup)?;
        Ok(Self { inner, feeder: cluster.feeder.clone(), tally, troubles })
    }

    /// Hands one message over; waits while the queue to the brokers is full.
    pub fn send(&self, topic: &str, key: &str, payload: &[u8], wrapping: Wrapping<'_>) -> Result<(), ProduceError> {
        let mut record =
            BaseRecord::to(topic).key(key).payload(payload).headers(signed(headers(wrapping), &self.feeder));
        loop {
            match self.inner.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    record = back;
                    // The producer's own thread serves deliveries; this only waits for room.
                    let _ = self.inner.flush(Duration::from_millis(50));
                }
                Err((source, _)) => return Err(ProduceError::Refused { topic: topic.to_owned(), source }),
            }
        }
    }

    /// Messages acknowledged so far.
    pub(crate) fn delivered(&self) -> u64 {
        self.tally.delivered.load(Ordering::Relaxed)
    }

    /// Waits until every message is acknowledged; the number of them.
    pub fn finish(self, patience: Duration) -> Result<u64, ProduceError> {
        self.settle(patience)
    }

    /// The same for whoever goes on. After an error it is not known what of it is there.
    pub(crate) fn settle(&self, patience: Duration) -> Result<u64, ProduceError> {
        let flushed = self.inner.flush(patience);
        let waiting = if flushed.is_err() { self.inner.in_flight_count().max(0) as u64 } else { 0 };
        let failed = self.tally.failed.load(Ordering::Relaxed) + waiting;
        if failed > 0 {
            let first = self.tally.first_failure.lock().map(|text| text.clone()).unwrap_or_default();
            let first = if first.is_empty() { "no answer from the brokers in time".to_owned() } else { first };
            let first = self.troubles.last().unwrap_or(first);
            return Err(ProduceError::Undelivered { failed, first });
        }
        Ok(self.delivered())
    }
}

/// With the name of who puts the message there.
fn signed(headers: OwnedHeaders, feeder: &str) -> OwnedHeaders {
    match feeder {
        "" => headers,
        name => headers.insert(Header { key: FEEDER_HEADER, value: Some(name) }),
    }
}

fn headers(wrapping: Wrapping<'_>) -> OwnedHeaders {
    let content_type = |value| Header { key: "content-type", value: Some(value) };
    match wrapping {
        Wrapping::Structured => OwnedHeaders::new_with_capacity(1).insert(content_type(STRUCTURED_CONTENT_TYPE)),
        Wrapping::Bare => OwnedHeaders::new_with_capacity(1).insert(content_type("application/json")),
        Wrapping::Binary(attributes) => {
            let all = OwnedHeaders::new_with_capacity(attributes.len() + 1).insert(content_type("application/json"));
            attributes
                .iter()
                .fold(all, |all, (name, value)| all.insert(Header { key: &format!("ce_{name}"), value: Some(*value) }))
        }
    }
}
