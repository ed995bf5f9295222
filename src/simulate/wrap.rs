//! Wraps a step of a life as one Kafka message: structured CloudEvent, binary CloudEvent, or bare JSON.
//! The same step gives the same bytes every time.

use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};
use smol_str::format_smolstr;

use super::{
    deliveries::{Delivery, PlannedWrapping},
    life::Life,
    wording::{self, wire},
    working::OFFSET_S,
};
use crate::{
    domain::{fact::FactKind, time::Millis},
    feed::{
        contract::envelope::{Bare, Structured},
        producer,
    },
};

/// One message as it goes to Kafka.
#[derive(Debug)]
pub struct SimulatedMessage<'a> {
    pub stream: &'a str,
    /// When the source would have sent it.
    pub at: Millis,
    pub key: &'a str,
    pub wrapping: producer::Wrapping<'a>,
    pub payload: &'a [u8],
}

/// Writes messages into buffers that are used again.
#[derive(Debug)]
pub struct Wrapper {
    zone: TimeZone,
    types: Vec<String>,
    id: String,
    sequence: String,
    payload: Vec<u8>,
}

impl Wrapper {
    pub fn new() -> Self {
        let zone = Offset::from_seconds(OFFSET_S).map_or(TimeZone::UTC, TimeZone::fixed);
        let types = FactKind::ALL.iter().map(|(kind, _)| kind.type_name()).collect();
        Self { zone, types, id: String::new(), sequence: String::new(), payload: Vec::with_capacity(2048) }
    }

    pub fn send<E: From<serde_json::Error>>(
        &mut self,
        life: &Life,
        delivery: &Delivery,
        send: &mut impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (case, number) = (&life.case, delivery.step + 1);
        let step = &life.steps[usize::from(delivery.step)];
        let data = wording::data(life, step.act);
        let kind = &self.types[step.act.kind() as usize];
        self.id.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.id, "{}-{number:02}", case.id);
        self.payload.clear();
        let (source, subject) = (case.track.source(), case.id.as_str());
        let message = |wrapping, payload| SimulatedMessage {
            stream: case.track.stream(),
            at: delivery.at,
            key: subject,
            wrapping,
            payload,
        };
        match delivery.wrapping {
            PlannedWrapping::Structured => {
                let event = Structured {
                    specversion: "1.0",
                    id: &self.id,
                    source,
                    kind,
                    subject,
                    time: wire(step.at),
                    recordedtime: Some(wire(step.recorded_at)),
                    sequence: Some(format_smolstr!("{number}")),
                    datacontenttype: None,
                    data: &data,
                };
                serde_json::to_writer(&mut self.payload, &event)?;
                send(&message(producer::Wrapping::Structured, &self.payload))
            }
            PlannedWrapping::Bare => {
                let event = Bare {
                    kind,
                    case_id: subject,
                    occurred_at: wire(step.at),
                    recorded_at: Some(wire(step.recorded_at)),
                    id: Some(&self.id),
                    source: Some(source),
                    seq: Some(u64::from(number)),
                    data: Some(&data),
                };
                serde_json::to_writer(&mut self.payload, &event)?;
                send(&message(producer::Wrapping::Bare, &self.payload))
            }
            PlannedWrapping::Binary => {
                serde_json::to_writer(&mut self.payload, &data)?;
                self.sequence.clear();
                let _ = write!(self.sequence, "{number}");
                let (time, recorded) = (step.at.rfc3339(&self.zone), step.recorded_at.rfc3339(&self.zone));
                let headers = [
                    ("specversion", "1.0"),
                    ("id", &self.id),
                    ("source", source),
                    ("type", kind),
                    ("subject", subject),
                    ("time", &time),
                    ("recordedtime", &recorded),
                    ("sequence", &self.sequence),
                ];
                send(&message(producer::Wrapping::Binary(&headers), &self.payload))
            }
        }
    }
}
