//! An event as it was posted, and read as the service will read it.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::{InletPlan, hint::hinted, unknown::UnknownNames};
use crate::{
    domain::{
        event::Envelope,
        stream::{FEEDER_HEADER, Stream},
    },
    feed::{
        contract::envelope::STRUCTURED_CONTENT_TYPE,
        decode::{self, Decoded, Header, Message},
        door::Door,
        producer::PAYLOAD_MAX,
        rejection::{RejectReason, Rejection},
        seen,
        unharmed::unharmed,
    },
};

/// What will be a message: its value, and its headers as Kafka has them (`ce_id`).
#[derive(Clone, Debug, Default)]
pub struct PostedEvent {
    pub payload: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

impl PostedEvent {
    /// Of JSON, bare or structured; what begins as a CloudEvent is one, whatever else is said of it.
    pub fn of_json(payload: &[u8]) -> Self {
        let is_structured = decode::is_structured(payload);
        let value = if is_structured { STRUCTURED_CONTENT_TYPE } else { "application/json" };
        Self { payload: payload.to_vec(), headers: vec![("content-type".to_owned(), value.to_owned())] }
    }

    pub(super) fn put_by(mut self, name: &str) -> Self {
        self.headers.push((FEEDER_HEADER.to_owned(), name.to_owned()));
        self
    }
}

/// An event that the service would take.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) case_id: SmolStr,
    pub(super) source: SmolStr,
    /// Where it stands: a pointer, or the name of a header.
    pub(super) source_at: &'static str,
    pub(super) id: SmolStr,
    /// What it says; two events of one identity that differ in it contradict each other.
    pub(super) content: String,
    /// Fields that the contract does not name.
    pub(super) unknown: Vec<String>,
}

/// One that it would not, with what could be read of it.
#[derive(Debug)]
pub(super) struct Unfit {
    pub(super) rejection: Rejection,
    pub(super) case_id: Option<SmolStr>,
    pub(super) id: Option<SmolStr>,
}

impl Checked {
    pub(super) fn identity(&self) -> (&str, &str) {
        (&self.source, &self.id)
    }
}

/// `names` of its unknown fields.
pub(super) fn check(
    event: &PostedEvent,
    stream: &Stream,
    door: &mut Door,
    plan: &InletPlan,
    names: &mut UnknownNames,
) -> Result<Checked, Unfit> {
    let headers: Vec<Header<'_>> = event
        .headers
        .iter()
        .map(|(name, value)| Header { name: name.as_bytes(), value: Some(value.as_bytes()) })
        .collect();
    let message = Message {
        partition: 0,
        offset: 0,
        payload: Some(&event.payload),
        headers: Some(&headers),
        arrived_at: (plan.now)(),
    };
    let read = || {
        fits(&event.payload)?;
        let Decoded { event, unknown_fields } = decode::decode(&message, stream, door, &plan.limits)?;
        Ok((event, if unknown_fields > 0 { names.of(&message) } else { Vec::new() }))
    };
    let decoded = unharmed(read).unwrap_or_else(|at| Err(broken(&at)));
    let (event, unknown) = decoded.map_err(|rejection| {
        let named = decode::named(&message);
        let text = |text: &Cow<'_, str>| (!text.is_empty()).then(|| SmolStr::from(&**text));
        let rejection = hinted(rejection, message.payload.unwrap_or_default());
        Unfit { rejection, case_id: text(&named.subject), id: text(&named.id) }
    })?;
    let source_at = if event.envelope == Envelope::Binary { "ce_source" } else { "/source" };
    Ok(Checked {
        content: seen::content(&event),
        case_id: event.case_id,
        source: event.source,
        source_at,
        id: event.id,
        unknown,
    })
}

/// What Kafka takes in one message.
fn fits(payload: &[u8]) -> Result<(), Rejection> {
    if payload.len() <= PAYLOAD_MAX {
        return Ok(());
    }
    let detail = format!("{} bytes; an event has at most {PAYLOAD_MAX}", payload.len());
    Err(Rejection::new(RejectReason::TooLarge, "", detail))
}

fn broken(at: &str) -> Rejection {
    tracing::error!(at, "a fault of this program, found by an event that was posted; please report it with this line");
    Rejection::new(RejectReason::Internal, "", "a fault of Tongguan, not of the event; its operator is told")
}
