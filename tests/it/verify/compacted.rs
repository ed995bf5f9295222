//! A log from which Kafka has taken what a later message of the same key replaces.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminOptions, NewTopic, TopicReplication},
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
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
    let mut last = None;
    wait_for("the cleaner", Duration::from_secs(300), || {
        // A new segment, so that those before it can be cleaned.
        town.send("grid", &[event("k-0", "accepted", &at(50), json!({}))]);
        pause(1_000);
        let count = in_log(&town, &topic);
        if last.replace(count.clone()) != Some(count.clone()) {
            println!("in the log: {count:?}");
        }
        // Each of the twenty keys is left: fewer is a reader that has not begun at the beginning.
        count.is_ok_and(|count| (20..=45).contains(&count))
    });
    town.run_until_caught_up();
    let whole = verified(&town, &[]);
    whole.assert_clean();
    assert!(whole.sum("empty") >= 15, "{:#}", whole.json);
}

/// How many messages the log holds still. Another client each time: one that is assigned the same partition again may go on
/// where it was.
fn in_log(town: &Town, topic: &str) -> Result<usize, String> {
    let reader: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &town.brokers)
        .set("group.id", format!("{}_reader", town.database))
        .set("enable.partition.eof", "true")
        .set("enable.auto.commit", "false")
        .create()
        .map_err(|error| error.to_string())?;
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, Offset::Beginning).map_err(|error| error.to_string())?;
    reader.assign(&list).map_err(|error| error.to_string())?;
    let mut count = 0;
    loop {
        match reader.poll(Duration::from_secs(5)) {
            Some(Ok(_)) => count += 1,
            Some(Err(KafkaError::PartitionEOF(_))) => return Ok(count),
            Some(Err(error)) => return Err(error.to_string()),
            None => return Err(format!("nothing for 5 s after {count}")),
        }
    }
}
