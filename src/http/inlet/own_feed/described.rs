//! What is looked at, in the description of the inlet.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{FeedAnswer, TailAnswer, question::HOURS_MAX};
use crate::http::inlet::refusal::{PROBLEM, ProblemBody};

const REFUSED: [(&str, &str); 6] = [
    ("400", "参数不对 A parameter is wrong"),
    ("401", "没有密钥，或密钥无效 No key, or none that is good"),
    ("403", "密钥不能用于此业务流 The key is not for this stream"),
    ("405", "只能 GET Only GET"),
    ("429", "这把密钥的上一次查询还没完 A look of this key is under way"),
    ("503", "查询的人多，或 Kafka 连不上 Others look, or Kafka is away"),
];

pub(in crate::http::inlet) fn check_described(schemas: &mut SchemaGenerator) -> Value {
    let hours = json!({ "in": "query", "name": "hours", "description": "最近几小时 Of the last hours", "schema": { "type": "integer", "minimum": 1, "maximum": HOURS_MAX } });
    let answer = schemas.subschema_for::<FeedAnswer>();
    described(("getFeed", "我送的怎么样了 What became of what I sent"), &hours, &json!(answer), schemas)
}

pub(in crate::http::inlet) fn tail_described(schemas: &mut SchemaGenerator) -> Value {
    let after = json!({ "in": "query", "name": "after", "description": "上一次答复里的 after The `after` of the answer before", "schema": { "type": "string" } });
    let answer = schemas.subschema_for::<TailAnswer>();
    described(("getFeedTail", "随到随看 The messages that come from now on"), &after, &json!(answer), schemas)
}

fn described((name, summary): (&str, &str), parameter: &Value, answer: &Value, schemas: &mut SchemaGenerator) -> Value {
    let stream = json!({ "in": "query", "name": "stream", "description": "业务流 The stream; may be left out where the key is for one only", "schema": { "type": "string" } });
    let mut responses = Map::new();
    let content = json!({ "application/json": { "schema": answer } });
    responses.insert("200".to_owned(), json!({ "description": summary, "content": content }));
    let problem = json!({ PROBLEM: { "schema": schemas.subschema_for::<ProblemBody>() } });
    for (status, told) in REFUSED {
        responses.insert(status.to_owned(), json!({ "description": told, "content": problem }));
    }
    json!({ "operationId": name, "summary": summary, "parameters": [stream, parameter], "responses": responses })
}
