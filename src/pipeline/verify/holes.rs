//! Offsets that nobody holds: found in ClickHouse, and where Kafka still has them read there, because only a reader knows whether
//! an offset holds a message.

use super::{Verify, VerifyError, partitions::Place};
use crate::{
    domain::verify::{Finding, Kind, Range, Verdict, count, joined, sort},
    feed::{
        connection::Connection,
        passage::{self, Unread},
        topics::TopicError,
    },
    store::verify::places::{self, Blocks, PartitionBlock},
};

/// Blocks named in one query.
pub(super) const BLOCKS_MAX: usize = 500;

/// Offsets missing in the blocks of one query: as many ranges at most are in memory.
const MISSING_MAX: u64 = 262_144;

/// Ranges of messages found in a hole that are kept to be listed.
const RANGES_MAX: usize = 10_000;

/// What became of the offsets that are not held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Holes {
    pub all: u64,
    pub empty: u64,
    pub accepted: u64,
}

/// Some holes of a partition, before they are told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// Nothing of them is held.
    whole: Vec<Range>,
    /// Blocks of which a part is held.
    parts: Vec<i64>,
    missing: u64,
}

pub(super) async fn find(
    of: &Verify,
    place: &Place,
    blocks: &[&PartitionBlock],
    bounds: Range,
    accepted: &[Range],
    verdict: &mut Verdict,
) -> Result<Holes, VerifyError> {
    let mut all = Holes::default();
    for group in groups(blocks, bounds) {
        let mut ranges = group.whole;
        if !group.parts.is_empty() {
            let which = Blocks { topic: &place.topic, partition: place.partition, blocks: &group.parts };
            ranges.extend(places::missing(&of.store, which, bounds).await?);
        }
        let told = told_apart(of, place, &joined(ranges), accepted, verdict).await?;
        all.all += told.all;
        all.empty += told.empty;
        all.accepted += told.accepted;
    }
    Ok(all)
}

/// Goes through the blocks in their order. A block that the bounds cut is looked into in any case.
fn groups(blocks: &[&PartitionBlock], bounds: Range) -> Vec<Group> {
    let (mut groups, mut group, mut at) = (Vec::new(), Group::default(), bounds.first);
    for block in blocks {
        let inside = block.offsets().meet(bounds);
        if inside.is_empty() {
            continue;
        }
        group.whole.push(Range::new(at, inside.first));
        at = inside.next;
        if block.held < block.offsets().len() || inside.len() < block.offsets().len() {
            group.parts.push(block.block);
            group.missing += block.offsets().len() - block.held;
        }
        if group.missing >= MISSING_MAX || group.parts.len() >= BLOCKS_MAX {
            groups.push(std::mem::take(&mut group));
        }
    }
    group.whole.push(Range::new(at, bounds.next));
    groups.push(group);
    for group in &mut groups {
        group.whole.retain(|range| !range.is_empty());
    }
    groups.retain(|group| !group.whole.is_empty() || !group.parts.is_empty());
    groups
}

async fn told_apart(
    of: &Verify,
    place: &Place,
    holes: &[Range],
    accepted: &[Range],
    verdict: &mut Verdict,
) -> Result<Holes, VerifyError> {
    let sorted = sort(holes, place.known.log, accepted);
    let mut told = Holes { all: count(holes), empty: 0, accepted: sorted.accepted };
    let finding = |kind, range, detail: &str| Finding::Offsets {
        kind,
        topic: place.topic.clone(),
        partition: place.partition,
        range,
        detail: detail.to_owned(),
    };
    for range in &sorted.gone {
        verdict.add(finding(Kind::Gap, *range, ""));
    }
    if sorted.to_read.is_empty() {
        return Ok(told);
    }
    let (connection, topic, partition) = (of.connection.clone(), place.topic.clone(), place.partition);
    let to_read = sorted.to_read.clone();
    let (found, unread) = tokio::task::spawn_blocking(move || read(&connection, &topic, partition, &to_read)).await??;
    for range in &found.ranges {
        verdict.list(finding(Kind::Hole, *range, ""));
    }
    verdict.tally.add(Kind::Hole, found.messages);
    let mut unreadable = 0;
    for Unread { range, cause } in unread {
        unreadable += range.len();
        verdict.add(finding(Kind::Unreadable, range, &cause));
    }
    told.empty = count(&sorted.to_read).saturating_sub(found.messages + unreadable);
    Ok(told)
}

