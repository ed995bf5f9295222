//! Reads a topic from a time, a place or now on, all its partitions together. No group is joined and no position moves.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    ops::ControlFlow,
    time::Duration,
};

use crate::{
    domain::time::Millis,
    feed::{
        consumer::{Connection, Taken, basics},
        packed::{Damaged, Unpacking},
        ranges::Ranges,
        topics::TopicError,
    },
};
use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
};

/// Where reading begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedFrom {
    /// What arrived since, and of that the newest.
    Time { at: Millis, newest: i64 },
    /// The newest of each partition.
    Newest(i64),
    /// By partition; one that is not named, from now on.
    Offsets(BTreeMap<i32, i64>),
}

/// How a reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadingEnd {
    /// Of what was there when it began to be read.
    AtEnd,
    Stopped,
    Enough,
}

pub(super) struct Reading {
    client: BaseConsumer,
    fetched_bytes: usize,
    /// Partitions of which not everything is read.
    left: BTreeSet<i32>,
    next: BTreeMap<i32, i64>,
    /// Of the first message read, where older ones would have been wanted.
    cut: Option<Option<Millis>>,
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
            .set("auto.offset.reset", "earliest")
            .set("queued.max.messages.kbytes", "16384");
        let client: BaseConsumer = config.create().map_err(trouble)?;
        let since = match from {
            FeedFrom::Time { at, .. } => since(&client, topic, &partitions, *at).map_err(trouble)?,
            _ => BTreeMap::new(),
        };
        let mut wanted = Vec::new();
        for partition in &partitions {
            let log = ranges.log(topic, *partition)?;
            let start = match from {
                FeedFrom::Time { .. } => since.get(partition).copied().unwrap_or(log.stable),
                FeedFrom::Newest(newest) => log.stable - newest,
                FeedFrom::Offsets(offsets) => offsets.get(partition).copied().unwrap_or(log.stable),
            };
            wanted.push((*partition, start.clamp(log.low, log.stable), log.stable));
        }
        let is_cut = match from {
            FeedFrom::Time { newest, .. } => shorten(&mut wanted, *newest),
            _ => false,
        };
        let (mut list, mut next) = (TopicPartitionList::new(), BTreeMap::new());
        for (partition, start, _) in wanted {
            list.add_partition_offset(topic, partition, Offset::Offset(start)).map_err(trouble)?;
            next.insert(partition, start);
        }
        client.assign(&list).map_err(trouble)?;
        let left = partitions.into_iter().collect();
        let cut = is_cut.then_some(None);
        Ok(Some(Self { client, fetched_bytes: connection.fetched_bytes, left, next, cut, is_damaged: false }))
    }

    /// Each message, as long as it `goes_on`, until `each` has enough, or, where it `ends`, everything that is there is read.
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
            let Self { client, fetched_bytes, next, cut, left, is_damaged } = self;
            let mut see = |taken: &Taken<'_>| {
                let next = next.entry(taken.partition()).or_default();
                // A batch comes whole, with what lies in it before where we began.
                if taken.offset() < *next {
                    return ControlFlow::Continue(());
                }
                *next = taken.offset() + 1;
                if let Some(cut) = cut {
                    *cut = (*cut).into_iter().chain(taken.timestamp()).min();
                }
                each(taken)
            };
            match client.poll(STEP) {
                Some(Ok(message)) => match Unpacking::of_message(&message, *fetched_bytes) {
                    Some(batch) => match unpacked(batch, &mut see) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return ReadingEnd::Enough,
                        Err(Damaged { .. }) => *is_damaged = true,
                    },
                    None if see(&Taken::lent(message)).is_break() => return ReadingEnd::Enough,
                    None => {}
                },
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    left.remove(&partition);
                }
                // What cannot be read is passed over by the library or asked for again, as long as it goes on.
                Some(Err(_)) | None => {}
            }
        }
    }

    /// Bytes lay there that nobody can make messages of.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Since when messages were read, where that is later than it was asked for.
    pub(super) fn cut(&self) -> Option<Millis> {
        self.cut.flatten()
    }

    pub(super) fn goes_on(&self) -> FeedFrom {
        FeedFrom::Offsets(self.next.clone())
    }
}

fn unpacked(
    mut batch: Unpacking,
    see: &mut impl FnMut(&Taken<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Damaged> {
    while batch.advance()? {
        if see(&Taken::unpacked(batch.record())).is_break() {
            return Ok(ControlFlow::Break(()));
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
fn since(client: &BaseConsumer, topic: &str, partitions: &[i32], at: Millis) -> Result<BTreeMap<i32, i64>, KafkaError> {
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

impl FeedFrom {
    /// `0:17,1:4`, for whoever comes back with it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Self::Offsets(offsets) = self {
            for (place, (partition, offset)) in offsets.iter().enumerate() {
                let _ = write!(text, "{}{partition}:{offset}", if place > 0 { "," } else { "" });
            }
        }
        text
    }

    pub fn from_text(text: &str) -> Option<Self> {
        let one = |pair: &str| {
            let (partition, offset) = pair.split_once(':')?;
            let (partition, offset) = (partition.parse().ok()?, offset.parse().ok()?);
            (partition >= 0 && offset >= 0).then_some((partition, offset))
        };
        text.split(',').map(one).collect::<Option<_>>().map(Self::Offsets)
    }
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

    #[test]
    fn where_to_go_on_comes_back_as_it_went_and_nothing_else_does() {
        let from = FeedFrom::Offsets([(0, 17), (12, 4)].into());
        assert_eq!(from.text(), "0:17,12:4");
        assert_eq!(FeedFrom::from_text("0:17,12:4"), Some(from));
        for wrong in ["", "0", "0:", ":1", "-1:3", "0:-3", "0:1;1:2", "0:1,", "a:b"] {
            assert_eq!(FeedFrom::from_text(wrong), None, "{wrong}");
        }
    }
}
