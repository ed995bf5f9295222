//! Messages as feeders send them, in the three envelopes.

use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Message {
    pub key: String,
    pub payload: Vec<u8>,
    /// CloudEvents attributes of a binary message.
    pub headers: Vec<(String, String)>,
    pub is_structured: bool,
}

/// A structured CloudEvent; its id is made of the case, the type and the time.
pub fn event(case: &str, kind: &str, time: &str, data: Value) -> Message {
    event_of(&format!("{case}/{kind}/{time}"), case, kind, time, data)
}

pub fn event_of(id: &str, case: &str, kind: &str, time: &str, data: Value) -> Message {
    let body = json!({
        "specversion": "1.0", "id": id, "source": "urn:it", "type": format!("case.{kind}.v1"),
        "subject": case, "time": time, "data": data,
    });
    Message { is_structured: true, ..raw(case, body.to_string().as_bytes()) }
}

pub fn binary(case: &str, kind: &str, time: &str, data: &Value) -> Message {
    let (id, kind) = (format!("{case}/{kind}/{time}"), format!("case.{kind}.v1"));
    let headers =
        [("specversion", "1.0"), ("id", &id), ("source", "urn:it"), ("type", &kind), ("subject", case), ("time", time)];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Message { headers, ..raw(case, data.to_string().as_bytes()) }
}

pub fn bare(case: &str, kind: &str, time: &str, data: &Value) -> Message {
    let body = json!({ "type": format!("case.{kind}.v1"), "case_id": case, "occurred_at": time, "data": data });
    raw(case, body.to_string().as_bytes())
}

/// A line as a feeder would write it; the key is its case.
pub fn line(text: &str) -> Message {
    let body: Value = serde_json::from_str(text).expect(text);
    raw(body["case_id"].as_str().expect("a case_id"), text.as_bytes())
}

/// The fields of the data beside those of the envelope.
pub fn flat(case: &str, kind: &str, time: &str, mut data: Value) -> Message {
    data["type"] = json!(format!("case.{kind}.v1"));
    data["case_id"] = json!(case);
    data["occurred_at"] = json!(time);
    raw(case, data.to_string().as_bytes())
}

pub fn raw(key: &str, payload: &[u8]) -> Message {
    Message { key: key.to_owned(), payload: payload.to_vec(), headers: Vec::new(), is_structured: false }
}

/// The time so many minutes into a working day.
pub fn at(minute: usize) -> String {
    format!("2021-03-{:02}T{:02}:{:02}:00+08:00", 1 + minute / 1440, minute / 60 % 24, minute % 60)
}

/// Cases with a plain life of four events each, interleaved: all reports, then all acceptances, and so on.
pub fn lives(prefix: &str, cases: usize) -> Vec<Message> {
    let mut messages = Vec::with_capacity(cases * 4);
    for (step, kind) in ["accepted", "dispatched", "submitted", "closed"].into_iter().enumerate() {
        for case in 0..cases {
            let data = match kind {
                "accepted" => json!({ "due_at": at(9_000), "place": { "town": format!("town-{}", case % 7) } }),
                "dispatched" => json!({ "unit": format!("unit-{}", case % 11) }),
                _ => json!({ "result": "实际解决" }),
            };
            messages.push(event(&format!("{prefix}-{case}"), kind, &at(step * 100 + case % 90), data));
        }
    }
    messages
}
