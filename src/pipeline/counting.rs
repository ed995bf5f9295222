//! What a batch brought, for the metrics.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::batch::Batch;
use crate::{domain::events::Events, metrics};

pub(super) fn count(batch: &Batch) {
    count_events(&batch.events);
    for (stream, n) in &batch.unknown_fields {
        metrics::unknown_fields(stream, *n);
    }
    for (kind, n) in &batch.scrubbed {
        metrics::scrubbed_items(kind, *n);
    }
    for entry in &batch.rejected {
        metrics::quarantined(&entry.stream, &entry.reason, 1);
    }
}

fn count_events(events: &Events) {
    let mut by_type: HashMap<(&str, &'static str), u64, RandomState> = HashMap::default();
    let mut by_envelope: HashMap<(&str, &'static str), u64, RandomState> = HashMap::default();
    let mut heard: HashMap<(&str, &str), i64, RandomState> = HashMap::default();
    let mut ahead: HashMap<&str, u64, RandomState> = HashMap::default();
    for event in events.iter() {
        if event.is_ahead() {
            *ahead.entry(&event.stream).or_default() += 1;
        }
        let arrived = heard.entry((&event.stream, &event.source)).or_default();
        *arrived = event.ingested_at.0.max(*arrived);
        *by_type.entry((&event.stream, event.fact.kind().name())).or_default() += 1;
        *by_envelope.entry((&event.place.topic, event.envelope.name())).or_default() += 1;
    }
    for ((stream, kind), n) in by_type {
        metrics::events(stream, kind, n);
    }
    for (stream, n) in ahead {
        metrics::ahead_of_time(stream, n);
    }
    for ((topic, envelope), n) in by_envelope {
        metrics::messages_received(topic, envelope, n);
    }
    for ((stream, source), arrived_ms) in heard {
        metrics::last_event(stream, source, arrived_ms);
    }
}
