//! One Kafka message becomes one event, or a rejection that says why. Pure: the time of arrival is handed in.

use std::{borrow::Cow, fmt::Write as _};

use sha2::{Digest, Sha256};
use smol_str::SmolStr;

use super::{
    contract::{
        Data, WireTime,
        envelope::{CASE_ID_MAX, Top},
    },
    door::Door,
    explain,
    rejection::{RejectReason, Rejection},
};
use crate::domain::{
    event::{Envelope, Event, Place},
    fact::FactKind,
    stream::Stream,
    time::Millis,
};

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub partition: i32,
    pub offset: i64,
    pub payload: Option<&'a [u8]>,
    pub headers: &'a [(&'a str, &'a [u8])],
    pub arrived_at: Millis,
}

/// Which times can be true.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub earliest: Millis,
    pub future_max_ms: i64,
}

#[derive(Debug)]
pub struct Decoded {
    pub event: Event,
    /// Fields that the contract does not name.
    pub unknown_fields: u32,
}

const IDENTITY_MAX: usize = 256;

/// What the three envelopes have in common, before the data is read.
struct Heading<'a> {
    envelope: Envelope,
    kind: FactKind,
    case_id: Cow<'a, str>,
    source: Cow<'a, str>,
    id: Cow<'a, str>,
    time: WireTime,
    recorded: Option<WireTime>,
    seq: u64,
    data: &'a str,
}

pub fn decode(message: &Message<'_>, stream: &Stream, door: &mut Door, limits: &Limits) -> Result<Decoded, Rejection> {
    let payload = message.payload.filter(|payload| !payload.is_empty());
    let payload = payload.ok_or_else(|| Rejection::new(RejectReason::Empty, "", "the message has no value"))?;
    let text = simdutf8::basic::from_utf8(payload)
        .map_err(|_| Rejection::new(RejectReason::NotUtf8, "", "expected UTF-8; was it written in GBK?"))?;
    let is_binary = is_binary(message.headers) && !is_structured(payload);
    let heading = if is_binary { binary(message.headers, text)? } else { json(text)? };
    check_time(heading.time.at, message.arrived_at, limits)?;
    if !heading.data.trim_ascii_start().starts_with('{') {
        return Err(Rejection::invalid("/data", "expected a JSON object"));
    }
    let mut unknown_fields = 0;
    let is_flat = heading.envelope == Envelope::Bare && heading.data.len() == text.len();
    let data = Data::parse(heading.kind, heading.data, |field| {
        unknown_fields += u32::from(!(is_flat && Top::BARE_FIELDS.contains(&field)));
    })
    .map_err(|error| explain::data(heading.kind, heading.data, &error))?;
    let source =
        if heading.source.is_empty() { stream.source_default.clone() } else { SmolStr::from(&*heading.source) };
    let id = if heading.id.is_empty() { made_id(&heading, &source, &data) } else { SmolStr::from(&*heading.id) };
    let event = Event {
        place: Place { topic: stream.topic.clone(), partition: message.partition, offset: message.offset },
        envelope: heading.envelope,
        ingested_at: message.arrived_at,
        stream: stream.name.clone(),
        case_id: SmolStr::from(&*heading.case_id),
        source,
        id,
        occurred_at: heading.time.at,
        recorded_at: heading.recorded.map(|wire| wire.at),
        seq: heading.seq,
        fact: door.admit(data, stream)?,
    };
    Ok(Decoded { event, unknown_fields })
}

/// What begins as a CloudEvent is one, whatever its headers say.
pub fn is_structured(payload: &[u8]) -> bool {
    let inside = payload.trim_ascii_start().strip_prefix(b"{");
    inside.is_some_and(|inside| inside.trim_ascii_start().starts_with(b"\"specversion\""))
}

/// Structured by its content type is JSON; otherwise any `ce_` header makes it binary.
fn is_binary(headers: &[(&str, &[u8])]) -> bool {
    let structured = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && value.len() >= 23
            && value[..23].eq_ignore_ascii_case(b"application/cloudevents")
    });
    !structured && headers.iter().any(|(name, _)| name.starts_with("ce_"))
}

fn binary<'a>(headers: &[(&str, &'a [u8])], text: &'a str) -> Result<Heading<'a>, Rejection> {
    let get = |name: &str| -> Result<&'a str, Rejection> {
        let value = headers.iter().find(|(header, _)| *header == name).map_or(&b""[..], |(_, value)| value);
        std::str::from_utf8(value).map_err(|_| Rejection::invalid(name, "expected UTF-8"))
    };
    let time = |name: &str| -> Result<Option<WireTime>, Rejection> {
        let text = get(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        WireTime::parse(text).map(Some).ok_or_else(|| Rejection::invalid(name, explain::TIME))
    };
    specversion(get("ce_specversion")?, "ce_specversion")?;
    Ok(Heading {
        envelope: Envelope::Binary,
        kind: kind(get("ce_type")?, "ce_type")?,
        case_id: present(get("ce_subject")?.into(), "ce_subject", CASE_ID_MAX)?,
        source: present(get("ce_source")?.into(), "ce_source", IDENTITY_MAX)?,
        id: present(get("ce_id")?.into(), "ce_id", IDENTITY_MAX)?,
        time: time("ce_time")?.ok_or_else(|| Rejection::missing("ce_time"))?,
        recorded: time("ce_recordedtime")?,
        seq: sequence(get("ce_sequence")?, "ce_sequence")?,
        data: text,
    })
}

