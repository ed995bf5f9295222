//! A JSON Schema as a table of its fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::markdown::{code, link, table, words};

const HEADS: [&str; 4] = ["字段 Field", "类型 Type", "必填 Needed", "含义 Meaning"];

const VALUES: [&str; 2] = ["值 Value", "含义 Meaning"];

/// Schemas by their names, to which others refer.
pub(super) struct NamedSchemas(pub(super) BTreeMap<String, Value>);

impl NamedSchemas {
    pub(super) fn table(&self, schema: &Value) -> String {
        let mut rows = Vec::new();
        self.fields("", schema, &mut rows);
        if rows.is_empty() { values(schema) } else { table(&HEADS, &rows) }
    }

    /// Objects that have no name are shown in place.
    fn fields(&self, before: &str, schema: &Value, rows: &mut Vec<Vec<String>>) {
        let needed: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let place = format!("{before}{name}");
            rows.push(vec![
                code(&place),
                kind(field),
                needed_word(needed.contains(&name.as_str())),
                self.meaning(field),
            ]);
            self.fields(&format!("{place}."), field, rows);
            self.fields(&format!("{place}[]."), &field["items"], rows);
        }
    }

    /// Its own words, or those of what it refers to.
    fn meaning(&self, schema: &Value) -> String {
        if let Some(told) = schema["description"].as_str() {
            return words(told);
        }
        let parts = ["anyOf", "allOf", "oneOf"].iter().filter_map(|key| schema[key].as_array()).flatten();
        let referred = parts.chain([schema]).find_map(|part| part["$ref"].as_str());
        let named = referred.and_then(|reference| self.0.get(name(reference)));
        named.map(|schema| self.meaning(schema)).unwrap_or_default()
    }
}

/// Of a text that is one of several.
fn values(schema: &Value) -> String {
    let told = schema["oneOf"].as_array().into_iter().flatten();
    let told = told.map(|one| vec![kind(one), words(one["description"].as_str().unwrap_or_default())]);
    let listed = schema["enum"].as_array().into_iter().flatten().map(|value| vec![value_word(value), String::new()]);
    table(&VALUES, &told.chain(listed).collect::<Vec<_>>())
}

pub(super) fn needed_word(needed: bool) -> String {
    if needed { "是 yes" } else { "否 no" }.to_owned()
}

/// `#/components/schemas/Taken`, `schemas/bare.json`
pub(super) fn name(reference: &str) -> &str {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    last.strip_suffix(".json").unwrap_or(last)
}

/// The type of a value, with its bounds.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return link(name(reference));
    }
    if let Some(value) = schema.get("const") {
        return value_word(value);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(value_word).collect::<Vec<_>>().join(" · ");
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(all) = schema[key].as_array() {
            return all.iter().map(kind).collect::<Vec<_>>().join(" / ");
        }
    }
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any"],
    };
    let of = match &schema["items"] {
        Value::Object(_) => format!(" of {}", kind(&schema["items"])),
        _ => String::new(),
    };
    format!("{}{of}{}", types.join(" / "), bounds(schema))
}

fn value_word(value: &Value) -> String {
    value.as_str().map_or_else(|| code(&value.to_string()), code)
}

fn bounds(schema: &Value) -> String {
    let mut all = Vec::new();
    let range = |least: &str, most: &str, unit: &str| match (&schema[least], &schema[most]) {
        (Value::Null, Value::Null) => None,
        (least, Value::Null) => Some(format!("≥ {least}{unit}")),
        (Value::Null, most) => Some(format!("≤ {most}{unit}")),
        (least, most) => Some(format!("{least}–{most}{unit}")),
    };
    let format = schema["format"].as_str().unwrap_or_default();
    // Those of Rust's own numbers bound nothing that a reader would send.
    if format.starts_with("date") {
        all.push(format.to_owned());
    } else if !format.starts_with("uint") {
        all.extend(range("minimum", "maximum", ""));
    }
    all.extend(range("minLength", "maxLength", " 字符 characters"));
    all.extend(range("minItems", "maxItems", " 项 items"));
    all.extend(schema["pattern"].as_str().filter(|pattern| pattern.len() <= PATTERN_MAX).map(code));
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// A longer one is a list of names, which stands elsewhere.
const PATTERN_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_told_with_its_bounds() {
        for (schema, told) in [
            (json!({"type": "string", "minLength": 1, "maxLength": 128}), "string (1–128 字符 characters)"),
            (json!({"type": ["string", "null"], "format": "date-time"}), "string / null (date-time)"),
            (json!({"type": "integer", "minimum": 1, "maximum": 168}), "integer (1–168)"),
            (json!({"type": "integer", "format": "uint64", "minimum": 0}), "integer"),
            (json!({"enum": ["all"]}), "`all`"),
            (json!({"const": "1.0"}), "`1.0`"),
            (json!({"anyOf": [{"$ref": "#/$defs/Place"}, {"type": "null"}]}), "[Place](#place) / null"),
            (
                json!({"type": "array", "items": {"$ref": "schemas/case.closed.v1.json"}, "maxItems": 500}),
                "array of [case.closed.v1](#caseclosedv1) (≤ 500 项 items)",
            ),
        ] {
            assert_eq!(kind(&schema), told, "{schema}");
        }
    }

    #[test]
    fn a_field_without_words_has_those_of_what_it_refers_to() {
        let place = json!({"type": "object", "description": "where", "properties": {}});
        let named = NamedSchemas([("Place".to_owned(), place)].into());
        let schema = json!({"required": ["b"], "properties": {
            "a": {"anyOf": [{"$ref": "#/$defs/Place"}, {"type": "null"}]},
            "b": {"type": "array", "items": {"properties": {"c": {"type": "string", "description": "in it"}}}},
        }});
        let table = named.table(&schema);
        assert!(table.contains("| `a` | [Place](#place) / null | 否 no | where |"), "{table}");
        assert!(table.contains("| `b[].c` | string | 否 no | in it |"), "{table}");
        assert!(table.contains("| `b` | array of any | 是 yes |  |"), "{table}");
    }
}
