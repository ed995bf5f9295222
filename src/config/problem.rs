//! What is said when the configuration cannot be used: what, where, and what to do.

use std::{io, path::PathBuf};

use thiserror::Error;

pub use crate::document::Problem;
use crate::document::in_lines;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("cannot read {}: {source}; check that the file exists and may be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    #[error("{0}")]
    NotToml(Problem),

    #[error("the configuration cannot be used:{}", in_lines(.0))]
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

pub(super) fn none_of(problems: Vec<Problem>) -> Result<(), ConfigError> {
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(problems)) }
}
