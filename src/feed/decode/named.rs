//! What a message says of itself that may have any other fault.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{IDENTITY_MAX, Message, is_binary, is_structured, without_mark};
use crate::domain::stream::Stream;

/// Empty where that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct NamedBy<'a> {
    pub(crate) source: Cow<'a, str>,
    pub(crate) id: Cow<'a, str>,
    /// Of a CloudEvent; a bare message calls it `case_id`.
    pub(crate) subject: Cow<'a, str>,
}

/// Each is read by itself: a number in the place of one text leaves the others what they are.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedMembers<'a> {
    #[serde(borrow)]
    specversion: Option<&'a RawValue>,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    subject: Option<&'a RawValue>,
    #[serde(borrow)]
    case_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct NamedText<'a>(#[serde(borrow)] Cow<'a, str>);

/// The source that a message names, as far as it can be read; that of the stream where it names none.
pub(crate) fn source<'a>(message: &'a Message<'_>, stream: &'a Stream) -> Cow<'a, str> {
    let named = named(message);
    if named.has_source() { named.source } else { Cow::Borrowed(&stream.source_default) }
}

pub(crate) fn named<'a>(message: &Message<'a>) -> NamedBy<'a> {
    let payload = without_mark(message.payload.unwrap_or_default());
    let headers = message.headers.unwrap_or_default();
    if is_structured(payload) || !is_binary(headers) {
        return serde_json::from_slice::<NamedMembers<'_>>(payload).unwrap_or_default().read();
    }
    let of = |name: &[u8]| {
        let value = headers.iter().find(|header| header.name == name).and_then(|header| header.value);
        Cow::Borrowed(std::str::from_utf8(value.unwrap_or_default()).unwrap_or_default())
    };
    NamedBy { source: of(b"ce_source"), id: of(b"ce_id"), subject: of(b"ce_subject") }
}

impl<'a> NamedMembers<'a> {
    fn read(self) -> NamedBy<'a> {
        let text = |member: Option<&'a RawValue>| {
            let text = member.and_then(|raw| serde_json::from_str::<NamedText<'a>>(raw.get()).ok());
            text.map(|NamedText(text)| text).unwrap_or_default()
        };
        let (own, other) = match self.specversion {
            Some(_) => (self.subject, self.case_id),
            None => (self.case_id, self.subject),
        };
        let subject = Some(text(own)).filter(|own| !own.is_empty()).unwrap_or_else(|| text(other));
        NamedBy { source: text(self.source), id: text(self.id), subject }
    }
}

impl NamedBy<'_> {
    /// One that is longer than a source may be is none.
    fn has_source(&self) -> bool {
        (1..=IDENTITY_MAX).contains(&self.source.len())
    }

    pub(crate) fn source_or<'s>(&'s self, default: &'s str) -> &'s str {
        if self.has_source() { &self.source } else { default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Millis;

    fn read(payload: &str) -> [String; 3] {
        let (payload, headers) = (Some(payload.as_bytes()), Some(&[][..]));
        let message = Message { partition: 0, offset: 0, payload, headers, arrived_at: Millis(0) };
        let NamedBy { source, id, subject } = named(&message);
        [source, id, subject].map(Cow::into_owned)
    }

    #[test]
    fn one_member_of_the_wrong_type_leaves_the_others_what_they_are() {
        for (payload, wanted) in [
            (r#"{"source":"s","id":"i","case_id":"c"}"#, ["s", "i", "c"]),
            (r#"{"source":"s","id":123,"case_id":"c"}"#, ["s", "", "c"]),
            (r#"{"source":"s","id":null,"case_id":2021001}"#, ["s", "", ""]),
            (r#"{"source":["s"],"id":"i","subject":{"a":1}}"#, ["", "i", ""]),
            (r#"{"specversion":"1.0","source":"s","id":"i","subject":"c","case_id":"d"}"#, ["s", "i", "c"]),
            (r#"{"source":"s","id":"i","subject":"d","case_id":"c"}"#, ["s", "i", "c"]),
            (r#"{"source":"\u70ed\u7ebf","id":"a\"b","subject":"c"}"#, ["热线", "a\"b", "c"]),
            ("<xml>", ["", "", ""]),
        ] {
            assert_eq!(read(payload), wanted, "{payload}");
        }
    }

    #[test]
    fn a_source_longer_than_one_may_be_is_none() {
        for (length, wanted) in [(0, "default"), (256, "own"), (257, "default"), (900_000, "default")] {
            let named = NamedBy { source: "s".repeat(length).into(), ..NamedBy::default() };
            assert_eq!(named.source_or("default") == "default", wanted == "default", "{length}");
        }
    }
}
