//! What happens to topics: partitions are added, retention takes what was read, transactions are given up.

use std::{collections::HashMap, time::Duration};

use rand::Rng as _;
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewPartitions},
    client::DefaultClientContext,
    consumer::{BaseConsumer, Consumer as _},
    producer::{BaseProducer, BaseRecord, Producer as _},
};
use tokio::time::sleep;

use crate::{round::Round, stream::Message};

const WAIT: Duration = Duration::from_secs(30);

fn client(round: &Round<'_>) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", round.servers.direct_brokers());
    config
}

pub async fn grow(round: &mut Round<'_>) {
    let admin: AdminClient<DefaultClientContext> = client(round).create().unwrap();
    let wanted: Vec<NewPartitions<'_>> = round.topics.iter().map(|topic| NewPartitions::new(topic, 6)).collect();
    for added in admin.create_partitions(&wanted, &AdminOptions::new()).await.unwrap() {
        added.expect("partitions are added");
    }
    round.tally.fault("partitions added", "4, now 6");
    // The sender learns of it, too.
    sleep(Duration::from_secs(3)).await;
    round.settle().await;
}

/// Retention takes what is committed: nobody misses it.
pub async fn lose_what_was_read(round: &mut Round<'_>, times: usize) {
    for _ in 0..times {
        let (config, group, topics) = (client(round), round.name.clone(), round.topics.clone());
        let positions = tokio::task::spawn_blocking(move || committed(config, &group, &topics)).await.unwrap();
        let admin: AdminClient<DefaultClientContext> = client(round).create().unwrap();
        admin.delete_records(&positions, &AdminOptions::new()).await.expect("records are deleted");
        round.tally.fault("retention took what was committed", &format!("on {} partitions", positions.count()));
        let slot = round.any_live();
        if round.random.random_bool(0.5) {
            round.restart(slot).await;
        }
        sleep(Duration::from_millis(300)).await;
        round.notice_ends();
    }
    round.settle().await;
}

/// Retention takes what nobody has read. Nothing may go on behind the gap in silence: a person has to say yes.
pub async fn lose_what_was_not_read(round: &mut Round<'_>) {
    let slots = round.live();
    for slot in &slots {
        round.end(*slot, true).await;
    }
    sleep(Duration::from_secs(2)).await;
    round.sender.flush().await;
    let mut taken = TopicPartitionList::new();
    let mut ends: HashMap<(String, i32), i64> = HashMap::new();
    for one in round.sender.sent() {
        let end = ends.entry((one.topic, one.partition)).or_default();
        *end = (*end).max(one.offset);
    }
    for ((topic, partition), end) in ends.iter().filter(|((_, partition), _)| *partition < 2) {
        taken.add_partition_offset(topic, *partition, Offset::Offset(*end)).unwrap();
        round.gone.extend((0..*end).map(|offset| (topic.clone(), *partition, offset)));
    }
    let admin: AdminClient<DefaultClientContext> = client(round).create().unwrap();
    admin.delete_records(&taken, &AdminOptions::new()).await.expect("records are deleted");
    round.run(slots[0]);
    let ended = round.instance(slots[0]).end(Duration::from_secs(60)).await;
    let words = round.instance(slots[0]).last_words(15);
    if ended.is_none_or(|status| status.code() != Some(7)) || !words.contains("Nothing was skipped") {
        round.tally.stuck(&format!("retention overtook it, and it ended with {ended:?}"), &words);
    }
    round.tally.fault("retention took what was not read", "it ended and said so");
    round.end(slots[0], false).await;
    // What the error and docs/operations.md tell a person to do.
    for one in taken.elements() {
        let partition = format!("{}/{}", one.topic(), one.partition());
        assert!(round.command(slots[0], &["gaps", "accept", &partition, "--yes"], 60).await, "{partition} is accepted");
    }
    for slot in slots {
        round.run(slot);
    }
    round.settle().await;
}

fn committed(mut config: ClientConfig, group: &str, topics: &[String]) -> TopicPartitionList {
    let asker: BaseConsumer = config.set("group.id", group).create().unwrap();
    let mut list = TopicPartitionList::new();
    for topic in topics {
        let metadata = asker.fetch_metadata(Some(topic), WAIT).unwrap();
        metadata.topics()[0].partitions().iter().for_each(|one| {
            list.add_partition(topic, one.id());
        });
    }
    let mut positions = TopicPartitionList::new();
    for one in asker.committed_offsets(list, WAIT).unwrap().elements() {
        if let Offset::Offset(next) = one.offset() {
            positions.add_partition_offset(one.topic(), one.partition(), Offset::Offset(next)).unwrap();
        }
    }
    positions
}

/// Messages of transactions that are given up were never sent; their marks take offsets.
pub async fn give_transactions_up(round: &mut Round<'_>, times: usize) {
    let mut config = client(round);
    config.set("transactional.id", &round.name).set("transaction.timeout.ms", "10000");
    let topics = round.topics.clone();
    tokio::task::spawn_blocking(move || {
        let producer: BaseProducer = config.create().unwrap();
        producer.init_transactions(WAIT).unwrap();
        for number in 0..times {
            producer.begin_transaction().unwrap();
            for topic in &topics {
                for partition in 0..4 {
                    let key = format!("given-up-{number}");
                    let message = Message::bare(0, &key, b"{}".to_vec());
                    let payload = message.payload.unwrap();
                    let record = BaseRecord::to(topic).key(&key).payload(&payload).partition(partition);
                    producer.send(record).map_err(|(error, _)| error).unwrap();
                }
            }
            producer.flush(WAIT).unwrap();
            producer.abort_transaction(WAIT).unwrap();
        }
    })
    .await
    .unwrap();
    for _ in 0..times {
        round.tally.fault("transaction given up", "8 messages that nobody may see");
    }
    round.settle().await;
}
