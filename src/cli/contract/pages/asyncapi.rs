//! The description of the topics as a page, with what each type of event says.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use super::{
    markdown::{code, fenced, heading, link, table, words},
    schemas::{NamedSchemas, kind, name},
};

const FILE: &str = "asyncapi.json";
const TOPICS: [&str; 4] = ["主题 Topic", "含义 Meaning", "统管 Tongguan", "消息 Messages"];

/// `schemas` are the files to which the description refers.
pub(super) fn page(document: &Value, files: &[(String, Value)]) -> String {
    let named = named(document, files);
    let mut page =
        format!("<!-- `tongguan contract pages` 由 contracts/{FILE} 生成 makes this of contracts/{FILE} -->\n\n");
    page += &heading(1, text(&document["info"]["title"]));
    let _ = write!(
        page,
        "{}\n\nAsyncAPI {}: [{FILE}](../../contracts/{FILE}). 规则 Rules: [README.zh.md](../../contracts/README.zh.md), \
         [README.md](../../contracts/README.md). 不用 Kafka Without Kafka: [inlet.md](inlet.md)\n\n",
        words(text(&document["info"]["description"])),
        text(&document["asyncapi"])
    );
    let operations: Vec<&Value> = document["operations"].as_object().into_iter().flat_map(|all| all.values()).collect();
    let channels = document["channels"].as_object().into_iter().flatten();
    page += &table(&TOPICS, &channels.map(|(name, channel)| topic(name, channel, &operations)).collect::<Vec<_>>());
    page += &heading(2, "消息 Messages");
    for (name, message) in document["components"]["messages"].as_object().into_iter().flatten() {
        page += &self::message(name, message, &named);
    }
    page += &heading(2, "事件类型 Event types");
    page += &types(files, &named);
    page += &heading(2, "其他结构 Other schemas");
    for (name, schema) in named.0.iter().filter(|(name, _)| !is_file(name, files)) {
        let _ = write!(page, "{}{}\n\n{}", heading(3, name), words(text(&schema["description"])), named.table(schema));
    }
    page.trim_end().to_owned() + "\n"
}

/// The files, what they define, and what the messages define.
fn named(document: &Value, files: &[(String, Value)]) -> NamedSchemas {
    let messages = document["components"]["messages"].as_object().into_iter().flat_map(|all| all.values());
    let payloads = messages.map(|message| &message["payload"]["schema"]);
    let defined = files.iter().map(|(_, schema)| schema).chain(payloads);
    let defined = defined.filter_map(|schema| schema["$defs"].as_object()).flatten();
    let mut all: BTreeMap<String, Value> = defined.map(|(name, schema)| (name.clone(), schema.clone())).collect();
    all.extend(files.iter().map(|(file, schema)| (name(file).to_owned(), schema.clone())));
    NamedSchemas(all)
}

fn is_file(wanted: &str, files: &[(String, Value)]) -> bool {
    files.iter().any(|(file, _)| name(file) == wanted)
}

fn topic(channel: &str, said: &Value, operations: &[&Value]) -> Vec<String> {
    let place = format!("#/channels/{channel}");
    let does = operations.iter().filter(|one| one["channel"]["$ref"] == place.as_str()).map(|one| {
        match text(&one["action"]) {
            "receive" => "收取 takes",
            _ => "发出 tells",
        }
    });
    let messages = said["messages"].as_object().into_iter().flat_map(|all| all.keys());
    vec![
        code(text(&said["address"])),
        words(text(&said["description"])),
        does.collect::<Vec<_>>().join(", "),
        messages.map(|name| link(name)).collect::<Vec<_>>().join(" "),
    ]
}

fn message(name: &str, said: &Value, named: &NamedSchemas) -> String {
    let mut page = heading(3, name);
    let key = &said["bindings"]["kafka"]["key"];
    let _ = write!(
        page,
        "{}. {}. 键 Key: {}, {}\n\n",
        text(&said["title"]),
        code(&format!("content-type: {}", text(&said["contentType"]))),
        kind(key),
        words(text(&key["description"]))
    );
    if said["headers"].is_object() {
        let _ = write!(page, "**消息头 Headers**\n\n{}", named.table(&said["headers"]));
    }
    let payload = &said["payload"]["schema"];
    let payload = payload["$ref"].as_str().and_then(|reference| named.0.get(self::name(reference))).unwrap_or(payload);
    let fields = named.table(payload);
    if fields.is_empty() {
        let _ = write!(page, "**消息体 Payload** {}\n\n", words(text(&payload["description"])));
    } else {
        let _ = write!(page, "**消息体 Payload**\n\n{fields}");
    }
    for example in said["examples"].as_array().into_iter().flatten() {
        if let Some(headers) = example["headers"].as_object() {
            let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect();
            page += &fenced("text", &lines.join("\n"));
        }
        page += &fenced("json", &format!("{:#}", example["payload"]));
    }
    page
}

/// Each type with its fields, in the order of a life.
fn types(files: &[(String, Value)], named: &NamedSchemas) -> String {
    let types =
        || files.iter().map(|(file, schema)| (name(file), schema)).filter(|(name, _)| name.starts_with("case."));
    let index: Vec<Vec<String>> =
        types().map(|(name, schema)| vec![link(name), words(text(&schema["description"]))]).collect();
    let mut page = table(&["类型 Type", "含义 Meaning"], &index);
    let mut told: Vec<(String, &str)> = Vec::new();
    for (name, schema) in types() {
        page += &heading(3, &code(name));
        let fields = named.table(schema);
        if let Some((_, same)) = told.iter().find(|(known, _)| *known == fields) {
            let _ = write!(page, "字段同 The same fields as {}\n\n", link(same));
            continue;
        }
        page += &fields;
        told.push((fields, name));
    }
    page
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
