//! The first line of the log: what runs, where, and by which rules. An operator who has nothing else has this.

use super::{descriptors::Descriptors, setup::Setup};
use crate::metrics::COMMIT;

/// Addresses hold no password: the rules of the settings refuse one that does.
pub(super) fn say(setup: &Setup, descriptors: Descriptors) {
    let settings = &setup.settings;
    let streams: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let limit = |limit: Option<u64>| limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        commit = COMMIT,
        brokers = settings.kafka.brokers,
        group = settings.kafka.group,
        instance_id = settings.kafka.instance_id,
        clickhouse = settings.clickhouse.url,
        database = settings.clickhouse.database,
        streams = streams.join(", "),
        policy = %setup.limits.policy_version,
        calendar = %setup.limits.calendar_version,
        timezone = settings.zone_name(),
        batch_rows_max = settings.batch.rows_max,
        memory_max_mb = settings.memory.max_mb,
        open_files_soft = limit(descriptors.soft),
        open_files_hard = limit(descriptors.hard),
        "starting"
    );
}
