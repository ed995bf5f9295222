//! One row becomes its events, or a reason why not: either all events of a row are made, or none.

use std::{fmt::Write, ops::Range};

use super::{
    clock::{Bare, Clock},
    fault::{Damage, Fault, RowProblem},
    mapping::{EventRule, Mapping, MissingTime, Row, Slot, Take},
    record::Mark,
};
use crate::{
    domain::{fact::FactKind, time::Millis},
    feed::{
        contract::{
            Data, WireTime,
            envelope::{CASE_ID_MAX, Structured, case_id_fault},
        },
        door::check,
        producer::PAYLOAD_MAX,
    },
};

/// The contract's limit, in bytes.
const EVENT_ID_MAX: usize = 256;

/// The events of one row; kept from row to row for its buffers.
#[derive(Debug, Default)]
pub(super) struct RowEvents {
    pub(super) case_id: String,
    pub(super) events: Vec<Made>,
    /// Types whose time was not there, so that they have not happened.
    pub(super) without_time: Vec<FactKind>,
    /// Did a rule match that is not repeated on every row of the case?
    pub(super) has_own: bool,
    /// Does one of the events state by when the case is due?
    pub(super) has_due: bool,
    /// When it happened, where the row does not say it.
    pub(super) else_at: Option<WireTime>,
    /// Times that are filled, though the condition of their rule is false, and that no other rule took.
    pub(super) passed_over: Vec<PassedOver>,
    json: Vec<u8>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct PassedOver {
    pub(super) time: Slot,
    pub(super) rule: usize,
    /// The column of the condition.
    pub(super) asked: Slot,
    /// It holds text and no codes.
    pub(super) is_text: bool,
}

#[derive(Debug)]
pub(super) struct Made {
    pub(super) kind: FactKind,
    pub(super) id: String,
    pub(super) at: Millis,
    bytes: Range<usize>,
}

impl RowEvents {
    pub(super) fn payload(&self, event: &Made) -> &[u8] {
        &self.bytes[event.bytes.clone()]
    }

    pub(super) fn make(&mut self, mapping: &Mapping, clock: &Clock, row: Row<'_>) -> Result<(), RowProblem> {
        self.events.clear();
        self.without_time.clear();
        self.passed_over.clear();
        self.bytes.clear();
        (self.has_own, self.has_due) = (false, false);
        self.read_case_id(mapping, row)?;
        let mut taken = Vec::new();
        for (place, rule) in mapping.events.iter().enumerate() {
            let filled = rule.time.filled(row);
            if let Some(condition) = rule.refused_by(row) {
                let passed = filled.map(|time| PassedOver {
                    time,
                    rule: place,
                    asked: condition.column,
                    is_text: condition.is_pattern(),
                });
                self.passed_over.extend(passed);
                continue;
            }
            taken.extend(filled);
            let said = rule.time.value(row).map(|text| clock.read(&text, Bare::of_time(rule.bare.or(clock.bare))));
            match said.or(self.else_at.map(Ok)) {
                Some(time) => {
                    let time = time.map_err(|fault| fault.at(&rule.time.label))?;
                    self.make_one(mapping, clock, rule, time, row)?;
                    self.has_own |= !rule.is_repeated;
                }
                None if rule.missing_time == MissingTime::Skip => self.without_time.push(rule.kind),
                None => {
                    let what = format!("the time of {}, which the row says has happened,", rule.type_name);
                    return Err(Fault::Missing { what }.at(&rule.time.label));
                }
            }
        }
        self.passed_over.retain(|passed| !taken.contains(&passed.time));
        self.passed_over.dedup_by_key(|passed| passed.time);
        self.events.sort_by_key(|event| event.at);
        Ok(())
    }

    /// Of a mapping by which a row is one event.
    pub(super) fn only(self) -> Result<Vec<u8>, RowProblem> {
        match self.events.as_slice() {
            [only] => Ok(self.payload(only).to_vec()),
            _ => Err(Fault::NoRule.at("")),
        }
    }

    fn read_case_id(&mut self, mapping: &Mapping, row: Row<'_>) -> Result<(), RowProblem> {
        let take = &mapping.case_id;
        self.case_id.clear();
        let id = take.value(row).ok_or_else(|| Fault::Missing { what: "the case's number".to_owned() });
        self.case_id.push_str(&id.map_err(|fault| fault.at(&take.label))?);
        check_case_id(&self.case_id, take, row).map_err(|fault| fault.at(&take.label))
    }

