//! Editions for programs.

use serde_json::{Value, json};

use super::{
    problem::PublishProblem,
    text::zone,
    value::{counted, rate},
    verifying::Verified,
};
use crate::{
    domain::kpi::Figure,
    store::published::{Edition, Frozen},
};

/// What a table of editions shows of each, of what [`edition`] tells.
pub const EDITION_COLUMNS: [&str; 16] = [
    "report",
    "edition",
    "serial",
    "from",
    "to",
    "as_of",
    "zone",
    "published_at",
    "published_by",
    "note",
    "program",
    "generation",
    "policy",
    "calendar",
    "cases",
    "sha256",
];

/// 版次 for programs: the head, and what it rests on.
pub fn edition(of: &Edition) -> Value {
    let zone = zone(of);
    json!({
        "report": of.report,
        "edition": of.edition,
        "serial": of.serial,
        "from": of.from.rfc3339(&zone),
        "to": of.to.rfc3339(&zone),
        "as_of": of.as_of.rfc3339(&zone),
        "zone": of.zone,
        "published_at": of.published_at.rfc3339(&zone),
        "published_by": of.published_by,
        "note": of.note,
        "program": of.program,
        "generation": of.generation,
        "policy": of.policy,
        "calendar": of.calendar,
        "judged": of.judged.iter().map(|one| json!({
            "policy": one.policy, "calendar": one.calendar, "cases": one.cases,
        })).collect::<Vec<_>>(),
        "ledger": of.positions.iter().map(|one| json!({
            "topic": one.topic, "partition": one.partition, "next_offset": one.next,
        })).collect::<Vec<_>>(),
        "cases": of.cases,
        "verdicts_sha256": of.verdicts_sha256,
        "figures_sha256": of.figures_sha256,
        "previous": of.previous,
        "sha256": of.sha256,
        "attempt": of.attempt,
    })
}

/// One number, with its definition.
pub fn figure(of: &Frozen) -> Value {
    let counted = counted(of);
    let seconds = |ms: Option<i64>| ms.map(|ms| ms.div_euclid(1000));
    json!({
        "kpi": of.figure,
        "grouped_by": of.grouped_by,
        "group": of.groups,
        "numerator": of.numerator,
        "denominator": of.denominator,
        "rate": rate(Figure::by_id(&of.figure), &counted),
        "median_s": seconds(of.spread.map(|spread| spread.median)),
        "p90_s": seconds(of.spread.map(|spread| spread.p90)),
        "mean_s": seconds(of.spread.map(|spread| spread.mean)),
        "max_s": seconds(of.spread.map(|spread| spread.max)),
        "definition": serde_json::from_str::<Value>(&of.definition).unwrap_or_else(|_| of.definition.clone().into()),
        "definition_sha256": of.definition_sha256,
    })
}

/// What `publish verify --json` answers.
pub fn verified(of: &Verified) -> Value {
    json!({
        "is_as_published": of.problems.is_empty(),
        "editions": of.editions.iter().map(edition).collect::<Vec<_>>(),
        "problems": of.problems.iter().map(problem).collect::<Vec<_>>(),
        "notes": of.notes.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn problem(of: &PublishProblem) -> Value {
    json!({ "kind": of.kind, "report": of.report, "edition": of.edition, "zh": of.zh, "en": of.en })
}
