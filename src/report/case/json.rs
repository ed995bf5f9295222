//! A case explained as JSON: everything that the text shows, and what it leaves out.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Agreement, CaseTold, DueTold, OtherRule, facts, json_clock, words};
use crate::domain::{
    assignment::Assignment,
    attributes::Attribute,
    case::{CitizenAnswer, Earlier},
    event::Place,
    fact::Satisfaction,
    fold::watch::{Role, TakenFact, WatchedMessage},
    policy::Criterion,
};
use crate::report::json;

/// The whole of it, or without clocks, dues and messages.
pub fn write_json(told: &CaseTold<'_>, is_explained: bool, out: &mut impl Write) -> io::Result<()> {
    let mut object = life(told);
    if is_explained {
        object.append(&mut explained(told));
    }
    json::write(&object, out)
}

fn life(told: &CaseTold<'_>) -> Map<String, Value> {
    let case = &told.watched.case;
    let (verdict, who) = (&told.verdict, &case.reporter);
    let attributes: Map<String, Value> = Attribute::ALL
        .into_iter()
        .map(|(attribute, name)| (name.to_owned(), case.attributes.get(attribute).as_str().into()))
        .collect();
    let note = |(zh, en): &(String, String)| json!({"zh": zh, "en": en});
    let flag = |flag: &super::Flag| json!({"flag": flag.name, "count": flag.count, "zh": flag.zh, "en": flag.en});
    let object = json!({
        "case_id": case.case_id,
        "stream": case.stream,
        "as_of": told.as_of.rfc3339(&told.zone),
        "title": case.title,
        "attributes": attributes,
        "unit": case.unit,
        "unit_name": case.unit_name,
        "reporter": {"name": who.name, "phone": who.phone, "id_number": who.id_number, "key_id": who.key_id},
        "standing": case.standing().map(|standing| standing.name()),
        "phase": case.phase.name(),
        "received_at": case.milestones.received_at.map(|at| at.rfc3339(&told.zone)),
        "closed_at": case.milestones.closed_at.map(|at| at.rfc3339(&told.zone)),
        "due": json_clock::due(case.due, told),
        "verdict": {
            "word": verdict.word,
            "zh": verdict.zh,
            "en": verdict.en,
            "margin_ms": verdict.margin_ms,
            "notes": verdict.notes.iter().map(note).collect::<Vec<_>>(),
        },
        "flags": told.flags.iter().map(flag).collect::<Vec<_>>(),
        "facts": told.watched.facts.iter().map(|taken| fact(taken, told)).collect::<Vec<_>>(),
        "assignments": case.assignments.iter().map(|one| assignment(one, told)).collect::<Vec<_>>(),
        "answers": case.answers.iter().map(|answer| answered(answer, told)).collect::<Vec<_>>(),
        "earlier": case.earlier.iter().map(|one| earlier(one, told)).collect::<Vec<_>>(),
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn explained(told: &CaseTold<'_>) -> Map<String, Value> {
    let case = &told.watched.case;
    let judged = &case.judged_by;
    let rules = told.rules.limits.iter().flat_map(|limits| limits.policy.rules());
    let rule = rules.into_iter().find(|rule| rule.id == judged.rule);
    [
        (
            "judged_by",
            json!({
                "policy": judged.policy,
                "rule": judged.rule,
                "title": rule.map(|rule| &rule.title),
                "source": rule.map(|rule| &rule.source),
                "calendar": judged.calendar,
                "is_provisional": judged.is_provisional,
            }),
        ),
        ("other_rules", told.other_rules.iter().map(other_rule).collect()),
        ("stored", told.agreement.as_ref().map_or(Value::Null, stored)),
        ("due_is_stated", told.is_due_stated().into()),
        ("original_due", json_clock::due(case.original_due, told)),
        ("policy_due", json_clock::due(case.policy_due, told)),
        ("dues", told.dues.iter().map(|one| due(one, told)).collect()),
        ("life", told.life.as_ref().map_or(Value::Null, |life| json_clock::life(life, told))),
        ("clocks", told.clocks.iter().map(|clock| json_clock::clock(clock, told)).collect()),
        ("messages", told.messages.iter().map(|one| message(one, told)).collect()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn other_rule(one: &OtherRule<'_>) -> Value {
    json!({
        "id": one.rule.id,
        "title": one.rule.title,
        "reason": one.reason,
        "criterion": one.criterion.map(Criterion::name),
        "zh": one.zh,
        "en": one.en,
    })
}

fn stored(agreement: &Agreement) -> Value {
    let (zh, en) = agreement.words();
    let row = agreement.stored.as_ref();
    json!({
        "agrees": agreement.agrees(),
        "zh": zh,
        "en": en,
        "generation": row.map(|row| row.generation),
        "rows": row.map(|row| row.rows),
        "policy": row.map(|row| &row.policy),
        "rule": row.map(|row| &row.policy_rule),
        "calendar": row.map(|row| &row.calendar),
        "is_rebuild_due": agreement.has_other_rules,
        "differences": agreement.differences.iter().map(|one| json!({
            "column": one.name, "stored": one.stored, "folded": one.folded,
        })).collect::<Vec<_>>(),
    })
}

fn due(one: &DueTold, told: &CaseTold<'_>) -> Value {
    json!({
        "at": one.at.rfc3339(&told.zone),
        "due": json_clock::due(one.due, told),
        "is_stated": one.is_stated,
        "type": one.kind.name(),
        "place": place(&one.place),
    })
}

fn fact(taken: &TakenFact, told: &CaseTold<'_>) -> Value {
    let (event, kind) = (&taken.event, taken.event.fact.kind());
    json!({
        "at": event.occurred_at.rfc3339(&told.zone),
        "type": kind.name(),
        "zh": words::fact(kind),
        "what": facts::detail(&event.fact, &told.shown()),
        "phase": taken.phase.name(),
        "is_irregular": taken.is_irregular,
        "is_gap": taken.is_gap,
        "unknown_codes": taken.unknown_codes,
        "place": place(&event.place),
    })
}

fn assignment(one: &Assignment, told: &CaseTold<'_>) -> Value {
    let time = |at: Option<crate::domain::time::Millis>| at.map(|at| at.rfc3339(&told.zone));
    json!({
        "unit": one.unit,
        "unit_name": one.unit_name,
        "level": one.level,
        "is_support": one.is_support,
        "at": one.at.rfc3339(&told.zone),
        "signed_at": time(one.signed_at),
        "submitted_at": time(one.submitted_at),
        "ended_at": time(one.ended_at),
        "outcome": one.outcome.name(),
    })
}

fn answered(answer: &CitizenAnswer, told: &CaseTold<'_>) -> Value {
    json!({
        "since": answer.since.rfc3339(&told.zone),
        "attempts": answer.attempts,
        "reached": answer.reached,
        "first_contact": answer.first_contact,
        "solved": answer.solved,
        "satisfaction": answer.satisfaction.map(Satisfaction::name),
    })
}

/// What it stood under until then, as far as it says anything.
fn earlier(one: &Earlier, told: &CaseTold<'_>) -> Value {
    let mut object = Map::new();
    object.insert("until".to_owned(), one.until.rfc3339(&told.zone).into());
    let attributes = Attribute::ALL.into_iter().map(|(attribute, name)| (name, one.attributes.get(attribute).as_str()));
    let units = [("unit", one.unit.as_str()), ("unit_name", one.unit_name.as_str())];
    for (name, value) in attributes.chain(units).filter(|(_, value)| !value.is_empty()) {
        object.insert(name.to_owned(), value.into());
    }
    Value::Object(object)
}

fn message(message: &WatchedMessage<'_>, told: &CaseTold<'_>) -> Value {
    let event = message.event;
    let role = match message.role {
        Role::First => "first",
        Role::Duplicate => "duplicate",
        Role::Conflict => "conflict",
    };
    json!({
        "type": event.fact.kind().name(),
        "source": event.source,
        "event_id": event.id,
        "occurred_at": event.occurred_at.rfc3339(&told.zone),
        "recorded_at": event.recorded_at.map(|at| at.rfc3339(&told.zone)),
        "ingested_at": event.ingested_at.rfc3339(&told.zone),
        "topic": event.place.topic,
        "partition": event.place.partition,
        "offset": event.place.offset,
        "role": role,
        "is_skewed": message.is_skewed,
        "is_ahead": event.is_ahead(),
    })
}

fn place(place: &Place) -> Value {
    json!({"topic": place.topic, "partition": place.partition, "offset": place.offset})
}
