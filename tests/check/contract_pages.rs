//! The pages of the contract, in both languages, its AsyncAPI and the reference say what the schemas say: every type, every field.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;
use tongguan::{domain::fact::FactKind, feed::contract::Data};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join("contracts").join(path)).unwrap()
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
fn asyncapi_names_every_stream_every_type_and_what_is_told() {
    let described: Value = serde_json::from_str(&read("asyncapi.json")).unwrap();
    let data = described.pointer("/components/messages/binary/payload/schema/anyOf").unwrap().as_array().unwrap();
    let types: Vec<String> = FactKind::ALL.iter().map(|(_, name)| format!("schemas/case.{name}.v1.json")).collect();
    let named: Vec<&str> = data.iter().map(|one| one["$ref"].as_str().unwrap()).collect();
    assert_eq!(named, types, "the schemas of a binary message's data");

    let mut addresses = vec!["case-alerts".to_owned(), "case-events.rejected".to_owned()];
    for file in fs::read_dir(root().join("config/streams")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let topic = text.lines().find_map(|line| line.strip_prefix("topic = ")).unwrap();
        addresses.push(topic.trim_matches('"').to_owned());
    }
    addresses.sort();
    let channels = described["channels"].as_object().unwrap();
    let mut told: Vec<&str> = channels.values().map(|channel| channel["address"].as_str().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, addresses);
    let key = described.pointer("/components/messages/structured/bindings/kafka/key/maxLength");
    assert_eq!(key, Some(&Value::from(128)), "contracts/README.md: the longest case id");
}

const REFERENCE: [&str; 3] = ["events.md", "inlet.md", "interface.md"];

/// Field tables and tables of parameters, and no others, have words in every row.
#[test]
fn every_field_and_every_parameter_of_the_reference_is_told_in_words() {
    for name in REFERENCE {
        let page = fs::read_to_string(root().join("docs/reference").join(name)).unwrap();
        let (mut in_table, mut rows) = (false, 0);
        for line in page.lines() {
            in_table = line.starts_with("| 字段 Field")
                || line.starts_with("| 参数 Parameter")
                || in_table && line.starts_with('|');
            if in_table {
                rows += 1;
                assert!(!line.ends_with("|  |"), "{name}: {line}");
            }
        }
        assert!(rows > 30, "{name}: {rows}");
    }
}

#[test]
fn every_link_of_the_reference_leads_somewhere() {
    let slug = |heading: &str| -> String {
        let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        text.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
    };
    for name in REFERENCE {
        let page = fs::read_to_string(root().join("docs/reference").join(name)).unwrap();
        let headings: Vec<String> = page.lines().filter(|line| line.starts_with('#')).map(slug).collect();
        for link in page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            match link.strip_prefix('#') {
                Some(anchor) => assert_eq!(headings.iter().filter(|one| *one == anchor).count(), 1, "{name}: {link}"),
                None => assert!(root().join("docs/reference").join(link).exists(), "{name}: {link}"),
            }
        }
    }
}

#[test]
fn the_addresses_of_the_descriptions_are_those_of_the_settings() {
    let settings = fs::read_to_string(root().join("config/default.toml")).unwrap();
    for (name, section) in [("openapi.json", "\n[page]"), ("inlet.openapi.json", "\n[inlet]")] {
        let described: Value = serde_json::from_str(&read(name)).unwrap();
        let address = described.pointer("/servers/0/variables/address/default").unwrap().as_str().unwrap();
        let (_, of_section) = settings.split_once(section).unwrap();
        let listen = of_section.lines().find_map(|line| line.strip_prefix("listen = ")).unwrap();
        assert_eq!(listen.trim_matches('"'), address, "{name}");
    }
}
