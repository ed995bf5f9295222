//! Every place once: counted in blocks, and looked into where a block does not add up.

use std::collections::{BTreeSet, HashMap};

use super::{
    Verify, VerifyError, VerifyPart, VerifyProgress,
    holes::{self, Holes},
    partitions::{self, Place},
    samples,
};
use crate::{
    domain::verify::{Finding, Kind, Looked, Range, Verdict},
    store::verify::{
        accepted,
        places::{self, BLOCK, Blocks, PartitionBlock},
        record,
    },
};

pub(super) async fn look(
    of: &Verify,
    rows: u64,
    verdict: &mut Verdict,
    progress: &mut impl FnMut(VerifyProgress),
) -> Result<(), VerifyError> {
    progress(VerifyProgress { part: VerifyPart::Places, done: 0, all: rows });
    let mut found = partitions::find(of, verdict).await?;
    let accepted = accepted::gaps(&of.store).await?;
    let proven = match of.since {
        None => record::proven(&of.store).await?,
        Some(_) => HashMap::new(),
    };
    let topics: BTreeSet<String> = found.iter().map(|place| place.topic.clone()).collect();
    let least = found.iter().map(|place| place.known.duty().first).min().unwrap_or(0);
    let topics: Vec<String> = topics.into_iter().collect();
    let blocks = places::blocks(&of.store, &topics, least).await?;
    progress(VerifyProgress { part: VerifyPart::Places, done: rows, all: rows });
    anew(of, &mut found, &blocks, verdict).await?;
    let all = found.iter().map(|place| place.known.duty().len()).sum();
    let mut done = 0;
    for place in &found {
        let key = (place.topic.clone(), place.partition);
        let of_place: Vec<&PartitionBlock> =
            blocks.iter().filter(|one| one.partition == place.partition && one.topic == place.topic).collect();
        more_than_once(of, place, &of_place, verdict).await?;
        let whole_below = proven.get(&key).map_or(0, |proven| still_whole(*proven, &of_place));
        let gaps = accepted.get(&key).map_or(&[][..], Vec::as_slice);
        let looked = one(of, place, &of_place, whole_below, gaps, verdict).await?;
        verdict.messages += looked.held;
        done += looked.duty.len();
        verdict.partitions.push(looked);
        progress(VerifyProgress { part: VerifyPart::Holes, done, all });
    }
    Ok(())
}

/// Topics that are not those that were read: their offsets mean something else, and nothing on Kafka can be compared.
async fn anew(
    of: &Verify,
    found: &mut [Place],
    blocks: &[PartitionBlock],
    verdict: &mut Verdict,
) -> Result<(), VerifyError> {
    let mut why: Vec<(String, String)> = Vec::new();
    for place in found.iter().filter(|place| place.known.is_ahead_of_log()) {
        let Some(log) = place.known.log else { continue };
        let next = place.known.committed.max(place.known.held_next).unwrap_or(0);
        let detail = format!("partition {}: known up to {next}, and its log ends at {}", place.partition, log.high);
        why.push((place.topic.clone(), detail));
    }
    why.extend(samples::strangers(of, found, blocks).await?);
    for place in found.iter_mut().filter(|place| why.iter().any(|(topic, _)| *topic == place.topic)) {
        place.known.log = None;
    }
    let topics: BTreeSet<&String> = why.iter().map(|(topic, _)| topic).collect();
    for topic in topics {
        let details: Vec<&str> = why.iter().filter(|(of, _)| of == topic).map(|(_, detail)| detail.as_str()).collect();
        verdict.add(Finding::Topic { topic: topic.clone(), detail: details.join("; ") });
    }
    Ok(())
}

/// Below it as many offsets are held as when all of them were accounted for: so they still are, wherever Kafka begins now.
fn still_whole((next, held): (i64, u64), blocks: &[&PartitionBlock]) -> i64 {
    let now: u64 = blocks.iter().filter(|one| one.offsets().next <= next).map(|one| one.held).sum();
    if now == held { next } else { 0 }
}

