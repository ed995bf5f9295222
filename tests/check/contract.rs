//! The committed schemas are the ones that the Rust types give, and every example is taken or refused as its place says.

use std::{fs, path::PathBuf};

use jiff::tz::TimeZone;
use tongguan::{
    cli::contract::{descriptions, pages},
    domain::{stream::Stream, time::Millis},
    feed::{
        contract::schema,
        decode::{Header, Message, TimeLimits, decode},
        door::Door,
        privacy::Key,
        rejection::Rejection,
    },
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    found.sort();
    found
}

/// A file `{"headers": …, "data": …}` stands for a binary message; any other is the message itself.
fn decoded(bytes: &[u8]) -> Result<u32, Rejection> {
    let stream = Stream::usual("hotline", TimeZone::get("Asia/Shanghai").unwrap());
    let mut door = Door::new(Key::from_bytes(None, b"a key for tests, 32 bytes long ok").unwrap());
    let limits =
        TimeLimits { earliest: Millis::parse("1990-01-01T00:00:00+08:00").unwrap(), future_max_ms: 86_400_000 };
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let data = value["data"].to_string();
    let mut headers: Vec<Header<'_>> = Vec::new();
    for (name, value) in value["headers"].as_object().into_iter().flatten() {
        headers.push(Header { name: name.as_bytes(), value: Some(value.as_str().unwrap().as_bytes()) });
    }
    let payload = if headers.is_empty() { bytes } else { data.as_bytes() };
    let arrived_at = Millis::parse("2021-04-01T00:00:00+08:00").unwrap();
    let message = Message { partition: 0, offset: 0, payload: Some(payload), headers: Some(&headers), arrived_at };
    decode(&message, &stream, &mut door, &limits).map(|decoded| decoded.unknown_fields)
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = root().join("contracts/schemas");
    let all = schema::all();
    for (name, schema) in &all {
        let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let current = serde_json::to_string_pretty(schema).unwrap() + "\n";
        assert!(committed == current, "{name} has drifted: run `tongguan contract schema` and read the difference");
    }
    assert_eq!(files("contracts/schemas").len(), all.len(), "a schema is left over from a type that is gone");
}

#[test]
fn the_committed_descriptions_and_their_pages_are_those_of_the_types() {
    let described = descriptions::openapi().into_iter().chain([descriptions::asyncapi().unwrap()]);
    let files = described.map(|(name, written)| (format!("contracts/{name}"), written));
    let pages = pages::all().unwrap().into_iter().map(|(name, written)| (format!("docs/reference/{name}"), written));
    for (name, written) in files.chain(pages) {
        let committed = fs::read_to_string(root().join(&name)).unwrap_or_default();
        let remedy =
            "run `tongguan contract openapi`, `contract asyncapi` and `contract pages`, and read the difference";
        assert!(committed == written, "{name} has drifted: {remedy}");
    }
}

