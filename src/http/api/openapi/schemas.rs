//! What the JSON of each answer looks like.

use serde_json::{Map, Value, json};

use crate::{
    http::api::{answer::kind, figures, problem::ProblemDetails, quarantine},
    report::listed::ListedRows,
    store::{arrow::ArrowKind, kpi::CaseBehind},
};

pub(super) fn all() -> Value {
    let cases = ListedRows::new(&[], &jiff::tz::TimeZone::UTC).fields(&CaseBehind::default());
    let cases: Vec<String> = cases.into_iter().map(|(name, _)| name).collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    json!({
        "Problem": schemars::schema_for!(ProblemDetails),
        "Figures": envelope(anything()),
        "Answers": envelope(row(&names(&figures::NAMES))),
        "Explained": envelope(required(&["kpi", "definition", "answers", "sql", "account", "others"])),
        "Cases": envelope(row(&cases)),
        "Case": required(&["case_id", "stream", "as_of", "verdict"]),
        "Quarantine": envelope(row(&names(&quarantine::NAMES))),
        "Editions": envelope(required(&["report", "edition", "serial", "as_of", "sha256"])),
        "Streams": envelope(required(&["name", "topic"])),
        "Status": envelope(required(&["program", "now", "data_up_to", "streams", "rules"])),
    })
}

/// What was asked as it was understood, the rows, and where the next page is.
fn envelope(row: Value) -> Value {
    json!({
        "type": "object",
        "required": ["question", "answers", "next"],
        "properties": {
            "question": { "type": "object" },
            "answers": { "type": "array", "items": row },
            "next": { "type": ["string", "null"], "description": "下一页地址 Address of the next page" },
        },
    })
}

fn anything() -> Value {
    json!({ "type": "object" })
}

fn required(names: &[&str]) -> Value {
    json!({ "type": "object", "required": names })
}

/// Of columns: those may be left out that were not chosen.
fn row(names: &[String]) -> Value {
    let property = |name: &String| {
        let schema = match kind(name, names) {
            ArrowKind::Text => json!({ "type": ["string", "null"] }),
            ArrowKind::Whole => json!({ "type": ["integer", "null"] }),
            ArrowKind::Fraction => json!({ "type": ["number", "null"] }),
            ArrowKind::Flag => json!({ "type": ["boolean", "null"] }),
            ArrowKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        };
        (name.clone(), schema)
    };
    json!({ "type": "object", "properties": names.iter().map(property).collect::<Map<String, Value>>() })
}
