//! The JSON Schemas of the contract, from the Rust types: one for each type's data, one for each JSON envelope.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{data, envelope};
use crate::domain::fact::FactKind;

/// File name and schema of everything in `contracts/schemas`.
pub fn all() -> Vec<(String, Value)> {
    let mut files: Vec<(String, Value)> =
        FactKind::ALL.iter().map(|(kind, _)| (data_file(*kind), of_data(*kind))).collect();
    files.push(("structured.json".to_owned(), with_data(root::<envelope::Structured<'_>>(), "specversion")));
    files.push(("bare.json".to_owned(), with_data(root::<envelope::Bare<'_>>(), "")));
    files
}

/// `case.closed.v1.json`
fn data_file(kind: FactKind) -> String {
    format!("{}.json", kind.type_name())
}

pub fn of_data(kind: FactKind) -> Value {
    use FactKind as K;
    match kind {
        K::Reported | K::Accepted => root::<data::Intake>(),
        K::Tallied => root::<data::Tallied>(),
        K::Rejected
        | K::NotFiled
        | K::SuspensionRequested
        | K::Suspended
        | K::DuplicateUnlinked
        | K::Voided
        | K::VoidRevoked => root::<data::Reason>(),
        K::VerificationRequested | K::Returned | K::Withdrawn | K::CheckRequested | K::ReworkOrdered => {
            root::<data::OfUnit>()
        }
        K::Verified => root::<data::Verified>(),
        K::Filed => root::<data::Filed>(),
        K::Dispatched => root::<data::Dispatched>(),
        K::Signed => root::<data::Signed>(),
        K::ReturnDecided => root::<data::ReturnDecided>(),
        K::Contacted => root::<data::Contacted>(),
        K::Supervised | K::Urged => root::<data::Pressure>(),
        K::ExtensionRequested => root::<data::ExtensionRequested>(),
        K::ExtensionDecided => root::<data::ExtensionDecided>(),
        K::Resumed => root::<data::Resumed>(),
        K::Submitted => root::<data::Submitted>(),
        K::Checked => root::<data::Checked>(),
        K::Closed => root::<data::Closed>(),
        K::Reopened => root::<data::Reopened>(),
        K::Revisited => root::<data::Revisited>(),
        K::Reviewed | K::Corrected => root::<data::Corrected>(),
        K::AppealDecided => root::<data::AppealDecided>(),
        K::DuplicateLinked => root::<data::DuplicateLinked>(),
        K::Snapshot => root::<data::Snapshot>(),
    }
}

fn root<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// Ties `type` to the schema of its data.
fn with_data(mut schema: Value, versioned: &str) -> Value {
    let cases: Vec<Value> = FactKind::ALL
        .iter()
        .map(|(kind, name)| {
            json!({
                "if": { "properties": { "type": { "pattern": format!("(^|\\.)case\\.{name}\\.v1$") } } },
                "then": { "properties": { "data": { "$ref": data_file(*kind) } } },
            })
        })
        .collect();
    let names: Vec<&str> = FactKind::ALL.iter().map(|(_, name)| *name).collect();
    schema["properties"]["type"]["pattern"] = json!(format!("(^|\\.)case\\.({})\\.v1$", names.join("|")));
    schema["allOf"] = json!(cases);
    if !versioned.is_empty() {
        schema["properties"][versioned]["const"] = json!("1.0");
    }
    schema
}
