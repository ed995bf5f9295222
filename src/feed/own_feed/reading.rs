//! Reads a topic from a time, a place or now on, all its partitions together. No group is joined and no position moves.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    time::Duration,
};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::{KafkaError, RDKafkaErrorCode as Code},
};

use super::from::FeedFrom;
use crate::{
    domain::time::Millis,
    feed::{
        connection::{Connection, basics},
        consumer::Taken,
        packed::{Damaged, Unpacking},
        ranges::Ranges,
        topics::TopicError,
    },
};

/// How a reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadingEnd {
    /// Of what was there when it began to be read.
    AtEnd,
    Stopped,
    Enough,
    /// Kafka has the topic or the place no more: it has to be opened anew.
    Displaced,
}

pub(super) struct Reading {
    client: BaseConsumer,
    fetched_bytes: usize,
    topic_id: String,
    /// By partition, where it ended when it began to be read.
    ends: BTreeMap<i32, i64>,
    /// Partitions of which not everything is read.
    left: BTreeSet<i32>,
    next: BTreeMap<i32, i64>,
    /// The earliest stamp of what was read.
    first: Option<Millis>,
    is_cut: bool,
    is_damaged: bool,
}

const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(100);

impl Reading {
    /// None: there is no such topic.
    pub(super) fn open(connection: &Connection, topic: &str, from: &FeedFrom) -> Result<Option<Self>, TopicError> {
        let trouble = |source| TopicError::silent(&connection.cluster.brokers, source);
        let ranges = Ranges::new(connection)?;
        let Some(partitions) = ranges.partitions(topic)? else { return Ok(None) };
        let mut config = basics(connection);
        config
            .set("enable.partition.eof", "true")
            .set("isolation.level", "read_committed")
            .set("queued.max.messages.kbytes", "16384");
        let (mut topic_id, mut since) = (String::new(), BTreeMap::new());
        if let FeedFrom::Time { .. } = from {
            // What was deleted meanwhile is not missed; whoever follows has to know of it.
            config.set("auto.offset.reset", "earliest");
        } else {
            let id = ranges.ids(&[topic.to_owned()])?.remove(topic).unwrap_or_default();
            // As Kafka itself writes it, and an address can have it: the library's base64 is another one.
            topic_id = id.replace('+', "-").replace('/', "_");
        }
        let client: BaseConsumer = config.create().map_err(trouble)?;
        if let FeedFrom::Time { at, .. } = from {
            since = first_since(&client, topic, &partitions, *at).map_err(trouble)?;
        }
        let mut wanted = Vec::new();
        for partition in partitions {
            let log = ranges.log(topic, partition)?;
            let start = since.get(&partition).map(|start| (*start).clamp(log.low, log.stable));
            wanted.push((partition, start.unwrap_or_else(|| from.start(partition, &log, &topic_id)), log.stable));
        }
        let is_cut = match from {
            FeedFrom::Time { newest, .. } => shorten(&mut wanted, *newest),
            _ => false,
        };
        let mut list = TopicPartitionList::new();
        for (partition, start, _) in &wanted {
            list.add_partition_offset(topic, *partition, Offset::Offset(*start)).map_err(trouble)?;
        }
        client.assign(&list).map_err(trouble)?;
        Ok(Some(Self {
            client,
            fetched_bytes: connection.fetched_bytes,
            topic_id,
            ends: wanted.iter().map(|(partition, _, end)| (*partition, *end)).collect(),
            left: wanted.iter().filter(|(_, start, end)| start < end).map(|(partition, ..)| *partition).collect(),
            next: wanted.into_iter().map(|(partition, start, _)| (partition, start)).collect(),
            first: None,
            is_cut,
            is_damaged: false,
        }))
    }

