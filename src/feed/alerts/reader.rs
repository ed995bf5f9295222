//! Reads the topic of the alerts back, from given places to its end.

use std::collections::BTreeMap;

use super::AlertEvent;
use crate::{
    domain::{
        alert::{AlertPlace, SentAlert},
        verify::Range,
    },
    feed::{
        connection::Connection,
        observer::{Extent, Observer},
        partition::Partition,
        passage,
        topics::TopicError,
    },
};

/// Offsets that are read before what they hold is handed on.
const STRETCH: i64 = 5_000;

#[derive(Debug, thiserror::Error)]
pub enum AlertReadError {
    #[error(transparent)]
    Topic(#[from] TopicError),
    #[error("the topic of the alerts cannot be read back: {0}")]
    Away(String),
}

/// What stands behind `from`, a stretch at a time, as long as `each` wants more. Only after a predecessor's transactions were ended is
/// the end the end. How many there were.
pub fn read_back(
    connection: &Connection,
    topic: &str,
    from: &BTreeMap<i32, i64>,
    mut each: impl FnMut(Vec<(SentAlert, AlertPlace)>) -> bool,
) -> Result<u64, AlertReadError> {
    let mut read = 0;
    for (partition, extent) in extents(connection, topic)? {
        let known = from.get(&partition).copied().unwrap_or(0);
        let is_made_anew = known > extent.end;
        if is_made_anew {
            tracing::warn!(
                topic,
                partition,
                known,
                end = extent.end,
                "the topic was made anew: it is read from its beginning"
            );
        }
        let mut first = if is_made_anew { extent.low } else { known.max(extent.low) };
        while first < extent.end {
            let next = extent.end.min(first + STRETCH);
            let found = stretch(connection, topic, partition, Range::new(first, next))?;
            read += found.len() as u64;
            if !found.is_empty() && !each(found) {
                return Ok(read);
            }
            first = next;
        }
    }
    Ok(read)
}

fn extents(connection: &Connection, topic: &str) -> Result<Vec<(i32, Extent)>, AlertReadError> {
    let away = |why: String| AlertReadError::Away(why);
    let observer = Observer::new(connection, &[topic]).map_err(|error| away(error.to_string()))?;
    let seen = observer.look().map_err(|error| away(observer.last_trouble().unwrap_or_else(|| error.to_string())))?;
    if let Some((Partition { partition, .. }, why)) = seen.unanswered.iter().next() {
        return Err(away(format!("partition {partition} of {topic}: {why}")));
    }
    if !seen.gone.is_empty() {
        return Err(away(format!("there is no topic {topic}")));
    }
    Ok(seen.extents.into_iter().map(|(Partition { partition, .. }, extent)| (partition, extent)).collect())
}

fn stretch(
    connection: &Connection,
    topic: &str,
    partition: i32,
    range: Range,
) -> Result<Vec<(SentAlert, AlertPlace)>, AlertReadError> {
    let mut found = Vec::new();
    let unread = passage::read(connection, topic, partition, &[range], |taken| {
        let event = taken.payload().and_then(|payload| serde_json::from_slice::<AlertEvent>(payload).ok());
        let place = AlertPlace { partition, offset: taken.offset() };
        match event.and_then(AlertEvent::sent) {
            Some(sent) => found.push((sent, place)),
            None => tracing::warn!(topic, partition, offset = taken.offset(), "no alert: passed over"),
        }
    })?;
    match unread.first() {
        Some(unread) => Err(AlertReadError::Away(format!("{topic}/{partition}: {}", unread.cause))),
        None => Ok(found),
    }
}
