//! The description of the inlet (OpenAPI 3.1), made from its own limits, types and refusals. `tongguan contract openapi` writes it, and a
//! test holds the committed file to it. The events themselves are the contract's (`contracts/schemas`).

mod bodies;

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

/// `inlet.listen` where nobody says otherwise.
const ADDRESS: &str = "127.0.0.1:9602";

pub fn document() -> Value {
    // OpenAPI 3.1 has the schemas of JSON Schema, at a place of its own.
    let mut schemas = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let responses: Map<String, Value> =
        STATUSES.iter().map(|status| (status.0.to_owned(), response(status, &mut schemas))).collect();
    let feed = [own_feed::check_described(&mut schemas), own_feed::tail_described(&mut schemas)];
    let mut components = schemas.take_definitions(true);
    components.extend(bodies::schemas());
    let [check, tail] = feed;
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
        "servers": [{
            "url": "http://{address}",
            "variables": { "address": { "default": ADDRESS, "description": "接入口地址 Where the inlet listens" } },
        }],
        "security": [{ "bearer": [] }, { "apiKey": [] }],
        "paths": {
            "/v1/events": { "post": {
                "operationId": "postEvents",
                "summary": "送一条或一批事件 Send one event or a batch",
                "description": "一条一条地送，或一批一批地送；每条当场检查、当场答复。属性也可放在 `ce-` 开头的请求头里，请求体只放 data。\n\n\
                    One by one or in batches; each event is checked and answered at once. Its attributes may also stand in headers that \
                    begin with `ce-`, with the data alone as the body. `content-encoding`: gzip or zstd.",
                "parameters": parameters(),
                "requestBody": { "required": true, "content": bodies::all() },
                "responses": responses,
                // A signed push is for those whose platform cannot send a key.
                "security": [{ "bearer": [] }, { "apiKey": [] }, { "signed": [] }],
                "x-example": "/v1/events?stream=hotline",
            } },
            "/v1/feed": { "get": check },
            "/v1/feed/tail": { "get": tail },
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "密钥，以 tgf_ 开头 The key, which begins with tgf_" },
                "apiKey": { "type": "apiKey", "in": "header", "name": "x-api-key", "description": "同上 The same" },
                "signed": { "type": "apiKey", "in": "query", "name": "key", "description":
                    "签名推送：条目编号；请求带 webhook-id、webhook-timestamp、webhook-signature 三个头 \
                    A signed push: the id of its entry; with the headers webhook-id, webhook-timestamp and webhook-signature of Standard Webhooks" },
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
    json!([
        own_feed::stream_described(),
        {
            "in": "query", "name": "report", "schema": { "type": "string", "enum": ["all"] },
            "description": "一批的答复列出每一条 The answer to a batch lists every event",
        },
        {
            "in": "header", "name": IDEMPOTENCY_KEY, "schema": { "type": "string", "maxLength": IDEMPOTENCY_KEY_MAX },
            "description": "同一请求再送得同一答复 The same request again gets the same answer", "example": "2026-11-02-0001",
        },
    ])
}

fn response((status, zh, en): &(&str, &str, &str), schemas: &mut SchemaGenerator) -> Value {
    let (media, schema) = match *status {
        "200" | "202" => ("application/json", schemas.subschema_for::<Taken<'_>>()),
        "207" => ("application/json", schemas.subschema_for::<Batch<'_>>()),
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
            json!({ "description": "先前答复的重放 The answer was given before", "schema": { "type": "string", "const": "true" } }),
        );
    }
    json!({ "description": format!("{zh} {en}"), "headers": headers, "content": { media: { "schema": schema } } })
}
