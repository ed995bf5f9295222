//! Where a figure or a score stands: the file, and which of its entries it is.

use std::rc::Rc;

use super::super::Problem;

#[derive(Debug)]
pub(super) struct File {
    pub(super) place: String,
    pub(super) text: String,
}

/// The one of that number, counted from 0, under a head such as `[[figure]]`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) file: Rc<File>,
    pub(super) head: &'static str,
    pub(super) number: usize,
}

impl Entry {
    /// With the line that says it; where none does, of the entry.
    pub(super) fn problem(
        &self,
        says: impl Fn(&str) -> bool,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        self.at(self.line(says), what, remedy)
    }

    /// With the line of a field.
    pub(super) fn of_field(&self, field: &str, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        self.problem(|line| is_field(line, field), what, remedy)
    }

    pub(super) fn at(&self, line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem::new(format!("{}, line {line}", self.file.place), what, remedy)
    }

    /// Of the part of that number under a head of its own; where they are written in one line, of that.
    pub(super) fn part_line(&self, head: &str, field: &str, number: usize) -> usize {
        let mut heads = self.lines().filter(|(_, line)| *line == head).map(|(line, _)| line);
        heads.nth(number).unwrap_or_else(|| self.line(|line| is_field(line, field)))
    }

    fn line(&self, says: impl Fn(&str) -> bool) -> usize {
        let found = self.lines().find(|(_, line)| says(line)).or_else(|| self.lines().next());
        found.map_or(1, |(number, _)| number)
    }

    /// Numbered as the file is. Another kind of entry ends it; what belongs to this one begins with its name.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let own = self.head.trim_end_matches(']');
        let begins = move |line: &str| line == self.head || (line.starts_with("[[") && !line.starts_with(own));
        let numbered = || self.file.text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
        let from = numbered().filter(|(_, line)| *line == self.head).nth(self.number).map_or(1, |(line, _)| line);
        numbered().skip(from - 1).take_while(move |(line, text)| *line == from || !begins(text))
    }
}

fn is_field(line: &str, field: &str) -> bool {
    line.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with('='))
}
