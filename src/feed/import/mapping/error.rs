//! What is wrong with a mapping: all of it, each with its place and what would be right.

use std::io;

use crate::document::{Problem, in_lines};

#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("cannot read the mapping {file}: {source}")]
    Unreadable { file: String, source: io::Error },
    #[error("{0}")]
    NotToml(Problem),
    #[error("the mapping cannot be used:{}", in_lines(.0))]
    Invalid(Vec<Problem>),
    /// The mapping may be right for another file.
    #[error("the mapping does not fit the data file{}:{}", having(.columns), in_lines(.problems))]
    NotThisFile {
        problems: Vec<Problem>,
        /// Those of the file; empty where that is the question.
        columns: String,
    },
}

impl MappingError {
    /// One by one, for whoever shows them so.
    pub fn problems(self) -> Vec<Problem> {
        match self {
            Self::Unreadable { file, source } => {
                vec![Problem::new(file, format!("cannot be read: {source}"), "check that it exists and may be read")]
            }
            Self::NotToml(problem) => vec![problem],
            Self::Invalid(problems) | Self::NotThisFile { problems, .. } => problems,
        }
    }
}

fn having(columns: &str) -> String {
    if columns.is_empty() { String::new() } else { format!(", which has the columns {columns}") }
}
