//! A table as an Arrow stream. ClickHouse writes it from our own rows, so that names and values are those of the JSON and the program
//! carries no second library of columns for the sake of one format.

use super::{client::Store, error::StoreError, literal::quoted};

/// What a column is in ClickHouse; each may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrowKind {
    Text,
    Whole,
    Fraction,
    Flag,
    /// RFC 3339 in the rows; milliseconds in UTC in the stream.
    Instant,
}

impl ArrowKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "Nullable(String)",
            Self::Whole => "Nullable(Int64)",
            Self::Fraction => "Nullable(Float64)",
            Self::Flag => "Nullable(Bool)",
            Self::Instant => "Nullable(DateTime64(3, \\'UTC\\'))",
        }
    }
}

/// `lines` are the rows, one JSON object a line; whatever a row leaves out is null.
pub async fn arrow_stream(store: &Store, columns: &[(&str, ArrowKind)], lines: &str) -> Result<Vec<u8>, StoreError> {
    let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("`{name}` {}", kind.name())).collect();
    // Of no rows at all ClickHouse would not know the columns.
    let (lines, rows) = if lines.is_empty() { ("{}", "false") } else { (lines, "true") };
    let columns = columns.join(", ");
    let sql = format!("SELECT * FROM format(JSONEachRow, '{columns}', {}) WHERE {rows}", quoted(lines));
    let query = store
        .query(&sql)
        .with_setting("date_time_input_format", "best_effort")
        .with_setting("input_format_skip_unknown_fields", "0")
        .with_setting("output_format_arrow_string_as_string", "1")
        .with_setting("output_format_arrow_compression_method", "none")
        .with_setting("max_query_size", "268435456");
    store.bytes(query, "ArrowStream").await
}
