//! A message in quarantine as it may be shown: never its content, and of its key and headers what is no personal data.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::kpi_csv;
use crate::store::quarantine::{Entry, ListedEntry};

/// What may be shown of a message's key and headers, which are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPreviews {
    /// Without anything that may be personal.
    pub key: String,
    /// By name; none where they could not be read.
    pub headers: Option<Vec<(String, String)>>,
}

/// One message; where it cannot be opened, why.
pub fn entry_json(entry: &Entry, previews: Result<EntryPreviews, String>) -> serde_json::Result<Value> {
    let mut shown = serde_json::to_value(entry.listed())?;
    match previews {
        Ok(opened) => {
            shown["key"] = opened.key.into();
            shown["headers"] = opened.headers.map_or("damaged, not kept".into(), |all| {
                all.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
            });
        }
        Err(why) => shown["sealed"] = why.into(),
    }
    Ok(shown)
}

/// The fields of the JSON.
pub fn write_csv(entries: &[ListedEntry], out: &mut impl Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for entry in entries {
        if let Value::Object(fields) = serde_json::to_value(entry)? {
            rows.push(fields.into_iter().collect());
        }
    }
    kpi_csv::write(rows, out)
}
