//! The description of the interface (OpenAPI 3.1), made from the same lists as the interface itself: the catalogue, the parameters,
//! the columns and the types. `tongguan contract openapi` writes it, a test holds the committed file to it and runs its examples.

mod operations;
mod schemas;

use axum::{http::header, response::IntoResponse};
use serde_json::{Map, Value, json};

use self::operations::{OPERATIONS, Operation, SAID, Said};
use super::form::ApiForm;
use crate::domain::kpi::catalogue;

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
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "parameters": parameters,
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
    let mut responses = json!({
        "200": { "description": one.zh, "content": content },
        "default": { "$ref": "#/components/responses/Problem" },
    });
    if one.is_kept {
        responses["304"] = json!({ "$ref": "#/components/responses/NotModified" });
    }
    let mut all = json!({
        "operationId": one.id,
        "summary": format!("{} {}", one.zh, one.en),
        "parameters": parameters,
        "responses": responses,
    });
    if !one.example.is_empty() {
        all["x-example"] = one.example.into();
    }
    all
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
    let (description, schema) = match name {
        "figure" => ("指标编号或名称 Id or name of a figure", json!({ "type": "string", "examples": figures() })),
        "stream" => ("业务流 Stream", json!({ "type": "string" })),
        "case_id" => ("案件编号 Number of the case", json!({ "type": "string" })),
        _ => ("期次流水号 Serial number of the edition", json!({ "type": "integer", "minimum": 1 })),
    };
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
}

fn parameter((name, zh, en, schema): &Said) -> Value {
    let schema = schema();
    let mut all = json!({ "name": name, "in": "query", "description": format!("{zh} {en}"), "schema": schema });
    if schema["type"] == "array" {
        // `only` stands several times; a list of names has commas.
        all["style"] = "form".into();
        all["explode"] = (*name == "only").into();
    }
    all
}
