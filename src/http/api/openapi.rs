//! The description of the interface (OpenAPI 3.1), made from the same lists as the interface itself: the catalogue, the parameters,
//! the columns and the types. `tongguan contract openapi` writes it, a test holds the committed file to it and runs its examples.

mod operations;
mod schemas;

use axum::{http::header, response::IntoResponse};
use serde_json::{Map, Value, json};

use self::operations::{OPERATIONS, Operation, SAID, Said};
use super::form::ApiForm;
use crate::{domain::kpi::catalogue, http::auth::SESSION};

/// `page.listen` where nobody says otherwise.
const ADDRESS: &str = "127.0.0.1:9601";

/// Of the catalogue as it is: with a town's own figures, where there are some.
pub fn document() -> Value {
    let paths: Map<String, Value> =
        OPERATIONS.iter().map(|one| (one.path.to_owned(), json!({ "get": described(one) }))).collect();
    let parameters: Map<String, Value> = SAID.iter().map(|said| (said.0.to_owned(), parameter(said))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "统管 Tongguan",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "每个指标连同分子、分母、口径和截至时刻，以及背后的案件。参数与命令行同名。\n\n\
                Every figure with its counts, convention and as-of, and the cases behind it. Parameters are named as on the command line.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{
            "url": "http://{address}",
            "variables": { "address": { "default": ADDRESS, "description": "网页地址 Where the page listens" } },
        }],
        // Where there are no accounts nobody is asked who he is.
        "security": [{}, { "session": [] }, { "certificate": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "parameters": parameters,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": SESSION,
                    "description": "有账号时：登录后的会话 With accounts: the session after log-in" },
                "certificate": { "type": "mutualTLS",
                    "description": "按证书认人时：客户端证书 With certificates: the client's" },
            },
            "responses": {
                "Problem": {
                    "description": "没有回答的原因 Why there is no answer (RFC 9457)",
                    "headers": { "Retry-After": {
                        "description": "几秒后再问 When to ask again (s)", "schema": { "type": "integer" },
                    } },
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                },
                "NotModified": { "description": "答案未变 The answer is still the one that If-None-Match names" },
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

fn described(one: &Operation) -> Value {
    let in_path = one.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path.map(path_parameter).collect();
    let named = (one.takes)();
    parameters.extend(named.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })));
    let content: Map<String, Value> =
        one.forms.iter().map(|form| (form.media().to_owned(), content(*form, one.schema))).collect();
    let summary = format!("{} {}", one.zh, one.en);
    let mut responses = json!({
        "200": { "description": summary, "content": content },
        "default": { "$ref": "#/components/responses/Problem" },
    });
    if one.is_kept {
        responses["304"] = json!({ "$ref": "#/components/responses/NotModified" });
    }
    json!({
        "operationId": one.id,
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
        "x-example": one.example,
    })
}

fn content(form: ApiForm, schema: &str) -> Value {
    match form {
        ApiForm::Json => json!({ "schema": { "$ref": format!("#/components/schemas/{schema}") } }),
        ApiForm::Csv | ApiForm::Lines => json!({ "schema": { "type": "string" } }),
        ApiForm::Arrow => json!({ "schema": { "type": "string", "contentEncoding": "binary" } }),
    }
}

fn path_parameter(name: &str) -> Value {
    let figures = || {
        let ids = catalogue::figures().map(|figure| figure.id.clone());
        let mut names: Vec<String> = catalogue::figures().map(|figure| figure.name.clone()).collect();
        names.sort();
        names.dedup();
        ids.chain(names).collect::<Vec<String>>()
    };
    let text = || json!({ "type": "string" });
    let (description, schema, example) = match name {
        "figure" => {
            ("指标编号或名称 Id or name of a figure", json!({ "type": "string", "examples": figures() }), json!("K05a"))
        }
        "stream" => ("业务流 Stream", text(), json!("grid")),
        "case_id" => ("案件编号 Number of the case", text(), json!("2106A0000001")),
        _ => ("期次流水号 Serial number of the edition", json!({ "type": "integer", "minimum": 1 }), json!(1)),
    };
    json!({
        "name": name, "in": "path", "required": true, "description": description, "schema": schema, "example": example,
    })
}

fn parameter((name, zh, en, schema): &Said) -> Value {
    let schema = schema();
    let mut all = json!({ "name": name, "in": "query", "description": format!("{zh} {en}"), "schema": schema });
    if let Some(example) = schema["examples"].get(0) {
        all["example"] = example.clone();
    }
    if schema["type"] == "array" {
        // `only` stands several times; a list of names has commas.
        all["style"] = "form".into();
        all["explode"] = (*name == "only").into();
    }
    all
}
