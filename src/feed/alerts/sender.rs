//! Sends alerts in transactions. Whoever opens a sender fences the one before, wherever it hangs (docs/decisions/0019).
//! Every call waits for Kafka: threads of their own make them.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    ClientContext, Message as _,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode as Code},
    message::{DeliveryResult, Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
};

use crate::{
    domain::alert::AlertPlace,
    feed::{
        cluster::Cluster,
        contract::envelope::STRUCTURED_CONTENT_TYPE,
        producer::settings,
        trouble::{Troubles, listening},
    },
};

/// Kafka ends a transaction of somebody who is gone after so long (ms); the next sender ends it at once.
const TRANSACTION_MS: &str = "30000";

#[derive(Debug, thiserror::Error)]
pub enum AlertSendError {
    /// Another one has begun since: this one may send nothing any more.
    #[error("another instance sends the alerts now")]
    Fenced,
    /// What became of it is not known, or nothing did: only a new sender, which reads back, knows.
    #[error("the alerts could not be sent: {0}")]
    Unknown(String),
}

fn is_fenced(code: Option<Code>) -> bool {
    matches!(code, Some(Code::Fenced | Code::ProducerFenced | Code::InvalidProducerEpoch))
}

/// Where each message of the transaction came to lie, by its number in it.
type Places = Arc<Mutex<Vec<Option<AlertPlace>>>>;

struct Context {
    places: Places,
    troubles: Troubles,
}

impl ClientContext for Context {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.troubles.note(facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka connection of the alerts");
    }
}

impl ProducerContext for Context {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<usize>) {
        if let Ok(message) = result {
            let place = AlertPlace { partition: message.partition(), offset: message.offset() };
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(slot) = places.get_mut(*number) {
                *slot = Some(place);
            }
        }
    }
}

pub struct AlertSender {
    producer: ThreadedProducer<Context>,
    places: Places,
    troubles: Troubles,
    patience: Duration,
}

impl fmt::Debug for AlertSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlertSender")
    }
}

impl AlertSender {
    /// Ends what a predecessor left open, and takes its place.
    pub fn open(cluster: &Cluster, name: &str, patience: Duration) -> Result<Self, AlertSendError> {
        let (places, troubles) = (Places::default(), Troubles::of(cluster));
        let mut config = settings(cluster);
        config
            .set("transactional.id", name)
            .set("transaction.timeout.ms", TRANSACTION_MS)
            .set("linger.ms", "2")
            // A transaction is a few hundred short messages, and readers of other makes may look at them with simple tools.
            .set("compression.type", "none");
        let context = Context { places: Arc::clone(&places), troubles: troubles.clone() };
        let setup = |error: KafkaError| AlertSendError::Unknown(error.to_string());
        let producer: ThreadedProducer<Context> = listening(&mut config).create_with_context(context).map_err(setup)?;
        let sender = Self { producer, places, troubles, patience };
        sender.done(sender.producer.init_transactions(patience))?;
        Ok(sender)
    }

    /// All of them or none; where each stands. Key and payload.
    pub fn send(&self, topic: &str, messages: &[(&str, Vec<u8>)]) -> Result<Vec<AlertPlace>, AlertSendError> {
        *self.places() = vec![None; messages.len()];
        self.done(self.producer.begin_transaction())?;
        for (number, (key, payload)) in messages.iter().enumerate() {
            let content_type = Header { key: "content-type", value: Some(STRUCTURED_CONTENT_TYPE) };
            let record = BaseRecord::with_opaque_to(topic, Box::new(number))
                .key(*key)
                .payload(payload)
                .headers(OwnedHeaders::new_with_capacity(1).insert(content_type));
            self.done(self.producer.send(record).map_err(|(error, _)| error))?;
        }
        self.done(self.producer.commit_transaction(self.patience))?;
        let places: Option<Vec<AlertPlace>> = std::mem::take(&mut *self.places()).into_iter().collect();
        places.ok_or_else(|| AlertSendError::Unknown("committed, and not every place was told".to_owned()))
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Vec<Option<AlertPlace>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done(&self, outcome: Result<(), KafkaError>) -> Result<(), AlertSendError> {
        let Err(error) = outcome else { return Ok(()) };
        // What the library cannot get over it says once; every later call only says that there was something.
        let fatal = self.producer.client().fatal_error().map(|(code, _)| code);
        if is_fenced(fatal) || is_fenced(error.rdkafka_error_code()) {
            return Err(AlertSendError::Fenced);
        }
        Err(AlertSendError::Unknown(self.troubles.last().unwrap_or_else(|| error.to_string())))
    }
}
