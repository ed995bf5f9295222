//! What is wrong with a mapping: the file, the line, the key, and what would be right.

use std::io;

use super::nearest::hint;

#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("cannot read the mapping {file}: {source}")]
    Unreadable { file: String, source: io::Error },
    #[error("{file}:{line}:{column}: not TOML: {problem}")]
    NotToml { file: String, line: usize, column: usize, problem: String },
    #[error("{file}:{line}: {key}: {problem}")]
    Invalid { file: String, line: usize, key: String, problem: String },
    /// The mapping may be right for another file.
    #[error("{file}:{line}: {key}: the data file has {problem}")]
    NotThisFile { file: String, line: usize, key: String, problem: String },
}

impl MappingError {
    /// `column` is not in the header.
    pub(super) fn no_column(file: &str, line: usize, key: &str, column: &str, header: &[&str]) -> Self {
        let more = header.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let there = listed(&header[..header.len().min(LISTED)]);
        let problem = format!("no column `{column}`{}; it has: {there}{more}", hint(column, header));
        Self::NotThisFile { file: file.to_owned(), line, key: key.to_owned(), problem }
    }

    /// The header is one long name, because another character stands between its names.
    pub(super) fn one_column(file: &str, delimiter: char) -> Self {
        let name = if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
        let problem = format!("one column whose name holds others: is csv.delimiter right? It seems to be \"{name}\"");
        Self::NotThisFile { file: file.to_owned(), line: 1, key: "csv.delimiter".to_owned(), problem }
    }

    pub(super) fn column_twice(file: &str, line: usize, key: &str, column: &str) -> Self {
        let problem = format!(
            "two columns `{column}`, so that it is unclear which is meant: rename one in the file, or give all names \
             in csv.header and the old header line in csv.skip_lines"
        );
        Self::NotThisFile { file: file.to_owned(), line, key: key.to_owned(), problem }
    }
}

/// Names of a header that are shown; more help nobody.
const LISTED: usize = 80;

/// `a`, `b`, `c`
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
