//! Asks why Kafka cannot be reached, with a client that is made for it: some clients are never told.

use std::time::Duration;

use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, ConsumerContext},
};

use super::{cluster::Cluster, trouble::Troubles};

const LOOKS: u32 = 50;
const EACH: Duration = Duration::from_millis(100);

struct Listener(Troubles);

impl ClientContext for Listener {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.note(facility, message);
    }
}

impl ConsumerContext for Listener {}

/// Waits for at most 5 s; none if nothing was said.
pub(super) fn why(cluster: &Cluster) -> Option<String> {
    let troubles = Troubles::of(cluster);
    // A group is asked for by the library; nothing is subscribed to, so none is joined.
    let listener: BaseConsumer<Listener> =
        cluster.client().set("group.id", "tongguan").create_with_context(Listener(troubles.clone())).ok()?;
    for _ in 0..LOOKS {
        if let Some(told) = troubles.last() {
            return Some(told);
        }
        _ = listener.poll(EACH);
    }
    troubles.last()
}
