//! A log from which Kafka has taken what a later message of the same key replaces.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    admin::{AdminOptions, NewTopic, TopicReplication},
    consumer::{BaseConsumer, Consumer as _},
};
use serde_json::json;

use super::{admin, verified};
use crate::{
    kafka::PATIENCE,
    messages::{at, event},
    service::{pause, wait_for},
    town::Town,
};

#[test]
fn what_was_compacted_away_is_no_hole() {
    let town = Town::new();
    let topic = town.topic("grid");
    town.delete_topics(&["grid"]);
    let compacted = NewTopic::new(&topic, 1, TopicReplication::Fixed(-1))
        .set("cleanup.policy", "compact")
        .set("segment.ms", "100")
        .set("min.cleanable.dirty.ratio", "0.001")
        .set("min.compaction.lag.ms", "0");
    wait_for("the topic", PATIENCE, || {
        let made = town.wait(admin(&town).create_topics([&compacted], &AdminOptions::new())).unwrap();
        made[0].is_ok()
    });
    for round in 0..3 {
        let messages: Vec<_> = (0..20).map(|n| event(&format!("k-{n}"), "accepted", &at(round), json!({}))).collect();
        town.send("grid", &messages);
        pause(300);
    }
    wait_for("the cleaner", Duration::from_secs(300), || {
        // A new segment, so that those before it can be cleaned.
        town.send("grid", &[event("k-0", "accepted", &at(50), json!({}))]);
        pause(1_000);
        // Of the last round the batch is left without its first message; nothing of the two before.
        first_in_log(&town, &topic) >= 40
    });
    town.run_until_caught_up();
    let whole = verified(&town, &[]);
    whole.assert_clean();
    assert!(whole.sum("empty") >= 40, "{:#}", whole.json);
    assert_eq!(town.number("SELECT uniqExact(case_id) FROM {db}.events"), 20);
}

/// The place of the first message that the log holds still. Where this process has had a consumer of the program's, a packed batch is
/// given whole and has the place of its last message, so that messages cannot be counted here.
fn first_in_log(town: &Town, topic: &str) -> i64 {
    let reader: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("group.id", format!("{}_reader", town.database))
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    reader.assign(&list).unwrap();
    // Not at the beginning: asked again.
    reader.poll(PATIENCE).and_then(Result::ok).map_or(-1, |message| message.offset())
}
