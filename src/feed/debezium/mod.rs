//! Changes of a platform's table, as Debezium puts them on Kafka: each message is one row and becomes one event, by a mapping.

mod cell;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use smol_str::SmolStr;

use self::cell::{ColumnType, cell};
use super::{
    import::{Fault, RowMapping, RowProblem},
    rejection::{RejectReason, Rejection},
};

/// By what the changes of each stream are read, by its name.
#[derive(Clone, Debug, Default)]
pub struct ChangeMappings(HashMap<SmolStr, ChangeMapping>);

#[derive(Clone, Debug)]
pub struct ChangeMapping {
    mapping: RowMapping,
    /// Of messages without a schema.
    types: BTreeMap<String, ColumnType>,
}

/// The envelope, without what is not looked at.
#[derive(Debug, Deserialize)]
struct Change {
    op: String,
    #[serde(default)]
    after: Option<serde_json::Map<String, Value>>,
    #[serde(default)]
    source: Option<ChangeSource>,
}

#[derive(Debug, Deserialize)]
struct ChangeSource {
    ts_ms: Option<i64>,
}

/// What a field of a schema says.
#[derive(Debug, Deserialize)]
struct Field {
    #[serde(default)]
    field: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    fields: Vec<Field>,
}

impl ChangeMappings {
    pub fn add(&mut self, stream: &SmolStr, mapping: ChangeMapping) {
        self.0.insert(stream.clone(), mapping);
    }

    /// The event that a change of a platform's row stands for. None: it is no change, or the stream is not fed so.
    pub fn made(&self, stream: &SmolStr, payload: Option<&[u8]>) -> Option<Result<Vec<u8>, Rejection>> {
        self.0.get(stream)?;
        let Some(payload) = payload else {
            let detail = "the message has no value: a tombstone; set the connector's tombstones.on.delete = false";
            return Some(Err(Rejection::new(RejectReason::Empty, "", detail)));
        };
        self.event(stream, simdutf8::basic::from_utf8(payload).ok()?)
    }

    /// What is wrong with the time of a made event is wrong with a column of the row.
    pub fn placed(&self, stream: &SmolStr, rejection: Rejection) -> Rejection {
        let column = self.0.get(stream).map_or("", |mapping| mapping.mapping.time_label());
        match rejection.field.as_str() {
            "/time" if !column.is_empty() => Rejection { field: format!("/after/{column}"), ..rejection },
            _ => rejection,
        }
    }

    /// None: the stream is not fed so, or the message is no change; then it is read as any other.
    fn event(&self, stream: &SmolStr, text: &str) -> Option<Result<Vec<u8>, Rejection>> {
        let mapping = self.0.get(stream)?;
        let (mut change, schema) = taken_apart(text)?;
        Some(mapping.event(&mut change, schema.as_ref()))
    }
}

impl ChangeMapping {
    pub fn new(mapping: RowMapping, columns: &BTreeMap<String, String>) -> Self {
        let types = columns.iter().map(|(column, name)| (column.clone(), ColumnType::of(name, None))).collect();
        Self { mapping, types }
    }

    fn event(&self, change: &mut Change, schema: Option<&Field>) -> Result<Vec<u8>, Rejection> {
        let kept_away = |setting: &str| Err(Rejection::invalid("/op", format!("it says nothing of a case; {setting}")));
        match change.op.as_str() {
            "c" | "u" | "r" => {}
            "d" => {
                return kept_away(
                    "a deleted row is not a void case (docs/debezium.md): set the connector's skipped.operations = d,t",
                );
            }
            "t" => return kept_away("set the connector's skipped.operations = d,t"),
            _ => return kept_away("only c, u and r are changes of a row"),
        }
        let after = change.after.as_mut().ok_or_else(|| Rejection::missing("/after"))?;
        let types: HashMap<&str, ColumnType> =
            row_fields(schema).map(|field| (field.field.as_str(), typed(field))).collect();
        let mut cells = Vec::new();
        for column in self.mapping.column_names() {
            let name = found(after, column).ok_or_else(|| Rejection::missing(&format!("/after/{column}")))?;
            let known = types.get(name.as_str()).or_else(|| self.types.get(column));
            let value = after.remove(&name).unwrap_or_default();
            let read = cell(value, known.copied().unwrap_or_default());
            cells.push(
                read.ok_or_else(|| Rejection::invalid(&format!("/after/{column}"), "not of the type of its schema"))?,
            );
        }
        let at = change.source.as_ref().and_then(|source| Timestamp::from_millisecond(source.ts_ms?).ok());
        self.mapping.event(&cells, at).map_err(|problem| rejection(&problem))
    }
}

/// A column by its name, else without regard to case.
fn found(after: &serde_json::Map<String, Value>, column: &str) -> Option<String> {
    let is_same = |name: &&String| name.to_lowercase() == column.to_lowercase();
    after.contains_key(column).then(|| column.to_owned()).or_else(|| after.keys().find(is_same).cloned())
}

/// The envelope and the schema of its row, where it has one.
fn taken_apart(text: &str) -> Option<(Change, Option<Field>)> {
    let mut whole: Value = serde_json::from_str(text).ok()?;
    let (payload, schema) = match whole.get_mut("payload").map(Value::take) {
        Some(payload) => (payload, whole.get_mut("schema").map(Value::take)),
        None => (whole, None),
    };
    // A bare event of ours has no such field.
    let is_change =
        payload.get("op").is_some_and(Value::is_string) && payload.get("source").is_some_and(Value::is_object);
    let change = is_change.then(|| serde_json::from_value(payload).ok())??;
    Some((change, schema.and_then(|schema| serde_json::from_value(schema).ok())))
}

fn row_fields(schema: Option<&Field>) -> impl Iterator<Item = &Field> {
    let row = schema.and_then(|schema| schema.fields.iter().find(|field| field.field == "after"));
    row.into_iter().flat_map(|row| &row.fields)
}

fn typed(field: &Field) -> ColumnType {
    let scale = field.parameters.get("scale").and_then(|scale| scale.parse().ok());
    field.name.as_deref().map_or(ColumnType::Plain, |name| ColumnType::of(name, scale))
}

/// As an import would reject the row; it names the column and no value.
fn rejection(problem: &RowProblem) -> Rejection {
    let reason = match problem.fault {
        Fault::Missing { .. } => RejectReason::MissingField,
        _ => RejectReason::InvalidField,
    };
    let field = if problem.column.is_empty() { "/after".to_owned() } else { format!("/after/{}", problem.column) };
    Rejection::new(reason, field, problem.fault.to_string())
}
