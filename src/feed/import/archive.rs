//! A ZIP archive: a workbook, or one file that is packed.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Crc, read::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use super::{
    not_text::NotText,
    read_error::{ReadError, at_start},
};

pub(super) enum Found<'r, R> {
    Workbook(R),
    OneFile { stream: Box<dyn Read + 'r>, packed: u64 },
}

/// Where a packed file lies in the archive.
struct Entry {
    start: u64,
    packed: u64,
    is_deflated: bool,
    crc: u32,
}

pub(super) fn look<'r, R: Read + Seek + 'r>(mut raw: R) -> Result<Found<'r, R>, ReadError> {
    let found = {
        let mut archive = ZipArchive::new(&mut raw).map_err(|_| damaged())?;
        one_file(&mut archive)?
    };
    let Some(entry) = found else {
        raw.rewind().map_err(at_start)?;
        return Ok(Found::Workbook(raw));
    };
    raw.seek(SeekFrom::Start(entry.start)).map_err(at_start)?;
    let within = raw.take(entry.packed);
    let unpacked: Box<dyn Read + 'r> =
        if entry.is_deflated { Box::new(DeflateDecoder::new(within)) } else { Box::new(within) };
    let stream = Box::new(Checked { inner: unpacked, crc: Crc::new(), expected: entry.crc });
    Ok(Found::OneFile { stream, packed: entry.packed })
}

/// None for a workbook.
fn one_file<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Option<Entry>, ReadError> {
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_vec).collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted.as_bytes());
    if has("xl/workbook.xml") {
        return Ok(None);
    }
    if has("xl/workbook.bin") {
        return Err(ReadError::NotText(NotText::Xlsb));
    }
    if has("mimetype") && has("content.xml") {
        return Err(ReadError::NotText(NotText::OpenDocument));
    }
    let places: Vec<usize> = (0..names.len()).filter(|place| is_file(&names[*place])).collect();
    let [place] = places.as_slice() else {
        return Err(ReadError::NotText(NotText::SeveralFiles { count: places.len() }));
    };
    let file = archive.by_index_raw(*place).map_err(|error| match error {
        ZipError::UnsupportedArchive(_) => ReadError::NotText(NotText::OtherArchive),
        _ => damaged(),
    })?;
    if file.encrypted() {
        return Err(ReadError::NotText(NotText::Encrypted));
    }
    let is_deflated = match file.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        _ => return Err(ReadError::NotText(NotText::OtherArchive)),
    };
    let start = file.data_start().ok_or_else(damaged)?;
    Ok(Some(Entry { start, packed: file.compressed_size(), is_deflated, crc: file.crc32() }))
}

/// Neither a folder nor what systems leave beside the files.
fn is_file(name: &[u8]) -> bool {
    let last = name.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    !last.is_empty() && !name.starts_with(b"__MACOSX/") && !matches!(last, b".DS_Store" | b"Thumbs.db" | b"desktop.ini")
}

fn damaged() -> ReadError {
    at_start(io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged"))
}

/// Compares the checksum at the end, so that damage is an error and no text.
struct Checked<R> {
    inner: R,
    crc: Crc,
    expected: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.crc.update(&out[..read]);
        if read == 0 && !out.is_empty() && self.crc.sum() != self.expected {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged: its checksum is another"));
        }
        Ok(read)
    }
}
