//! Reads ledger rows back into events: what the fold needs of cases that are not in memory.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

use super::{client::Store, error::StoreError, ledger};
use crate::domain::{
    attributes::{Attribute, Attributes},
    event::{Envelope, Event, Place},
    fact::{Correction, Dispatch, Fact, FactKind, Intake, Reason, Reporter},
    snapshot::{Snapshot, Status},
    time::{Due, Millis},
};

/// A row as it lies in the table; the names are the columns'.
#[derive(Row, Deserialize, Debug)]
struct EventRow<'a> {
    case_id: &'a str,
    source: &'a str,
    event_id: &'a str,
    topic: &'a str,
    partition: i32,
    offset: i64,
    stream: &'a str,
    r#type: &'a str,
    envelope: &'a str,
    occurred_at: i64,
    recorded_at: Option<i64>,
    ingested_at: i64,
    seq: u64,
    kind: &'a str,
    channel: &'a str,
    category_standard: &'a str,
    category_code: &'a str,
    category_name: &'a str,
    area: &'a str,
    town: &'a str,
    community: &'a str,
    cell: &'a str,
    duty_grid: &'a str,
    urgency: &'a str,
    external_no: &'a str,
    repeat_of: &'a str,
    reporter_name: &'a str,
    reporter_phone: &'a str,
    reporter_id_number: &'a str,
    reporter_id_region: &'a str,
    key_id: &'a str,
    title: &'a str,
    description: &'a str,
    patrol_dealt: bool,
    media_count: u32,
    unit: &'a str,
    unit_name: &'a str,
    level: u8,
    role: &'a str,
    due_at: Option<i64>,
    due_is_exclusive: bool,
    outcome: Option<bool>,
    filing_condition: &'a str,
    how: &'a str,
    result: &'a str,
    note: &'a str,
    reason_code: &'a str,
    reason: &'a str,
    field: &'a str,
    value: &'a str,
    old_value: &'a str,
    status: &'a str,
    reported_at: Option<i64>,
    accepted_at: Option<i64>,
    filed_at: Option<i64>,
    dispatched_at: Option<i64>,
    submitted_at: Option<i64>,
    closed_at: Option<i64>,
}

/// Case ids in one query; more would make the text of the query larger than it needs to be.
const IDS_MAX: usize = 10_000;

/// Messages of one partition that the caller has in hand already.
#[derive(Clone, Copy, Debug)]
pub struct OffsetRange<'a> {
    pub topic: &'a str,
    pub partition: i32,
    pub first: i64,
    pub next: i64,
}

