//! What a workbook unpacks to is looked at before it is read: a few kilobytes can hold gigabytes.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::feed::import::{read_error::ReadError, source::at_start};

/// Parts that are held while a sheet is read: the texts of its cells above all.
const HELD_MAX: u64 = 128 * 1024 * 1024;
/// A sheet streams by. A full one, of a million rows, is smaller.
const STREAMED_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// A cell holds 32,767 characters at most.
const RUN_MAX: usize = 1024 * 1024;

const TOO_LARGE: &str = "it unpacks to more than a workbook can hold; export CSV";

/// Are there formulas in it?
pub(super) fn look(raw: &mut (impl Read + Seek)) -> Result<bool, ReadError> {
    let damaged = |_| ReadError::Workbook(super::DAMAGED);
    let mut archive = ZipArchive::new(&mut *raw).map_err(damaged)?;
    let (mut held, mut streamed, mut has_formulas) = (0, 0, false);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(damaged)?;
        let name = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let is_sheet = name.contains("worksheets/");
        let budget = if is_sheet { STREAMED_MAX - streamed } else { HELD_MAX - held };
        let mut runs = Runs::default();
        let read = runs.read(&mut part, budget)?;
        if read > budget || runs.longest > RUN_MAX {
            return Err(ReadError::Workbook(TOO_LARGE));
        }
        *if is_sheet { &mut streamed } else { &mut held } += read;
        has_formulas |= is_sheet && runs.has_formulas;
    }
    drop(archive);
    raw.rewind().map_err(at_start)?;
    Ok(has_formulas)
}

/// Stretches between two tags.
#[derive(Default)]
struct Runs {
    current: usize,
    longest: usize,
    has_formulas: bool,
}

impl Runs {
    /// The number of bytes, of which no more are read than one beyond the budget.
    fn read(&mut self, part: &mut impl Read, budget: u64) -> Result<u64, ReadError> {
        let (mut chunk, mut total) = (vec![0; 64 * 1024], 0);
        let mut part = part.take(budget.saturating_add(1));
        loop {
            match part.read(&mut chunk) {
                Ok(0) => return Ok(total),
                Ok(count) => {
                    total += count as u64;
                    self.look(&chunk[..count]);
                }
                Err(_) => return Err(ReadError::Workbook(super::DAMAGED)),
            }
            if self.longest > RUN_MAX {
                return Ok(total);
            }
        }
    }

    fn look(&mut self, chunk: &[u8]) {
        for (index, run) in chunk.split(|byte| *byte == b'<').enumerate() {
            if index > 0 {
                self.current = 0;
                // A tag that the end of the chunk cuts may be one; to look once more costs little.
                self.has_formulas |= run.len() < 2 || matches!(run, [b'f', b'>' | b' ', ..]);
            }
            self.current += run.len();
            self.longest = self.longest.max(self.current);
        }
    }
}
