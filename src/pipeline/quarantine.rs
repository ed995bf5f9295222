//! A rejected message becomes an entry of the quarantine: sealed, with a preview that shows no personal data.

use crate::{
    domain::{stream::Stream, time::Millis},
    feed::{
        decode::{Header, Message},
        privacy::{Key, OpenError, open, preview, preview_of_code, seal},
        rejection::Rejection,
        unharmed::unharmed,
    },
    store::quarantine::{Entry, EntryState},
};

pub fn entry(message: &Message<'_>, key: Option<&[u8]>, stream: &Stream, why: &Rejection, privacy: &Key) -> Entry {
    let place = place(&stream.topic, message.partition, message.offset);
    let payload = message.payload.unwrap_or_default();
    Entry {
        topic: stream.topic.to_string(),
        partition: message.partition,
        offset: message.offset,
        stream: stream.name.to_string(),
        reason: why.reason.name().to_owned(),
        field: why.field.clone(),
        detail: why.detail.clone(),
        // What cannot be shown must not keep it from being kept.
        preview: unharmed(|| preview(payload)).unwrap_or_default(),
        key: seal(privacy, &place, key.unwrap_or_default()),
        headers: seal(privacy, &place, &kept(message.headers)),
        payload: seal(privacy, &place, payload),
        size: payload.len() as u32,
        ingested_at: message.arrived_at,
        state: EntryState::Waiting,
        changed_at: message.arrived_at,
        note: String::new(),
    }
}

/// First the number of this form, then each header: the length of its name, the name, the length of its value, the value.
const FORM: u8 = 1;
/// They could not be read, and so not kept.
const UNREADABLE: u8 = 0;
/// The length of a value that is missing.
const MISSING: u32 = u32::MAX;

fn kept(headers: Option<&[Header<'_>]>) -> Vec<u8> {
    let Some(headers) = headers else { return vec![UNREADABLE] };
    let value = |header: &Header<'_>| header.value.unwrap_or_default().len();
    let size: usize = headers.iter().map(|header| 8 + header.name.len() + value(header)).sum();
    let mut kept = Vec::with_capacity(1 + size);
    kept.push(FORM);
    for header in headers {
        kept.extend((header.name.len() as u32).to_le_bytes());
        kept.extend(header.name);
        kept.extend(header.value.map_or(MISSING, |value| value.len() as u32).to_le_bytes());
        kept.extend(header.value.unwrap_or_default());
    }
    kept
}

/// Headers, each with its name and value.
type Named = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// Entries of the first releases keep headers as JSON: `[["name",[1,2,3]]]`.
fn unkept(bytes: &[u8]) -> Option<Named> {
    let mut rest = match bytes.split_first() {
        Some((&FORM, rest)) => rest,
        Some((&UNREADABLE, _)) => return None,
        _ => {
            let old: Vec<(String, Vec<u8>)> = serde_json::from_slice(bytes).unwrap_or_default();
            return Some(old.into_iter().map(|(name, value)| (name.into_bytes(), Some(value))).collect());
        }
    };
    let mut headers = Vec::new();
    while let Some((name, after_name)) = piece(rest)
        && let Some((value, after)) = piece(after_name)
    {
        headers.push((name.unwrap_or_default().to_vec(), value.map(<[u8]>::to_vec)));
        rest = after;
    }
    Some(headers)
}

fn piece(bytes: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    match u32::from_le_bytes(*length) {
        MISSING => Some((None, rest)),
        length => rest.split_at_checked(length as usize).map(|(piece, rest)| (Some(piece), rest)),
    }
}

/// By the rule for content, as the value of a key that holds codes.
fn shown(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => preview_of_code(text),
        Err(_) => preview(bytes),
    }
}

/// The message as it came, opened again.
#[derive(Debug)]
pub struct Opened {
    key: Vec<u8>,
    payload: Vec<u8>,
    headers: Option<Named>,
    partition: i32,
    offset: i64,
    arrived_at: Millis,
}

impl Opened {
    pub fn from_entry(entry: &Entry, privacy: &Key) -> Result<Self, OpenError> {
        let place = place(&entry.topic, entry.partition, entry.offset);
        let headers = open(privacy, &place, &entry.headers)?;
        Ok(Self {
            key: open(privacy, &place, &entry.key)?,
            payload: open(privacy, &place, &entry.payload)?,
            headers: unkept(&headers),
            partition: entry.partition,
            offset: entry.offset,
            arrived_at: entry.ingested_at,
        })
    }

    /// What may be shown of its key.
    pub fn key_preview(&self) -> String {
        shown(&self.key)
    }

    /// What may be shown of its headers, by name; none where they could not be read.
    pub fn header_previews(&self) -> Option<Vec<(String, String)>> {
        let one = |(name, value): &(Vec<u8>, Option<Vec<u8>>)| {
            (shown(name), value.as_deref().map_or_else(String::new, shown))
        };
        Some(self.headers.as_ref()?.iter().map(one).collect())
    }

    pub fn read<'a, T>(&'a self, read: impl FnOnce(&Message<'_>) -> T) -> T {
        let header = |(name, value): &'a (Vec<u8>, Option<Vec<u8>>)| Header { name, value: value.as_deref() };
        let headers: Option<Vec<Header<'_>>> = self.headers.as_ref().map(|all| all.iter().map(header).collect());
        read(&Message {
            partition: self.partition,
            offset: self.offset,
            payload: (!self.payload.is_empty()).then_some(self.payload.as_slice()),
            headers: headers.as_deref(),
            arrived_at: self.arrived_at,
        })
    }
}

fn place(topic: &str, partition: i32, offset: i64) -> String {
    format!("{topic}/{partition}/{offset}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_kept_byte_by_byte() {
        let gbk: &[u8] = &[0xC0, 0xB4, 0xD4, 0xB4];
        let header = |name, value| Header { name, value };
        let headers =
            [header(gbk, Some(gbk)), header(b"", Some(b"")), header(b"x", None), header(b"x", Some(&[0, 255]))];
        let back = unkept(&kept(Some(&headers))).unwrap();
        let back: Vec<_> = back.iter().map(|(name, value)| header(name, value.as_deref())).collect();
        assert_eq!(back, headers);
        assert_eq!(kept(Some(&[])), [FORM]);
        assert_eq!(unkept(&kept(None)), None, "read again they are still not there");
    }

    #[test]
    fn headers_kept_by_the_first_releases_are_still_read() {
        let old = br#"[["ce_id",[49,50]],["content-type",[]]]"#;
        let expected = [(b"ce_id".to_vec(), Some(b"12".to_vec())), (b"content-type".to_vec(), Some(Vec::new()))];
        assert_eq!(unkept(old).unwrap(), expected);
        assert!(unkept(b"[]").unwrap().is_empty() && unkept(b"").unwrap().is_empty());
    }

    #[test]
    fn headers_that_break_off_are_read_as_far_as_they_go() {
        let whole = kept(Some(&[Header { name: b"a", value: Some(b"1") }, Header { name: b"b", value: None }]));
        for end in 1..whole.len() {
            assert!(unkept(&whole[..end]).unwrap().len() < 2);
        }
    }
}
