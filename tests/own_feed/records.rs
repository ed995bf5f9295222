//! Records as any client of Kafka may put them on a topic, and all that stands there: partition, stamp and headers as bytes.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use rdkafka::{
    ClientConfig, ClientContext, Message as _, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    message::{DeliveryResult, Header, Headers as _, OwnedHeaders},
    producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer},
    types::RDKafkaErrorCode,
};
use serde_json::Value;

use crate::{
    events::attributes,
    service::{pause, wait_for},
    town::Town,
};

const LONG: Duration = Duration::from_secs(60);
const STRUCTURED: &str = "application/cloudevents+json";

#[derive(Clone, Debug)]
pub struct Record {
    pub partition: i32,
    /// None: when it is sent.
    pub stamp: Option<i64>,
    pub key: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub payload: Vec<u8>,
}

impl Record {
    pub fn raw(key: &str, payload: &[u8]) -> Self {
        Self { partition: 0, stamp: None, key: key.to_owned(), headers: Vec::new(), payload: payload.to_vec() }
    }

    /// On partition 0, under its case's number.
    pub fn structured(event: &Value) -> Self {
        let key = event["subject"].as_str().unwrap_or("k");
        Self::raw(key, event.to_string().as_bytes()).header("content-type", STRUCTURED)
    }

    pub fn bare(bare: &Value) -> Self {
        Self::raw(bare["case_id"].as_str().unwrap_or("k"), bare.to_string().as_bytes())
    }

    pub fn binary(event: &Value) -> Self {
        let record = Self::raw(event["subject"].as_str().unwrap(), event["data"].to_string().as_bytes());
        let record = record.header("content-type", "application/json");
        let name = |name: &str| format!("ce_{}", name.trim_start_matches("ce-"));
        attributes(event).iter().fold(record, |record, (attribute, value)| record.header(&name(attribute), value))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    pub fn on(mut self, partition: i32) -> Self {
        self.partition = partition;
        self
    }

    pub fn stamped(mut self, ms: i64) -> Self {
        self.stamp = Some(ms);
        self
    }
}

/// Counts what Kafka did not take.
#[derive(Default)]
struct Refusals(AtomicUsize);

impl ClientContext for Refusals {}

impl ProducerContext for Refusals {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0.fetch_add(usize::from(result.is_err()), Ordering::SeqCst);
    }
}

/// In order, and Kafka has them all.
pub fn put<'a>(town: &Town, stream: &str, records: impl IntoIterator<Item = &'a Record>) {
    let producer: ThreadedProducer<Refusals> = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("enable.idempotence", "true")
        .set("linger.ms", "5")
        .create_with_context(Refusals::default())
        .unwrap();
    let topic = town.topic(stream);
    for record in records {
        let headers = record
            .headers
            .iter()
            .fold(OwnedHeaders::new(), |headers, (key, value)| headers.insert(Header { key, value: Some(value) }));
        let mut one = BaseRecord::to(&topic).partition(record.partition).key(&record.key).payload(&record.payload);
        one = one.headers(headers);
        one.timestamp = record.stamp;
        while let Err((error, back)) = producer.send(one) {
            assert_eq!(error.rdkafka_error_code(), Some(RDKafkaErrorCode::QueueFull), "{error}");
            one = back;
            pause(20);
        }
    }
    producer.flush(LONG).unwrap();
    assert_eq!(producer.context().0.load(Ordering::SeqCst), 0, "Kafka took them all");
}

#[derive(Clone, Debug)]
pub struct Got {
    pub partition: i32,
    pub offset: i64,
    pub stamp: i64,
    pub key: Vec<u8>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub payload: Vec<u8>,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The only one of this name.
    pub fn header(&self, name: &str) -> &[u8] {
        let all: Vec<&Vec<u8>> = self.headers.iter().filter(|(one, _)| one == name).map(|(_, value)| value).collect();
        assert_eq!(all.len(), 1, "{name} stands there once: {:?}", self.headers);
        all[0]
    }

    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(one, _)| one == name)
    }

    /// Every byte of it.
    pub fn bytes(&self) -> Vec<u8> {
        let headers = self.headers.iter().flat_map(|(name, value)| [name.as_bytes(), value].concat());
        self.key.iter().copied().chain(headers).chain(self.payload.iter().copied()).collect()
    }
}

fn reader(town: &Town) -> BaseConsumer {
    ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("group.id", "nobody")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .create()
        .unwrap()
}

/// All of a topic, each partition in order.
pub fn got(town: &Town, stream: &str) -> Vec<Got> {
    let (consumer, topic) = (reader(town), town.topic(stream));
    let metadata = consumer.fetch_metadata(Some(&topic), LONG).unwrap();
    let mut list = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        list.add_partition_offset(&topic, partition.id(), Offset::Beginning).unwrap();
    }
    consumer.assign(&list).unwrap();
    let (mut all, mut left) = (Vec::new(), list.count());
    while left > 0 {
        match consumer.poll(LONG).expect("Kafka answers") {
            Ok(message) => all.push(Got {
                partition: message.partition(),
                offset: message.offset(),
                stamp: message.timestamp().to_millis().unwrap(),
                key: message.key().unwrap_or_default().to_vec(),
                headers: message
                    .headers()
                    .into_iter()
                    .flat_map(|headers| headers.iter())
                    .map(|one| (one.key.to_owned(), one.value.unwrap_or_default().to_vec()))
                    .collect(),
                payload: message.payload().unwrap_or_default().to_vec(),
            }),
            Err(KafkaError::PartitionEOF(_)) => left -= 1,
            Err(error) => panic!("{topic}: {error}"),
        }
    }
    all.sort_by_key(|one| (one.partition, one.offset));
    all
}

/// Asked of all topics, for asking for one may make it.
pub fn is_there(town: &Town, stream: &str) -> bool {
    let metadata = reader(town).fetch_metadata(None, LONG).unwrap();
    metadata.topics().iter().any(|topic| topic.name() == town.topic(stream))
}

/// Whether somebody ever joined the town's group.
pub fn group_is_there(town: &Town) -> bool {
    let groups = reader(town).fetch_group_list(Some(&town.database), LONG).unwrap();
    groups.groups().iter().any(|group| group.name() == town.database && !["Dead", ""].contains(&group.state()))
}

fn admin(town: &Town) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap()
}

/// One partition, which takes nothing that is longer.
pub fn make_narrow(town: &Town, stream: &str, bytes: &str) {
    let topic = town.topic(stream);
    let narrow = NewTopic::new(&topic, 1, TopicReplication::Fixed(-1)).set("max.message.bytes", bytes);
    let made = town.wait(admin(town).create_topics([&narrow], &AdminOptions::new())).unwrap();
    assert!(made[0].is_ok(), "{made:?}");
    wait_for("the topic", LONG, || is_there(town, stream));
}

/// Whether it was there or not.
pub fn take_away(town: &Town, stream: &str) {
    let _ = town.wait(admin(town).delete_topics(&[&town.topic(stream)], &AdminOptions::new()));
}

pub fn now() -> i64 {
    tongguan::pipeline::clock::now().0
}

/// As the town's clock says it, to the second.
pub fn told(ms: i64) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let time = jiff::Timestamp::from_millisecond(ms).unwrap().to_zoned(zone);
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The instant that a text means.
pub fn instant(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{text}: {error}")).as_millisecond()
}
