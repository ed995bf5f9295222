//! A row's fields, by RFC 4180 to the letter: a field that begins with a quote ends with one, and behind it comes the
//! delimiter or the line's end. Anything else is no row; nothing is put right in silence.

use super::{
    lines::{Line, without_end},
    record::Record,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) delimiter: u8,
    /// None: quotes are characters like any other.
    pub(super) quote: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    Whole,
    /// A quote is open at the line's end.
    Open,
    /// Behind a closing quote stands something else than a delimiter.
    Stray,
}

/// Goes on from line to line, so that a row of many lines is looked at once.
#[derive(Debug)]
pub(super) struct Splitter {
    marks: Marks,
    field: String,
    is_open: bool,
}

impl Splitter {
    pub(super) fn new(marks: Marks) -> Self {
        Self { marks, field: String::new(), is_open: false }
    }

    /// Adds the fields of the next line of the row.
    pub(super) fn take(&mut self, line: &Line, record: &mut Record) -> Split {
        let delimiter = char::from(self.marks.delimiter);
        let quote = self.marks.quote.map(char::from);
        if !self.is_open && !quote.is_some_and(|quote| line.text.contains(quote)) {
            line.body().split(delimiter).for_each(|field| record.push(field, None));
            return Split::Whole;
        }
        let mut rest = line.text.as_str();
        loop {
            if !self.is_open {
                match rest.strip_prefix(|letter| Some(letter) == quote) {
                    Some(after) => rest = after,
                    None => {
                        let Some((field, after)) = rest.split_once(delimiter) else {
                            record.push(without_end(rest), None);
                            return Split::Whole;
                        };
                        record.push(field, None);
                        rest = after;
                        continue;
                    }
                }
            }
            let Some(after) = self.quoted(rest, quote) else { return Split::Open };
            record.push(&self.field, None);
            self.field.clear();
            match after.strip_prefix(delimiter) {
                Some(next) => rest = next,
                None if after.bytes().all(|byte| matches!(byte, b'\r' | b'\n')) => return Split::Whole,
                None => return Split::Stray,
            }
        }
    }

    /// Takes a quoted field to its closing quote; what stands behind it. None when the line ends before.
    fn quoted<'t>(&mut self, mut rest: &'t str, quote: Option<char>) -> Option<&'t str> {
        self.is_open = true;
        loop {
            let Some(at) = rest.find(|letter| Some(letter) == quote) else {
                self.field.push_str(rest);
                return None;
            };
            self.field.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            match after.strip_prefix(|letter| Some(letter) == quote) {
                Some(more) => {
                    self.field.extend(quote);
                    rest = more;
                }
                None => {
                    self.is_open = false;
                    return Some(after);
                }
            }
        }
    }

    /// The fields of a line in which a quote does not close: quotes are then characters like any other.
    pub(super) fn plain(marks: Marks, line: &Line, record: &mut Record) {
        Self::new(Marks { quote: None, ..marks }).take(line, record);
    }
}
