//! Is there more on the topics? Asked of the brokers, because no silence means "no".

use super::{
    connection::Connection,
    kafka_error::KafkaTrouble,
    observer::Observer,
    partition::Partition,
    probe::{self, ProbeFound},
};

/// Has everything been taken that is on the topics now? `position` says how far we are on a partition of ours; the others are as
/// far as the group says. A partition of which the brokers say nothing may hold anything.
pub fn is_at_end(
    connection: &Connection,
    observer: &Observer,
    position: impl Fn(&Partition) -> Option<i64>,
) -> Result<bool, KafkaTrouble> {
    let seen = observer.look()?;
    if !seen.unanswered.is_empty() {
        return Ok(false);
    }
    for (partition, extent) in &seen.extents {
        let next = position(partition).or(extent.committed).unwrap_or(extent.low).max(extent.low);
        if next < extent.end && probe::look(connection, partition, next)? != ProbeFound::Nothing {
            return Ok(false);
        }
    }
    Ok(true)
}
