//! Drift for programs.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Cause, Drift, DriftChange, DriftMessage, Moved, Refolded};
use crate::{
    domain::{kpi::Figure, time::Millis},
    report::publish::{json::edition, publishing::FigureDifference, recount::Counted, text::zone, value::rate},
    store::published::{Amounts, PublishedVerdict},
};

pub fn drift(of: &Drift) -> Value {
    let zone = zone(&of.edition);
    let case = |(moved, cause): &(Moved, Cause)| case(moved, cause, &zone);
    json!({
        "edition": edition(&of.edition),
        "as_of": of.as_of.rfc3339(&zone),
        "redefined": of.redefined,
        "figures": of.figures.iter().map(|one| difference(of, one)).collect::<Vec<_>>(),
        "moved": of.moved,
        "touched": of.touched,
        "cases": of.cases.iter().map(case).collect::<Vec<_>>(),
    })
}

fn difference(of: &Drift, one: &FigureDifference) -> Value {
    let figure = Figure::by_id(&one.cell.figure);
    let side = |counted: &Option<Counted>| counted.as_ref().map(|counted| side(figure, counted));
    let flow = of.edition.figures.iter().position(|id| *id == *one.cell.figure);
    let flow = flow.and_then(|at| of.flows.get(at)).filter(|_| one.cell.grouped_by.is_none());
    json!({
        "kpi": one.cell.figure.as_str(),
        "grouped_by": one.cell.grouped_by,
        "group": one.cell.grouped_by.map(|_| one.cell.group.as_str()),
        "published": side(&one.frozen),
        "now": side(&one.counted),
        "into_numerator": flow.map(|flow| flow.into_numerator),
        "out_of_numerator": flow.map(|flow| flow.out_of_numerator),
        "into_denominator": flow.map(|flow| flow.into_denominator),
        "out_of_denominator": flow.map(|flow| flow.out_of_denominator),
    })
}

fn side(figure: Option<&Figure>, counted: &Counted) -> Value {
    json!({
        "numerator": counted.numerator,
        "denominator": counted.denominator,
        "rate": rate(figure, counted),
        "median_s": counted.spread.map(|spread| spread.median.div_euclid(1000)),
    })
}

fn case(moved: &Moved, cause: &Cause, zone: &TimeZone) -> Value {
    let (stream, case_id) = moved.key();
    json!({
        "stream": stream,
        "case_id": case_id,
        "before": moved.before.as_ref().map(|one| state(one, zone)),
        "after": moved.after.as_ref().map(|one| state(one, zone)),
        "figures": moved.changes.iter().map(change).collect::<Vec<_>>(),
        "messages": messages(&cause.messages, zone),
        "refolded": cause.refolded.as_ref().map(refolded),
        "happened_later": messages(&cause.later, zone),
    })
}

fn state(of: &PublishedVerdict, zone: &TimeZone) -> Value {
    let time = |at: Option<i64>| at.map(|at| Millis(at).rfc3339(zone));
    json!({
        "standing": of.standing.as_str(),
        "received_at": time(of.received_at),
        "due_at": time(of.due_at),
        "finished_at": time(of.finished_at),
        "closed_at": time(of.closed_at),
        "unit": of.unit_label().as_str(),
        "community": of.community.as_str(),
        "policy": of.policy.as_str(),
        "policy_rule": of.policy_rule.as_str(),
        "calendar": of.calendar.as_str(),
        "generation": of.generation(),
        "messages": of.rows(),
    })
}

fn change(of: &DriftChange) -> Value {
    let side = |amounts: Amounts, duration: Option<i64>| json!({ "n": amounts.n, "d": amounts.d, "duration_s": duration.map(|ms| ms.div_euclid(1000)) });
    json!({
        "kpi": of.figure.id,
        "before": side(of.before, of.duration[0]),
        "after": side(of.after, of.duration[1]),
    })
}

fn messages(all: &[DriftMessage], zone: &TimeZone) -> Vec<Value> {
    let time = |at: Millis| at.rfc3339(zone);
    all.iter()
        .map(|one| {
            json!({
                "type": one.kind,
                "occurred_at": time(one.occurred_at),
                "recorded_at": one.recorded_at.map(time),
                "ingested_at": time(one.ingested_at),
                "topic": one.place.topic.as_str(),
                "partition": one.place.partition,
                "offset": one.place.offset,
            })
        })
        .collect()
}

fn refolded(of: &Refolded) -> Value {
    let side = |at: usize| {
        json!({
            "generation": of.generations[at],
            "policy": of.policies[at],
            "rule": of.rules[at],
            "calendar": of.calendars[at],
        })
    };
    json!({ "before": side(0), "after": side(1), "is_by_other_rules": of.is_by_other_rules() })
}
