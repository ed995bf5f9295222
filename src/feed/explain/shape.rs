//! What the contract's schema wants at a place, in words.

use serde_json::{Map, Value};

use super::word;

/// The words that are allowed there, and which of them is nearest to what was found; or else the types.
pub fn expected(schema: &Value, pointer: &str, found: Option<&str>) -> String {
    let Some(place) = at(schema, pointer) else { return "does not fit the contract".to_owned() };
    let (mut words, mut types) = (Vec::new(), Vec::new());
    collect(schema, place, &mut words, &mut types);
    types.dedup();
    match (words.is_empty(), types.is_empty()) {
        (false, _) => {
            let listed: Vec<&str> = words.iter().map(String::as_str).collect();
            let meant = found.and_then(|found| word::nearest(found, &listed));
            let maybe = meant.map_or_else(String::new, |word| format!("; {word}?"));
            format!("expected one of {}{maybe}", listed.join(", "))
        }
        (true, false) => format!("expected {}", types.join(" or ")),
        (true, true) => "does not fit the contract".to_owned(),
    }
}

/// The names of the fields that may stand in the object at a place.
pub fn fields<'s>(schema: &'s Value, pointer: &str) -> Vec<&'s str> {
    let objects = at(schema, pointer).map(|place| alternatives(schema, place)).unwrap_or_default();
    objects
        .iter()
        .filter_map(|one| one.get("properties")?.as_object())
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}

/// Whether a list stands at a place.
pub fn is_list(schema: &Value, pointer: &str) -> bool {
    let all = at(schema, pointer).map(|place| alternatives(schema, place)).unwrap_or_default();
    all.iter().any(|one| one.get("items").is_some())
}

fn at<'s>(schema: &'s Value, pointer: &str) -> Option<&'s Value> {
    pointer.split('/').filter(|step| !step.is_empty()).try_fold(schema, |place, step| {
        alternatives(schema, place).into_iter().find_map(|one| match step.parse::<usize>() {
            Ok(_) => one.get("items"),
            Err(_) => one.get("properties")?.get(step),
        })
    })
}

/// Itself, and whatever it refers to or leaves open.
fn alternatives<'s>(schema: &'s Value, place: &'s Value) -> Vec<&'s Value> {
    let mut all = vec![place];
    if let Some(target) =
        place.get("$ref").and_then(Value::as_str).and_then(|name| schema.pointer(name.trim_start_matches('#')))
    {
        all.extend(alternatives(schema, target));
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        let some = place.get(key).and_then(Value::as_array).into_iter().flatten();
        all.extend(some.flat_map(|one| alternatives(schema, one)));
    }
    all
}

fn collect(schema: &Value, place: &Value, words: &mut Vec<String>, types: &mut Vec<&'static str>) {
    for one in alternatives(schema, place) {
        let list = one.get("enum").and_then(Value::as_array).into_iter().flatten();
        let allowed = list.chain(one.get("const")).filter_map(Value::as_str);
        words.extend(allowed.map(str::to_owned));
        let kinds =
            one.get("type").map(|kind| kind.as_array().map_or_else(|| vec![kind], |many| many.iter().collect()));
        types.extend(kinds.into_iter().flatten().filter_map(|kind| named(kind.as_str()?)));
    }
}

fn named(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "string" => "a string",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "object" => "an object",
        "array" => "a list",
        _ => return None,
    })
}
