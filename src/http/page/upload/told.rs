//! What came of a trial or of sending, as it is kept and shown: numbers, reasons, codes; and no cell that could be a person's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    feed::import::{ColumnTally, ImportQuestion, Summary, Values, is_the_mapping_at_fault},
    report::count::grouped,
};

/// Events that are shown.
pub(super) const EVENTS_SHOWN: usize = 5;
/// Of a case and of what is shown of it.
const DATA_CHARS: usize = 300;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct UploadTold {
    pub(super) at: i64,
    pub(super) rows: u64,
    pub(super) filtered: u64,
    pub(super) without_event: u64,
    pub(super) rejected: u64,
    pub(super) reasons: Vec<UploadReason>,
    pub(super) events: Vec<UploadEvents>,
    pub(super) cases: u64,
    pub(super) has_more_cases: bool,
    pub(super) without_due: u64,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) columns: Vec<UploadColumn>,
    pub(super) question: Option<UploadSaid>,
    pub(super) is_mapping_at_fault: bool,
    /// The first, without what is a person's.
    pub(super) shown: Vec<UploadShown>,
    /// By Kafka; none of a trial.
    pub(super) acknowledged: Option<u64>,
    /// Why it did not come to its end.
    pub(super) error: Option<UploadSaid>,
}

