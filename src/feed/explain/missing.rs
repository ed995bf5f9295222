//! A field that is not there, and what stands beside it under almost its name.

use serde_json::Value;

use super::{
    NEAR,
    unknown::{is_name, plain},
};
use crate::document::most_alike;

/// The name of the field that is probably meant by a missing one, where it looks like the name of a field.
pub fn almost<'a>(beside: impl IntoIterator<Item = &'a str>, missing: &str) -> Option<&'a str> {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&plain(missing), &plain(name));
    most_alike(beside, likeness, NEAR).filter(|name| is_name(name))
}

/// The names beside a place: `/data/unit`.
pub fn beside<'a>(event: &'a Value, pointer: &str) -> Vec<&'a str> {
    let above = pointer.rsplit_once('/').map_or("", |(above, _)| above);
    let fields = event.pointer(above).and_then(Value::as_object);
    fields.map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
}
