//! A description in OpenAPI as a page.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    curl,
    markdown::{code, fenced, heading, link, table, words},
    schemas::{NamedSchemas, kind, needed_word},
};

const PARAMETERS: [&str; 5] = ["参数 Parameter", "在 In", "类型 Type", "必填 Needed", "含义 Meaning"];
const ANSWERS: [&str; 4] = ["状态 Status", "含义 Meaning", "内容 Content", "头 Headers"];
const SCHEMES: [&str; 2] = ["授权 Authorisation", "含义 Meaning"];

/// `base` is the variable that holds the address in the lines for a shell.
pub(super) fn page(document: &Value, file: &str, base: &str) -> String {
    let described = Described { document, base };
    let operations = described.operations();
    let mut page =
        format!("<!-- `tongguan contract pages` 由 contracts/{file} 生成 makes this of contracts/{file} -->\n\n");
    page += &heading(1, text(&document["info"]["title"]));
    let _ = write!(
        page,
        "{}\n\nOpenAPI {}: [{file}](../../contracts/{file})\n\n",
        words(text(&document["info"]["description"])),
        text(&document["openapi"])
    );
    page += &described.beginning();
    let rows: Vec<Vec<String>> =
        operations.iter().map(|one| vec![link(&one.heading()), words(text(&one.said["summary"]))]).collect();
    page += &table(&["接口 Operation", "说明 Summary"], &rows);
    for operation in &operations {
        page += &described.operation(operation);
    }
    page += &heading(2, "结构 Schemas");
    let named = described.named();
    for (name, schema) in &named.0 {
        let told = words(text(&schema["description"]));
        let _ = write!(page, "{}{}", heading(3, name), if told.is_empty() { told } else { told + "\n\n" });
        page += &named.table(schema);
    }
    page.trim_end().to_owned() + "\n"
}

struct Described<'a> {
    document: &'a Value,
    base: &'a str,
}

struct DescribedOperation<'a> {
    method: String,
    path: &'a str,
    said: &'a Value,
}

impl DescribedOperation<'_> {
    fn heading(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

impl Described<'_> {
    fn operations(&self) -> Vec<DescribedOperation<'_>> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let of_path = |(path, methods)| {
            let methods: &serde_json::Map<String, Value> = methods;
            methods.iter().map(move |(method, said)| DescribedOperation { method: method.to_uppercase(), path, said })
        };
        paths.filter_map(|(path, methods)| Some((path.as_str(), methods.as_object()?))).flat_map(of_path).collect()
    }

    fn named(&self) -> NamedSchemas {
        let all = self.document["components"]["schemas"].as_object().into_iter().flatten();
        NamedSchemas(all.map(|(name, schema)| (name.clone(), schema.clone())).collect())
    }

    /// What has to be set before a line is pasted, and who may ask.
    fn beginning(&self) -> String {
        let server = &self.document["servers"][0];
        let address = text(&server["url"]).replace("{address}", text(&server["variables"]["address"]["default"]));
        let mut set = format!("export {}={address}\n", self.base);
        if self.bearer().is_some() {
            set += "export KEY=tgf_……\n";
        }
        let schemes = self.document["components"]["securitySchemes"].as_object().into_iter().flatten();
        let scheme = |(name, said): (&String, &Value)| vec![scheme(name, said), words(text(&said["description"]))];
        fenced("sh", &set) + &table(&SCHEMES, &schemes.map(scheme).collect::<Vec<_>>())
    }

    /// The variable with the key, where the first way to be let in is one.
    fn bearer(&self) -> Option<&'static str> {
        let first = self.document["security"][0].as_object()?.keys().next()?;
        (self.document["components"]["securitySchemes"][first]["scheme"] == "bearer").then_some("KEY")
    }

    fn operation(&self, operation: &DescribedOperation<'_>) -> String {
        let said = operation.said;
        let mut page = heading(2, &code(&operation.heading()));
        for key in ["summary", "description"] {
            if let Some(told) = said[key].as_str() {
                let _ = write!(page, "{}\n\n", words(told));
            }
        }
        let parameters = said["parameters"].as_array().into_iter().flatten().map(|one| self.resolved(one));
        page += &table(&PARAMETERS, &parameters.map(parameter).collect::<Vec<_>>());
        let address = text(&said["x-example"]);
        let bodies = said["requestBody"]["content"].as_object();
        for (media, content) in bodies.into_iter().flatten() {
            let (example, kind) = (&content["example"], kind(&content["schema"]));
            let _ = write!(page, "**请求体 Body** {}: {kind}\n\n", code(media));
            if let Some(lines) = example.as_str() {
                page += &fenced("json", lines);
            } else {
                page += &fenced("json", &format!("{example:#}"));
            }
            let line = curl::line(self.base, address, self.bearer(), Some((media, example)));
            page += &pasted(&line, text(&content["x-answered"]));
        }
        if bodies.is_none() {
            let first = said["responses"].as_object().and_then(|all| all.keys().next());
            page += &pasted(&curl::line(self.base, address, self.bearer(), None), first.map_or("", String::as_str));
        }
        let answers = said["responses"].as_object().into_iter().flatten();
        page + &table(&ANSWERS, &answers.map(|(status, one)| answer(status, self.resolved(one))).collect::<Vec<_>>())
    }

    fn resolved<'a>(&'a self, one: &'a Value) -> &'a Value {
        let referred = one["$ref"].as_str().and_then(|reference| self.document.pointer(reference.strip_prefix('#')?));
        referred.unwrap_or(one)
    }
}

/// A line for a shell, and what it is answered with.
fn pasted(line: &str, status: &str) -> String {
    format!("{}→ {}\n\n", fenced("sh", line), code(status))
}

fn parameter(one: &Value) -> Vec<String> {
    let mut kind = kind(&one["schema"]);
    if let Some(example) = one.get("example") {
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        kind += &format!("，如 such as {}", code(&example));
    }
    let needed = needed_word(one["required"] == true);
    vec![code(text(&one["name"])), text(&one["in"]).to_owned(), kind, needed, words(text(&one["description"]))]
}

fn answer(status: &str, one: &Value) -> Vec<String> {
    let content = one["content"].as_object().into_iter().flatten();
    let content = content.map(|(media, content)| format!("{} {}", code(media), kind(&content["schema"])));
    let headers = one["headers"].as_object().into_iter().flatten();
    let headers = headers.map(|(name, said)| format!("{} {}", code(name), words(text(&said["description"]))));
    let joined = |all: Vec<String>| all.join("; ");
    vec![code(status), words(text(&one["description"])), joined(content.collect()), joined(headers.collect())]
}

fn scheme(name: &str, said: &Value) -> String {
    match text(&said["type"]) {
        "http" => code("authorization: Bearer …"),
        "apiKey" => format!("{} ({})", code(text(&said["name"])), text(&said["in"])),
        _ => code(name),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