    fn make_one(
        &mut self,
        mapping: &Mapping,
        clock: &Clock,
        rule: &EventRule,
        time: WireTime,
        row: Row<'_>,
    ) -> Result<(), RowProblem> {
        mapping.check_time(time.at).map_err(|fault| fault.at(&rule.time.label))?;
        let id = self.id(rule, time, row)?;
        let data = self.data(clock, rule, row)?;
        let recorded = rule.recorded.as_ref().and_then(|take| take.value(row).map(|text| (take, text)));
        let recordedtime = recorded
            .map(|(take, text)| {
                let read = clock.read(&text, Bare::of_time(clock.bare));
                let possible = read.and_then(|wire| mapping.check_time(wire.at).map(|()| wire));
                possible.map_err(|fault| fault.at(&take.label))
            })
            .transpose()?;
        let event = Structured {
            specversion: "1.0",
            id: &id,
            source: &mapping.source,
            kind: &rule.type_name,
            subject: &self.case_id,
            time,
            recordedtime,
            sequence: sequence(rule, row)?.map(|number| number.to_string().into()),
            datacontenttype: Some("application/json"),
            data: &data,
        };
        let start = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, &event).map_err(|_| unwritable())?;
        if self.bytes.len() - start > PAYLOAD_MAX {
            let longest = row.slots().max_by_key(|slot| row.cell(*slot).map_or(0, str::len));
            let column = longest.map_or("", |slot| mapping.columns.name(slot));
            return Err(Fault::TooLong { what: "the event, with this column,", limit: PAYLOAD_MAX }.at(column));
        }
        self.events.push(Made { kind: rule.kind, id, at: time.at, bytes: start..self.bytes.len() });
        Ok(())
    }

    /// `<case>:<type>:<time in UTC>`, or `<case>:<type>:<values>`: the same row always has the same id.
    fn id(&self, rule: &EventRule, time: WireTime, row: Row<'_>) -> Result<String, RowProblem> {
        let mut id = format!("{}:{}", self.case_id, rule.kind.name());
        for take in &rule.id {
            let value = take.value(row).ok_or_else(|| Fault::Missing { what: "a part of the event's id".to_owned() });
            id.push(':');
            id.push_str(&value.map_err(|fault| fault.at(&take.label))?);
        }
        if rule.id.is_empty() {
            push_compact(&mut id, time.at);
        }
        match within(&id, "the event's id", EVENT_ID_MAX) {
            Ok(()) => Ok(id),
            Err(fault) => Err(fault.at(rule.id.first().map_or("", |take| &take.label))),
        }
    }

    fn data(&mut self, clock: &Clock, rule: &EventRule, row: Row<'_>) -> Result<Data, RowProblem> {
        self.json.clear();
        rule.data.write(row, clock, &mut self.json)?;
        let json = std::str::from_utf8(&self.json).map_err(|_| unwritable())?;
        let data = Data::parse(rule.kind, json, |_| {}).map_err(|_| unwritable())?;
        self.has_due |= json.contains("\"due_at\":"); // a quote within a text would be escaped
        check(&data, &clock.zone).map_err(|refused| {
            let place = refused.field.strip_prefix("/data/").unwrap_or_default();
            Fault::Contract { problem: refused.to_string() }.at(rule.data.label(place))
        })?;
        Ok(data)
    }
}

/// The kinds of all fields were checked before, so this is a mistake of ours, not of the file.
fn unwritable() -> RowProblem {
    Fault::Contract { problem: "the data does not fit the type".to_owned() }.at("")
}

fn within(text: &str, what: &'static str, limit: usize) -> Result<(), Fault> {
    if text.len() <= limit { Ok(()) } else { Err(Fault::TooLong { what, limit }) }
}

/// By the rule of the contract, so that nothing is sent that the service would refuse.
fn check_case_id(id: &str, take: &Take, row: Row<'_>) -> Result<(), Fault> {
    if take.is_cell() && take.filled(row).is_some_and(|slot| row.mark(slot) == Some(Mark::Date)) {
        return Err(Fault::Damaged { how: Damage::Date });
    }
    within(id, "the case's number", CASE_ID_MAX)?;
    case_id_fault(id).map_or(Ok(()), |problem| Err(Fault::BadCaseId { problem }))
}

fn sequence(rule: &EventRule, row: Row<'_>) -> Result<Option<u64>, RowProblem> {
    let Some((take, text)) = rule.sequence.as_ref().and_then(|take| take.value(row).map(|text| (take, text))) else {
        return Ok(None);
    };
    let wrong = || Fault::WrongKind { wanted: "a whole number".to_owned() }.at(&take.label);
    text.parse().map(Some).map_err(|_| wrong())
}

/// `:20150101T052009Z`, with milliseconds only where there are any.
fn push_compact(id: &mut String, at: Millis) {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return };
    let utc = jiff::tz::Offset::UTC.to_datetime(instant);
    let (date, time) = (utc.date(), utc.time());
    // Writing to a String cannot fail.
    let _ = write!(
        id,
        ":{:04}{:02}{:02}T{:02}{:02}{:02}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    if time.millisecond() != 0 {
        let _ = write!(id, ".{:03}", time.millisecond());
    }
    id.push('Z');
}
