//! What a body holds: one event, or a batch of them.

use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;

use super::{limits::EVENTS_MAX, refusal::Refusal};
use crate::feed::inlet::PostedEvent;

/// How a body is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapped {
    Structured,
    Batch,
    /// Its attributes stand in the headers of the request.
    Binary,
    /// One, or a list.
    Json,
    Lines,
}

/// What was posted.
#[derive(Debug)]
pub(super) enum Posted {
    One(PostedEvent),
    Many(Vec<PostedEvent>),
}

/// The attributes of an event in headers begin so, over HTTP and on Kafka.
pub(super) const HTTP_ATTRIBUTE: &str = "ce-";
pub(super) const KAFKA_ATTRIBUTE: &str = "ce_";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Wrapped {
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut parts = stated.split(';').map(|part| part.trim().to_ascii_lowercase());
        let media = parts.next().unwrap_or_default();
        let is_utf8 = |part: String| match part.strip_prefix("charset=") {
            Some(charset) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
            None => true,
        };
        if !parts.all(is_utf8) {
            return Err(Refusal::MediaType);
        }
        match media.as_str() {
            "application/cloudevents+json" => Ok(Self::Structured),
            "application/cloudevents-batch+json" => Ok(Self::Batch),
            "application/json" if headers.keys().any(|name| name.as_str().starts_with(HTTP_ATTRIBUTE)) => {
                Ok(Self::Binary)
            }
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" => Ok(Self::Lines),
            _ => Err(Refusal::MediaType),
        }
    }

    pub(super) fn read(self, body: &[u8], headers: &HeaderMap) -> Result<Posted, Refusal> {
        // Windows puts a byte-order mark before its UTF-8.
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let is_list = body.trim_ascii_start().starts_with(b"[");
        match self {
            // An event without data, as CloudEvents allows.
            Self::Binary if body.is_empty() => Ok(Posted::One(binary(b"{}", headers)?)),
            Self::Binary => Ok(Posted::One(binary(body, headers)?)),
            _ if body.trim_ascii().is_empty() => Err(Refusal::Unreadable("the body is empty".to_owned())),
            Self::Lines => lines(body),
            Self::Batch => list(body),
            Self::Json if is_list => list(body),
            Self::Structured | Self::Json => Ok(Posted::One(PostedEvent::of_json(body))),
        }
    }
}

fn binary(body: &[u8], headers: &HeaderMap) -> Result<PostedEvent, Refusal> {
    Ok(PostedEvent { payload: body.to_vec(), headers: attributes(headers)? })
}

fn list(body: &[u8]) -> Result<Posted, Refusal> {
    let events: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = match std::str::from_utf8(body) {
            Ok(_) => "breaks off or is no list of JSON objects",
            Err(_) => "is not UTF-8 (was it written in GBK?)",
        };
        Refusal::Unreadable(format!("{what} at line {line}, column {column}"))
    })?;
    if events.len() > EVENTS_MAX {
        return Err(Refusal::TooMany);
    }
    Ok(Posted::Many(events.iter().map(|raw| PostedEvent::of_json(raw.get().as_bytes())).collect()))
}

/// A line by itself: what is wrong with it is told of it alone.
fn lines(body: &[u8]) -> Result<Posted, Refusal> {
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let events: Vec<PostedEvent> = lines.take(EVENTS_MAX + 1).map(PostedEvent::of_json).collect();
    if events.len() > EVENTS_MAX { Err(Refusal::TooMany) } else { Ok(Posted::Many(events)) }
}

/// `ce-id: a%20b` as `ce_id: a b`, as the two bindings of CloudEvents say.
fn attributes(headers: &HeaderMap) -> Result<Vec<(String, String)>, Refusal> {
    let mut all = vec![("content-type".to_owned(), "application/json".to_owned())];
    for (name, value) in headers {
        let Some(attribute) = name.as_str().strip_prefix(HTTP_ATTRIBUTE) else { continue };
        let text = value.to_str().ok().and_then(|text| percent_decode_str(text).decode_utf8().ok());
        let text = text.ok_or_else(|| {
            Refusal::Parameter(format!("the header {name} is no percent-encoded UTF-8, as CloudEvents asks"))
        })?;
        all.push((format!("{KAFKA_ATTRIBUTE}{attribute}"), text.into_owned()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_media_type_says_how_a_body_is_read() {
        for (stated, wanted) in [
            ("application/cloudevents+json; charset=UTF-8", Some(Wrapped::Structured)),
            ("Application/CloudEvents-Batch+JSON", Some(Wrapped::Batch)),
            ("application/json", Some(Wrapped::Json)),
            ("application/json; charset=\"utf-8\"", Some(Wrapped::Json)),
            ("application/x-ndjson", Some(Wrapped::Lines)),
            ("application/json; charset=gbk", None),
            ("text/plain", None),
            ("", None),
        ] {
            assert_eq!(Wrapped::of(&headers(&[("content-type", stated)])).ok(), wanted, "{stated}");
        }
        let binary = headers(&[("content-type", "application/json"), ("ce-id", "1")]);
        assert_eq!(Wrapped::of(&binary).unwrap(), Wrapped::Binary);
        assert_eq!(Wrapped::of(&HeaderMap::new()), Err(Refusal::MediaType));
    }

    #[test]
    fn a_list_is_read_whole_or_not_at_all_and_lines_one_by_one() {
        let many = |wrapped: Wrapped, body: &str| match wrapped.read(body.as_bytes(), &HeaderMap::new()) {
            Ok(Posted::Many(events)) => Ok(events.len()),
            Ok(Posted::One(_)) => panic!("{body}"),
            Err(refusal) => Err(refusal),
        };
        assert_eq!(many(Wrapped::Batch, "[]"), Ok(0));
        assert_eq!(many(Wrapped::Json, " [{}, {\"a\": [1]}]"), Ok(2));
        assert!(
            matches!(many(Wrapped::Batch, "[{}, {]"), Err(Refusal::Unreadable(told)) if told.contains("line 1, column "))
        );
        let gbk = Wrapped::Batch.read(b"[{\"by\":\"\xb6\xbd\"}]", &HeaderMap::new());
        assert!(matches!(gbk, Err(Refusal::Unreadable(told)) if told.contains("GBK?) at line 1")));
        assert_eq!(many(Wrapped::Lines, "{}\r\n\n  \n{\n"), Ok(2));
        assert_eq!(many(Wrapped::Lines, &"{}\n".repeat(501)), Err(Refusal::TooMany));
        assert_eq!(many(Wrapped::Batch, &format!("[{}{{}}]", "{},".repeat(500))), Err(Refusal::TooMany));
        assert!(matches!(many(Wrapped::Json, " \n"), Err(Refusal::Unreadable(_))));
    }

    #[test]
    fn attributes_in_headers_are_those_of_kafka_and_decoded() {
        let given = headers(&[("ce-id", "a%20b"), ("ce-source", "\u{e9}".escape_default().to_string().as_str())]);
        let all = attributes(&given).unwrap();
        assert!(all.contains(&("ce_id".to_owned(), "a b".to_owned())), "{all:?}");
        assert!(attributes(&headers(&[("ce-id", "%ff")])).is_err());
    }
}
