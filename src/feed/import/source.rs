//! The file as it lies there, unpacked: text that streams, or a workbook that can be sought in.

use std::{
    cell::Cell,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

use super::{
    archive,
    not_text::{HEAD, Kind, NotText, kind},
    read_error::{ReadError, at_start},
};

const BUFFER: usize = 64 * 1024;
/// A workbook that is packed once more is held as it is, to be sought in.
const INNER_MAX: u64 = 256 * 1024 * 1024;
/// Tables are packed to a tenth, to a fiftieth where every row is like the other.
const GROWTH_MAX: u64 = 250;
/// What is smaller may grow as it likes.
const GROWN_FREELY: u64 = 256 * 1024 * 1024;

pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

pub(super) enum Opened<'r> {
    Text(Box<dyn Read + 'r>),
    Xlsx(BufReader<Box<dyn ReadSeek + 'r>>),
    Xls(BufReader<Box<dyn ReadSeek + 'r>>),
}

/// Counts the bytes that pass, for the progress.
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

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

pub(super) fn open<'r>(raw: impl Read + Seek + 'r) -> Result<Opened<'r>, ReadError> {
    of_file(Box::new(raw), true)
}

/// More than any table would: somebody packed it to fill this machine.
pub(super) fn grows_too_much(packed: u64, unpacked: u64) -> bool {
    unpacked > GROWN_FREELY && unpacked / GROWTH_MAX > packed
}

/// What was packed, as long as it is no more than a table could be.
struct Unpacked<R> {
    inner: R,
    packed: u64,
    count: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.count += read as u64;
        if grows_too_much(self.packed, self.count) {
            let problem = "it unpacks to more than 250 times its size, as no table does";
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(read)
    }
}

fn of_file<'r>(mut raw: Box<dyn ReadSeek + 'r>, may_be_packed: bool) -> Result<Opened<'r>, ReadError> {
    let mut head = Vec::new();
    raw.by_ref().take(HEAD).read_to_end(&mut head).map_err(at_start)?;
    let packed = raw.seek(SeekFrom::End(0)).map_err(at_start)?;
    raw.rewind().map_err(at_start)?;
    let raw = BufReader::with_capacity(BUFFER, raw);
    match kind(&head) {
        Kind::Text => Ok(Opened::Text(Box::new(raw))),
        Kind::Xls => Ok(Opened::Xls(raw)),
        Kind::Not(what) => Err(ReadError::NotText(what)),
        Kind::Gzip if may_be_packed => of_packed(MultiGzDecoder::new(raw), packed),
        Kind::Zip => match archive::look(raw)? {
            archive::Found::Workbook(raw) => Ok(Opened::Xlsx(raw)),
            archive::Found::OneFile { stream, packed } if may_be_packed => of_packed(stream, packed),
            archive::Found::OneFile { .. } => Err(ReadError::NotText(NotText::PackedTwice)),
        },
        Kind::Gzip => Err(ReadError::NotText(NotText::PackedTwice)),
    }
}

/// What was packed: text streams on, a workbook is held.
fn of_packed<'r>(stream: impl Read + 'r, packed: u64) -> Result<Opened<'r>, ReadError> {
    let mut stream = Unpacked { inner: stream, packed, count: 0 };
    let mut head = Vec::new();
    stream.by_ref().take(HEAD).read_to_end(&mut head).map_err(at_start)?;
    match kind(&head) {
        Kind::Text => Ok(Opened::Text(Box::new(Cursor::new(head).chain(stream)))),
        Kind::Not(what) => Err(ReadError::NotText(what)),
        Kind::Gzip => Err(ReadError::NotText(NotText::PackedTwice)),
        Kind::Zip | Kind::Xls => {
            let mut whole = head;
            stream.take(INNER_MAX).read_to_end(&mut whole).map_err(at_start)?;
            if whole.len() as u64 >= INNER_MAX {
                return Err(ReadError::NotText(NotText::TooLargeInside));
            }
            of_file(Box::new(Cursor::new(whole)), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_more_than_any_table_ends_in_an_error() {
        let megabytes = |count: u64| count * 1024 * 1024;
        assert!(!grows_too_much(1000, megabytes(256)));
        assert!(grows_too_much(megabytes(1), megabytes(257)));
        assert!(!grows_too_much(megabytes(100), megabytes(10_000)));
        let bomb = Unpacked { inner: io::repeat(b'a').take(megabytes(300)), packed: megabytes(1), count: 0 };
        let error = io::copy(&mut BufReader::with_capacity(BUFFER, bomb), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("250 times its size"), "{error}");
        let table = Unpacked { inner: io::repeat(b'a').take(megabytes(300)), packed: megabytes(2), count: 0 };
        assert_eq!(io::copy(&mut BufReader::with_capacity(BUFFER, table), &mut io::sink()).unwrap(), megabytes(300));
    }
}