/// Messages that were found where there should be none missing.
#[derive(Debug, Default)]
struct Found {
    messages: u64,
    ranges: Vec<Range>,
}

impl Found {
    fn add(&mut self, offset: i64) {
        self.messages += 1;
        let has_room = self.ranges.len() < RANGES_MAX;
        match self.ranges.last_mut() {
            Some(last) if last.next == offset => last.next += 1,
            _ if has_room => self.ranges.push(Range::one(offset)),
            _ => {}
        }
    }
}

fn read(
    connection: &Connection,
    topic: &str,
    partition: i32,
    ranges: &[Range],
) -> Result<(Found, Vec<Unread>), TopicError> {
    let mut found = Found::default();
    let unread = passage::read(connection, topic, partition, ranges, |message| found.add(message.offset()))?;
    Ok((found, unread))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::verify::places::BLOCK;

    fn block(number: i64, held: i64) -> PartitionBlock {
        PartitionBlock {
            topic: "t".into(),
            partition: 0,
            block: number,
            rows: held as u64,
            in_ledger: held as u64,
            in_quarantine: 0,
            held: held as u64,
            sample: 0,
        }
    }

    #[test]
    fn only_blocks_that_do_not_add_up_or_are_cut_are_looked_into() {
        let none: &[(i64, i64)] = &[];
        for (name, blocks, bounds, whole, parts) in [
            ("nothing is to be held", &[][..], (0, 0), none, &[][..]),
            ("nothing is held", &[], (5, 9), &[(5, 9)], &[]),
            ("all full", &[(0, BLOCK), (1, BLOCK)], (0, 2 * BLOCK), none, &[]),
            ("the last one is cut", &[(0, BLOCK), (1, 7)], (0, BLOCK + 7), none, &[1]),
            ("one in the middle is not full", &[(0, BLOCK), (1, BLOCK - 1), (2, BLOCK)], (0, 3 * BLOCK), none, &[1]),
            ("one is absent", &[(0, BLOCK), (2, BLOCK)], (0, 3 * BLOCK), &[(BLOCK, 2 * BLOCK)], &[]),
            ("the end is absent", &[(0, BLOCK)], (0, BLOCK + 3), &[(BLOCK, BLOCK + 3)], &[]),
            ("what lies below is not asked for", &[(0, 3), (1, BLOCK)], (BLOCK, 2 * BLOCK), none, &[]),
            ("what lies behind neither", &[(0, BLOCK), (1, 2)], (0, BLOCK), none, &[]),
        ] {
            let blocks: Vec<PartitionBlock> = blocks.iter().map(|(number, held)| block(*number, *held)).collect();
            let groups = groups(&blocks.iter().collect::<Vec<&PartitionBlock>>(), Range::new(bounds.0, bounds.1));
            let got: Vec<Range> = groups.iter().flat_map(|group| group.whole.clone()).collect();
            let whole: Vec<Range> = whole.iter().map(|(first, next)| Range::new(*first, *next)).collect();
            assert_eq!(joined(got), whole, "{name}");
            assert_eq!(groups.iter().flat_map(|group| group.parts.clone()).collect::<Vec<i64>>(), parts, "{name}");
        }
    }

    #[test]
    fn a_group_holds_no_more_holes_than_memory_may() {
        let blocks: Vec<PartitionBlock> = (0..20).map(|number| block(number, 1)).collect();
        let groups = groups(&blocks.iter().collect::<Vec<&PartitionBlock>>(), Range::new(0, 20 * BLOCK));
        assert_eq!(groups.iter().map(|group| group.parts.len()).collect::<Vec<_>>(), [5, 5, 5, 5]);
    }

    #[test]
    fn messages_beside_each_other_are_one_finding() {
        let mut found = Found::default();
        for offset in [3, 4, 5, 9] {
            found.add(offset);
        }
        assert_eq!((found.messages, found.ranges), (4, vec![Range::new(3, 6), Range::one(9)]));
    }
}
