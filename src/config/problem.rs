//! What is said when the configuration cannot be used: what, where, and what to do.

use std::{fmt, io, path::PathBuf};

use thiserror::Error;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("cannot read {}: {source}; check that the file exists and may be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    /// The parser's own text is not used: it quotes the line, which may hold a password.
    #[error("{place}, line {line}: {message}; the file must be valid TOML")]
    NotToml { place: String, line: usize, message: String },

    #[error("the configuration cannot be used:{}", list(.0))]
    Invalid(Vec<Problem>),

    /// The checks let something pass that the types refuse: a fault of ours, not of the user.
    #[error("the configuration passed its checks but could not be used; please report this: {0}")]
    Internal(#[source] config::ConfigError),
}

impl ConfigError {
    pub(super) fn internal(error: config::ConfigError) -> Self {
        Self::Internal(error)
    }
}

/// What to do about a name that there is not.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(known, name)).unwrap_or("none");
    format!("the nearest right one is {nearest:?}")
}

/// The line of a place in a text, counted from 1.
pub(super) fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

/// What a file of this shape is refused for, with its line.
pub(super) fn of_toml(place: &str, text: &str, error: &toml::de::Error, remedy: &str) -> Problem {
    let at = error.span().map_or(String::new(), |span| format!(", line {}", line(text, span.start)));
    Problem::new(format!("{place}{at}"), error.message().trim().replace('\n', ", "), remedy)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Key and source, such as `kafka.partitions (env:TONGGUAN__KAFKA__PARTITIONS)`.
    pub place: String,
    pub what: String,
    pub remedy: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.remedy)
    }
}

pub(super) fn none_of(problems: Vec<Problem>) -> Result<(), ConfigError> {
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(problems)) }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
