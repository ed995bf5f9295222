//! Turns the bytes of a file into UTF-8 while they stream by.
//! Unless the mapping names an encoding: a byte-order mark, else UTF-16 where every other byte is zero, else strict UTF-8, else
//! GB18030. Between the last two the choice is made where the first character beyond ASCII stands, by a stretch long enough to tell;
//! until then they are the same.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

const CHUNK: usize = 64 * 1024;
const STRETCH: usize = 1024 * 1024;

/// The encoding in use; none as long as everything was ASCII.
pub(super) type Found = Rc<Cell<Option<&'static Encoding>>>;

pub(super) struct Decoding<R> {
    inner: R,
    wanted: Option<&'static Encoding>,
    found: Found,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    text: String,
    /// How much of `text` was handed out.
    taken: usize,
    is_started: bool,
    is_ended: bool,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(inner: R, wanted: Option<&'static Encoding>, found: Found) -> Self {
        let (raw, text) = (Vec::with_capacity(CHUNK), String::new());
        Self { inner, wanted, found, decoder: None, raw, text, taken: 0, is_started: false, is_ended: false }
    }

    /// Reads on until `raw` has `len` bytes or the file ends.
    fn fill(&mut self, len: usize) -> io::Result<()> {
        let missing = len.saturating_sub(self.raw.len()) as u64;
        let read = self.inner.by_ref().take(missing).read_to_end(&mut self.raw)?;
        self.is_ended = (read as u64) < missing;
        Ok(())
    }

    fn next_text(&mut self) -> io::Result<()> {
        self.text.clear();
        self.taken = 0;
        self.fill(CHUNK)?;
        if !self.is_started {
            self.is_started = true;
            self.start()?;
        }
        if self.decoder.is_none() && !self.raw.is_ascii() {
            self.fill(STRETCH)?;
            self.use_encoding(if is_utf8(&self.raw) { UTF_8 } else { GB18030 });
        }
        match &mut self.decoder {
            None => self.text.push_str(&String::from_utf8_lossy(&self.raw)), // ASCII, and borrowed as it is
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(self.raw.len() * 3);
                self.text.reserve(room);
                let _ = decoder.decode_to_string(&self.raw, &mut self.text, self.is_ended);
            }
        }
        self.raw.clear();
        Ok(())
    }

    /// A byte-order mark is right even where the mapping says otherwise: no text begins with these bytes by chance.
    fn start(&mut self) -> io::Result<()> {
        if let Some((encoding, mark)) = Encoding::for_bom(&self.raw) {
            self.raw.drain(..mark);
            self.use_encoding(encoding);
        } else if let Some(encoding) = self.wanted {
            self.use_encoding(encoding);
        } else if self.raw.contains(&0) {
            let binary = || io::Error::new(io::ErrorKind::InvalidData, "zero bytes, as no text has them");
            self.use_encoding(utf16(&self.raw).ok_or_else(binary)?);
        }
        Ok(())
    }

    fn use_encoding(&mut self, encoding: &'static Encoding) {
        self.found.set(Some(encoding));
        self.decoder = Some(encoding.new_decoder_without_bom_handling());
    }
}

/// Without a mark: by which reading there are line ends, delimiters and digits. Chinese alone reads as text either way.
fn utf16(beginning: &[u8]) -> Option<&'static Encoding> {
    let plain = |low: usize| {
        beginning
            .as_chunks::<2>()
            .0
            .iter()
            .filter(|pair| pair[1 - low] == 0 && matches!(pair[low], b'\t'..=b'~'))
            .count()
    };
    let (little, big) = (plain(0), plain(1));
    match little.cmp(&big) {
        std::cmp::Ordering::Greater => Some(UTF_16LE),
        std::cmp::Ordering::Less => Some(UTF_16BE),
        std::cmp::Ordering::Equal => None,
    }
}

/// A few damaged places do not make a file GB18030, whose pairs of bytes are hardly ever characters of UTF-8.
fn is_utf8(stretch: &[u8]) -> bool {
    let (mut characters, mut damaged) = (0_usize, 0_usize);
    let mut chunks = stretch.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        characters += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        // The last character may be cut in two by the end of the stretch.
        damaged += usize::from(!chunk.invalid().is_empty() && chunks.peek().is_some());
    }
    damaged == 0 || damaged * 10 < characters
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.text.len() {
            if self.is_ended {
                return Ok(0);
            }
            self.next_text()?;
        }
        let rest = &self.text.as_bytes()[self.taken..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], wanted: Option<&'static Encoding>) -> (String, Option<&'static str>) {
        let found = Found::default();
        let mut text = String::new();
        Decoding::new(bytes, wanted, Rc::clone(&found)).read_to_string(&mut text).unwrap();
        (text, found.get().map(Encoding::name))
    }

    #[test]
    fn ascii_needs_no_choice() {
        assert_eq!(read(b"a,b", None), ("a,b".to_owned(), None));
    }

    #[test]
    fn utf8_is_taken_with_and_without_a_mark() {
        assert_eq!(read("受理,结案".as_bytes(), None), ("受理,结案".to_owned(), Some("UTF-8")));
        assert_eq!(read("\u{feff}受理".as_bytes(), Some(GB18030)), ("受理".to_owned(), Some("UTF-8")));
    }

    #[test]
    fn what_is_not_utf8_is_gb18030_with_the_rare_names() {
        let (bytes, _, _) = GB18030.encode("张𬱖,𱍐,受理");
        assert_eq!(read(&bytes, None), ("张𬱖,𱍐,受理".to_owned(), Some("gb18030")));
    }

    #[test]
    fn the_choice_waits_for_the_first_character_beyond_ascii() {
        let mut bytes = vec![b'a'; CHUNK * 3 + 1];
        bytes.extend_from_slice(&GB18030.encode("受理").0);
        let (text, encoding) = read(&bytes, None);
        assert!(text.ends_with("a受理"));
        assert_eq!(encoding, Some("gb18030"));
    }

    #[test]
    fn a_damaged_byte_does_not_turn_utf8_into_gb18030() {
        let mut bytes = "受理时间结案时间责任单位诉求类型".as_bytes().to_vec();
        bytes.insert(6, 0xFF);
        let (text, encoding) = read(&bytes, None);
        assert_eq!(encoding, Some("UTF-8"));
        assert!(text.starts_with("受理\u{fffd}时间"));
    }

    #[test]
    fn characters_cut_by_the_end_of_a_chunk_survive() {
        for lead in 0..4 {
            let whole = format!("{}{}", "a".repeat(lead), "网格".repeat(STRETCH / 3));
            assert_eq!(read(whole.as_bytes(), None).0, format!("{whole}"));
            let (bytes, _, _) = GB18030.encode(&whole);
            assert_eq!(read(&bytes, None).0, format!("{whole}"));
        }
    }

    #[test]
    fn utf16_is_taken_by_its_mark() {
        let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain("受理".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&bytes, None).0, "受理");
    }

    #[test]
    fn utf16_without_a_mark_is_told_by_its_line_ends_and_digits() {
        let text = "工单编号,受理时间\n1,2021-03-01\n一,一\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little, None), (text.to_owned(), Some("UTF-16LE")));
        assert_eq!(read(&big, None), (text.to_owned(), Some("UTF-16BE")));
    }

    #[test]
    fn zeros_that_make_no_text_are_an_error() {
        let error =
            Decoding::new(&[0_u8; 64][..], None, Found::default()).read_to_string(&mut String::new()).unwrap_err();
        assert!(error.to_string().contains("zero bytes"), "{error}");
    }
}
