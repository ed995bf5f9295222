//! An answer in the form that is wanted.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{Api, form::ApiForm, problem::Refusal};
use crate::{
    report::{kpi_csv, kpi_json},
    store::arrow::{ArrowKind, arrow_stream},
};

/// Names and values of a row, in order.
pub(super) type Row = Vec<(String, Value)>;

/// What is answered, and to what.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) question: Value,
    pub(super) rows: Vec<Row>,
    /// Which columns there are where there is no row.
    pub(super) names: Vec<String>,
    /// What JSON says in the place of the rows, where that is more.
    pub(super) values: Option<Vec<Value>>,
    /// The address of the next page.
    pub(super) next: Option<String>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    question: &'a Value,
    answers: Box<RawValue>,
    next: Option<&'a str>,
}

impl Answer {
    pub(super) fn of(question: Value, rows: Vec<Row>) -> Self {
        Self { question, rows, names: Vec::new(), values: None, next: None }
    }

    pub(super) async fn response(self, api: &Api, form: ApiForm) -> Result<Response, Refusal> {
        let link = self.next.as_ref().and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        let body = match form {
            ApiForm::Json => self.json()?,
            // A table has its head also where it has no rows.
            ApiForm::Csv if self.rows.is_empty() => format!("{}\n", self.names.join(",")).into_bytes(),
            ApiForm::Csv => written(|out| kpi_csv::write(self.rows, out))?,
            ApiForm::Lines => lines(self.rows)?.into_bytes(),
            ApiForm::Arrow => {
                let names = self.columns();
                let columns: Vec<(&str, ArrowKind)> =
                    names.iter().map(|name| (name.as_str(), kind(name, &names))).collect();
                arrow_stream(&api.site.store, &columns, &lines(self.rows)?).await?
            }
        };
        let mut response = ([(header::CONTENT_TYPE, form.mime())], body).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }

    fn json(self) -> Result<Vec<u8>, Refusal> {
        let answers = match &self.values {
            Some(values) => serde_json::to_vec(values).map_err(failed)?,
            None => written(|out| kpi_json::write_rows(self.rows, out))?,
        };
        let text = String::from_utf8(answers).map_err(failed)?;
        let answers = RawValue::from_string(text.trim_end().to_owned()).map_err(failed)?;
        let envelope = Envelope { question: &self.question, answers, next: self.next.as_deref() };
        serde_json::to_vec(&envelope).map_err(failed)
    }

    fn columns(&self) -> Vec<String> {
        let mut names = self.names.clone();
        for (name, _) in self.rows.iter().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

fn lines(rows: Vec<Row>) -> Result<String, Refusal> {
    String::from_utf8(written(|out| kpi_json::write_lines(rows.into_iter(), out))?).map_err(failed)
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    write(&mut out).map_err(failed)?;
    Ok(out)
}

pub(super) fn failed(error: impl std::fmt::Display) -> Refusal {
    tracing::error!(%error, "an answer could not be written");
    Refusal::Failed("the answer could not be written".to_owned())
}

/// By how our fields are called. In a list of cases numerator and denominator say whether it is in them.
pub(super) fn kind(name: &str, all: &[String]) -> ArrowKind {
    const WHOLE: [&str; 12] = [
        "numerator",
        "denominator",
        "n",
        "d",
        "partition",
        "offset",
        "size",
        "ingested_at",
        "serial",
        "edition",
        "cases",
        "generation",
    ];
    let is_of_case = all.iter().any(|one| one == "case_id");
    match name {
        "numerator" | "denominator" if is_of_case => ArrowKind::Flag,
        "is_rate" | "is_weighted" => ArrowKind::Flag,
        _ if WHOLE.contains(&name) => ArrowKind::Whole,
        _ if ["_s", "_numerator", "_denominator"].iter().any(|end| name.ends_with(end)) => ArrowKind::Whole,
        _ if name == "rate" || ["_rate", "_difference", "_growth"].iter().any(|end| name.ends_with(end)) => {
            ArrowKind::Fraction
        }
        "from" | "to" | "as_of" | "known_by" => ArrowKind::Instant,
        _ if name.ends_with("_at") => ArrowKind::Instant,
        _ => ArrowKind::Text,
    }
}
