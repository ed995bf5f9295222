//! Events as feeders write them.

use serde_json::{Value, json};

use crate::messages::at;

pub const SOURCE: &str = "hotline.example";

/// A structured one; its number is that of the event in its case, and its minute.
pub fn event(case: &str, number: usize) -> Value {
    told(case, number, "urged", json!({ "level": "district" }))
}

pub fn accepted(case: &str, number: usize) -> Value {
    told(case, number, "accepted", json!({ "kind": "投诉", "channel": "12345" }))
}

pub fn dispatched(case: &str, number: usize) -> Value {
    told(case, number, "dispatched", json!({ "unit": "MH-SR" }))
}

pub fn told(case: &str, number: usize, kind: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0", "id": id(case, number), "source": SOURCE, "type": format!("case.{kind}.v1"),
        "subject": case, "time": at(number % 40_000), "data": data,
    })
}

pub fn id(case: &str, number: usize) -> String {
    format!("{case}-{number}")
}

/// One that is refused, and whose case can be read.
pub fn without_unit(case: &str, number: usize) -> Value {
    told(case, number, "dispatched", json!({ "unit_name": "市容所" }))
}

/// The event as `with` changes it.
pub fn changed(mut event: Value, with: impl FnOnce(&mut Value)) -> Value {
    with(&mut event);
    event
}

pub fn without(event: &Value, name: &str) -> Value {
    changed(event.clone(), |event| drop(event.as_object_mut().unwrap().remove(name)))
}

/// The same event bare.
pub fn bare(event: &Value) -> Value {
    let mut bare = json!({
        "type": event["type"], "case_id": event["subject"], "occurred_at": event["time"], "id": event["id"],
        "source": event["source"], "data": event["data"],
    });
    for (theirs, ours) in [("recordedtime", "recorded_at"), ("sequence", "seq")] {
        if let Some(value) = event.get(theirs) {
            bare[ours] = value.clone();
        }
    }
    if let Some(number) = bare.get("seq").and_then(Value::as_str).map(|text| text.parse::<u64>().unwrap()) {
        bare["seq"] = json!(number);
    }
    bare
}

/// The same event bare, with its data beside the rest.
pub fn flat(event: &Value) -> Value {
    let mut flat = bare(event);
    let data = flat.as_object_mut().unwrap().remove("data").unwrap();
    for (name, value) in data.as_object().unwrap() {
        flat[name] = value.clone();
    }
    flat
}

/// Its attributes as headers of HTTP, percent-encoded as CloudEvents wants it.
pub fn attributes(event: &Value) -> Vec<(String, String)> {
    let names = ["specversion", "id", "source", "type", "subject", "time", "recordedtime", "sequence"];
    let value = |name: &str| event.get(name).map(|value| encoded(value.as_str().unwrap()));
    names.iter().filter_map(|name| Some((format!("ce-{name}"), value(name)?))).collect()
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'"' | b'%' | ..=0x20 | 0x7f.. => format!("%{byte:02X}"),
        _ => char::from(byte).to_string(),
    };
    text.bytes().map(one).collect()
}