async fn more_than_once(
    of: &Verify,
    place: &Place,
    blocks: &[&PartitionBlock],
    verdict: &mut Verdict,
) -> Result<(), VerifyError> {
    let finding = |kind, offset, detail| Finding::Offsets {
        kind,
        topic: place.topic.clone(),
        partition: place.partition,
        range: Range::one(offset),
        detail,
    };
    for (kind, count) in
        [(Kind::Double, PartitionBlock::doubles as fn(&PartitionBlock) -> u64), (Kind::InBoth, PartitionBlock::in_both)]
    {
        verdict.tally.add(kind, blocks.iter().map(|one| count(one)).sum());
        let numbers: Vec<i64> = blocks.iter().filter(|one| count(one) > 0).map(|one| one.block).collect();
        for numbers in numbers.chunks(holes::BLOCKS_MAX) {
            let (which, most) =
                (Blocks { topic: &place.topic, partition: place.partition, blocks: numbers }, verdict.room(kind));
            if most == 0 {
                break;
            }
            if kind == Kind::Double {
                for one in places::doubles(&of.store, which, most).await? {
                    verdict.list(finding(
                        kind,
                        one.offset,
                        format!("{} identities: {}", one.identities, one.names.join("; ")),
                    ));
                }
            } else {
                for one in places::in_both(&of.store, which, most).await? {
                    verdict.list(finding(kind, one.offset, one.state));
                }
            }
        }
    }
    Ok(())
}

/// One partition's offsets.
async fn one(
    of: &Verify,
    place: &Place,
    blocks: &[&PartitionBlock],
    whole_below: i64,
    accepted: &[Range],
    verdict: &mut Verdict,
) -> Result<Looked, VerifyError> {
    let duty = place.known.duty();
    let open = Range::new(duty.first.max(whole_below), duty.next);
    let holes = holes::find(of, place, blocks, open, accepted, verdict).await?;
    let below: u64 = blocks.iter().filter(|one| one.offsets().next <= whole_below).map(|one| one.held).sum();
    let proven_below = Range::new(duty.first, whole_below.min(duty.next)).len();
    let held = open.len() - holes.all + below;
    Ok(Looked {
        topic: place.topic.clone(),
        partition: place.partition,
        log: place.known.log,
        committed: place.known.committed,
        duty,
        held,
        empty: holes.empty + proven_below.saturating_sub(below),
        accepted: holes.accepted,
        not_yet_taken: place.known.not_yet_taken(),
        proven: proven(of, place, blocks, &holes),
    })
}

/// What the next verification may rely on.
fn proven(of: &Verify, place: &Place, blocks: &[&PartitionBlock], holes: &Holes) -> Option<(i64, u64)> {
    let next = place.known.duty().next / BLOCK * BLOCK;
    let is_whole = holes.all == holes.empty + holes.accepted && place.known.log.is_some() && of.since.is_none();
    let held = blocks.iter().filter(|one| one.offsets().next <= next).map(|one| one.held).sum();
    (is_whole && next > 0).then_some((next, held))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(number: i64, held: u64) -> PartitionBlock {
        PartitionBlock {
            topic: "t".into(),
            partition: 0,
            block: number,
            rows: held,
            in_ledger: held,
            in_quarantine: 0,
            held,
            sample: 0,
        }
    }

    #[test]
    fn what_was_whole_is_whole_as_long_as_as_many_are_held() {
        let blocks = [block(0, 100), block(1, 65_536), block(3, 7)];
        let blocks: Vec<&PartitionBlock> = blocks.iter().collect();
        for (proven, whole_below) in [
            ((0, 0), 0),
            ((BLOCK, 100), BLOCK),
            ((BLOCK, 101), 0),
            ((2 * BLOCK, 65_636), 2 * BLOCK),
            ((4 * BLOCK, 65_643), 4 * BLOCK),
            ((4 * BLOCK, 65_642), 0),
        ] {
            assert_eq!(still_whole(proven, &blocks), whole_below, "{proven:?}");
        }
    }
}