#[test]
fn every_valid_example_is_taken() {
    for (name, bytes) in files("contracts/examples/valid") {
        let unknown = decoded(&bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(unknown > 0, name.contains("unknown-fields"), "{name}: {unknown} unknown fields");
    }
}

#[test]
fn every_invalid_example_is_refused_for_the_reason_in_its_name() {
    for (name, bytes) in files("contracts/examples/invalid") {
        let why = decoded(&bytes).err().unwrap_or_else(|| panic!("{name} was taken"));
        assert_eq!(Some(why.reason.name()), name.split("--").next(), "{name}: {why}");
        assert!(!why.detail.is_empty(), "{name}");
    }
}

/// The schema of a whole structured message, with that of each type's data behind it.
fn structured() -> jsonschema::Validator {
    let url = |name: &str| format!("https://tongguan.example/{name}");
    let mut registry = jsonschema::Registry::new();
    let mut structured = serde_json::Value::Null;
    for (name, schema) in schema::all() {
        if name == "structured.json" {
            structured = schema.clone();
            structured["$id"] = url(&name).into();
        }
        registry = registry.add(url(&name), schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options().should_validate_formats(true).with_registry(&registry).build(&structured).unwrap()
}

#[test]
fn the_schemas_agree_with_the_examples() {
    let validator = structured();
    for (name, bytes) in files("contracts/examples/valid") {
        if name.starts_with("structured") {
            let value = serde_json::from_slice(&bytes).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            // Data may be left out where nothing is required in it.
            assert!(wrong.is_empty() || name.contains("no-data"), "{name}: {wrong:?}");
        }
    }
    for (name, bytes) in files("contracts/examples/invalid") {
        let by_schema = [
            "missing_field--no-",
            "missing_field--dispatched",
            "missing_field--contacted",
            "missing_field--verified",
            "missing_field--return",
            "missing_field--extension",
            "missing_field--revisited",
            "missing_field--reviewed",
            "missing_field--appeal",
            "missing_field--duplicate-without",
            "missing_field--duplicate-with-empty",
            "unknown_type",
            "invalid_field--due",
            "invalid_field--passed",
            "invalid_field--light",
            "invalid_field--status",
            "invalid_field--satisfaction",
            "invalid_field--solved",
            "invalid_field--assessed",
            "invalid_field--parent",
            "invalid_field--quantity",
        ];
        if by_schema.iter().any(|prefix| name.starts_with(prefix)) {
            let value = serde_json::from_slice(&bytes).unwrap();
            assert!(!validator.is_valid(&value), "{name} fits the schema");
        }
    }
}

/// A revisit, otherwise complete, whose citizen was so satisfied.
fn revisited(satisfaction: &str) -> serde_json::Value {
    serde_json::json!({
        "specversion": "1.0", "id": "i", "source": "s", "subject": "c", "type": "case.revisited.v1",
        "time": "2021-03-08T09:30:00+08:00", "data": { "reached": true, "satisfaction": satisfaction },
    })
}

#[test]
fn the_words_for_satisfaction_are_the_same_to_the_schema_to_the_decoder_and_to_a_correction() {
    let validator = structured();
    let words = ["satisfied", "basically_satisfied", "neutral", "dissatisfied", "满意", "基本满意", "一般", "不满意"];
    let corrected = |word: &str| {
        let mut message = revisited(word);
        message["type"] = "case.corrected.v1".into();
        message["data"] = serde_json::json!({ "field": "satisfaction", "value": word });
        decoded(message.to_string().as_bytes())
    };
    for word in words {
        assert!(validator.is_valid(&revisited(word)), "{word}");
        assert_eq!(decoded(revisited(word).to_string().as_bytes()), Ok(0), "{word}");
        assert_eq!(corrected(word), Ok(0), "{word}");
        // Another field is wrong: it is that one which is named, though the schema has read the words too.
        let mut incomplete = revisited(word);
        incomplete["data"]["reached"].take();
        let why = decoded(incomplete.to_string().as_bytes()).unwrap_err();
        assert_eq!(why.field, "/data/reached", "{word}: {why}");
    }
    for word in ["", "很满意", "Satisfied"] {
        assert!(!validator.is_valid(&revisited(word)) && corrected(word).is_err(), "{word}");
        let why = decoded(revisited(word).to_string().as_bytes()).unwrap_err();
        assert_eq!(why.field, "/data/satisfaction", "{why}");
        assert!(words.iter().all(|right| why.detail.contains(right)), "{why}");
    }
}

#[test]
fn no_rejection_repeats_what_the_message_said() {
    let secret = "13912345678";
    for text in [
        format!(
            r#"{{"specversion":"1.0","id":"i","source":"s","subject":"c","type":"{secret}","time":"2021-03-08T09:30:00+08:00"}}"#
        ),
        format!(
            r#"{{"specversion":"1.0","id":"i","source":"s","subject":"c","type":"case.closed.v1","time":"{secret}"}}"#
        ),
        format!(
            r#"{{"specversion":"1.0","id":"i","source":"s","subject":"c","type":"case.checked.v1","time":"2021-03-08T09:30:00+08:00","data":{{"passed":"{secret}"}}}}"#
        ),
        format!(r#"{{"specversion":"1.0","id":{secret},"source":"s"}}"#),
        format!(r#"{{"phone":"{secret}""#),
    ] {
        let why = decoded(text.as_bytes()).unwrap_err();
        assert!(!why.to_string().contains(secret), "{why}");
    }
}
