//! What Kafka can do to a consumer: transactions, and a double that takes its place.

use std::time::Duration;

use rdkafka::{
    ClientConfig,
    consumer::{BaseConsumer, Consumer as _},
    producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer},
};

use crate::{
    messages::{Message, lives},
    service::{Service, wait_for},
    town::Town,
};

pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn transactional(town: &Town) -> ThreadedProducer<DefaultProducerContext> {
    let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("transactional.id", &town.database)
        .create()
        .unwrap();
    producer.init_transactions(PATIENCE).unwrap();
    producer
}

pub fn send(producer: &ThreadedProducer<DefaultProducerContext>, topic: &str, messages: &[Message]) {
    for message in messages {
        producer.send(BaseRecord::to(topic).key(&message.key).payload(&message.payload)).unwrap();
    }
    producer.flush(PATIENCE).unwrap();
}

#[test]
fn a_run_catches_up_with_a_producer_that_uses_transactions() {
    let town = Town::new();
    let (producer, topic) = (transactional(&town), town.topic("grid"));
    let [kept, dropped, open] = ["kept", "dropped", "open"].map(|prefix| lives(prefix, 10));
    producer.begin_transaction().unwrap();
    send(&producer, &topic, &kept);
    producer.commit_transaction(PATIENCE).unwrap();
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 40);
    // Nothing new but marks, then messages that never were, then such as may never come.
    town.run_until_caught_up();
    producer.begin_transaction().unwrap();
    send(&producer, &topic, &dropped);
    producer.abort_transaction(PATIENCE).unwrap();
    town.run_until_caught_up();
    producer.begin_transaction().unwrap();
    send(&producer, &topic, &open);
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 40);
    producer.commit_transaction(PATIENCE).unwrap();
    town.run_until_caught_up();
    assert_eq!(town.ledger_places(), 80);
    assert_eq!(town.number("SELECT countIf(standing = 'closed') FROM {db}.cases FINAL"), 20);
}

#[test]
fn a_consumer_that_was_taken_for_a_double_is_made_anew() {
    let town = Town::new();
    let mut service = Service::start(&town, &[("KAFKA__INSTANCE_ID", "one")]);
    service.wait_until_ready();
    town.send("grid", &lives("d", 5));
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", 20);
    // Somebody joins under its name, and goes away again.
    let double: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("group.id", &town.database)
        .set("group.instance.id", "one")
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", "6000")
        .create()
        .unwrap();
    double.subscribe(&[&town.topic("grid"), &town.topic("hotline")]).unwrap();
    wait_for("the service to be put out", PATIENCE, || {
        let _ = double.poll(Duration::from_millis(100));
        service.stderr().contains("making a new one")
    });
    drop(double);
    town.send("grid", &lives("e", 5));
    town.until("SELECT uniqExact(topic, partition, offset) FROM {db}.events", 40);
    assert!(service.metric("tongguan_consumer_renewals_total") >= 1.0);
    wait_for("the last commit", PATIENCE, || service.get("/readyz").0 == 200);
    assert_eq!(service.stop().code, Some(0));
    let again = town.run_until_caught_up();
    assert!(again.stderr.contains(r#""messages":0"#), "it committed what it had written: {}", again.stderr);
}
