//! A TOML file walked key by key, so that every complaint names file, line and key, and no key goes unread.
//!
//! A fault does not stop the walk: what cannot be read is None, which is told already, and all faults are told at the end.

mod entry;
mod nearest;
mod problem;
mod shown;
#[cfg(test)]
mod tests;

pub use entry::{Section, TomlEntry};
pub use nearest::{Comparing, listed, most_alike, remedy};
pub use problem::{Problem, Problems, in_lines, line};
pub use shown::{in_quotes, shown};

use std::cell::RefCell;

use toml::{Spanned, de::DeTable};

#[derive(Debug)]
pub struct Document<'a> {
    place: &'a str,
    text: &'a str,
    /// Where the lines end, so that the text is not read again for the line of each place.
    line_ends: Vec<usize>,
    problems: RefCell<Problems>,
    comparing: Comparing,
}

impl<'a> Document<'a> {
    /// `place` is only for the complaints.
    pub fn new(place: &'a str, text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line_ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { place, text, line_ends, problems: RefCell::default(), comparing: Comparing::default() }
    }

    pub fn parse(&self) -> Result<Spanned<DeTable<'a>>, Problem> {
        DeTable::parse(self.text).map_err(|error| Problem::not_toml(self.place, self.text, &error))
    }

    /// All of what `parse` gave.
    pub fn top(&'a self, table: &'a Spanned<DeTable<'a>>) -> Section<'a> {
        Section::new(self, String::new(), table.span().start, table.get_ref())
    }

    /// What was read, if nothing is wrong; else everything that is. `example`: where a whole one is shown.
    pub fn whole<T>(&self, read: Option<T>, example: &str) -> Result<T, Vec<Problem>> {
        match (read, self.take_problems()) {
            (Some(read), problems) if problems.is_empty() => Ok(read),
            // Whatever is not there was told; else it is a fault of ours.
            (None, problems) if problems.is_empty() => {
                Err(vec![Problem::new(self.place, "is not complete", format!("{example} shows a whole one"))])
            }
            (_, problems) => Err(problems),
        }
    }

    /// Everything that was wrong so far, in the order of the file.
    pub fn take_problems(&self) -> Vec<Problem> {
        self.problems.take().told(self.place)
    }

    /// One that was found apart from the walk; not even made where enough is wrong before it.
    pub fn tell(&self, at: usize, problem: impl FnOnce() -> Problem) {
        self.problems.borrow_mut().add(at, problem);
    }

    /// What is wrong and what to do.
    fn add(&self, at: usize, path: &str, told: impl FnOnce() -> (String, String)) {
        self.tell(at, || {
            let (what, remedy) = told();
            Problem::new(self.place(at, path), shown::said(&what), remedy)
        });
    }

    fn place(&self, at: usize, path: &str) -> String {
        let line = self.line_ends.partition_point(|end| *end < at) + 1;
        let key = if path.is_empty() { String::new() } else { format!(", {path}") };
        format!("{}, line {line}{key}", self.place)
    }
}
