//! One broker of three is away, and with it partitions that it alone had: they are named, and nobody else waits for them.

use std::time::Duration;

use rdkafka::{
    ClientConfig,
    consumer::{BaseConsumer, Consumer as _},
    producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer},
};

use crate::{
    away::{SEEN, wait_for_status},
    messages::{Message, lives},
    own::Own,
    quarantine::every_offset_once,
    service::{Service, wait_for},
    town::Town,
};

const PARTITIONS: i32 = 6;
const LONG: Duration = Duration::from_secs(60);

/// The partitions of a topic that this broker leads, as soon as each has a leader.
fn led_by(town: &Town, topic: &str, broker: i32) -> Vec<i32> {
    let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
    let mut leaders = Vec::new();
    wait_for("a leader of each", LONG, || {
        let metadata = client.fetch_metadata(Some(topic), LONG).unwrap();
        leaders = metadata.topics()[0].partitions().iter().map(|one| (one.id(), one.leader())).collect();
        leaders.len() == PARTITIONS as usize && leaders.iter().all(|(_, leader)| *leader > 0)
    });
    leaders.iter().filter(|(_, leader)| *leader == broker).map(|(partition, _)| *partition).collect()
}

/// To every partition but these, in turn.
fn send_past(town: &Town, topic: &str, messages: &[Message], lost: &[i32]) -> u64 {
    let producer: ThreadedProducer<DefaultProducerContext> =
        ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
    let partitions: Vec<i32> = (0..PARTITIONS).filter(|one| !lost.contains(one)).collect();
    for (message, partition) in messages.iter().zip(partitions.iter().cycle()) {
        let record = BaseRecord::to(topic).key(&message.key).payload(&message.payload).partition(*partition);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(LONG).unwrap();
    messages.len() as u64
}

#[test]
fn partitions_without_a_leader_are_named_and_nobody_waits_for_them() {
    let own = Own::kafka("brokers", 3);
    let town = &own.town;
    town.make_topic("hotline", 4, 3);
    town.make_topic("grid", PARTITIONS, 1);
    let grid = town.topic("grid");
    let lost = led_by(town, &grid, 2);
    assert!(!lost.is_empty() && lost.len() < PARTITIONS as usize, "{lost:?}");
    let written = |wanted: u64| wait_for(&format!("{wanted} rows"), LONG, || town.ledger_places() == wanted);
    let swept = [("SWEEP__INTERVAL_S", "1"), ("SWEEP__GRACE_S", "0")];
    let mut service = Service::start(town, &swept);
    service.wait_until_ready();
    let mut sent = send_past(town, &grid, &lives("a", 30), &[]) + town.send("hotline", &lives("b", 10));
    written(sent);

    let broker = &own.brokers[1];
    broker.kill();
    let named = format!("{grid}[{}]: ", lost[0]);
    wait_for_status(&service, 503, "one broker of three killed", &named);
    wait_for("no leader to be said", SEEN, || service.get("/readyz").1.contains(&format!("{named}no broker leads it")));
    sent += send_past(town, &grid, &lives("c", 30), &lost) + town.send("hotline", &lives("d", 10));
    written(sent);
    let connected = "tongguan_kafka_brokers_connected";
    wait_for("a broker less", SEEN, || service.metric(connected) == 2.0);
    // Who comes now gets his share, and takes up what can be taken up.
    let mut other = Service::start(town, &swept);
    wait_for("the other's share", LONG, || other.stderr().contains("\"goes on\""));
    sent += send_past(town, &grid, &lives("e", 30), &lost) + town.send("hotline", &lives("f", 10));
    written(sent);
    assert_eq!(other.get("/readyz").0, 503);

    broker.up();
    wait_for_status(&service, 200, "the broker back", "");
    wait_for("the other", SEEN, || other.get("/readyz").0 == 200);
    wait_for("the broker again", SEEN, || service.metric(connected) == 3.0);
    sent += send_past(town, &grid, &lives("g", 30), &[]);
    written(sent);
    assert_eq!((other.stop().code, service.stop().code), (Some(0), Some(0)));
    every_offset_once(town, sent);
}