/// In both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadSaid {
    pub(super) zh: String,
    pub(super) en: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadReason {
    pub(super) name: String,
    pub(super) column: String,
    pub(super) rows: u64,
    pub(super) first_line: u64,
    pub(super) told: UploadSaid,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadEvents {
    pub(super) kind: String,
    pub(super) sent: u64,
    pub(super) identical: u64,
    pub(super) conflicting: u64,
    pub(super) without_time: u64,
}

/// A column that is worth a look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadColumn {
    pub(super) name: String,
    pub(super) empty: u64,
    pub(super) rows: u64,
    pub(super) unknown: u64,
    pub(super) codes: Vec<(String, u64)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadShown {
    pub(super) kind: String,
    pub(super) case_id: String,
    pub(super) time: String,
    pub(super) data: String,
}

impl UploadTold {
    pub(super) fn of(summary: &Summary, at: i64) -> Self {
        let reasons = summary.reasons.iter().map(|((name, column), reason)| UploadReason {
            name: (*name).to_owned(),
            column: column.clone(),
            rows: reason.rows,
            first_line: reason.first_line,
            told: UploadSaid { zh: reason.zh.clone(), en: reason.text.clone() },
        });
        let events = summary.events.iter().map(|(kind, tally)| UploadEvents {
            kind: kind.type_name(),
            sent: tally.sent,
            identical: tally.identical,
            conflicting: tally.conflicting,
            without_time: tally.without_time,
        });
        let worth = |column: &&ColumnTally| column.empty > 0 || column.unknown.total > 0;
        let columns = summary.columns.iter().filter(worth).map(|column| UploadColumn {
            name: column.name.clone(),
            empty: column.empty,
            rows: column.rows,
            unknown: column.unknown.total,
            codes: column.unknown.most().into_iter().map(|(code, count)| (code.to_owned(), count)).collect(),
        });
        Self {
            at,
            rows: summary.rows,
            filtered: summary.filtered,
            without_event: summary.no_event,
            rejected: summary.rejected,
            reasons: reasons.collect(),
            events: events.collect(),
            cases: summary.cases,
            has_more_cases: summary.has_more_cases,
            without_due: summary.without_due,
            first: summary.first.clone().unwrap_or_default(),
            last: summary.last.clone().unwrap_or_default(),
            columns: columns.collect(),
            question: ImportQuestion::of(summary).map(|asked| said(summary, asked)),
            is_mapping_at_fault: is_the_mapping_at_fault(summary),
            ..Self::default()
        }
    }

    pub(super) fn failed(zh: String, en: String, at: i64) -> Self {
        Self { at, error: Some(UploadSaid { zh, en }), ..Self::default() }
    }

    pub(super) fn sent(&self) -> u64 {
        self.events.iter().map(|events| events.sent).sum()
    }

    /// Whether it makes sense to send it.
    pub(super) fn may_be_sent(&self) -> bool {
        self.error.is_none() && self.sent() > 0
    }
}

fn said(summary: &Summary, asked: ImportQuestion<'_>) -> UploadSaid {
    let of = |zh: String, en: String| UploadSaid { zh, en };
    match asked {
        ImportQuestion::NoRows => of(
            "只有表头，没有数据行：文件对吗？".to_owned(),
            "There is a header and not one row below it: is it the right file?".to_owned(),
        ),
        ImportQuestion::AllFiltered => of(
            "所有行都被过滤：不导入的条件对吗？".to_owned(),
            "Every row was left out: are the conditions right?".to_owned(),
        ),
        ImportQuestion::EveryRow { column: "", text, .. } => of(
            "每一行都被拒绝：各列选对了吗？".to_owned(),
            format!("Every row was refused: {text}. Are the columns right?"),
        ),
        ImportQuestion::EveryRow { column, text, .. } => of(
            format!("每一行都在“{column}”被拒绝：这一列选对了吗？"),
            format!("Every row was refused at {column}: {text}. Is it the right column?"),
        ),
        ImportQuestion::Format { column, rows } => {
            let rows = rows.map(grouped);
            let shape = summary.shape.as_ref().map(|(shape, _)| shape.as_str()).unwrap_or_default();
            of(
                format!(
                    "“{column}”有{}的日期看不懂，第一个的写法像 {shape}：这一列是时间吗？",
                    rows.as_ref().map_or_else(|| "全部".to_owned(), |rows| format!(" {rows} 行"))
                ),
                format!(
                    "{} dates of {column} cannot be read, the first is written like {shape}: is it a column of times?",
                    rows.unwrap_or_else(|| "All the".to_owned())
                ),
            )
        }
        ImportQuestion::PassedOver(passed) => {
            let (column, status, rows) = (&passed.column, &passed.asked, grouped(passed.rows));
            of(
                format!(
                    "有 {rows} 行填了“{column}”，但“{status}”{}：这些状态也算吗？",
                    codes(&passed.values, "不是所选的取值", "是 ")
                ),
                format!(
                    "{column} is filled in {rows} rows of which {status} says otherwise{}: do those mean it too?",
                    codes(&passed.values, "", ", ")
                ),
            )
        }
        ImportQuestion::Unknown(column) => {
            let rows = grouped(column.unknown.total);
            of(
                format!("“{}”有 {rows} 行的取值没有对应{}：要补上吗？", column.name, codes(&column.unknown, "", "：")),
                format!(
                    "{} has in {rows} rows values that nothing names{}: should they mean something?",
                    column.name,
                    codes(&column.unknown, "", ": ")
                ),
            )
        }
        ImportQuestion::Empty(column) => of(
            format!("“{column}”全部为空：这一列选对了吗？"),
            format!("{column} is empty in every row: is it the right column?"),
        ),
    }
}

/// `办结 202, 已归档 87`, of codes; of free text something else.
fn codes(values: &Values, otherwise: &str, before: &str) -> String {
    let most = values.most();
    if most.is_empty() {
        return otherwise.to_owned();
    }
    let shown: Vec<String> = most.iter().map(|(code, count)| format!("{code} {}", grouped(*count))).collect();
    format!("{before}{}", shown.join(", "))
}

impl UploadShown {
    /// Of an event on its way, without names, phones, texts and addresses.
    pub(super) fn of(payload: &[u8]) -> Option<Self> {
        let mut event: Value = serde_json::from_slice(payload).ok()?;
        let text = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
        hide(&mut event["data"]);
        let data: String = event["data"].to_string().chars().take(DATA_CHARS).collect();
        Some(Self { kind: text(&event, "type"), case_id: text(&event, "subject"), time: text(&event, "time"), data })
    }
}

fn hide(data: &mut Value) {
    const PERSONAL: [&str; 7] = ["reporter", "title", "description", "address", "note", "reason", "result"];
    let Some(fields) = data.as_object_mut() else { return };
    for (name, value) in fields.iter_mut() {
        if PERSONAL.contains(&name.as_str()) {
            *value = "＊＊＊".into();
        } else {
            hide(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_shown_without_its_people() {
        let payload = r#"{"type":"case.accepted.v1","subject":"G-1","time":"2021-03-01T08:00:00+08:00","data":
            {"kind":"投诉","title":"张三家漏水","reporter":{"name":"张三","phone":"13800138000"},"place":{"town":"310113112","address":"某路 5 号"}}}"#;
        let shown = UploadShown::of(payload.as_bytes()).unwrap();
        assert_eq!((shown.kind.as_str(), shown.case_id.as_str()), ("case.accepted.v1", "G-1"));
        assert!(shown.data.contains("投诉") && shown.data.contains("310113112"), "{}", shown.data);
        for person in ["张三", "138", "某路"] {
            assert!(!shown.data.contains(person), "{}", shown.data);
        }
        assert_eq!(UploadShown::of(b"{"), None);
    }
}
