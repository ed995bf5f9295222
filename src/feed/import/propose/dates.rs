//! How the dates of a column are written: by their shapes, each with the formats that read it.

use std::collections::BTreeMap;

use super::super::{
    clock::{Format, with_english_halves},
    shape::{FORMATS, is_of_our_days, masked},
};

/// Ways of writing that are kept apart in one column.
const SHAPES_MAX: usize = 32;
/// So many of a shape are tried by every format; those that read none of them are not tried again.
const TRIED: u64 = 200;
/// What stands where there is no date.
const NULLS: [&str; 9] = ["NULL", "null", "(null)", "-", "--", "无", "/", "N/A", "\\N"];
/// A format whose twin reads as much as this is not sure.
const ALMOST_ALL: f64 = 0.99;

/// The formats, made once.
#[derive(Clone, Debug)]
pub(super) struct DateFormats(Vec<Format>);

impl DateFormats {
    pub(super) fn new() -> Self {
        Self(FORMATS.iter().filter_map(|text| Format::new(text).ok()).collect())
    }

    fn reads(&self, at: usize, text: &str) -> bool {
        let english = with_english_halves(text);
        let text = english.as_deref().unwrap_or(text);
        self.0.get(at).and_then(|format| format.civil(text)).is_some_and(is_of_our_days)
    }
}

/// The dates of one column.
#[derive(Clone, Debug, Default)]
pub struct ProposeDates {
    /// Cells that are dates, and need no format.
    dates: u64,
    shapes: BTreeMap<String, Written>,
    /// No time, whatever it is.
    others: u64,
    nulls: Vec<&'static str>,
}

#[derive(Clone, Debug, Default)]
struct Written {
    count: u64,
    /// By the place of the format, those that have read any.
    reads: BTreeMap<usize, u64>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposeWritten {
    pub formats: Vec<&'static str>,
    /// Month first, that might as well be day first.
    pub either: Vec<&'static str>,
    /// Shapes of dates of which some are day first and some month first.
    pub(super) contradictory: Vec<String>,
    pub nulls: Vec<&'static str>,
    pub read: u64,
    /// Filled with something.
    pub of: u64,
}

impl ProposeDates {
    pub(super) fn count(&mut self, text: &str, is_date: bool, formats: &DateFormats) {
        if is_date {
            self.dates += 1;
            return;
        }
        if let Some(null) = NULLS.iter().find(|null| **null == text) {
            if !self.nulls.contains(null) {
                self.nulls.push(null);
            }
            return;
        }
        let Some(shape) = masked(text) else {
            self.others += 1;
            return;
        };
        let is_full = self.shapes.len() >= SHAPES_MAX;
        let written = match self.shapes.get_mut(&shape) {
            Some(written) => written,
            None if is_full => {
                self.others += 1;
                return;
            }
            None => self.shapes.entry(shape).or_default(),
        };
        written.count += 1;
        let tried: Vec<usize> =
            if written.count <= TRIED { (0..FORMATS.len()).collect() } else { written.reads.keys().copied().collect() };
        for at in tried.into_iter().filter(|at| formats.reads(*at, text)) {
            *written.reads.entry(at).or_default() += 1;
        }
    }

    pub fn told(&self) -> ProposeWritten {
        let others = self.shapes.values().map(|written| written.count).sum::<u64>() + self.others;
        let mut told = ProposeWritten { read: self.dates, of: self.dates + others, ..ProposeWritten::default() };
        told.nulls.clone_from(&self.nulls);
        for (shape, written) in &self.shapes {
            let Some((at, count)) = written.best() else { continue };
            told.read += count;
            let format = FORMATS[at];
            let other = twin(format).map_or(0, |twin| written.reads_of(twin));
            let is_contradictory = other > 0 && (count as f64) < written.count as f64 * ALMOST_ALL;
            if is_contradictory {
                told.contradictory.push(shape.clone());
            }
            let is_open = is_contradictory || other == count;
            let into = if is_open { &mut told.either } else { &mut told.formats };
            let format = if is_open && is_day_first(format) { twin(format).unwrap_or(format) } else { format };
            if !into.contains(&format) {
                into.push(format);
            }
        }
        told
    }
}

impl Written {
    /// The one that reads most; of equals the first.
    fn best(&self) -> Option<(usize, u64)> {
        self.reads.iter().map(|(at, count)| (*at, *count)).max_by_key(|(at, count)| (*count, usize::MAX - at))
    }

