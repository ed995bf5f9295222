//! What a workbook unpacks to is looked at before it is read: a few kilobytes can hold gigabytes, and a few letters can ask for them.
//! By the same reader of XML as the workbook's, so that both see the same.

use std::{
    cell::Cell,
    io::{self, BufReader, Cursor, Read, Seek},
    rc::Rc,
};

use quick_xml::{
    events::{BytesStart, Event},
    reader::Reader,
};
use zip::ZipArchive;

use crate::feed::import::{
    read_error::{ReadError, at_start},
    source::grows_too_much,
};

/// Parts that are held while a sheet is read: the texts of its cells above all.
const HELD_MAX: u64 = 128 * 1024 * 1024;
/// A sheet streams by. A full one, of a million rows, is smaller.
const STREAMED_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// A tag, a comment or a stretch of text. A cell holds 32,767 characters at most.
const PIECE_MAX: usize = 1024 * 1024;
/// All that stands in one cell, with the marks of each letter's format.
const CELL_MAX: usize = 8 * 1024 * 1024;
/// Nobody nests so deeply.
const DEPTH_MAX: u32 = 1000;
/// Texts that differ, formulas that are shared, cells that are merged: for so many, room is made.
const TEXTS_MAX: u64 = HELD_MAX / 13;
const SHARED_MAX: u64 = 1024 * 1024;
const MERGED_MAX: u64 = 256 * 1024;
/// Before a part that is XML stand a mark and blanks, no more.
const BEFORE_XML: u64 = 1024;

const TOO_LARGE: &str = "it unpacks to more than a workbook can hold; export CSV";

/// Are there formulas in it?
pub(super) fn look(raw: &mut (impl Read + Seek)) -> Result<bool, ReadError> {
    let damaged = |_| ReadError::Workbook(super::DAMAGED);
    let mut archive = ZipArchive::new(&mut *raw).map_err(damaged)?;
    let (mut held, mut streamed, mut has_formulas) = (0, 0, false);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(damaged)?;
        let packed = part.compressed_size();
        let is_sheet = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase().contains("worksheets/");
        let mut head = Vec::new();
        part.by_ref().take(BEFORE_XML).read_to_end(&mut head).map_err(|_| ReadError::Workbook(super::DAMAGED))?;
        // Pictures and printers' settings are not read.
        if !is_xml(&head) {
            continue;
        }
        let (spent, most) = if is_sheet { (&mut streamed, STREAMED_MAX) } else { (&mut held, HELD_MAX) };
        let mut looked = Looked::default();
        let read = looked.at(Cursor::new(head).chain(part), most - *spent, packed)?;
        if looked.is_too_much {
            return Err(ReadError::Workbook(TOO_LARGE));
        }
        *spent += read;
        has_formulas |= is_sheet && looked.has_formulas;
    }
    drop(archive);
    raw.rewind().map_err(at_start)?;
    Ok(has_formulas)
}

fn is_xml(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.is_empty() || head.starts_with(b"<") || head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF")
}

/// What was found in a part.
#[derive(Default)]
struct Looked {
    is_too_much: bool,
    has_formulas: bool,
    depth: u32,
    merged: u64,
    /// Bytes of the cell, or of the text of cells, that is open.
    cell: Option<usize>,
}

impl Looked {
    /// How many bytes it has.
    fn at(&mut self, part: impl Read, budget: u64, packed: u64) -> Result<u64, ReadError> {
        let meter = Rc::new(Meter::default());
        let metered = Metered { inner: part, meter: Rc::clone(&meter), budget, packed };
        let mut reader = Reader::from_reader(BufReader::new(metered));
        let config = reader.config_mut();
        (config.check_end_names, config.check_comments, config.expand_empty_elements) = (false, false, true);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            meter.piece.set(0);
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) => break,
                Ok(event) => self.see(&event),
                // What is no XML ends the reading of the workbook as well.
                Err(_) if meter.is_broken.get() => return Err(ReadError::Workbook(super::DAMAGED)),
                Err(_) => break,
            }
            if let Some(cell) = &mut self.cell {
                *cell += buffer.len();
                self.is_too_much |= *cell > CELL_MAX;
            }
            if self.is_too_much {
                break;
            }
        }
        self.is_too_much |= meter.is_too_much.get();
        Ok(meter.total.get())
    }

    fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.is_too_much |= self.depth > DEPTH_MAX;
                self.start(tag);
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                if matches!(tag.local_name().as_ref(), "c" | "si") {
                    self.cell = None;
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let number = |name| {
            let attribute = tag.try_get_attribute(name).ok().flatten();
            attribute.and_then(|found| found.value.trim().parse::<u64>().ok()).unwrap_or_default()
        };
        match tag.local_name().as_ref() {
            "c" | "si" => self.cell = Some(0),
            "f" => {
                self.has_formulas = true;
                self.is_too_much |= number("si") > SHARED_MAX;
            }
            "sst" => self.is_too_much |= number("uniqueCount") > TEXTS_MAX,
            "mergeCell" => {
                self.merged += 1;
                self.is_too_much |= self.merged > MERGED_MAX;
            }
            _ => {}
        }
    }
}

#[derive(Default)]
struct Meter {
    total: Cell<u64>,
    /// Since the last tag or text was whole.
    piece: Cell<usize>,
    is_too_much: Cell<bool>,
    is_broken: Cell<bool>,
}

/// Gives no more than is allowed, in all and for one piece.
struct Metered<R> {
    inner: R,
    meter: Rc<Meter>,
    budget: u64,
    packed: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let meter = &self.meter;
        let read = self.inner.read(out).inspect_err(|_| meter.is_broken.set(true))?;
        let (total, piece) = (meter.total.get() + read as u64, meter.piece.get() + read);
        meter.total.set(total);
        meter.piece.set(piece);
        if total > self.budget || piece > PIECE_MAX || grows_too_much(self.packed, total) {
            meter.is_too_much.set(true);
            return Err(io::Error::other("too much"));
        }
        Ok(read)
    }
}
