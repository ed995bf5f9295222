//! Turns the bytes of a file into UTF-8 while they stream by.
//! Unless the mapping names an encoding: a byte-order mark, else strict UTF-8, else GB18030. The choice is made where
//! the first character beyond ASCII stands, by a stretch long enough to tell; until then the two are the same.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8};

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
            self.start();
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
        if self.is_ended {
            // Every record then ends with a newline, which the count of lines rests on; an empty line is no record.
            self.text.push('\n');
        }
        Ok(())
    }

    /// A byte-order mark is right even where the mapping says otherwise: no text begins with these bytes by chance.
    fn start(&mut self) {
        if let Some((encoding, mark)) = Encoding::for_bom(&self.raw) {
            self.raw.drain(..mark);
            self.use_encoding(encoding);
        } else if let Some(encoding) = self.wanted {
            self.use_encoding(encoding);
        }
    }

    fn use_encoding(&mut self, encoding: &'static Encoding) {
        self.found.set(Some(encoding));
        self.decoder = Some(encoding.new_decoder_without_bom_handling());
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
        assert_eq!(read(b"a,b", None), ("a,b\n".to_owned(), None));
    }

    #[test]
    fn utf8_is_taken_with_and_without_a_mark() {
        assert_eq!(read("受理,结案".as_bytes(), None), ("受理,结案\n".to_owned(), Some("UTF-8")));
        assert_eq!(read("\u{feff}受理".as_bytes(), Some(GB18030)), ("受理\n".to_owned(), Some("UTF-8")));
    }

    #[test]
    fn what_is_not_utf8_is_gb18030_with_the_rare_names() {
        let (bytes, _, _) = GB18030.encode("张𬱖,𱍐,受理");
        assert_eq!(read(&bytes, None), ("张𬱖,𱍐,受理\n".to_owned(), Some("gb18030")));
    }

    #[test]
    fn the_choice_waits_for_the_first_character_beyond_ascii() {
        let mut bytes = vec![b'a'; CHUNK * 3 + 1];
        bytes.extend_from_slice(&GB18030.encode("受理").0);
        let (text, encoding) = read(&bytes, None);
        assert!(text.ends_with("a受理\n"));
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
            assert_eq!(read(whole.as_bytes(), None).0, format!("{whole}\n"));
            let (bytes, _, _) = GB18030.encode(&whole);
            assert_eq!(read(&bytes, None).0, format!("{whole}\n"));
        }
    }

    #[test]
    fn utf16_is_taken_by_its_mark() {
        let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain("受理".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&bytes, None).0, "受理\n");
    }
}
