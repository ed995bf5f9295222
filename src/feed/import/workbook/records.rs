//! The records of an .xls: a kind, a length, and so many bytes.

const CONTINUED: u16 = 0x003C;
const IS_WIDE: u8 = 1;
const HAS_EXTENSION: u8 = 4;
const HAS_FORMATS: u8 = 8;
/// Of a letter, in UTF-8.
const LETTER_MAX: u64 = 3;

pub(super) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (data, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        self.rest = rest;
        Some((u16::from_le_bytes(*kind), data))
    }
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8]) -> Self {
        Self { rest: stream }
    }

    /// How long, at most, each text of the shared table is, of which `first` is the record; it goes on in those that continue it.
    pub(super) fn texts(&mut self, first: &'a [u8]) -> Vec<u64> {
        let mut parts = vec![first.get(8..).unwrap_or_default()];
        loop {
            let mut ahead = Records { rest: self.rest };
            match ahead.next() {
                Some((CONTINUED, data)) => parts.push(data),
                _ => break,
            }
            self.rest = ahead.rest;
        }
        let mut texts = Texts { parts: parts.into_iter(), part: &[] };
        std::iter::from_fn(|| texts.length()).collect()
    }
}

/// The least of its bytes comes first, as everywhere in these files.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

struct Texts<'a, P> {
    parts: P,
    part: &'a [u8],
}

impl<'a, P: Iterator<Item = &'a [u8]>> Texts<'a, P> {
    fn length(&mut self) -> Option<u64> {
        let letters = number(&self.take::<2>()?);
        let [flags] = self.take::<1>()?;
        let formats = if flags & HAS_FORMATS > 0 { number(&self.take::<2>()?) * 4 } else { 0 };
        let extension = if flags & HAS_EXTENSION > 0 { number(&self.take::<4>()?) } else { 0 };
        self.letters(letters, flags)?;
        self.pass(formats + extension)?;
        Some(letters * LETTER_MAX)
    }

    /// Where they go on in another record, that says anew how wide they are.
    fn letters(&mut self, mut left: u64, mut flags: u8) -> Option<()> {
        loop {
            let width = if flags & IS_WIDE > 0 { 2 } else { 1 };
            let here = left.min(self.part.len() as u64 / width);
            self.pass(here * width)?;
            left -= here;
            if left == 0 {
                return Some(());
            }
            self.part = self.parts.next()?;
            [flags] = self.take::<1>()?;
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.fill()?;
        let (taken, rest) = self.part.split_first_chunk()?;
        self.part = rest;
        Some(*taken)
    }

    fn pass(&mut self, mut count: u64) -> Option<()> {
        while count > 0 {
            self.fill()?;
            let here = count.min(self.part.len() as u64);
            self.part = self.part.get(here as usize..)?;
            count -= here;
        }
        Some(())
    }

    fn fill(&mut self) -> Option<()> {
        while self.part.is_empty() {
            self.part = self.parts.next()?;
        }
        Some(())
    }
}

#[cfg(test)]
pub(super) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_texts_go_on_in_other_records_and_say_anew_how_wide_they_are() {
        let first = [&[0; 8][..], &[3, 0, 0, b'a', b'b', b'c'], &[4, 0, IS_WIDE, b'x', 0]].concat();
        let more = [&[0, b'y', b'z', b'w'][..], &[1, 0, HAS_FORMATS, 1, 0, b'q', 1, 2, 3, 4]].concat();
        let stream = [record(0x00FC, &first), record(CONTINUED, &more), record(0x000A, &[])].concat();
        let mut records = Records::new(&stream);
        let (_, data) = records.next().unwrap();
        assert_eq!(records.texts(data), [9, 12, 3]);
        assert_eq!(records.next(), Some((0x000A, &[][..])), "those that continue it were its own");
    }

    #[test]
    fn what_ends_too_soon_ends() {
        assert_eq!(Records::new(&[1, 0, 9, 0, 1]).next(), None);
        assert!(Records::new(&[]).texts(&[0; 8]).is_empty());
        assert!(Records::new(&[]).texts(&[0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 1]).is_empty());
    }
}
