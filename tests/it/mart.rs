//! The mart shows what the ledger keeps as JSON in typed columns: for every type each field in its column, and in no other.

use serde_json::{Map, Value, json};
use tongguan::{
    domain::{
        attributes::{Attribute, Attributes},
        event::{Envelope, Event, Place},
        fact::{Dispatch, Fact, FactKind, Intake, Reason, Reporter},
        snapshot::{Snapshot, Status},
        time::{Due, Millis},
    },
    store::ledger,
};

use crate::{said, town::Town};

/// 2021-03-06 10:00 in Shanghai, and so many hours later.
pub fn hour(n: i64) -> Millis {
    Millis(1_614_996_000_000 + n * 3_600_000)
}

pub fn due() -> Due {
    Due { at: hour(14), is_exclusive: true }
}

pub fn reason() -> Reason {
    Reason { code: "R1".into(), text: "原因".into() }
}

fn intake() -> Intake {
    let mut attributes = Attributes::default();
    for (attribute, name) in Attribute::ALL {
        attributes.set(attribute, format!("的{name}").into());
    }
    let reporter =
        Reporter { name: "pseudonym".into(), phone: "pseudonym".into(), key_id: "k".into(), ..Reporter::default() };
    Intake {
        attributes,
        due: Some(due()),
        is_patrol_dealt: true,
        is_assessed: Some(false),
        media_count: 3,
        title: "标题".into(),
        description: "描述".into(),
        reporter,
    }
}

/// The columns of an intake, and more.
fn shown_with(more: Value) -> Value {
    let mut shown = json!({
        "kind": "的kind", "channel": "的channel", "category_standard": "的category_standard",
        "category_code": "的category_code", "category_name": "的category_name", "area": "的area", "town": "的town",
        "community": "的community", "cell": "的cell", "duty_grid": "的duty_grid", "urgency": "的urgency",
        "external_no": "的external_no", "repeat_of": "的repeat_of", "title": "标题", "description": "描述",
        "patrol_dealt": true, "assessed": false, "media_count": 3, "due_at": "2021-03-07 00:00:00.000", "due_is_exclusive": true,
    });
    shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shown
}

fn snapshot() -> Fact {
    Fact::Snapshot(Box::new(Snapshot {
        status: Some(Status::NotFiled),
        intake: intake(),
        unit: "U".into(),
        reported_at: Some(hour(0)),
        accepted_at: Some(hour(1)),
        filed_at: Some(hour(2)),
        dispatched_at: Some(hour(3)),
        submitted_at: Some(hour(4)),
        closed_at: Some(hour(5)),
        result: "结果".into(),
        ..Snapshot::default()
    }))
}

