//! What can be asked, and by which parameters.

use serde_json::{Value, json};

use crate::{
    ask::span::SpanKind,
    http::api::{
        asked::{FORMAT, known},
        cases,
        form::{ApiForm, OBJECT, TABLE},
        quarantine,
    },
    report::listed::CASE_COLUMNS,
    store::kpi::{Against, CaseSort, DIMENSIONS_MAX, Dimension, Side},
};

pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) takes: fn() -> Vec<&'static str>,
    pub(super) forms: &'static [ApiForm],
    /// Of its JSON.
    pub(super) schema: &'static str,
    /// Whether it has an ETag.
    pub(super) is_kept: bool,
    /// An address that answers 200 in a town with the case and the edition of the examples.
    pub(super) example: &'static str,
}

macro_rules! operations {
    ($($path:literal $id:literal $zh:literal $en:literal $takes:expr, $forms:expr, $schema:literal $kept:literal $example:literal;)*) => {
        &[$(Operation {
            path: $path, id: $id, zh: $zh, en: $en, takes: $takes, forms: $forms, schema: $schema, is_kept: $kept, example: $example,
        }),*]
    };
}

fn format_only() -> Vec<&'static str> {
    vec![FORMAT]
}

#[rustfmt::skip]
pub(super) const OPERATIONS: &[Operation] = operations! {
    "/api/v1/figures" "figures" "指标目录" "Every figure" format_only, TABLE, "Figures" false "/api/v1/figures";
    "/api/v1/figures/{figure}" "answers" "指标值" "What a figure comes to" || known(false), TABLE, "Answers" true "/api/v1/figures/closure?month=2021-06&as-of=2021-07-10&group-by=town";
    "/api/v1/figures/{figure}/explain" "explain" "指标拆解" "A figure taken apart" || known(false), OBJECT, "Explained" true "/api/v1/figures/K06c/explain?month=2021-06&as-of=2021-07-10";
    "/api/v1/figures/{figure}/cases" "cases" "指标背后的案件" "The cases behind a figure" || known(true), TABLE, "Cases" false "/api/v1/figures/K05a/cases?month=2021-06&as-of=2021-07-10&part=not-met&sort=due";
    "/api/v1/cases/{stream}/{case_id}" "case" "一个案件" "One case" || vec!["as-of", FORMAT], OBJECT, "Case" false "/api/v1/cases/grid/2106A0000001";
    "/api/v1/quarantine" "quarantine" "隔离区" "Messages that could not be understood" || quarantine::PARAMETERS.into(), TABLE, "Quarantine" false "/api/v1/quarantine?limit=10";
    "/api/v1/editions" "editions" "已发布的期次" "What was published" format_only, TABLE, "Editions" false "/api/v1/editions";
    "/api/v1/editions/{serial}" "edition" "一期及其数字" "An edition with its figures" format_only, OBJECT, "Editions" false "/api/v1/editions/1";
    "/api/v1/streams" "streams" "业务流" "Streams" format_only, TABLE, "Streams" false "/api/v1/streams";
    "/api/v1/status" "status" "数据截至与版本" "How far the data go, and versions" format_only, OBJECT, "Status" false "/api/v1/status";
};

pub(super) type Said = (&'static str, &'static str, &'static str, fn() -> Value);

/// Every parameter of any of them, in words.
#[rustfmt::skip]
pub(super) const SAID: &[Said] = &[
    ("from", "时段起：日期或时刻", "Beginning of the period: a date or a time", time),
    ("to", "时段止，不含", "End of the period, not part of it", time),
    ("month", "改以月为时段", "A month instead", || span(SpanKind::Month, "^[0-9]{4}-[0-9]{2}$")),
    ("quarter", "改以季为时段", "A quarter instead", || span(SpanKind::Quarter, "^[0-9]{4}-Q[1-4]$")),
    ("year", "改以年为时段", "A year instead", || span(SpanKind::Year, "^[0-9]{4}$")),
    ("as-of", "截至时刻，缺省为当前", "What was known then counts, nothing later; now where none is given", time),
    ("known-by", "仅命令行支持", "Only the command line takes it; refused here", time),
    ("convention", "口径", "The way of counting", text),
    ("group-by", "分组维度", "Dimensions to group by", || names(Dimension::names().collect(), Some(DIMENSIONS_MAX))),
    ("compare", "同比 yoy、环比 pop", "Beside a year before (yoy) or the period before (pop)", || names(Against::ALL.map(|(_, name)| name).into(), None)),
    ("stream", "业务流", "Only this stream", text),
    ("only", "维度=值，可多次", "DIMENSION=VALUE; may stand several times, all must hold", || json!({ "type": "array", "items": { "type": "string" }, "examples": [["kind=投诉"]] })),
    ("due-by", "时限不晚于", "Only what is due then or earlier", time),
    ("assessed", "只计考核", "Only what is assessed", flag),
    ("timezone", "时区", "Zone of dates, weeks and months", || json!({ "type": "string", "examples": ["Asia/Shanghai"] })),
    ("part", "清单部分", "Which of the cases", || one_of(Side::ALL.map(|(_, name)| name).into())),
    ("sort", "排序", "In which order; what is missing comes last", || one_of(CaseSort::names().into())),
    ("desc", "降序", "The greatest first", flag),
    ("limit", "每页件数", "Rows on a page; a list as CSV or lines without it is whole", || json!({ "type": "integer", "minimum": 1, "maximum": cases::LIMIT_MAX })),
    ("after", "续页标记", "Where the page before said that the next one begins", text),
    ("columns", "列", "Columns, in this order", || names(CASE_COLUMNS.iter().map(|column| column.name).collect(), None)),
    ("format", "格式，缺省按 Accept", "Form; by Accept where none is given", || one_of(TABLE.iter().map(|form| form.name()).collect())),
    ("reason", "隔离原因", "Why they could not be understood", text),
    ("all", "含已重放和已放弃", "Also those replayed or discarded", flag),
];

fn text() -> Value {
    json!({ "type": "string" })
}

fn time() -> Value {
    json!({ "type": "string", "examples": ["2021-06-01", "2021-06-01T08:00:00+08:00"] })
}

fn flag() -> Value {
    json!({ "type": "string", "enum": ["1", "true", "0", "false"] })
}

fn span(kind: SpanKind, pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern, "examples": [kind.example()] })
}

fn one_of(names: Vec<&str>) -> Value {
    json!({ "type": "string", "enum": names })
}

fn names(names: Vec<&str>, most: Option<usize>) -> Value {
    let mut schema = json!({ "type": "array", "items": { "type": "string", "enum": names }, "uniqueItems": true });
    if let Some(most) = most {
        schema["maxItems"] = most.into();
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_said_in_words_and_no_other() {
        let mut taken: Vec<&str> = OPERATIONS.iter().flat_map(|one| (one.takes)()).collect();
        taken.sort_unstable();
        taken.dedup();
        let mut said: Vec<&str> = SAID.iter().map(|(name, ..)| *name).collect();
        said.sort_unstable();
        assert_eq!(said, taken);
    }
}
