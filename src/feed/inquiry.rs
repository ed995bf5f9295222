//! Asks why Kafka cannot be reached, with a client that is made for it: some clients are never told.

use std::time::Duration;

use super::{
    cluster::Cluster,
    trouble::{Listener, Troubles},
};

const LOOKS: u32 = 50;
const EACH: Duration = Duration::from_millis(100);

/// Waits for at most 5 s; none if nothing was said.
pub(super) fn why(cluster: &Cluster) -> Option<String> {
    let troubles = Troubles::of(cluster);
    // A group is asked for by the library; nothing is subscribed to, so none is joined.
    let mut config = cluster.client();
    let listener = Listener(troubles.clone()).client(config.set("group.id", "tongguan")).ok()?;
    for _ in 0..LOOKS {
        if let Some(told) = troubles.last() {
            return Some(told);
        }
        _ = listener.poll(EACH);
    }
    troubles.last()
}
