//! The pages of the contract, in both languages, and its AsyncAPI say what the schemas say: every type, every field.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;
use tongguan::{domain::fact::FactKind, feed::contract::Data};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts").join(path)).unwrap()
}

/// Field and whether it is needed, as a table or a schema gives them.
type Fields = BTreeMap<String, bool>;

/// The sections of the types: from the heading `### `type` …` to the next one.
fn sections(page: &str) -> Vec<(String, String)> {
    let section = |text: &str| {
        let (name, rest) = text.split_once('`').unwrap();
        (name.to_owned(), rest.to_owned())
    };
    page.split("\n### `").skip(1).map(section).collect()
}

fn fields_of_table(section: &str) -> Fields {
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '`']).to_owned()).collect();
    rows.map(|row| {
        let cells: Vec<String> = cells(row);
        assert!(cells.len() == 4 && !cells[3].is_empty(), "{row}");
        (cells[0].clone(), cells[2] == "是 yes")
    })
    .collect()
}

/// The fields of a list's elements are `list[].field`.
fn fields_of_schema(kind: FactKind) -> Fields {
    let schema = Data::schema(kind);
    let mut fields = fields_of(&schema, "");
    for (name, field) in schema["properties"].as_object().unwrap() {
        if let Some(element) = field["items"]["$ref"].as_str() {
            fields.extend(fields_of(schema.pointer(&element[1..]).unwrap(), &format!("{name}[].")));
        }
    }
    fields
}

fn fields_of(schema: &Value, prefix: &str) -> Fields {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().unwrap().keys();
    fields.map(|name| (format!("{prefix}{name}"), required.contains(&Value::from(name.as_str())))).collect()
}

#[test]
fn both_pages_describe_every_type_with_every_field() {
    for page in ["README.md", "README.zh.md"] {
        let sections = sections(&read(page));
        let names: Vec<&str> = sections.iter().map(|(name, _)| name.as_str()).collect();
        let types: Vec<String> = FactKind::ALL.iter().map(|(kind, _)| kind.type_name()).collect();
        assert_eq!(names, types, "{page}: the types, in the order of a life");
        for ((name, text), (kind, _)) in sections.iter().zip(FactKind::ALL) {
            assert!(text.contains("**计时 clocks**: "), "{page}: {name} does not say what it means for the clocks");
            let other = text.split_once("The same fields as `").map(|(_, rest)| rest.split('`').next().unwrap());
            let shown = match other {
                Some(other) => &sections.iter().find(|(name, _)| name == other).unwrap().1,
                None => text,
            };
            assert_eq!(fields_of_table(shown), fields_of_schema(kind), "{page}: {name}");
        }
    }
    let tables = |page: &str| read(page).split_once("\n### `").unwrap().1.to_owned();
    assert_eq!(tables("README.md"), tables("README.zh.md"), "the tables are in both languages, and the same");
}

#[test]
fn asyncapi_names_every_type() {
    let text = read("asyncapi.yaml");
    let named = text.lines().filter_map(|line| line.trim().strip_prefix("- $ref: schemas/case."));
    let types = FactKind::ALL.iter().map(|(_, name)| format!("{name}.v1.json"));
    assert!(named.eq(types), "the schemas of a binary message's data");
}
