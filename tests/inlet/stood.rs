//! What stands on a topic.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    message::Headers as _,
};
use serde_json::{Value, json};

use crate::town::Town;

const LONG: Duration = Duration::from_secs(60);

/// How a bare message calls what a structured one has.
const BARE: [(&str, &str); 7] = [
    ("case_id", "subject"),
    ("occurred_at", "time"),
    ("recorded_at", "recordedtime"),
    ("seq", "sequence"),
    ("id", "id"),
    ("source", "source"),
    ("type", "type"),
];

#[derive(Clone, Debug)]
pub struct Stood {
    pub partition: i32,
    pub offset: i64,
    pub key: String,
    pub headers: Vec<(String, String)>,
    pub payload: Vec<u8>,
}

/// All of a topic, each partition in order.
pub fn stood(town: &Town, stream: &str) -> Vec<Stood> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("group.id", "nobody")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .create()
        .unwrap();
    let topic = town.topic(stream);
    let metadata = consumer.fetch_metadata(Some(&topic), LONG).unwrap();
    let mut list = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        list.add_partition_offset(&topic, partition.id(), Offset::Beginning).unwrap();
    }
    consumer.assign(&list).unwrap();
    let (mut all, mut left) = (Vec::new(), list.count());
    while left > 0 {
        match consumer.poll(LONG).expect("Kafka answers") {
            Ok(message) => all.push(Stood::of(&message)),
            Err(KafkaError::PartitionEOF(_)) => left -= 1,
            Err(error) => panic!("{topic}: {error}"),
        }
    }
    all.sort_by_key(|one| (one.partition, one.offset));
    all
}

impl Stood {
    fn of(message: &rdkafka::message::BorrowedMessage<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        Self {
            partition: message.partition(),
            offset: message.offset(),
            key: text(message.key().unwrap_or_default()),
            headers: headers.map(|one| (one.key.to_owned(), text(one.value.unwrap_or_default()))).collect(),
            payload: message.payload().unwrap_or_default().to_vec(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap()
    }

    /// What it says, as a structured event would, whichever envelope it is in.
    pub fn event(&self) -> Value {
        let value = self.json();
        if value.get("specversion").is_some() {
            return essence(&value);
        }
        if self.headers.iter().any(|(name, _)| name.starts_with("ce_")) {
            let mut event = json!({ "data": value });
            for (name, text) in &self.headers {
                event[name.trim_start_matches("ce_")] = json!(text);
            }
            return essence(&event);
        }
        let mut event = value.clone();
        let mut beside = value.clone();
        for (bare, structured) in BARE {
            event[structured] = value[bare].clone();
            beside.as_object_mut().unwrap().remove(bare);
        }
        if value.get("data").is_none() {
            event["data"] = beside;
        }
        if let Some(number) = event["sequence"].as_u64() {
            event["sequence"] = json!(number.to_string());
        }
        essence(&event)
    }

    pub fn id(&self) -> String {
        self.event()["id"].as_str().unwrap().to_owned()
    }
}

/// What makes an event, without its envelope.
pub fn essence(event: &Value) -> Value {
    let names = ["id", "source", "type", "subject", "time", "recordedtime", "sequence", "data"];
    names.iter().map(|name| ((*name).to_owned(), event[*name].clone())).collect()
}

/// The ids of a case, in the order in which they stand; all on one partition.
pub fn of_case(all: &[Stood], case: &str) -> Vec<String> {
    let own: Vec<&Stood> = all.iter().filter(|one| one.key == case).collect();
    assert!(own.windows(2).all(|pair| pair[0].partition == pair[1].partition), "{case}: {own:?}");
    own.iter().map(|one| one.id()).collect()
}
