//! Is a place still what was read there? A topic that was made anew and has grown past the old one has other messages at the
//! same offsets. Its id says so where it was written down; a few messages of each partition say so in any case.

use std::{collections::HashMap, sync::Arc};

use super::{Verify, VerifyError, partitions::Place};
use crate::{
    domain::{
        stream::Stream,
        verify::{Range, joined},
    },
    feed::{
        connection::Connection,
        decode::{self, decode},
        door::Door,
        passage,
        privacy::Key,
        topics::TopicError,
    },
    pipeline::clock,
    store::verify::places::{self, PartitionBlock, Sample},
};

/// Messages compared in a partition.
const SAMPLES: usize = 4;

/// Topics, and what shows that they are not what was read.
pub(super) async fn strangers(
    of: &Verify,
    found: &[Place],
    blocks: &[PartitionBlock],
) -> Result<Vec<(String, String)>, VerifyError> {
    let mut chosen: Vec<(&str, i32, i64)> = Vec::new();
    for place in found.iter().filter(|place| of.stream_of(&place.topic).is_some()) {
        let Some(log) = place.known.log else { continue };
        let is_there = |block: &&PartitionBlock| {
            let is_of = block.topic == place.topic && block.partition == place.partition;
            is_of && block.in_ledger > 0 && (log.low..log.stable).contains(&block.sample)
        };
        let there: Vec<&PartitionBlock> = blocks.iter().filter(is_there).collect();
        let step = there.len().div_ceil(SAMPLES).max(1);
        chosen.extend(there.iter().step_by(step).map(|one| (place.topic.as_str(), place.partition, one.sample)));
    }
    let mut of_partition: HashMap<(String, i32), Vec<Sample>> = HashMap::new();
    for sample in places::samples(&of.store, &chosen).await? {
        of_partition.entry((sample.topic.clone(), sample.partition)).or_default().push(sample);
    }
    let mut strangers = Vec::new();
    for ((topic, partition), samples) in of_partition {
        let Some(stream) = of.stream_of(&topic).map(Arc::clone) else { continue };
        let (connection, times) = (of.connection.clone(), of.times);
        let compared =
            tokio::task::spawn_blocking(move || compare(&connection, &stream, partition, &samples, &times)).await??;
        strangers.extend(compared.map(|detail| (topic, detail)));
    }
    strangers.sort();
    Ok(strangers)
}

/// The first place with another message than the ledger's. What cannot be understood (any more), or is not there, says nothing.
fn compare(
    connection: &Connection,
    stream: &Stream,
    partition: i32,
    samples: &[Sample],
    times: &decode::TimeLimits,
) -> Result<Option<String>, TopicError> {
    // Pseudonyms are of no use here, so that no key is needed.
    let Ok(key) = Key::from_bytes(None, b"of no use but to be one, 32 bytes") else { return Ok(None) };
    let (mut door, mut stranger) = (Door::new(key), None);
    let ranges = joined(samples.iter().map(|sample| Range::one(sample.offset)).collect());
    passage::read(connection, &stream.topic, partition, &ranges, |message| {
        let Ok(now) = message.read_whole(clock::now(), |message| decode(message, stream, &mut door, times)) else {
            return;
        };
        let event = now.event;
        let at: Vec<&Sample> = samples.iter().filter(|sample| sample.offset == message.offset()).collect();
        let is_same = |sample: &&Sample| {
            event.case_id == sample.case_id && event.source == sample.source && event.id == sample.event_id
        };
        if let Some(sample) = at.first().filter(|_| stranger.is_none() && !at.iter().any(is_same)) {
            stranger = Some(format!(
                "partition {partition}, offset {}: the ledger has case {} ({}, {}), Kafka has case {} ({}, {})",
                sample.offset, sample.case_id, sample.source, sample.event_id, event.case_id, event.source, event.id
            ));
        }
    })?;
    Ok(stranger)
}
