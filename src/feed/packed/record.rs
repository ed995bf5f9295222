//! One record of a batch: lengths as zigzag varints, then the bytes.

use crate::feed::decode::Header;

/// Where the parts of a record lie, within its own bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RecordParts {
    pub(super) time_delta: i64,
    pub(super) offset_delta: i64,
    key: Option<(usize, usize)>,
    value: Option<(usize, usize)>,
    headers: usize,
}

/// A record of an opened batch.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub topic: &'a str,
    pub partition: i32,
    pub offset: i64,
    /// Milliseconds since 1970; none where nobody stamped it.
    pub time: Option<i64>,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: RecordHeaders<'a>,
    /// Its size, where it is larger than what is taken; then it has no parts.
    pub too_large: Option<u64>,
}

/// As many as librdkafka takes.
const HEADERS_MAX: i64 = 100_000;

/// A record's headers as they lie there; damaged ones show when they are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordHeaders<'a>(&'a [u8]);

impl<'a> RecordHeaders<'a> {
    /// All of them; none where they are damaged or too many.
    pub fn all(self) -> Option<Vec<Header<'a>>> {
        let mut rest = Cut(self.0);
        if self.0.is_empty() {
            return Some(Vec::new());
        }
        let count = rest.number()?;
        if !(0..=HEADERS_MAX).contains(&count) {
            return None;
        }
        let one = |rest: &mut Cut<'a>| Some(Header { name: rest.bytes()??, value: rest.bytes()? });
        (0..count).map(|_| one(&mut rest)).collect()
    }
}

impl RecordParts {
    /// Of a record's bytes behind its length. None: they are damaged.
    pub fn of(record: &[u8]) -> Option<Self> {
        let mut rest = Cut(record);
        let mut parts = Self::head(&mut rest)?;
        let within = |bytes: &[u8], rest: &Cut<'_>| {
            let end = record.len() - rest.0.len();
            (end - bytes.len(), end)
        };
        parts.key = rest.bytes()?.map(|bytes| within(bytes, &rest));
        parts.value = rest.bytes()?.map(|bytes| within(bytes, &rest));
        parts.headers = record.len() - rest.0.len();
        Some(parts)
    }

    /// Of the first bytes of a record that is too large to be taken.
    pub(super) fn of_head(record: &[u8]) -> Option<Self> {
        Self::head(&mut Cut(record))
    }

    fn head(rest: &mut Cut<'_>) -> Option<Self> {
        let (_attributes, behind) = rest.0.split_first()?;
        *rest = Cut(behind);
        Some(Self { time_delta: rest.number()?, offset_delta: rest.number()?, ..Self::default() })
    }

    pub fn key<'a>(&self, record: &'a [u8]) -> Option<&'a [u8]> {
        self.key.and_then(|(from, to)| record.get(from..to))
    }

    pub fn value<'a>(&self, record: &'a [u8]) -> Option<&'a [u8]> {
        self.value.and_then(|(from, to)| record.get(from..to))
    }

    pub fn headers<'a>(&self, record: &'a [u8]) -> RecordHeaders<'a> {
        RecordHeaders(record.get(self.headers..).unwrap_or_default())
    }
}

/// Bytes that are read from their beginning.
struct Cut<'a>(&'a [u8]);

impl<'a> Cut<'a> {
    fn number(&mut self) -> Option<i64> {
        let (number, size) = number(self.0)?;
        self.0 = &self.0[size..];
        Some(number)
    }

    /// Bytes with their length before them; a length of -1 means that there are none.
    fn bytes(&mut self) -> Option<Option<&'a [u8]>> {
        let length = self.number()?;
        if length < 0 {
            return Some(None);
        }
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(Some(bytes))
    }
}

/// A zigzag varint, and of how many bytes it is. None: it does not end there.
pub fn number(bytes: &[u8]) -> Option<(i64, usize)> {
    let mut folded = 0u64;
    for (place, byte) in bytes.iter().enumerate().take(10) {
        folded |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(((folded >> 1) as i64 ^ -((folded & 1) as i64), place + 1));
        }
    }
    None
}

/// The same, written.
pub(super) fn put_number(into: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        into.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    into.push(rest as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for value in [0, 1, -1, 63, 64, -65, 300, i64::from(i32::MAX), i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, value);
            assert_eq!(number(&bytes), Some((value, bytes.len())));
            assert_eq!(number(&bytes[..bytes.len() - 1]), None, "cut");
        }
        assert_eq!(number(&[0xFF; 11]), None, "no number is longer");
    }

    #[test]
    fn damaged_lengths_are_no_parts() {
        let whole = [0, 0, 2, 4, b'k', b'k', 2, b'v', 2, 2, b'h', 1];
        let parts = RecordParts::of(&whole).unwrap();
        assert_eq!(
            (parts.offset_delta, parts.key(&whole), parts.value(&whole)),
            (1, Some(&b"kk"[..]), Some(&b"v"[..]))
        );
        assert_eq!(parts.headers(&whole).all(), Some(vec![Header { name: b"h", value: None }]));
        assert_eq!(RecordParts::of(&whole[..6]), None);
        assert!(parts.headers(&whole[..10]).all().is_none());
        let mut negative = whole;
        negative[9] = 1;
        assert!(parts.headers(&negative).all().is_none(), "a name cannot be missing");
    }
}
