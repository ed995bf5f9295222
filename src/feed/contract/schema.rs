//! The JSON Schemas of the contract, from the Rust types: one for each type's data, one for each JSON envelope.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{data::Data, envelope};
use crate::{domain::fact::FactKind, feed::alerts::AlertEvent};

/// File name and schema of everything in `contracts/schemas`.
pub fn all() -> Vec<(String, Value)> {
    let mut files: Vec<(String, Value)> =
        FactKind::ALL.iter().map(|(kind, _)| (data_file(*kind), Data::schema(*kind))).collect();
    files.push(("structured.json".to_owned(), with_data(structured())));
    files.push(("bare.json".to_owned(), with_data(bare())));
    files.push(("alert.json".to_owned(), root::<AlertEvent>()));
    files
}

/// `case.closed.v1.json`
fn data_file(kind: FactKind) -> String {
    format!("{}.json", kind.type_name())
}

pub(super) fn root<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// With nothing that is named elsewhere, so that it may stand anywhere.
pub(crate) fn whole<T: JsonSchema>() -> Value {
    let inline = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    inline.into_generator().into_root_schema_for::<T>().to_value()
}

/// The envelope alone: its fields, and which types there are.
pub(crate) fn structured() -> Value {
    let mut schema = typed(root::<envelope::Structured<'_>>());
    schema["properties"]["specversion"]["const"] = json!("1.0");
    schema
}

/// The same of a bare message.
pub(crate) fn bare() -> Value {
    typed(root::<envelope::Bare<'_>>())
}

fn typed(mut schema: Value) -> Value {
    let names: Vec<&str> = FactKind::ALL.iter().map(|(_, name)| *name).collect();
    schema["properties"]["type"]["pattern"] = json!(format!("(^|\\.)case\\.({})\\.v1$", names.join("|")));
    schema
}

/// Ties `type` to the schema of its data.
fn with_data(mut schema: Value) -> Value {
    let cases: Vec<Value> = FactKind::ALL
        .iter()
        .map(|(kind, name)| {
            json!({
                "if": { "properties": { "type": { "pattern": format!("(^|\\.)case\\.{name}\\.v1$") } } },
                "then": { "properties": { "data": { "$ref": data_file(*kind) } } },
            })
        })
        .collect();
    schema["allOf"] = json!(cases);
    schema
}
