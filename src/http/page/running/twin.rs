//! The page for programs: every reading, and all that it was read from.

use serde_json::{Value, json};

use super::{
    readings::Reading,
    seen::{RunningSeen, VerdictTone},
};
use crate::store::{rebuilds::Generation, running::StoreStanding};

/// Times are milliseconds since 1970.
pub(super) fn json(seen: &RunningSeen) -> Value {
    let verdict = seen.verdict();
    let tone = match verdict.tone {
        VerdictTone::Well => "well",
        VerdictTone::Worse => "worse",
        VerdictTone::Unknown => "unknown",
    };
    let service = seen.service.value.as_deref();
    let readings = seen.look().map(|look| look.readings()).unwrap_or_default();
    json!({
        "at": seen.at.0,
        "verdict": { "tone": tone, "zh": verdict.title.0, "en": verdict.title.1, "text": verdict.text, "alert": verdict.alert },
        "data_up_to": seen.taken_until().map(|at| at.0),
        "service": {
            "at": service.map(|_| seen.service.at.0),
            "trouble": seen.service.trouble,
            "readiness": service.map(|status| &status.readiness),
            "stuck": service.and_then(|status| status.stuck.as_ref()),
            "metrics": service.map(|status| &status.now),
        },
        "readings": readings.iter().map(reading).collect::<Vec<_>>(),
        "clickhouse": {
            "at": seen.store.value.as_ref().map(|_| seen.store.at.0),
            "trouble": seen.store.trouble,
            "standing": seen.store.value.as_deref().map(standing),
        },
    })
}

fn reading(reading: &Reading) -> Value {
    let rule = reading.rule;
    json!({
        "id": rule.id,
        "zh": rule.name.0,
        "en": rule.name.1,
        "metric": rule.metric,
        "value": reading.value,
        "limit": reading.limit,
        "is_over": reading.is_over,
        "alert": rule.alert,
    })
}

fn standing(store: &StoreStanding) -> Value {
    let generation = |one: &Generation| {
        json!({
            "generation": one.generation,
            "scope": one.scope.name(),
            "stream": one.stream,
            "policy": one.policy,
            "calendar": one.calendar,
            "started_at": one.started_at.0,
            "finished_at": one.finished_at.map(|at| at.0),
            "cases": one.cases,
            "events": one.events,
        })
    };
    json!({
        "until": store.until,
        "server_version": store.server_version,
        "schema": store.schema,
        "pending": store.pending.as_ref().ok(),
        "refused": store.pending.as_ref().err(),
        "quarantine": store.waiting,
        "verification": store.verification,
        "gaps": store.gaps,
        "generations": store.generations.iter().map(generation).collect::<Vec<_>>(),
    })
}
