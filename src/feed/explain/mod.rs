//! Says what is wrong with a message that could not be read: the field and the rule, never the value.
//! Only rejected messages pay for this; the schema is asked after the fast path has failed.

mod kind;
pub mod missing;
mod shape;
#[cfg(test)]
mod tests;
mod unknown;
mod word;

use std::sync::OnceLock;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

pub use self::{
    kind::kind,
    unknown::{meant, unknown},
};
use super::{
    contract::Data,
    rejection::{RejectReason, Rejection},
};
use crate::domain::fact::FactKind;

pub const TIME: &str = "expected an RFC 3339 time with an offset, like 2021-03-06T10:00:00+08:00";

/// Likelier than this it may be the same word.
const NEAR: f64 = 0.6;

/// What is longer is not taken apart to say more of it: as a tree it takes twenty times the memory.
const TAKEN_APART_MAX: usize = 1024 * 1024;

/// Of a long text: no more than where reading ended.
fn of_long(field: &str, error: &serde_json::Error) -> Rejection {
    if !error.is_data() {
        return not_json(error);
    }
    let (line, column) = (error.line(), error.column());
    Rejection::invalid(
        field,
        format!("does not fit the contract at line {line}, column {column}; too long to say more"),
    )
}

/// The message does not begin like a JSON object.
pub(super) fn no_object(text: &str) -> Rejection {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Rejection::new(RejectReason::NotAnObject, "", "expected a JSON object"),
        Err(error) => not_json(&error),
    }
}

fn not_json(error: &serde_json::Error) -> Rejection {
    let detail = format!("breaks off or is no JSON at line {}, column {}", error.line(), error.column());
    Rejection::new(RejectReason::NotJson, "", detail)
}

/// The top of a JSON message did not read.
pub fn top(text: &str, error: &serde_json::Error) -> Rejection {
    if text.len() > TAKEN_APART_MAX {
        return of_long("", error);
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return not_json(error);
    };
    let Value::Object(fields) = value else {
        return Rejection::new(RejectReason::NotAnObject, "", "expected a JSON object");
    };
    for name in ["time", "recordedtime", "occurred_at", "recorded_at"] {
        if fields.get(name).is_some_and(|value| !is_time(value)) {
            return Rejection::invalid(&format!("/{name}"), TIME);
        }
    }
    for name in ["specversion", "id", "source", "type", "subject", "sequence", "case_id", "data_base64"] {
        if fields.get(name).is_some_and(|value| !value.is_string()) {
            return Rejection::invalid(&format!("/{name}"), "expected a string");
        }
    }
    if fields.get("seq").is_some_and(|value| !value.is_u64()) {
        return Rejection::invalid("/seq", "expected a whole number");
    }
    Rejection::invalid("", "a field of the envelope stands twice or cannot be read")
}

fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| super::contract::WireTime::parse(text).is_some())
}

/// The data of a message did not read.
pub fn data(kind: FactKind, text: &str, error: &serde_json::Error) -> Rejection {
    if text.len() > TAKEN_APART_MAX {
        return of_long("/data", error);
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        let detail = format!("no JSON at line {}, column {} of the data", error.line(), error.column());
        return Rejection::new(RejectReason::NotJson, "/data", detail);
    };
    let Contract { schema, validator: Some(validator) } = contract(kind) else {
        return Rejection::invalid("/data", "cannot be read");
    };
    match validator.validate(&value).err() {
        Some(wrong) => {
            let wrong = innermost(&wrong);
            let at = format!("/data{}", wrong.instance_path());
            match wrong.kind() {
                ValidationErrorKind::Required { property } => {
                    Rejection::missing(&format!("{at}/{}", property.as_str().unwrap_or_default()))
                }
                error => {
                    let found = wrong.instance().as_str();
                    Rejection::invalid(&at, rule(schema, wrong.instance_path().as_str(), error, found))
                }
            }
        }
        None => Rejection::invalid("/data", "a field stands twice, or a number or time is out of range"),
    }
}

/// Where there are alternatives, such as an object or nothing, what is wrong within the one that fits best.
fn innermost<'e>(error: &'e ValidationError<'e>) -> &'e ValidationError<'e> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) = error.kind() else {
        return error;
    };
    let depth = |one: &&ValidationError<'_>| one.instance_path().as_str().matches('/').count();
    let within = context.iter().flatten().map(innermost).max_by_key(depth);
    within.filter(|one| depth(one) > depth(&error)).unwrap_or(error)
}

fn rule(schema: &Value, pointer: &str, error: &ValidationErrorKind, found: Option<&str>) -> String {
    match error {
        ValidationErrorKind::Format { .. } => TIME.to_owned(),
        ValidationErrorKind::Minimum { limit } => format!("expected {limit} or more"),
        ValidationErrorKind::Maximum { limit } => format!("expected {limit} or less"),
        _ => shape::expected(schema, pointer, found),
    }
}

/// What the data of a type have to be.
struct Contract {
    schema: Value,
    validator: Option<Validator>,
}

fn contract(kind: FactKind) -> &'static Contract {
    static CONTRACTS: OnceLock<Vec<Contract>> = OnceLock::new();
    let build = |kind: FactKind| {
        let schema = Data::schema(kind);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).ok();
        Contract { schema, validator }
    };
    &CONTRACTS.get_or_init(|| FactKind::ALL.iter().map(|(kind, _)| build(*kind)).collect())[kind as usize]
}
