//! Reads given offsets of one partition, and says what they hold. No silence means "nothing": marks of transactions, what was
//! aborted and what was compacted away hold an offset and no message, and only a reader who comes past them knows.
//! The group is not joined and no position moves.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::{KafkaError, RDKafkaErrorCode as Code},
    message::Message as _,
};

use super::{
    connection::{Connection, basics},
    packed::Unpacking,
    probe::is_unreadable,
    taken::Taken,
    topics::TopicError,
};
use crate::domain::verify::Range;

/// Offsets that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub range: Range,
    pub cause: String,
}

const STEP: Duration = Duration::from_millis(200);

/// Steps without anything new. A million messages that were aborted are passed over in less than a second and say nothing.
const QUIET_MAX: u32 = 300;

/// A range that begins further on than this is gone to; a nearer one is read towards.
const AHEAD: i64 = 20_000;

/// Hands each message within `ranges`, which are a set, to `each`. Memory: 16 MB, or one message.
pub fn read(
    connection: &Connection,
    topic: &str,
    partition: i32,
    ranges: &[Range],
    mut each: impl FnMut(&Taken<'_>),
) -> Result<Vec<Unread>, TopicError> {
    let trouble = |source| TopicError::silent(&connection.cluster.brokers, source);
    let client: BaseConsumer = settings(connection).create().map_err(trouble)?;
    let mut passage = Passage { left: ranges, unread: Vec::new(), each: &mut each };
    let mut quiet = 0;
    go_to(&client, topic, partition, ranges).map_err(trouble)?;
    while let Some(wanted) = passage.left.first().copied() {
        match client.poll(STEP) {
            Some(Ok(message)) => {
                quiet = 0;
                let at = message.offset();
                match Unpacking::of_message(&message, connection.fetched_bytes) {
                    Some(batch) => passage.through(batch),
                    None => passage.past(&Taken::lent(message)),
                }
                if passage.left.first().is_some_and(|range| range.first - at > AHEAD) {
                    go_to(&client, topic, partition, passage.left).map_err(trouble)?;
                }
            }
            // Whatever follows up to here holds no message.
            Some(Err(KafkaError::PartitionEOF(_))) => break,
            Some(Err(error)) if cannot_be_read(&error) => {
                passage.unread.push(Unread { range: wanted, cause: error.to_string() });
                passage.left = &passage.left[1..];
                go_to(&client, topic, partition, passage.left).map_err(trouble)?;
            }
            other => {
                quiet += 1;
                if quiet > QUIET_MAX {
                    let timed_out = KafkaError::MessageConsumption(Code::OperationTimedOut);
                    return Err(trouble(other.and_then(Result::err).unwrap_or(timed_out)));
                }
            }
        }
    }
    Ok(passage.unread)
}

struct Passage<'r, 'e> {
    left: &'r [Range],
    unread: Vec<Unread>,
    each: &'e mut dyn FnMut(&Taken<'_>),
}

impl Passage<'_, '_> {
    fn past(&mut self, taken: &Taken<'_>) {
        let at = taken.offset();
        self.left = behind(self.left, at);
        if self.left.first().is_some_and(|range| range.first <= at) {
            (self.each)(taken);
            self.left = behind(self.left, at + 1);
        }
    }

    /// A batch that came packed, as far as it can be unpacked.
    fn through(&mut self, mut batch: Unpacking) {
        loop {
            match batch.advance() {
                Ok(true) => self.past(&Taken::unpacked(batch.record())),
                Ok(false) => return,
                Err(damaged) => {
                    self.left = behind(self.left, damaged.offset);
                    let within = self.left.iter().take_while(|range| range.first < damaged.next);
                    self.unread.extend(within.map(|range| Unread { range: *range, cause: damaged.cause.clone() }));
                    self.left = behind(self.left, damaged.next);
                    return;
                }
            }
        }
    }
}

fn settings(connection: &Connection) -> ClientConfig {
    let mut config = basics(connection);
    config
        .set("enable.partition.eof", "true")
        .set("isolation.level", "read_committed")
        .set("queued.max.messages.kbytes", "16384")
        .set("queued.min.messages", "10000");
    config
}

/// The ranges that do not end at or before the offset.
fn behind(ranges: &[Range], offset: i64) -> &[Range] {
    let ended = ranges.iter().take_while(|range| range.next <= offset).count();
    &ranges[ended..]
}

fn go_to(client: &BaseConsumer, topic: &str, partition: i32, ranges: &[Range]) -> Result<(), KafkaError> {
    let Some(range) = ranges.first() else { return Ok(()) };
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, partition, Offset::Offset(range.first))?;
    client.assign(&list)
}

/// Not weather: the same bytes fail again. Out of range: retention has taken them since they were asked for.
fn cannot_be_read(error: &KafkaError) -> bool {
    let is_gone = matches!(error.rdkafka_error_code(), Some(Code::AutoOffsetReset | Code::OffsetOutOfRange));
    is_gone || is_unreadable(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_end_before_an_offset_are_done_with() {
        let ranges = [Range::new(0, 2), Range::new(5, 6), Range::new(9, 12)];
        for (offset, left) in [(0, 3), (1, 3), (2, 2), (5, 2), (6, 1), (11, 1), (12, 0)] {
            assert_eq!(behind(&ranges, offset).len(), left, "{offset}");
        }
    }
}
