//! A clock as JSON: every move and every segment. Amounts are milliseconds, or days where the limit counts days.

use serde_json::{Value, json};

use super::{
    CaseTold,
    clock::{ClockTold, LifeTold, Sums},
    words,
};
use crate::domain::{
    calendar::{Convention, Limit, Measure},
    clock::{Move, Segment},
    time::{Due, Millis},
};

pub(super) fn clock(clock: &ClockTold, told: &CaseTold<'_>) -> Value {
    let (trail, zone) = (&clock.trail, &told.zone);
    let time = |at: Millis| at.rfc3339(zone);
    let Some(last) = trail.last() else { return Value::Null };
    let sentence = clock.sentence(told.as_of, &told.shown());
    let unit = clock.whose.as_ref();
    json!({
        "stage": trail.name.name(),
        "zh": trail.name.title_zh(),
        "assignment": trail.assignment,
        "unit": unit.map(|(unit, _)| unit),
        "unit_name": unit.map(|(_, name)| name),
        "gives_due": trail.is_main && !told.is_due_stated(),
        "limit": last.limit.map(limit),
        "measure": words::measure(clock.measure).0,
        "hours": clock.hours,
        "started_at": time(last.reading.started_at),
        "stopped_at": last.reading.stopped_at.map(time),
        "original_due_at": time(last.reading.original_due.at),
        "due_at": time(last.reading.due.at),
        "due_is_exclusive": last.reading.due.is_exclusive,
        "is_provisional": last.reading.is_provisional,
        "was_red": last.reading.ever_red,
        "extensions": last.reading.extensions,
        "idle_extensions": last.reading.idle_extensions,
        "state": clock.state,
        "light": clock.light.map(|light| light.name()),
        "verdict": sentence.map(|(zh, en)| json!({"zh": zh, "en": en})),
        "moves": trail.moves.iter().map(|one| moved(one, told)).collect::<Vec<_>>(),
        "segments": segments(&clock.segments, told),
        "sums": sums(clock.sums, clock.measure),
    })
}

pub(super) fn life(life: &LifeTold, told: &CaseTold<'_>) -> Value {
    json!({
        "from": life.from.rfc3339(&told.zone),
        "until": life.until.rfc3339(&told.zone),
        "is_closed": life.is_closed,
        "segments": segments(&life.segments, told),
        "sums": sums(life.sums, Measure::Work),
    })
}

fn segments(segments: &[Segment], told: &CaseTold<'_>) -> Vec<Value> {
    let segment = |one: &Segment| {
        let (kind, zh, en) = words::segment(&one.kind);
        json!({
            "from": one.from.rfc3339(&told.zone),
            "until": one.until.rfc3339(&told.zone),
            "kind": kind,
            "zh": zh,
            "en": en,
            "round": one.round,
            "amount": one.amount,
            "worked_ms": one.worked,
        })
    };
    segments.iter().map(segment).collect()
}

/// `counted` and `paused` are of the last round, which the limit judges.
fn sums(sums: Sums, measure: Measure) -> Value {
    let unit = match measure {
        Measure::Clock | Measure::Work => "ms",
        Measure::Days | Measure::Workdays => "days",
    };
    json!({
        "unit": unit,
        "counted": sums.counted,
        "paused": sums.paused,
        "worked_ms": sums.worked_ms,
        "counted_work_ms": sums.counted_work_ms,
    })
}

fn moved(one: &Move, told: &CaseTold<'_>) -> Value {
    json!({
        "at": one.at.rfc3339(&told.zone),
        "happening": one.happening.name(),
        "due_at": one.reading.due.at.rfc3339(&told.zone),
    })
}

fn limit(limit: Limit) -> Value {
    json!({
        "n": limit.count(),
        "unit": limit.unit().name(),
        "convention": limit.convention().map(Convention::name),
    })
}

pub(super) fn due(due: Option<Due>, told: &CaseTold<'_>) -> Value {
    due.map_or(Value::Null, |due| json!({"at": due.at.rfc3339(&told.zone), "is_exclusive": due.is_exclusive}))
}