    /// Each message, as long as it `goes_on`, until `each` has enough, or, where it `ends`, everything that was there is read.
    pub(super) fn each(
        &mut self,
        goes_on: &dyn Fn() -> bool,
        ends: bool,
        mut each: impl FnMut(&Taken<'_>) -> ControlFlow<()>,
    ) -> ReadingEnd {
        loop {
            if ends && self.left.is_empty() {
                return ReadingEnd::AtEnd;
            }
            if !goes_on() {
                return ReadingEnd::Stopped;
            }
            let Self { client, fetched_bytes, ends: all_ends, next, first, left, is_damaged, .. } = self;
            let mut see = |taken: &Taken<'_>| {
                let (partition, offset) = (taken.partition(), taken.offset());
                let next = next.entry(partition).or_default();
                let end = all_ends.get(&partition).copied().filter(|_| ends).unwrap_or(i64::MAX);
                // A batch comes whole, with what lies in it before where we began; and what came since belongs to nobody's window.
                if offset < *next || offset >= end {
                    if offset >= end {
                        left.remove(&partition);
                    }
                    return ControlFlow::Continue(());
                }
                // Of a batch too: one message may take its time.
                if !goes_on() {
                    return ControlFlow::Break(ReadingEnd::Stopped);
                }
                *next = offset + 1;
                if *next >= end {
                    left.remove(&partition);
                }
                *first = (*first).into_iter().chain(taken.timestamp()).min();
                each(taken).map_break(|()| ReadingEnd::Enough)
            };
            let seen = match client.poll(STEP) {
                Some(Ok(message)) => match Unpacking::of_message(&message, *fetched_bytes) {
                    Some(batch) => unpacked(batch, &mut see).unwrap_or_else(|Damaged { .. }| {
                        *is_damaged = true;
                        ControlFlow::Continue(())
                    }),
                    None => see(&Taken::lent(message)),
                },
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    left.remove(&partition);
                    ControlFlow::Continue(())
                }
                Some(Err(error)) if !ends && is_displaced(&error) => ControlFlow::Break(ReadingEnd::Displaced),
                // What cannot be read is passed over by the library or asked for again, as long as it goes on.
                Some(Err(_)) | None => ControlFlow::Continue(()),
            };
            if let ControlFlow::Break(ended) = seen {
                return ended;
            }
        }
    }

    /// Bytes lay there that nobody can make messages of.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Older ones were wanted, and left out.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The earliest stamp of what was read.
    pub(super) fn first(&self) -> Option<Millis> {
        self.first
    }

    pub(super) fn goes_on(self) -> FeedFrom {
        FeedFrom::After { topic_id: self.topic_id, next: self.next }
    }
}

fn is_displaced(error: &KafkaError) -> bool {
    let gone = [Code::AutoOffsetReset, Code::OffsetOutOfRange, Code::UnknownTopicOrPartition, Code::UnknownTopic];
    error.rdkafka_error_code().is_some_and(|code| gone.contains(&code) || code == Code::UnknownPartition)
}

fn unpacked(
    mut batch: Unpacking,
    see: &mut impl FnMut(&Taken<'_>) -> ControlFlow<ReadingEnd>,
) -> Result<ControlFlow<ReadingEnd>, Damaged> {
    while batch.advance()? {
        let seen = see(&Taken::unpacked(batch.record()));
        if seen.is_break() {
            return Ok(seen);
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Of each partition, with where it begins and ends, the newest, so that it is `most` together: those that hold less than their share
/// leave the rest of it to the others. Whether anything is left out.
fn shorten(wanted: &mut [(i32, i64, i64)], most: i64) -> bool {
    wanted.sort_by_key(|(_, start, end)| end - start);
    let (mut left, mut is_cut) = (most, false);
    let count = wanted.len();
    for (place, (_, start, end)) in wanted.iter_mut().enumerate() {
        let share = left / (count - place) as i64;
        is_cut |= *end - *start > share;
        *start = (*start).max(*end - share);
        left -= *end - *start;
    }
    is_cut
}

/// By partition the first offset of what arrived since; partitions of which nothing did are left out.
fn first_since(
    client: &BaseConsumer,
    topic: &str,
    partitions: &[i32],
    at: Millis,
) -> Result<BTreeMap<i32, i64>, KafkaError> {
    let mut wanted = TopicPartitionList::new();
    for partition in partitions {
        wanted.add_partition_offset(topic, *partition, Offset::Offset(at.0))?;
    }
    let found = client.offsets_for_times(wanted, PATIENCE)?;
    let offset = |one: &rdkafka::topic_partition_list::TopicPartitionListElem<'_>| match one.offset() {
        Offset::Offset(offset) => Some((one.partition(), offset)),
        _ => None,
    };
    Ok(found.elements().iter().filter_map(offset).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_taken_from_where_there_are_most() {
        let of = |most| {
            let mut wanted = vec![(0, 0, 100), (1, 50, 60), (2, 0, 0)];
            let is_cut = shorten(&mut wanted, most);
            let all: i64 = wanted.iter().map(|(_, start, end)| end - start).sum();
            (is_cut, all)
        };
        assert_eq!(of(1000), (false, 110));
        assert_eq!(of(110), (false, 110));
        assert_eq!(of(60), (true, 60));
        assert_eq!(of(3), (true, 3));
    }
}