/// Each fact, and the columns that it fills.
fn said() -> Vec<(Fact, Value)> {
    let why = || json!({ "reason_code": "R1", "reason": "原因" });
    let due_at = "2021-03-07 00:00:00.000";
    vec![
        (Fact::Reported(Box::new(intake())), shown_with(json!({}))),
        (Fact::Accepted(Box::new(intake())), shown_with(json!({}))),
        (Fact::Rejected(reason()), why()),
        (
            Fact::Filed { condition: "条件".into(), urgency: "急".into(), due: Some(due()) },
            json!({ "filing_condition": "条件", "urgency": "急", "due_at": due_at, "due_is_exclusive": true }),
        ),
        (Fact::NotFiled(reason()), why()),
        (
            Fact::Dispatched(Box::new(Dispatch {
                unit: "U".into(),
                unit_name: "单位".into(),
                level: 3,
                role: "lead".into(),
                due: Some(Due { at: hour(1), is_exclusive: false }),
            })),
            json!({ "unit": "U", "unit_name": "单位", "level": 3, "role": "lead", "due_at": "2021-03-06 11:00:00.000" }),
        ),
        (Fact::Signed { unit: "U".into() }, json!({ "unit": "U" })),
        (
            Fact::Contacted { contacted: true, unit: "U".into(), reason: reason() },
            json!({ "outcome": true, "unit": "U", "reason_code": "R1", "reason": "原因" }),
        ),
        (
            Fact::ExtensionDecided { approved: true, due: Some(due()), reason: reason() },
            json!({ "outcome": true, "due_at": due_at, "due_is_exclusive": true, "reason_code": "R1", "reason": "原因" }),
        ),
        (Fact::Suspended { reason: reason() }, why()),
        (Fact::Resumed { due: Some(due()) }, json!({ "due_at": due_at, "due_is_exclusive": true })),
        (
            Fact::Submitted { unit: "U".into(), result: "结果".into(), note: "情况".into() },
            json!({ "unit": "U", "result": "结果", "note": "情况" }),
        ),
        // A no is a no, and not "nothing was said".
        (
            Fact::Checked { passed: false, reason: reason() },
            json!({ "outcome": false, "reason_code": "R1", "reason": "原因" }),
        ),
        (Fact::Closed { how: "正常".into(), result: "结果".into() }, json!({ "how": "正常", "result": "结果" })),
        (
            Fact::Reopened { due: Some(due()), reason: reason() },
            json!({ "due_at": due_at, "due_is_exclusive": true, "reason_code": "R1", "reason": "原因" }),
        ),
        (Fact::Voided(reason()), why()),
        (Fact::VoidRevoked(reason()), why()),
        (
            snapshot(),
            shown_with(json!({
                "status": "not_filed", "unit": "U", "result": "结果",
                "reported_at": "2021-03-06 10:00:00.000", "accepted_at": "2021-03-06 11:00:00.000",
                "filed_at": "2021-03-06 12:00:00.000", "dispatched_at": "2021-03-06 13:00:00.000",
                "submitted_at": "2021-03-06 14:00:00.000", "closed_at": "2021-03-06 15:00:00.000",
            })),
        ),
    ]
    .into_iter()
    .chain([said::tallied()])
    .chain(said::of_handling())
    .chain(said::on_revisits())
    .chain(said::put_right_all())
    .collect()
}

fn event(offset: usize, fact: Fact) -> Event {
    Event {
        place: Place { topic: "t".into(), partition: 0, offset: offset as i64 },
        envelope: Envelope::Bare,
        ingested_at: hour(0),
        stream: "grid".into(),
        case_id: "c".into(),
        source: "s".into(),
        id: format!("{offset}").into(),
        occurred_at: hour(0),
        recorded_at: None,
        seq: 0,
        fact,
    }
}

/// What of a row is neither the envelope's nor empty. Some columns tell a no from nothing.
fn filled(row: Map<String, Value>) -> Value {
    const ENVELOPE: [&str; 13] = [
        "case_id",
        "source",
        "event_id",
        "topic",
        "partition",
        "offset",
        "stream",
        "type",
        "envelope",
        "occurred_at",
        "recorded_at",
        "ingested_at",
        "seq",
    ];
    const TELLS_NO: [&str; 5] = ["outcome", "reached", "first_contact", "solved", "assessed"];
    let is_empty = |name: &str, value: &Value| match value {
        Value::Null => true,
        Value::Bool(yes) => !yes && !TELLS_NO.contains(&name),
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_u64() == Some(0),
        _ => false,
    };
    row.into_iter().filter(|(name, value)| !ENVELOPE.contains(&name.as_str()) && !is_empty(name, value)).collect()
}

#[test]
fn every_field_of_every_type_stands_in_its_typed_column_and_in_no_other() {
    let town = Town::new();
    let said = said();
    let kinds: Vec<FactKind> = said.iter().map(|(fact, _)| fact.kind()).collect();
    assert!(FactKind::ALL.iter().all(|(kind, _)| kinds.contains(kind)), "every type is here");
    let events: Vec<Event> = said.iter().enumerate().map(|(n, (fact, _))| event(n, fact.clone())).collect();
    town.wait(async { ledger::insert(&town.store(), ledger::encode(events.iter())).await.unwrap() });
    let rows = town.query("SELECT * FROM {db}_mart.events ORDER BY offset FORMAT JSONEachRow");
    assert_eq!(rows.lines().count(), said.len());
    for (row, (fact, shown)) in rows.lines().zip(said) {
        let row: Map<String, Value> = serde_json::from_str(row).unwrap();
        assert_eq!(row["type"], fact.kind().name());
        assert_eq!(filled(row), shown, "{fact:#?}");
    }
    assert!(!rows.contains("pseudonym"), "the mart shows no pseudonym");
}
