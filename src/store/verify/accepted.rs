//! What a person or the service has written down about Kafka: gaps that were accepted, and which topics were read.

use std::collections::HashMap;

use crate::{
    domain::verify::{Range, joined},
    store::{Store, StoreError, gaps, topics},
};

/// Accepted gaps, by topic and partition, each a set.
pub async fn gaps(store: &Store) -> Result<HashMap<(String, i32), Vec<Range>>, StoreError> {
    let mut by_place: HashMap<(String, i32), Vec<Range>> = HashMap::new();
    for gap in gaps::all(store).await? {
        by_place.entry((gap.topic, gap.partition)).or_default().push(Range::new(gap.first, gap.next));
    }
    Ok(by_place.into_iter().map(|(place, ranges)| (place, joined(ranges))).collect())
}

/// The ids that a topic had when its partitions were taken up.
pub async fn topic_ids(store: &Store) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for one in topics::known(store).await? {
        ids.entry(one.topic).or_default().push(one.topic_id);
    }
    Ok(ids)
}
