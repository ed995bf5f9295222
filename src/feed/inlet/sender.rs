//! Puts events on Kafka and hears of each whether all in-sync replicas have it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    ClientContext, Message as _,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
    message::{DeliveryResult, Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, timeout_at},
};

use super::{EventFate, PostedEvent, SendFault};
use crate::{
    feed::{
        cluster::Cluster,
        producer::{ProduceError, settings},
        rejection::{RejectReason, Rejection},
        trouble::{Troubles, listening},
    },
    said::Said,
};

/// Long enough for a few events to go together, too short for anybody to notice.
const LINGER_MS: &str = "2";
/// The library tells of each message by itself; only if it should not.
const AFTER: Duration = Duration::from_secs(2);

/// What each event of a request is waited for by.
#[derive(Debug)]
pub(super) struct Slips {
    send: UnboundedSender<(usize, EventFate)>,
    back: UnboundedReceiver<(usize, EventFate)>,
}

/// Goes with the message, and comes back with what became of it.
#[derive(Debug)]
pub(super) struct Slip {
    place: usize,
    back: UnboundedSender<(usize, EventFate)>,
}

impl Default for Slips {
    fn default() -> Self {
        let (send, back) = unbounded_channel();
        Self { send, back }
    }
}

impl Slips {
    pub(super) fn slip(&self, place: usize) -> Slip {
        Slip { place, back: self.send.clone() }
    }

    /// Each that was sent, with its fate; those that nobody tells of in time are not among them.
    pub(super) async fn returned(self, patience: Duration) -> Vec<(usize, EventFate)> {
        let Self { send, mut back } = self;
        drop(send);
        let until = Instant::now() + patience + AFTER;
        let mut fates = Vec::new();
        while let Ok(Some(fate)) = timeout_at(until, back.recv()).await {
            fates.push(fate);
        }
        fates
    }
}

struct Telling {
    troubles: Troubles,
    said: Mutex<Said>,
}

impl Telling {
    /// Once a minute of each kind: an event must not pay with a line.
    fn say(&self, what: &'static str, error: &KafkaError, detail: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(more) = said.seen(what, Instant::now()) {
            tracing::warn!(%error, detail, more, "{what}");
        }
    }
}

impl ClientContext for Telling {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.troubles.note(facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.say("kafka connection", &error, reason);
    }
}

impl ProducerContext for Telling {
    type DeliveryOpaque = Box<Slip>;

    fn delivery(&self, result: &DeliveryResult<'_>, slip: Box<Slip>) {
        let fate = match result {
            Ok(message) => EventFate::Taken { partition: message.partition(), offset: message.offset() },
            Err((error, message)) => {
                self.say("an event was not acknowledged; its sender is told", error, message.topic());
                EventFate::Failed(SendFault::Away)
            }
        };
        // Whoever does not wait any more has been told that it is not known.
        let _ = slip.back.send((slip.place, fate));
    }
}

pub(super) struct Sender {
    producer: ThreadedProducer<Telling>,
}

impl Sender {
    pub(super) fn new(cluster: &Cluster, ack_timeout: Duration) -> Result<Self, ProduceError> {
        let mut config = settings(cluster);
        config.set("linger.ms", LINGER_MS).set("message.timeout.ms", ack_timeout.as_millis().to_string());
        let context = Telling { troubles: Troubles::of(cluster), said: Mutex::default() };
        let producer = listening(&mut config).create_with_context(context).map_err(ProduceError::Setup)?;
        Ok(Self { producer })
    }

    /// Handed over, or its fate.
    pub(super) fn send(&self, topic: &str, key: &str, event: &PostedEvent, slip: Slip) -> Result<(), EventFate> {
        let headers = OwnedHeaders::new_with_capacity(event.headers.len());
        let headers = event
            .headers
            .iter()
            .fold(headers, |all, (name, value)| all.insert(Header { key: name, value: Some(value.as_bytes()) }));
        let record =
            BaseRecord::with_opaque_to(topic, Box::new(slip)).key(key).payload(&event.payload).headers(headers);
        match self.producer.send(record) {
            Ok(()) => Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => {
                Err(EventFate::Failed(SendFault::Busy))
            }
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::MessageSizeTooLarge), _)) => {
                let detail = "with its headers it is larger than Kafka takes";
                Err(EventFate::Refused(Rejection::new(RejectReason::TooLarge, "", detail)))
            }
            Err((error, _)) => {
                self.producer.context().say(
                    "an event cannot be handed to Kafka's client; its sender is told",
                    &error,
                    topic,
                );
                Err(EventFate::Failed(SendFault::Away))
            }
        }
    }

    pub(super) fn is_reachable(&self, patience: Duration) -> bool {
        self.producer.client().fetch_metadata(None, patience).is_ok()
    }
}
