//! What is said of a file that cannot be used: where, what, and what to do.

use std::{collections::BTreeMap, fmt};

/// So many faults are told. Who has mended them will be told the others.
const TOLD_MAX: usize = 50;

/// The parser takes no key with more parts, and does not say where it found one.
const PARTS_MAX: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File, line and key, such as `policy.toml, line 7, rules[1].id`; of a setting its key and source, such as
    /// `kafka.partitions (env:TONGGUAN__KAFKA__PARTITIONS)`.
    pub place: String,
    pub what: String,
    pub remedy: String,
    /// It is no fault, and says only that there are so many more.
    more: usize,
}

impl Problem {
    pub fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into(), more: 0 }
    }

    /// Of a file that a key names.
    pub fn within(self, key: &str) -> Self {
        Self { place: format!("{key}: {}", self.place), ..self }
    }

    /// How many faults of the file are not told, where it says only that.
    pub fn more(&self) -> usize {
        self.more
    }

    /// The error's own text is not used: it quotes the line, which may hold a password.
    pub fn of_toml(place: &str, text: &str, error: &toml::de::Error, remedy: &str) -> Self {
        let deep = if error.span().is_none() { deep_key(text) } else { None };
        let what = match deep {
            Some(_) => format!("a key has more than {PARTS_MAX} parts"),
            None => error.message().trim().replace('\n', ", "),
        };
        let at = error.span().map(|span| span.start).or(deep).map_or(String::new(), |at| {
            let before = text.get(..at).unwrap_or(text);
            let before = before.strip_prefix('\u{feff}').unwrap_or(before);
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
            format!(", line {}, column {column}", line(text, at))
        });
        Self::new(format!("{place}{at}"), what, remedy)
    }

    pub fn not_toml(place: &str, text: &str, error: &toml::de::Error) -> Self {
        let remedy = match error.message().contains("unquoted key") {
            true => "the file must be valid TOML, in which other keys need quotes: \"受理\" = …",
            false => "the file must be valid TOML",
        };
        Self::of_toml(place, text, error, remedy)
    }
}

/// Where a key of too many parts begins: before a `=`, or else anywhere in the line.
fn deep_key(text: &str) -> Option<usize> {
    let is_deep = |part: &str| part.matches('.').count() >= PARTS_MAX;
    let in_key = |line: &&str| is_deep(line.split('=').next().unwrap_or_default());
    let line = text.lines().find(in_key).or_else(|| text.lines().find(|line| is_deep(line)))?;
    text.find(line.trim_start())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.remedy)
    }
}

/// The line of a place in a text, counted from 1.
pub fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

/// Each on a line of its own.
pub fn in_lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}

/// The faults that stand first in the file; of the others only how many they are.
#[derive(Debug, Default)]
pub struct Problems {
    /// By where each stands, and of those in one place by when it was found.
    first: BTreeMap<(usize, usize), Problem>,
    found: usize,
}

impl Problems {
    pub fn add(&mut self, at: usize, problem: impl FnOnce() -> Problem) {
        let place = (at, self.found);
        self.found += 1;
        let is_full = self.first.len() >= TOLD_MAX;
        if is_full && self.first.last_key_value().is_some_and(|(last, _)| *last < place) {
            return;
        }
        self.first.insert(place, problem());
        if is_full {
            self.first.pop_last();
        }
    }

    /// In the order of the file.
    pub fn told(self, file: &str) -> Vec<Problem> {
        let more = self.found - self.first.len();
        let rest = (more > 0).then(|| {
            let rest = Problem::new(file, format!("and {more} more"), "they are told when these are mended");
            Problem { more, ..rest }
        });
        self.first.into_values().chain(rest).collect()
    }
}
