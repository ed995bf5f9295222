//! The description of the inlet (OpenAPI 3.1), made from its own limits, types and refusals. `tongguan contract openapi` writes it, and a
//! test holds the committed file to it. The events themselves are the contract's (`contracts/schemas`).

use axum::{Json, extract::Path, http::header, response::IntoResponse};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    answer::{Batch, REFUSED, Taken},
    head::{IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX},
    limits::{EVENT_BYTES_MAX, EVENTS_MAX, REQUEST_BYTES_MAX},
    own_feed,
    refusal::{PROBLEM, ProblemBody, Refusal},
    replays::REPLAYED,
};
use crate::feed::contract::schema;

/// Status, and what it means: of one event, of a batch, or of the request.
const STATUSES: [(&str, &str, &str); 13] = [
    ("200", "已有：同一条事件先前已收下", "Known: the same event was taken before"),
    ("202", "收下：所有同步副本已确认", "Taken: acknowledged by all in-sync replicas"),
    ("207", "一批的答复：计数，以及没收下的", "Answer to a batch: counts, and what was not taken"),
    ("400", "整个请求读不了，一条也没收", "The request cannot be read as a whole; nothing is taken"),
    ("401", "没有密钥，或密钥无效", "No key, or none that is good"),
    ("403", "密钥不能用于此业务流或来源", "The key is not for this stream or source"),
    ("408", "请求体没有及时到达", "The body did not come in time"),
    (
        "409",
        "同一编号、内容不同；或同一 idempotency-key 正在处理",
        "The same id with another content; or a request with this idempotency-key is under way",
    ),
    ("413", "太大或太多", "Too large, or too many"),
    ("415", "类型或压缩方式不支持", "Not a type or packing that is understood"),
    (
        "422",
        "这条事件不合约定；或 idempotency-key 用于别的内容",
        "The event does not fit the contract; or the idempotency-key was used with another body",
    ),
    ("429", "超过此密钥的限额", "More than the key may send"),
    ("503", "在途太多，或 Kafka 没有确认", "Too much under way, or Kafka did not acknowledge"),
];
/// Those with a time after which to come again.
const AGAIN: [&str; 3] = ["409", "429", "503"];

const EXAMPLE: &str = r#"{"type":"case.accepted.v1","case_id":"RX2026-0001","occurred_at":"2026-11-02T09:41:00+08:00","id":"RX2026-0001-1","source":"hotline.example","channel":"HOTLINE","kind":"投诉"}"#;

pub fn document() -> Value {
    let mut schemas = SchemaSettings::openapi3().into_generator();
    let responses: Map<String, Value> =
        STATUSES.iter().map(|status| (status.0.to_owned(), response(status, &mut schemas))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "统管接入口 Tongguan inlet",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "用 HTTP 送事件，每条当场答复。Events by HTTP, each with an answer. 一次最多 At most {REQUEST_BYTES_MAX} bytes, {EVENTS_MAX} events, {EVENT_BYTES_MAX} bytes an event, unpacked."
            ),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "bearer": [] }, { "apiKey": [] }],
        "paths": {
            "/v1/events": { "post": {
                "operationId": "postEvents",
                "summary": "送一条或一批事件 Send one event or a batch",
                "parameters": parameters(),
                "requestBody": { "required": true, "content": bodies() },
                "responses": responses,
            } },
            "/v1/feed": { "get": own_feed::check_described(&mut schemas) },
            "/v1/feed/tail": { "get": own_feed::tail_described(&mut schemas) },
        },
        "components": {
            "schemas": schemas.take_definitions(true),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "tgf_…" },
                "apiKey": { "type": "apiKey", "in": "header", "name": "x-api-key" },
            },
        },
    })
}

/// As the committed file and the served one are written.
pub fn written() -> String {
    format!("{:#}\n", document())
}

pub(super) async fn served() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], written())
}

/// One of the contract's, so that what is served is whole.
pub(super) async fn schema(Path(name): Path<String>) -> Result<impl IntoResponse, Refusal> {
    let (_, schema) = schema::all().into_iter().find(|(known, _)| *known == name).ok_or(Refusal::NotFound)?;
    Ok(Json(schema))
}

fn parameters() -> Value {
    let text = json!({ "type": "string" });
    let one = |place: &str, name: &str, told: &str, schema: &Value| json!({ "in": place, "name": name, "description": told, "schema": schema });
    json!([
        one("query", "stream", "业务流 The stream; may be left out where the key is for one only", &text),
        one(
            "query",
            "report",
            "一批的答复列出每一条 The answer to a batch lists every event",
            &json!({ "enum": ["all"] })
        ),
        one("query", "key", "签名推送的条目编号 Of a signed push: the id of its entry", &text),
        one(
            "header",
            IDEMPOTENCY_KEY,
            "同一请求再送得同一答复 The same request again gets the same answer",
            &json!({ "type": "string", "maxLength": IDEMPOTENCY_KEY_MAX })
        ),
    ])
}

/// Where the contract's schemas lie beside this file.
fn bodies() -> Value {
    let of = |name: &str| json!({ "$ref": format!("schemas/{name}.json") });
    let many = |items: Value| json!({ "type": "array", "items": items, "maxItems": EVENTS_MAX });
    let any = json!({ "anyOf": [of("bare"), of("structured")] });
    let example: Value = serde_json::from_str(EXAMPLE).unwrap_or_default();
    json!({
        "application/cloudevents+json": { "schema": of("structured") },
        "application/cloudevents-batch+json": { "schema": many(of("structured")) },
        "application/json": { "schema": { "anyOf": [any, many(any.clone())] }, "example": example },
        "application/x-ndjson": { "schema": { "type": "string" }, "example": format!("{EXAMPLE}\n") },
    })
}

fn response((status, zh, en): &(&str, &str, &str), schemas: &mut SchemaGenerator) -> Value {
    let (media, schema) = match *status {
        "200" | "202" => ("application/json", schemas.subschema_for::<Taken<'_>>()),
        "207" => ("application/json", schemas.subschema_for::<Batch>()),
        _ => (PROBLEM, schemas.subschema_for::<ProblemBody>()),
    };
    let count = |told: &str| json!({ "description": told, "schema": { "type": "integer" } });
    let mut headers = Map::new();
    if *status == "207" {
        headers.insert(REFUSED.to_owned(), count("没收下的条数 How many were neither taken nor known"));
    }
    if AGAIN.contains(status) {
        headers.insert("retry-after".to_owned(), count("几秒后再送 When to send again (s)"));
    }
    if matches!(*status, "200" | "202" | "207") {
        headers.insert(
            REPLAYED.to_owned(),
            json!({ "description": "先前答复的重放 The answer was given before", "schema": { "const": "true" } }),
        );
    }
    json!({ "description": format!("{zh} {en}"), "headers": headers, "content": { media: { "schema": schema } } })
}
