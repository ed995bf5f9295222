//! The bytes of the file: counted for the progress bar, unpacked when they are gzip, and stopped when a record
//! does not end.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

const BUFFER: usize = 64 * 1024;
/// Longer than any record that is meant; an unclosed quote swallows everything after it.
pub(super) const RECORD_LIMIT: u64 = 16 * 1024 * 1024;

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// What a file is that is not text, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// A zip archive, which an .xlsx is too.
    Zip,
    Xls,
    Pdf,
}

impl std::fmt::Display for NotText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Zip => "a zip archive or an .xlsx workbook",
            Self::Xls => "an old .xls workbook",
            Self::Pdf => "a PDF",
        })
    }
}

/// Unpacks gzip, told by its first bytes and not by the name of the file.
pub(super) fn unpacked<'r>(raw: impl Read + 'r) -> io::Result<Result<Box<dyn Read + 'r>, NotText>> {
    let mut buffered = BufReader::with_capacity(BUFFER, raw);
    let is_gzip = match buffered.fill_buf()? {
        [0x1f, 0x8b, ..] => true,
        [b'P', b'K', 3, 4, ..] => return Ok(Err(NotText::Zip)),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Ok(Err(NotText::Xls)),
        [b'%', b'P', b'D', b'F', b'-', ..] => return Ok(Err(NotText::Pdf)),
        _ => false,
    };
    Ok(Ok(if is_gzip { Box::new(MultiGzDecoder::new(buffered)) } else { Box::new(buffered) }))
}

/// Fails when more passes without a record ending, so that memory stays bounded whatever the file is.
pub(super) struct Limited<R> {
    pub(super) inner: R,
    /// Bytes since the last record; whoever reads records sets it back.
    pub(super) since_record: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        let since = self.since_record.get() + read as u64;
        self.since_record.set(since);
        if since > RECORD_LIMIT {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a record of more than 16 MiB: probably a quote that is not closed; \
                 where quotes are characters like any other, write csv.quote = \"\"",
            ));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_named_for_what_it_is() {
        let kind = |bytes: &'static [u8]| unpacked(bytes).unwrap().err();
        assert_eq!(kind(b"PK\x03\x04....").unwrap(), NotText::Zip);
        assert_eq!(kind(b"\xD0\xCF\x11\xE0").unwrap(), NotText::Xls);
        assert_eq!(kind(b"a,b\n"), None);
        assert_eq!(kind(b""), None);
    }

    #[test]
    fn what_never_ends_is_stopped() {
        let since_record = Rc::new(Cell::new(0));
        let mut limited = Limited { inner: io::repeat(b'x'), since_record: Rc::clone(&since_record) };
        let mut chunk = vec![0; 1024 * 1024];
        for _ in 0..16 {
            limited.read_exact(&mut chunk).unwrap();
        }
        assert!(limited.read_exact(&mut chunk).is_err());
        since_record.set(0);
        assert!(limited.read_exact(&mut chunk).is_ok());
    }
}
