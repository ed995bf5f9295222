//! What may be sent, in the description of the inlet. It names no other file: whoever imports it has all of it.

use serde_json::{Map, Value, json};

use crate::{feed::contract::schema, http::inlet::limits::EVENTS_MAX};

/// Each of a case of its own.
const JSON: &str = r#"{"type": "case.accepted.v1", "case_id": "RX2026-0011", "occurred_at": "2026-11-02T09:41:00+08:00", "id": "RX2026-0011-1", "source": "hotline.example", "channel": "HOTLINE", "kind": "投诉"}"#;
const STRUCTURED: &str = r#"{"specversion": "1.0", "type": "case.accepted.v1", "subject": "RX2026-0012", "time": "2026-11-02T09:41:00+08:00", "id": "RX2026-0012-1", "source": "hotline.example", "data": {"channel": "HOTLINE", "kind": "投诉"}}"#;
const BATCH: &str = r#"[{"specversion": "1.0", "type": "case.accepted.v1", "subject": "RX2026-0013", "time": "2026-11-02T09:41:00+08:00", "id": "RX2026-0013-1", "source": "hotline.example", "data": {"kind": "投诉"}}, {"specversion": "1.0", "type": "case.dispatched.v1", "subject": "RX2026-0013", "time": "2026-11-02T09:50:00+08:00", "id": "RX2026-0013-2", "source": "hotline.example", "data": {"unit": "CG", "unit_name": "城管中队"}}]"#;
const LINES: &str = r#"{"type": "case.accepted.v1", "case_id": "RX2026-0014", "occurred_at": "2026-11-02T09:41:00+08:00", "id": "RX2026-0014-1", "source": "hotline.example"}
{"type": "case.closed.v1", "case_id": "RX2026-0014", "occurred_at": "2026-11-04T16:30:00+08:00", "id": "RX2026-0014-2", "source": "hotline.example"}
"#;

/// With what the example is answered as `x-answered`.
pub(super) fn all() -> Value {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let many = |items: Value| json!({ "type": "array", "items": items, "maxItems": EVENTS_MAX });
    let one = json!({ "anyOf": [of(BARE), of(EVENT)] });
    let any = json!({ "anyOf": [of(BARE), of(EVENT), many(one)] });
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "application/json": { "schema": any, "example": read(JSON), "x-answered": "202" },
        "application/cloudevents+json": { "schema": of(EVENT), "example": read(STRUCTURED), "x-answered": "202" },
        "application/cloudevents-batch+json": { "schema": many(of(EVENT)), "example": read(BATCH), "x-answered": "207" },
        "application/x-ndjson": {
            "schema": { "type": "string", "description": "每行一条 One event a line" }, "example": LINES, "x-answered": "207",
        },
    })
}

const BARE: &str = "BareEvent";
const EVENT: &str = "StructuredEvent";

/// The two envelopes. What `data` holds depends on the type, and is the contract's.
pub(super) fn schemas() -> Map<String, Value> {
    let data = json!({
        "type": "object",
        "description": "该类型的字段，见 `contracts/schemas/<type>.json`（也在 `/v1/schemas/<type>.json`） \
            The fields of its type: `contracts/schemas/<type>.json`, served at `/v1/schemas/<type>.json`",
    });
    [(BARE, schema::bare()), (EVENT, schema::structured())]
        .into_iter()
        .map(|(name, mut schema)| {
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("$schema");
            }
            schema["properties"]["data"] = data.clone();
            (name.to_owned(), schema)
        })
        .collect()
}