    fn reads_of(&self, format: &str) -> u64 {
        let at = FORMATS.iter().position(|known| *known == format);
        at.and_then(|at| self.reads.get(&at)).copied().unwrap_or(0)
    }
}

/// The formats of all columns together, and those for which it stays open whether the day is first: what one column has shown holds for
/// the others of its file.
pub(super) fn settled(all: &[ProposeWritten]) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut formats: Vec<&'static str> = all.iter().flat_map(|one| one.formats.iter().copied()).collect();
    let mut either: Vec<&'static str> = all.iter().flat_map(|one| one.either.iter().copied()).collect();
    let is_contradictory = all.iter().any(|one| !one.contradictory.is_empty());
    let (day, month) = (formats.iter().any(|one| is_day_first(one)), formats.iter().any(|one| one.contains("%m/%d")));
    if day != month && !is_contradictory {
        let first = |format: &'static str| if day { twin(format).unwrap_or(format) } else { format };
        formats.extend(either.drain(..).map(first));
    }
    for all in [&mut formats, &mut either] {
        all.sort_by_key(|format| FORMATS.iter().position(|known| known == format));
        all.dedup();
    }
    (formats, either)
}

fn is_day_first(format: &str) -> bool {
    format.contains("%d/%m")
}

/// Day and month the other way round.
pub(super) fn twin(format: &str) -> Option<&'static str> {
    let other = if format.contains("%m/%d") {
        format.replace("%m/%d", "%d/%m")
    } else if format.contains("%d/%m") {
        format.replace("%d/%m", "%m/%d")
    } else {
        return None;
    };
    FORMATS.iter().copied().find(|known| *known == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(values: &[&str]) -> ProposeWritten {
        let (mut dates, formats) = (ProposeDates::default(), DateFormats::new());
        values.iter().for_each(|text| dates.count(text, false, &formats));
        dates.told()
    }

    #[test]
    fn the_formats_that_read_a_column_are_found_and_slips_do_not_hide_them() {
        let found = told(&["2021-03-01 08:30:00", "2021-03-02 09:00:00", "2021-13-45 09:00:00", "NULL", "soon"]);
        assert_eq!(found.formats, ["%Y-%m-%d %H:%M:%S"]);
        assert_eq!((found.read, found.of, found.nulls), (2, 4, vec!["NULL"]));
        assert_eq!(told(&["2021-03-01 08:30", "2021/3/1", "2021年3月5日"]).formats.len(), 3);
        let halves = told(&["06/15/2015 02:05:09 PM", "01/02/2015 11:00:00 AM"]);
        assert_eq!(settled(&[halves]), (vec!["%m/%d/%Y %I:%M:%S %p"], vec![]));
        assert_eq!(told(&["13800138000", "13900139000"]).read, 0);
    }

    #[test]
    fn a_day_and_a_month_that_may_be_each_other_are_asked_for() {
        let found = told(&["03/04/2021", "05/06/2021"]);
        assert_eq!((&found.formats[..], &found.either[..]), (&[][..], &["%m/%d/%Y"][..]));
        assert_eq!(settled(&[found.clone(), told(&["25/06/2021 08:00"])]).0, ["%d/%m/%Y %H:%M", "%d/%m/%Y"]);
        assert_eq!(settled(&[found]), (vec![], vec!["%m/%d/%Y"]));
        assert_eq!(told(&["03/04/2021", "25/06/2021"]).formats, ["%d/%m/%Y"]);
        assert_eq!(told(&["03/04/2021", "06/25/2021"]).formats, ["%m/%d/%Y"]);
        let both = told(&["25/06/2021", "06/25/2021"]);
        assert_eq!((&both.formats[..], &both.either[..]), (&[][..], &["%m/%d/%Y"][..]));
        assert_eq!(both.contradictory, ["99/99/9999"]);
    }
}
