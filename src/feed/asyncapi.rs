//! The description of the topics (AsyncAPI 3.0), made from the streams, the list of event types, the envelopes and what is told of
//! events. `tongguan contract asyncapi` writes it, and a test holds the committed file to it.

use serde_json::{Map, Value, json};

use super::{
    alerts::{self, AlertEvent},
    contract::{
        envelope::{CASE_ID_MAX, STRUCTURED_CONTENT_TYPE},
        schema,
    },
    rejected,
};
use crate::domain::{fact::FactKind, stream::Stream};

/// A topic on which Tongguan tells something: its name here and on Kafka, what it says, its key, and an event of it.
struct ToldTopic {
    name: &'static str,
    topic: &'static str,
    zh: &'static str,
    en: &'static str,
    key: &'static str,
    event: fn() -> Value,
    example: fn() -> Value,
}

const TOLD: &[ToldTopic] = &[
    ToldTopic {
        name: "alerts",
        topic: "case-alerts",
        zh: "提醒，恰好一次；读时要用 isolation.level=read_committed",
        en: "What units are told of cases, once each; read it with isolation.level=read_committed",
        key: "案件编号；隔离的消息为业务流 The case id; of quarantined messages the stream",
        event: schema::whole::<AlertEvent>,
        example: alerts::example,
    },
    ToldTopic {
        name: "rejected",
        topic: "case-events.rejected",
        zh: "拒收通知，由 kafka.rejected_topic 指定主题时才有",
        en: "What was refused, where kafka.rejected_topic names this topic",
        key: "位置，同 id The place, as in `id`",
        event: schema::whole::<rejected::RejectionEvent<'_>>,
        example: rejected::example,
    },
];

/// The wrappings of an event, each with a message that the contract's tests take.
const WRAPPINGS: [(&str, &str); 3] = [
    ("structured", include_str!("../../contracts/examples/valid/structured-02-accepted.json")),
    ("binary", include_str!("../../contracts/examples/valid/binary-closed.json")),
    ("bare", include_str!("../../contracts/examples/valid/bare-flat.json")),
];

const KAFKA_BINDING: &str = "0.5.0";
const JSON: &str = "application/json";
const ATTRIBUTE: &str = "ce_";

pub fn document(streams: &[Stream]) -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    for stream in streams {
        let (name, told) = (stream.name.as_str(), format!("{} {}", stream.title_zh, stream.title_en));
        channels.insert(name.to_owned(), channel(&stream.topic, &told, &WRAPPINGS.map(|(wrapping, _)| wrapping)));
        operations.insert(format!("take_{name}"), operation("receive", name, "统管收取事件 Tongguan takes events"));
    }
    for told in TOLD {
        let words = format!("{} {}", told.zh, told.en);
        channels.insert(told.name.to_owned(), channel(told.topic, &words, &[told.name]));
        operations.insert(format!("tell_{}", told.name), operation("send", told.name, &words));
    }
    let mut messages: Map<String, Value> =
        WRAPPINGS.iter().map(|(name, example)| ((*name).to_owned(), wrapping(name, example))).collect();
    messages.extend(TOLD.iter().map(|one| (one.name.to_owned(), told(one))));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "统管的主题 Tongguan's topics",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "案件上发生的每件事是一条事件，送到其业务流的主题；键是案件编号。规则见 README.zh.md。\n\n\
                What happens to a case is an event on the topic of its stream; the key is the case id. The rules are in README.md. \
                All topics have kafka.topic_prefix before their names.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages },
    })
}

/// As the committed file is written.
pub fn written(streams: &[Stream]) -> String {
    format!("{:#}\n", document(streams))
}

fn channel(topic: &str, told: &str, messages: &[&str]) -> Value {
    let message = |name: &&str| ((*name).to_owned(), json!({ "$ref": format!("#/components/messages/{name}") }));
    json!({
        "address": topic,
        "description": told,
        "messages": messages.iter().map(message).collect::<Map<String, Value>>(),
        "bindings": { "kafka": { "topic": topic, "bindingVersion": KAFKA_BINDING } },
    })
}

fn operation(action: &str, channel: &str, told: &str) -> Value {
    json!({ "action": action, "summary": told, "channel": { "$ref": format!("#/channels/{channel}") } })
}

fn wrapping(name: &str, example: &str) -> Value {
    let example: Value = serde_json::from_str(example).unwrap_or_default();
    let case = json!({
        "type": "string", "minLength": 1, "maxLength": CASE_ID_MAX,
        "description": "案件编号 The case id, as in the event",
    });
    let file = |name: &str| json!({ "$ref": format!("schemas/{name}.json") });
    match name {
        "structured" => {
            let title = title(&schema::structured());
            message(&title, STRUCTURED_CONTENT_TYPE, &file(name), &case, &json!({ "payload": example }))
        }
        "bare" => message(&title(&schema::bare()), JSON, &file(name), &case, &json!({ "payload": example })),
        _ => {
            let types: Vec<Value> = FactKind::ALL.iter().map(|(kind, _)| file(&kind.type_name())).collect();
            let data = json!({ "description": "ce_type 所指类型的 data The data of the type that ce_type names", "anyOf": types });
            let example = json!({ "headers": example["headers"], "payload": example["data"] });
            let mut all = message("CloudEvents 1.0, binary", JSON, &data, &case, &example);
            all["headers"] = attributes();
            all
        }
    }
}

fn told(ToldTopic { event, example, key, .. }: &ToldTopic) -> Value {
    let event = event();
    let key = json!({ "type": "string", "description": key });
    message(&title(&event), STRUCTURED_CONTENT_TYPE, &event, &key, &json!({ "payload": example() }))
}

fn message(title: &str, media: &str, payload: &Value, key: &Value, example: &Value) -> Value {
    json!({
        "title": title,
        "contentType": media,
        "payload": { "schemaFormat": "application/schema+json;version=draft-2020-12", "schema": payload },
        "examples": [example],
        "bindings": { "kafka": { "key": key, "bindingVersion": KAFKA_BINDING } },
    })
}

/// The attributes of a structured event, as the headers of a binary one.
fn attributes() -> Value {
    let structured = schema::structured();
    let is_attribute = |name: &str| !["data", "datacontenttype"].contains(&name);
    let fields = structured["properties"].as_object().into_iter().flatten().filter(|(name, _)| is_attribute(name));
    let needed = structured["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    json!({
        "type": "object",
        "required": needed.filter(|name| is_attribute(name)).map(|name| format!("{ATTRIBUTE}{name}")).collect::<Vec<_>>(),
        "properties": fields.map(|(name, field)| (format!("{ATTRIBUTE}{name}"), field.clone())).collect::<Map<_, _>>(),
    })
}

fn title(schema: &Value) -> String {
    schema["title"].as_str().unwrap_or_default().to_owned()
}
