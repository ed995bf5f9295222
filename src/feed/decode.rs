//! One Kafka message becomes one event, or a rejection that says why. Pure: the time of arrival is handed in.

mod limits;
mod named;
mod unknown;

use std::{borrow::Cow, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

pub use self::limits::TimeLimits;
pub(crate) use self::{
    named::{NamedBy, named, source},
    unknown::UnknownFields,
};
use super::{
    contract::{
        Data, WireTime,
        envelope::{Top, case_id_fault, is_unseen},
    },
    door::Door,
    explain,
    rejection::{RejectReason, Rejection},
};
use crate::domain::{
    event::{Envelope, Event, Place},
    fact::FactKind,
    stream::{FEEDER_HEADER, Producers, Stream},
    time::Millis,
};

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Where it lay on its topic.
    pub partition: i32,
    /// Its number in the partition.
    pub offset: i64,
    /// Its value. None: a message without one, which is refused.
    pub payload: Option<&'a [u8]>,
    /// None: the client library cannot read them.
    pub headers: Option<&'a [Header<'a>]>,
    /// When it was taken in, by our clock; of a replay, the first time. Its own times are held against it.
    pub arrived_at: Millis,
}

/// As it is on the wire: Kafka asks neither name nor value to be text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header<'a> {
    /// The header's key.
    pub name: &'a [u8],
    /// A value may be missing, which is not the same as an empty one.
    pub value: Option<&'a [u8]>,
}

/// A message that was understood.
#[derive(Debug)]
pub struct Decoded {
    /// Without personal data, as it goes into the ledger.
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
    /// The names of the two.
    times: [&'static str; 2],
    seq: u64,
    data: Cow<'a, str>,
}

/// A message as an event of its stream, in whichever of the three envelopes (contracts/README.md) or as a change of a table. A rejection
/// says what whoever feeds has to mend.
pub fn decode(
    message: &Message<'_>,
    stream: &Stream,
    door: &mut Door,
    limits: &TimeLimits,
) -> Result<Decoded, Rejection> {
    match door.changes().made(&stream.name, message.payload.map(without_mark)) {
        Some(made) => decode_event(&Message { payload: Some(&made?), ..*message }, stream, door, limits)
            .map_err(|rejection| door.changes().placed(&stream.name, rejection)),
        None => decode_event(message, stream, door, limits),
    }
}

fn decode_event(
    message: &Message<'_>,
    stream: &Stream,
    door: &mut Door,
    limits: &TimeLimits,
) -> Result<Decoded, Rejection> {
    let (text, heading) = heading(message)?;
    let [time, recorded] = heading.times;
    check_time(heading.time.at, time, message.arrived_at, limits)?;
    if let Some(wire) = heading.recorded {
        check_time(wire.at, recorded, message.arrived_at, limits)?;
    }
    if !heading.data.trim_ascii_start().starts_with('{') {
        return Err(Rejection::invalid("/data", "expected a JSON object"));
    }
    let mut unknown_fields = 0;
    let is_flat = heading.envelope == Envelope::Bare && heading.data.len() == text.len();
    let data = Data::parse(heading.kind, &heading.data, |field| {
        unknown_fields += u32::from(!(is_flat && Top::BARE_FIELDS.contains(&field)));
    })
    .map_err(|error| explain::data(heading.kind, &heading.data, &error))?;
    let source =
        if heading.source.is_empty() { stream.source_default.clone() } else { SmolStr::from(&*heading.source) };
    if let Some(producers) = &stream.producers {
        bound(producers, message.headers.unwrap_or_default(), &source)?;
    }
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

/// Whether who put the message there may speak for its source. A header that stands there twice says nothing.
fn bound(producers: &Producers, headers: &[Header<'_>], source: &str) -> Result<(), Rejection> {
    let foreign = |detail: &str| Err(Rejection::new(RejectReason::ForeignSource, FEEDER_HEADER, detail));
    let mut named = headers.iter().filter(|header| header.name == FEEDER_HEADER.as_bytes());
    let name = match (named.next().map(|header| header.value), named.next()) {
        (None, _) => return foreign("the message lacks this header, which says who put it there"),
        (Some(_), Some(_)) => return foreign("this header stands there twice"),
        (Some(value), None) => std::str::from_utf8(value.unwrap_or_default()).unwrap_or_default(),
    };
    if producers.may_speak_for(name, source) {
        return Ok(());
    }
    let known = producers.0.contains_key(name);
    foreign(if known {
        "who put it there may not speak for its source: see [producers] of the stream's file"
    } else {
        "it names nobody of [producers] of the stream's file"
    })
}

fn heading<'a>(message: &Message<'a>) -> Result<(&'a str, Heading<'a>), Rejection> {
    let payload = message.payload.filter(|payload| !payload.is_empty());
    let payload = payload.ok_or_else(|| Rejection::new(RejectReason::Empty, "", "the message has no value"))?;
    let payload = without_mark(payload);
    let text = simdutf8::basic::from_utf8(payload)
        .map_err(|_| Rejection::new(RejectReason::NotUtf8, "", "expected UTF-8; was it written in GBK?"))?;
    if is_structured(payload) {
        return Ok((text, json(text)?));
    }
    let headers = legible(message.headers)?;
    Ok((text, if is_binary(headers) { binary(headers, text)? } else { json(text)? }))
}

/// Windows puts a byte-order mark before its UTF-8.
fn without_mark(payload: &[u8]) -> &[u8] {
    payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload)
}

/// What begins as a CloudEvent is one, whatever its headers say.
pub fn is_structured(payload: &[u8]) -> bool {
    let inside = without_mark(payload).trim_ascii_start().strip_prefix(b"{");
    inside.is_some_and(|inside| inside.trim_ascii_start().starts_with(b"\"specversion\""))
}

/// Where headers may say what the message is, all of them have to be read.
fn legible<'a>(headers: Option<&'a [Header<'a>]>) -> Result<&'a [Header<'a>], Rejection> {
    let Some(headers) = headers else {
        return Err(Rejection::invalid(
            "headers",
            "damaged, or more than 100,000: the client library cannot read them",
        ));
    };
    if headers.iter().all(|header| simdutf8::basic::from_utf8(header.name).is_ok()) {
        return Ok(headers);
    }
    let detail = "a header's name is not UTF-8; was it written in GBK?";
    Err(Rejection::new(RejectReason::NotUtf8, "headers", detail))
}

/// Structured by its content type is JSON; otherwise any `ce_` header makes it binary.
fn is_binary(headers: &[Header<'_>]) -> bool {
    let structured = headers.iter().any(|header| {
        let value = header.value.unwrap_or_default();
        header.name.eq_ignore_ascii_case(b"content-type")
            && value.len() >= 23
            && value[..23].eq_ignore_ascii_case(b"application/cloudevents")
    });
    !structured && headers.iter().any(|header| header.name.starts_with(b"ce_"))
}

fn binary<'a>(headers: &[Header<'a>], text: &'a str) -> Result<Heading<'a>, Rejection> {
    let get = |name: &str| -> Result<&'a str, Rejection> {
        let found = headers.iter().find(|header| header.name == name.as_bytes());
        let value = found.and_then(|header| header.value).unwrap_or_default();
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
        case_id: case_id(get("ce_subject")?.into(), "ce_subject")?,
        source: present(get("ce_source")?.into(), "ce_source", IDENTITY_MAX)?,
        id: present(get("ce_id")?.into(), "ce_id", IDENTITY_MAX)?,
        time: time("ce_time")?.ok_or_else(|| Rejection::missing("ce_time"))?,
        recorded: time("ce_recordedtime")?,
        times: ["ce_time", "ce_recordedtime"],
        seq: sequence(get("ce_sequence")?, "ce_sequence")?,
        data: text.into(),
    })
}