/// Every ledger row of the given cases except those `in_hand`, in no order; a redelivered message may come twice.
pub async fn of_cases(store: &Store, case_ids: &[&str], in_hand: &[OffsetRange<'_>]) -> Result<Vec<Event>, StoreError> {
    let others: String = in_hand
        .iter()
        .map(|OffsetRange { topic, partition, first, next }| {
            let topic = quoted(topic);
            format!(" AND NOT (partition = {partition} AND offset >= {first} AND offset < {next} AND topic = {topic})")
        })
        .collect();
    let mut events = Vec::new();
    for ids in case_ids.chunks(IDS_MAX) {
        let list: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
        let sql = format!(
            "SELECT {} FROM {{{{database}}}}.events WHERE case_id IN ({}){others}",
            ledger::names(),
            list.join(",")
        );
        // Ids come in the query's text, because as parameters they would have to fit into a URL.
        let query = store.query(&sql).with_setting("max_query_size", "67108864");
        let mut cursor = query.fetch::<EventRow<'_>>().map_err(|error| store.error(&error))?;
        while let Some(row) = cursor.next().await.map_err(|error| store.error(&error))? {
            events.push(row.event()?);
        }
    }
    Ok(events)
}

/// A string literal of ClickHouse.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

impl EventRow<'_> {
    fn event(&self) -> Result<Event, StoreError> {
        let unreadable = |what: &str| StoreError::Other {
            code: 0,
            detail: format!(
                "the ledger row at {}[{}]@{} has an unknown {what}: was it written by a newer version?",
                self.topic, self.partition, self.offset
            ),
        };
        let kind = FactKind::from_name(self.r#type).ok_or_else(|| unreadable("type"))?;
        Ok(Event {
            place: Place { topic: self.topic.into(), partition: self.partition, offset: self.offset },
            envelope: Envelope::from_name(self.envelope).ok_or_else(|| unreadable("envelope"))?,
            ingested_at: Millis(self.ingested_at),
            stream: self.stream.into(),
            case_id: self.case_id.into(),
            source: self.source.into(),
            id: self.event_id.into(),
            occurred_at: Millis(self.occurred_at),
            recorded_at: self.recorded_at.map(Millis),
            seq: self.seq,
            fact: self.fact(kind).ok_or_else(|| unreadable("value"))?,
        })
    }

    fn fact(&self, kind: FactKind) -> Option<Fact> {
        let unit = || SmolStr::from(self.unit);
        let outcome = || self.outcome.unwrap_or(false);
        Some(match kind {
            FactKind::Reported => Fact::Reported(Box::new(self.intake())),
            FactKind::Accepted => Fact::Accepted(Box::new(self.intake())),
            FactKind::Rejected => Fact::Rejected(self.reason()),
            FactKind::Filed => {
                Fact::Filed { condition: self.filing_condition.into(), urgency: self.urgency.into(), due: self.due() }
            }
            FactKind::NotFiled => Fact::NotFiled(self.reason()),
            FactKind::Dispatched => Fact::Dispatched(Box::new(Dispatch {
                unit: unit(),
                unit_name: self.unit_name.into(),
                level: self.level,
                role: self.role.into(),
                due: self.due(),
            })),
            FactKind::Signed => Fact::Signed { unit: unit() },
            FactKind::Contacted => Fact::Contacted { contacted: outcome(), unit: unit(), reason: self.reason() },
            FactKind::ExtensionDecided => {
                Fact::ExtensionDecided { approved: outcome(), due: self.due(), reason: self.reason() }
            }
            FactKind::Suspended => Fact::Suspended { reason: self.reason() },
            FactKind::Resumed => Fact::Resumed { due: self.due() },
            FactKind::Submitted => Fact::Submitted { unit: unit(), result: self.result.into(), note: self.note.into() },
            FactKind::Checked => Fact::Checked { passed: outcome(), reason: self.reason() },
            FactKind::Closed => Fact::Closed { how: self.how.into(), result: self.result.into() },
            FactKind::Reopened => Fact::Reopened { due: self.due(), reason: self.reason() },
            FactKind::Voided => Fact::Voided(self.reason()),
            FactKind::VoidRevoked => Fact::VoidRevoked(self.reason()),
            FactKind::Corrected => {
                Fact::Corrected { correction: self.correction()?, old: self.old_value.into(), reason: self.reason() }
            }
            FactKind::Snapshot => Fact::Snapshot(Box::new(self.snapshot()?)),
        })
    }

    fn due(&self) -> Option<Due> {
        self.due_at.map(|at| Due { at: Millis(at), is_exclusive: self.due_is_exclusive })
    }

    fn reason(&self) -> Reason {
        Reason { code: self.reason_code.into(), text: self.reason.into() }
    }

    fn intake(&self) -> Intake {
        Intake {
            attributes: Attributes {
                kind: self.kind.into(),
                channel: self.channel.into(),
                category_standard: self.category_standard.into(),
                category_code: self.category_code.into(),
                category_name: self.category_name.into(),
                area: self.area.into(),
                town: self.town.into(),
                community: self.community.into(),
                cell: self.cell.into(),
                duty_grid: self.duty_grid.into(),
                urgency: self.urgency.into(),
                external_no: self.external_no.into(),
                repeat_of: self.repeat_of.into(),
            },
            due: self.due(),
            is_patrol_dealt: self.patrol_dealt,
            media_count: self.media_count,
            title: self.title.into(),
            description: self.description.into(),
            reporter: Reporter {
                name: self.reporter_name.into(),
                phone: self.reporter_phone.into(),
                id_number: self.reporter_id_number.into(),
                id_region: self.reporter_id_region.into(),
                key_id: self.key_id.into(),
            },
        }
    }

    fn correction(&self) -> Option<Correction> {
        let time = || self.value.parse().ok().map(Millis);
        Some(match self.field {
            "unit" => Correction::Unit(self.value.into()),
            "received_at" => Correction::ReceivedAt(time()?),
            "closed_at" => Correction::ClosedAt(time()?),
            "due_at" => Correction::DueAt(self.due()?),
            name => Correction::Attribute(Attribute::from_name(name)?, self.value.into()),
        })
    }

    fn snapshot(&self) -> Option<Snapshot> {
        Some(Snapshot {
            status: Status::from_name(self.status)?,
            intake: self.intake(),
            unit: self.unit.into(),
            reported_at: self.reported_at.map(Millis),
            accepted_at: self.accepted_at.map(Millis),
            filed_at: self.filed_at.map(Millis),
            dispatched_at: self.dispatched_at.map(Millis),
            submitted_at: self.submitted_at.map(Millis),
            closed_at: self.closed_at.map(Millis),
            result: self.result.into(),
        })
    }
}
