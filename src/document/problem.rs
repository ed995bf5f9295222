//! What is said of a file that cannot be used: where, what, and what to do.

use std::fmt;

/// So many faults are told. Who has mended them will be told the others.
const TOLD_MAX: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File, line and key, such as `policy.toml, line 7, rules[1].id`; of a setting its key and source, such as
    /// `kafka.partitions (env:TONGGUAN__KAFKA__PARTITIONS)`.
    pub place: String,
    pub what: String,
    pub remedy: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into() }
    }

    /// The error's own text is not used: it quotes the line, which may hold a password.
    pub fn of_toml(place: &str, text: &str, error: &toml::de::Error, remedy: &str) -> Self {
        let at = error.span().map_or(String::new(), |span| {
            let before = text.get(..span.start).unwrap_or(text);
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
            format!(", line {}, column {column}", line(text, span.start))
        });
        Self::new(format!("{place}{at}"), error.message().trim().replace('\n', ", "), remedy)
    }

    pub fn not_toml(place: &str, text: &str, error: &toml::de::Error) -> Self {
        let remedy = match error.message().contains("unquoted key") {
            true => "the file must be valid TOML, in which other keys need quotes: \"受理\" = …",
            false => "the file must be valid TOML",
        };
        Self::of_toml(place, text, error, remedy)
    }
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

/// The first faults that are found; of the others only how many they are.
#[derive(Debug, Default)]
pub struct Problems {
    /// Each with where it stands.
    first: Vec<(usize, Problem)>,
    more: usize,
}

impl Problems {
    pub fn add(&mut self, at: usize, problem: impl FnOnce() -> Problem) {
        if self.first.len() < TOLD_MAX {
            self.first.push((at, problem()));
        } else {
            self.more += 1;
        }
    }

    /// In the order of the file.
    pub fn told(mut self, file: &str) -> Vec<Problem> {
        self.first.sort_by_key(|(at, _)| *at);
        let mut told: Vec<Problem> = self.first.into_iter().map(|(_, problem)| problem).collect();
        if self.more > 0 {
            told.push(Problem::new(file, format!("and {} more", self.more), "they are told when these are mended"));
        }
        told
    }
}