fn json(text: &str) -> Result<Heading<'_>, Rejection> {
    // Serde would also read a struct from a list.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(explain::no_object(text));
    }
    let top: Top<'_> = serde_json::from_str(text).map_err(|error| explain::top(text, &error))?;
    let stated = match &top.data_base64 {
        Some(_) if top.data.is_some_and(|raw| raw.get() != "null") => {
            return Err(Rejection::invalid("/data_base64", "stands beside data; an event has one of the two"));
        }
        Some(packed) => Some(Cow::Owned(base64(packed)?)),
        None => top.data.map(|raw| Cow::Borrowed(if raw.get() == "null" { "{}" } else { raw.get() })),
    };
    if top.specversion.is_empty() {
        return bare(top, stated.unwrap_or(Cow::Borrowed(text)));
    }
    specversion(&top.specversion, "/specversion")?;
    Ok(Heading {
        envelope: Envelope::Structured,
        kind: kind(&top.kind, "/type")?,
        case_id: case_id(top.subject, "/subject")?,
        source: present(top.source, "/source", IDENTITY_MAX)?,
        id: present(top.id, "/id", IDENTITY_MAX)?,
        time: top.time.ok_or_else(|| Rejection::missing("/time"))?,
        recorded: top.recordedtime,
        times: ["/time", "/recordedtime"],
        seq: sequence(&top.sequence, "/sequence")?,
        data: stated.unwrap_or(Cow::Borrowed("{}")),
    })
}

/// Without `data` the fields of the data stand beside those of the envelope.
fn bare<'a>(top: Top<'a>, data: Cow<'a, str>) -> Result<Heading<'a>, Rejection> {
    Ok(Heading {
        envelope: Envelope::Bare,
        kind: kind(&top.kind, "/type")?,
        case_id: case_id(top.case_id, "/case_id")?,
        source: short(top.source, "/source", IDENTITY_MAX)?,
        id: short(top.id, "/id", IDENTITY_MAX)?,
        time: top.occurred_at.ok_or_else(|| Rejection::missing("/occurred_at"))?,
        recorded: top.recorded_at,
        times: ["/occurred_at", "/recorded_at"],
        seq: top.seq.unwrap_or(0),
        data,
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
    FactKind::from_type(text).ok_or_else(|| explain::kind(text, field))
}

fn base64(packed: &str) -> Result<String, Rejection> {
    let bytes = STANDARD.decode(packed).map_err(|_| Rejection::invalid("/data_base64", "expected base64"))?;
    let detail = "expected UTF-8 inside; was it written in GBK?";
    String::from_utf8(bytes).map_err(|_| Rejection::new(RejectReason::NotUtf8, "/data_base64", detail))
}

fn case_id<'a>(text: Cow<'a, str>, field: &str) -> Result<Cow<'a, str>, Rejection> {
    match case_id_fault(&text) {
        _ if is_blank(&text) => Err(Rejection::missing(field)),
        Some(fault) => Err(Rejection::invalid(field, fault)),
        None => Ok(text),
    }
}

fn present<'a>(text: Cow<'a, str>, field: &str, max: usize) -> Result<Cow<'a, str>, Rejection> {
    if is_blank(&text) { Err(Rejection::missing(field)) } else { short(text, field, max) }
}

/// Nothing that anybody sees.
fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || is_unseen(letter))
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

fn check_time(at: Millis, field: &str, arrived_at: Millis, limits: &TimeLimits) -> Result<(), Rejection> {
    let fault = limits.fault(at, arrived_at);
    fault.map_or(Ok(()), |detail| Err(Rejection::new(RejectReason::ImpossibleTime, field, detail)))
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
mod tests;