fn json(text: &str) -> Result<Heading<'_>, Rejection> {
    // Serde would also read a struct from a list.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(explain::no_object(text));
    }
    let top: Top<'_> = serde_json::from_str(text).map_err(|error| explain::top(text, &error))?;
    let data = top.data.map_or("{}", |raw| if raw.get() == "null" { "{}" } else { raw.get() });
    if top.specversion.is_empty() {
        return bare(top, text);
    }
    specversion(&top.specversion, "/specversion")?;
    Ok(Heading {
        envelope: Envelope::Structured,
        kind: kind(&top.kind, "/type")?,
        case_id: present(top.subject, "/subject", CASE_ID_MAX)?,
        source: present(top.source, "/source", IDENTITY_MAX)?,
        id: present(top.id, "/id", IDENTITY_MAX)?,
        time: top.time.ok_or_else(|| Rejection::missing("/time"))?,
        recorded: top.recordedtime,
        seq: sequence(&top.sequence, "/sequence")?,
        data,
    })
}

fn bare<'a>(top: Top<'a>, text: &'a str) -> Result<Heading<'a>, Rejection> {
    Ok(Heading {
        envelope: Envelope::Bare,
        kind: kind(&top.kind, "/type")?,
        case_id: present(top.case_id, "/case_id", CASE_ID_MAX)?,
        source: short(top.source, "/source", IDENTITY_MAX)?,
        id: short(top.id, "/id", IDENTITY_MAX)?,
        time: top.occurred_at.ok_or_else(|| Rejection::missing("/occurred_at"))?,
        recorded: top.recorded_at,
        seq: top.seq.unwrap_or(0),
        // Without `data` the fields of the data stand beside those of the envelope.
        data: top.data.map_or(text, |raw| if raw.get() == "null" { "{}" } else { raw.get() }),
    })
}

fn specversion(text: &str, field: &str) -> Result<(), Rejection> {
    match text {
        "1.0" => Ok(()),
        "" => Err(Rejection::missing(field)),
        _ => Err(Rejection::invalid(field, "expected 1.0")),
    }
}

fn kind(text: &str, field: &str) -> Result<FactKind, Rejection> {
    if text.is_empty() {
        return Err(Rejection::missing(field));
    }
    FactKind::from_type(text).ok_or_else(|| {
        let detail = "not an event type of the contract; expected case.<name>.v1";
        Rejection::new(RejectReason::UnknownType, field, detail)
    })
}

fn present<'a>(text: Cow<'a, str>, field: &str, max: usize) -> Result<Cow<'a, str>, Rejection> {
    if text.trim().is_empty() { Err(Rejection::missing(field)) } else { short(text, field, max) }
}

fn short<'a>(text: Cow<'a, str>, field: &str, max: usize) -> Result<Cow<'a, str>, Rejection> {
    if text.len() > max {
        return Err(Rejection::invalid(field, format!("longer than {max} bytes")));
    }
    Ok(text)
}

fn sequence(text: &str, field: &str) -> Result<u64, Rejection> {
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| Rejection::invalid(field, "expected digits")) }
}

fn check_time(occurred_at: Millis, arrived_at: Millis, limits: &Limits) -> Result<(), Rejection> {
    let impossible = |detail| Err(Rejection::new(RejectReason::ImpossibleTime, "/time", detail));
    if occurred_at < limits.earliest {
        return impossible("before ingest.earliest");
    }
    if occurred_at.since(arrived_at) > limits.future_max_ms {
        return impossible("later than the message's arrival by more than ingest.future_max_s");
    }
    Ok(())
}

/// The id of a bare message that names none: what it says, so that the same again is the same event.
fn made_id(heading: &Heading<'_>, source: &str, data: &Data) -> SmolStr {
    let data = serde_json::to_string(data).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [source, &heading.case_id, heading.kind.name(), &heading.time.at.0.to_string(), &data] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut id = String::from("made:");
    for byte in &hash.finalize()[..16] {
        let _ = write!(id, "{byte:02x}");
    }
    id.into()
}

#[cfg(test)]
mod tests {
    use super::is_structured;

    #[test]
    fn what_begins_with_its_version_is_a_cloud_event_and_nothing_else_is_by_its_looks() {
        for body in [r#"{"specversion":"1.0"}"#, " \n{ \t\"specversion\" : \"1.0\", \"id\": \"1\"}"] {
            assert!(is_structured(body.as_bytes()), "{body}");
        }
        for body in
            ["", "{", r#"{"note":"\"specversion\""}"#, r#"{"data":{"specversion":"1.0"}}"#, r#"["specversion"]"#]
        {
            assert!(!is_structured(body.as_bytes()), "{body}");
        }
    }
}
