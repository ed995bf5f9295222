//! What is looked at, in the description of the inlet.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{
    FeedAnswer, TailAnswer,
    question::{HOURS, HOURS_MAX},
};
use crate::http::inlet::refusal::{PROBLEM, ProblemBody};

const REFUSED: [(&str, &str); 6] = [
    ("400", "参数不对 A parameter is wrong"),
    ("401", "没有密钥，或密钥无效 No key, or none that is good"),
    ("403", "密钥不能用于此业务流 The key is not for this stream"),
    ("405", "只能 GET Only GET"),
    ("429", "这把密钥的上一次查询还没完 A look of this key is under way"),
    ("503", "查询的人多，或 Kafka 连不上 Others look, or Kafka is away"),
];

/// Those with a time after which to come again.
const AGAIN: [&str; 2] = ["429", "503"];
/// Of a topic of four partitions, as they are made.
const BEGINNING: &str = "0:0,1:0,2:0,3:0";

pub(in crate::http::inlet) fn check_described(schemas: &mut SchemaGenerator) -> Value {
    let hours = json!({
        "in": "query", "name": "hours", "description": "最近几小时，缺省 24 Of the last hours; 24 where none are given",
        "schema": { "type": "integer", "minimum": 1, "maximum": HOURS_MAX }, "example": HOURS,
    });
    let answer = json!(schemas.subschema_for::<FeedAnswer>());
    let about = ["getFeed", "我送的怎么样了 What became of what I sent", "/v1/feed?stream=hotline&hours=24"];
    described(about, &hours, &answer, schemas)
}

pub(in crate::http::inlet) fn tail_described(schemas: &mut SchemaGenerator) -> Value {
    let after = json!({
        "in": "query", "name": "after", "schema": { "type": "string" }, "example": BEGINNING,
        "description": "上一次答复里的 after；缺省从现在起 The `after` of the answer before; from now on where there is none",
    });
    let answer = json!(schemas.subschema_for::<TailAnswer>());
    let example = format!("/v1/feed/tail?stream=hotline&after={BEGINNING}");
    let about = ["getFeedTail", "随到随看 The messages that come from now on", &example];
    described(about, &after, &answer, schemas)
}

pub(in crate::http::inlet) fn stream_described() -> Value {
    json!({
        "in": "query", "name": "stream", "schema": { "type": "string" }, "example": "hotline",
        "description": "业务流 The stream; may be left out where the key is for one only",
    })
}

fn described(
    [name, summary, example]: [&str; 3],
    parameter: &Value,
    answer: &Value,
    schemas: &mut SchemaGenerator,
) -> Value {
    let mut responses = Map::new();
    let content = json!({ "application/json": { "schema": answer } });
    responses.insert("200".to_owned(), json!({ "description": summary, "content": content }));
    let problem = json!({ PROBLEM: { "schema": schemas.subschema_for::<ProblemBody>() } });
    for (status, told) in REFUSED {
        let mut refused = json!({ "description": told, "content": problem });
        if AGAIN.contains(&status) {
            let again = "几秒后再问 When to ask again (s)";
            refused["headers"] = json!({ "retry-after": { "description": again, "schema": { "type": "integer" } } });
        }
        responses.insert(status.to_owned(), refused);
    }
    json!({
        "operationId": name, "summary": summary, "parameters": [stream_described(), parameter], "responses": responses,
        "x-example": example,
    })
}
