//! Sends without end and writes down where each message came to lie: what was sent is what Kafka acknowledged.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rdkafka::{
    ClientConfig, ClientContext, Message as _,
    error::{KafkaError, RDKafkaErrorCode},
    message::{DeliveryResult, Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
};
use tokio::{task::JoinHandle, time::sleep};

use super::stream::{Lives, Message};

/// A message at its place.
#[derive(Clone, Debug)]
pub struct Sent {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub message: Arc<Message>,
}

#[derive(Default)]
struct Shared {
    sent: Mutex<Vec<Sent>>,
    handed: AtomicU64,
    acknowledged: AtomicU64,
    refused: Mutex<Option<String>>,
}

struct Deliveries(Arc<Shared>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<Arc<Message>>;

    fn delivery(&self, result: &DeliveryResult<'_>, message: Self::DeliveryOpaque) {
        match result {
            Ok(at) => {
                let (topic, partition, offset) = (at.topic().to_owned(), at.partition(), at.offset());
                self.0.sent.lock().unwrap().push(Sent { topic, partition, offset, message: *message });
                self.0.acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            Err((error, _)) => *self.0.refused.lock().unwrap() = Some(error.to_string()),
        }
    }
}

pub struct Sender {
    shared: Arc<Shared>,
    producer: Arc<ThreadedProducer<Deliveries>>,
    topics: Vec<String>,
    task: JoinHandle<()>,
}

const TICK: Duration = Duration::from_millis(20);

impl Sender {
    /// `rate` messages a second.
    pub fn start(brokers: &str, topics: Vec<String>, mut lives: Lives, rate: u64) -> Self {
        let shared = Arc::new(Shared::default());
        let producer: ThreadedProducer<Deliveries> = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("enable.idempotence", "true")
            .set("compression.type", "lz4")
            .set("linger.ms", "10")
            .set("message.timeout.ms", "300000")
            .set("message.max.bytes", "1000000")
            .set("topic.metadata.refresh.interval.ms", "2000")
            .create_with_context(Deliveries(Arc::clone(&shared)))
            .unwrap();
        let producer = Arc::new(producer);
        let (own, to, names) = (Arc::clone(&shared), Arc::clone(&producer), topics.clone());
        let task = tokio::spawn(async move {
            let mut due = 0.0;
            loop {
                sleep(TICK).await;
                // What Kafka does not take now need not pile up.
                let waiting = own.handed.load(Ordering::SeqCst) - own.acknowledged.load(Ordering::SeqCst);
                due += rate as f64 * TICK.as_secs_f64();
                while due >= 1.0 && waiting < 5_000 {
                    due -= 1.0;
                    hand(&to, &own, &names, Arc::new(lives.next()));
                }
                due = f64::min(due, 50.0);
            }
        });
        Self { shared, producer, topics, task }
    }

    pub fn send(&self, message: Message) {
        hand(&self.producer, &self.shared, &self.topics, Arc::new(message));
    }

    /// What was put there past this producer.
    pub fn record(&self, sent: Sent) {
        self.shared.sent.lock().unwrap().push(sent);
    }

    /// Waits until Kafka has everything.
    pub async fn flush(&self) {
        for _ in 0..6_000 {
            let refused = self.shared.refused.lock().unwrap().clone();
            assert!(refused.is_none(), "Kafka refuses what the test sends: {refused:?}");
            if self.shared.handed.load(Ordering::SeqCst) == self.shared.acknowledged.load(Ordering::SeqCst) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("Kafka does not take what the test sends");
    }

    /// A message to every partition there is: how many.
    pub async fn mark(&self, make: impl Fn(usize, i32) -> Message) -> Vec<Sent> {
        self.flush().await;
        let before = self.shared.sent.lock().unwrap().len();
        let mut partitions = 0;
        for (index, topic) in self.topics.iter().enumerate() {
            let (producer, topic) = (Arc::clone(&self.producer), topic.clone());
            let asked = move || producer.client().fetch_metadata(Some(&topic), Duration::from_secs(30));
            let metadata = tokio::task::spawn_blocking(asked).await.unwrap().expect("Kafka answers");
            for partition in metadata.topics()[0].partitions() {
                self.send(make(index, partition.id()));
                partitions += 1;
            }
        }
        self.flush().await;
        let sent = self.shared.sent.lock().unwrap();
        let marks: Vec<Sent> = sent[before..].iter().filter(|one| one.message.partition.is_some()).cloned().collect();
        assert!(marks.len() >= partitions);
        marks
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.shared.sent.lock().unwrap().clone()
    }

    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn hand(producer: &ThreadedProducer<Deliveries>, shared: &Shared, topics: &[String], message: Arc<Message>) {
    let mut headers = OwnedHeaders::new();
    for (name, value) in &message.headers {
        headers = headers.insert(Header { key: name, value: value.as_deref() });
    }
    shared.handed.fetch_add(1, Ordering::SeqCst);
    let mut record: BaseRecord<'_, [u8], [u8], Box<Arc<Message>>> =
        BaseRecord::with_opaque_to(&topics[message.stream], Box::new(Arc::clone(&message))).headers(headers);
    record.key = message.key.as_deref();
    record.payload = message.payload.as_deref();
    record.partition = message.partition;
    loop {
        match producer.send(record) {
            Ok(()) => return,
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                record = back;
                let _ = producer.flush(Duration::from_millis(50));
            }
            Err((error, _)) => panic!("cannot send: {error}"),
        }
    }
}
