//! What lies at an offset? Only a fetch tells: offsets may hold no message (the marks of transactions, and what belongs to those
//! that were given up), and what is there may be something that the client library cannot read. A client apart does it, so that
//! no position of ours moves.

use std::time::Duration;

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    message::{BorrowedMessage, Message as _},
};

use super::{
    connection::{Connection, basics},
    kafka_error::KafkaTrouble,
    kafka_error::{KafkaAction, action},
    packed::Unpacking,
    partition::Partition,
};

/// What a fetch from an offset on brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeFound {
    /// A message, at this offset or later.
    Message(i64),
    /// No message until the end.
    Nothing,
    /// Bytes that nobody can make messages of, and why.
    Unreadable(String),
    /// Brokers that do not answer in time.
    Silence,
}

const PATIENCE: Duration = Duration::from_secs(5);
const POLLS: u32 = 50;

/// Fetches from `next` on.
pub fn look(connection: &Connection, partition: &Partition, next: i64) -> Result<ProbeFound, KafkaTrouble> {
    let mut list = TopicPartitionList::new();
    let placed = list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(next));
    let client: BaseConsumer =
        placed.and_then(|()| basics(connection).set("enable.partition.eof", "true").create()).map_err(KafkaTrouble)?;
    client.assign(&list).map_err(KafkaTrouble)?;
    for _ in 0..POLLS {
        match client.poll(PATIENCE / POLLS) {
            Some(Ok(message)) => return Ok(in_message(&message, connection, next)),
            Some(Err(KafkaError::PartitionEOF(_))) => return Ok(ProbeFound::Nothing),
            Some(Err(error)) if is_unreadable(&error) => return Ok(ProbeFound::Unreadable(error.to_string())),
            Some(Err(error)) => return Err(KafkaTrouble(error)),
            None => {}
        }
    }
    Ok(ProbeFound::Silence)
}

/// The first message from `next` on, of a batch that came packed.
fn in_message(message: &BorrowedMessage<'_>, connection: &Connection, next: i64) -> ProbeFound {
    let Some(mut batch) = Unpacking::of_message(message, connection.fetched_bytes) else {
        return ProbeFound::Message(message.offset());
    };
    loop {
        match batch.advance() {
            Ok(true) if batch.record().offset < next => {}
            Ok(true) => return ProbeFound::Message(batch.record().offset),
            // Compaction has taken what was there.
            Ok(false) => return ProbeFound::Message(message.offset() + 1),
            Err(damaged) => return ProbeFound::Unreadable(damaged.cause),
        }
    }
}

/// Where messages can be read again behind one that cannot: the first offset after `bad` that is not unreadable, `end` at most.
/// What cannot be read is a batch, so everything behind its end can be.
pub fn readable_after(connection: &Connection, partition: &Partition, bad: i64, end: i64) -> Result<i64, KafkaTrouble> {
    let is_bad =
        |offset: i64| look(connection, partition, offset).map(|found| matches!(found, ProbeFound::Unreadable(_)));
    let (mut last_bad, mut step) = (bad, 1);
    let mut good = loop {
        let next = (last_bad + step).min(end);
        if next >= end || !is_bad(next)? {
            break next;
        }
        (last_bad, step) = (next, step * 2);
    };
    while good - last_bad > 1 {
        let middle = last_bad + (good - last_bad) / 2;
        if is_bad(middle)? { last_bad = middle } else { good = middle }
    }
    Ok(good)
}

/// Is it the bytes on the topic, rather than the way to them?
pub(super) fn is_unreadable(error: &KafkaError) -> bool {
    error.rdkafka_error_code().is_some_and(|code| action(code) == KafkaAction::StepOver)
}
