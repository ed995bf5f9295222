//! What the JSON of each answer looks like.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{
    http::api::{answer::kind, figures, problem::ProblemDetails, quarantine},
    report::listed::{CASE_COLUMNS, ListedRows},
    store::{arrow::ArrowKind, kpi::CaseBehind},
};

/// Every field that is named here and is no column of lists, in words.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    ("kpi", "指标编号 Id of the figure"),
    ("convention", "口径 The way of counting"),
    ("cohort", "人群 The cases that it is about"),
    ("from", "时段起 Beginning of the period"),
    ("to", "时段止，不含 End of the period, not part of it"),
    ("as_of", "截至时刻 What was known then counts, nothing later"),
    ("numerator", "分子 Numerator"),
    ("denominator", "分母 Denominator"),
    ("rate", "比率，没有分母则无 Rate; null where there is no denominator"),
    ("definition", "定义 The definition of the figure"),
    ("answers", "数值 What it comes to"),
    ("sql", "所用语句 The statement that was asked"),
    ("account", "各算在哪里 Where every case is counted, and what is left out"),
    ("others", "其他口径 The same under other conventions"),
    ("name", "名称 Name"),
    ("topic", "主题 Topic"),
    ("title_zh", "中文名称 Title in Chinese"),
    ("title_en", "英文名称 Title in English"),
    ("timezone", "时区 Time zone"),
    ("question", "指标回答的问题 The question that it answers"),
    ("formula", "公式 Formula"),
    ("case_id", "案件编号 Number of the case"),
    ("stream", "业务流 Stream"),
    ("verdict", "是否按时，为什么 Whether it is in time, and why"),
    ("facts", "经过 What happened, in order"),
    ("standing", "状态 Where it stands"),
    ("due", "时限 Its due"),
    ("program", "程序版本 Version of the program"),
    ("now", "当前时刻 Now"),
    ("data_up_to", "数据截至 The newest event of any stream"),
    ("streams", "各业务流的数据截至 How far each stream goes"),
    ("rules", "规则版本 Versions of policy, calendar and figures"),
    ("report", "报告 The report"),
    ("edition", "期次 The edition, from 1"),
    ("serial", "流水号 Serial number over all reports"),
    ("sha256", "摘要 Digest by which it is sealed"),
    ("partition", "分区 Partition"),
    ("offset", "位移 Offset"),
    ("reason", "隔离原因 Why it could not be understood"),
    ("field", "出错位置 A JSON pointer or the name of a header"),
    ("detail", "说明 What is wrong"),
    ("preview", "脱敏预览 A preview without content"),
    ("size", "字节数 Bytes"),
    ("ingested_at", "到达时间（毫秒）When it arrived (ms since 1970)"),
    ("note", "备注 Note"),
    ("state", "待处理、已重放、已放弃 Waiting, replayed or discarded"),
];

pub(super) fn all() -> Value {
    let cases = ListedRows::new(&[], &jiff::tz::TimeZone::UTC).fields(&CaseBehind::default());
    let cases: Vec<String> = cases.into_iter().map(|(name, _)| name).collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    // Which dialect it is the whole document says.
    let problem = SchemaSettings::draft2020_12().with(|settings| settings.meta_schema = None).into_generator();
    json!({
        "Problem": problem.into_root_schema_for::<ProblemDetails>(),
        "Figures": envelope(required(&["kpi", "name", "convention", "cohort", "question", "formula"])),
        "Answers": envelope(row(&names(&figures::NAMES), word)),
        "Explained": envelope(required(&["kpi", "definition", "answers", "sql", "account", "others"])),
        "Cases": envelope(row(&cases, column)),
        "Case": required(&["case_id", "stream", "as_of", "standing", "due", "verdict", "facts"]),
        "Quarantine": envelope(row(&names(&quarantine::NAMES), word)),
        "Editions": envelope(required(&["report", "edition", "serial", "as_of", "sha256"])),
        "Streams": envelope(required(&["name", "topic", "title_zh", "title_en", "timezone"])),
        "Status": envelope(required(&["program", "now", "data_up_to", "streams", "rules"])),
    })
}

/// What was asked as it was understood, the rows, and where the next page is.
fn envelope(row: Value) -> Value {
    json!({
        "type": "object",
        "required": ["question", "answers", "next"],
        "properties": {
            "question": { "type": "object", "description": "所问 What was asked, as it was understood" },
            "answers": { "type": "array", "items": row, "description": "答复 The rows" },
            "next": { "type": ["string", "null"], "description": "下一页地址 Address of the next page" },
        },
    })
}

fn word(name: &str) -> String {
    WORDS.iter().find(|(known, _)| *known == name).map(|(_, words)| (*words).to_owned()).unwrap_or_default()
}

/// Of a list of cases.
fn column(name: &str) -> String {
    match name {
        "numerator" => "在分子中 Whether it is in the numerator".to_owned(),
        "denominator" => "在分母中 Whether it is in the denominator".to_owned(),
        _ => {
            let column = CASE_COLUMNS.iter().find(|column| column.fields.contains(&name));
            column.map(|column| format!("{} {}", column.zh, column.en)).unwrap_or_default()
        }
    }
}

/// With these, and more.
fn required(names: &[&str]) -> Value {
    let property = |name: &&str| ((*name).to_owned(), json!({ "description": word(name) }));
    json!({
        "type": "object",
        "required": names,
        "properties": names.iter().map(property).collect::<Map<String, Value>>(),
    })
}

/// Of columns: those may be left out that were not chosen.
fn row(names: &[String], told: fn(&str) -> String) -> Value {
    let property = |name: &String| {
        let mut schema = match kind(name, names) {
            ArrowKind::Text => json!({ "type": ["string", "null"] }),
            ArrowKind::Whole => json!({ "type": ["integer", "null"] }),
            ArrowKind::Fraction => json!({ "type": ["number", "null"] }),
            ArrowKind::Flag => json!({ "type": ["boolean", "null"] }),
            ArrowKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        };
        schema["description"] = told(name).into();
        (name.clone(), schema)
    };
    json!({ "type": "object", "properties": names.iter().map(property).collect::<Map<String, Value>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_said_in_words() {
        fn fields(schema: &Value) {
            for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                assert!(field["description"].as_str().is_some_and(|words| !words.is_empty()), "{name}: {field}");
                fields(field);
                fields(&field["items"]);
            }
        }
        all().as_object().into_iter().flatten().for_each(|(_, schema)| fields(schema));
    }
}
