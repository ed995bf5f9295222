//! The cases behind a figure: a page of them, or the whole list as CSV or as lines of JSON.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::{
    Api, Said,
    answer::Answer,
    asked::{ApiQuestion, question, understood},
    form::{ApiForm, TABLE},
    problem::Refusal,
};
use crate::{
    http::{
        export::{ExportForm, streamed},
        list::CaseList,
    },
    report::listed::ListedRows,
    store::kpi::CaseBehind,
};

/// Cases on a page.
const LIMIT: u64 = 100;
pub(super) const LIMIT_MAX: u64 = 10_000;

pub(super) async fn list(
    State(api): State<Arc<Api>>,
    Path(figure): Path<String>,
    said: Said,
) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, TABLE)?;
    let whole = match form {
        ApiForm::Csv => Some(ExportForm::Csv),
        ApiForm::Lines => Some(ExportForm::Lines),
        ApiForm::Json | ApiForm::Arrow => None,
    };
    if let Some(whole) = whole.filter(|_| said.get("limit").is_none()) {
        let list = api.in_turn(async { of(&question(&api, &figure, &said, true).await?) }).await?;
        let body = streamed(&api.site, list, whole);
        return Ok(([(header::CONTENT_TYPE, form.mime())], body).into_response());
    }
    api.in_turn(async {
        let asked = question(&api, &figure, &said, true).await?;
        let limit = asked.list.limit(LIMIT, LIMIT_MAX).map_err(|unclear| Refusal::of("limit", unclear))?;
        let list = of(&asked)?;
        let (cases, next) = list.page(&api.site, limit).await?;
        let rows = ListedRows::new(&list.columns, &list.zone);
        let names = rows.fields(&CaseBehind::default()).into_iter().map(|(name, _)| name).collect();
        let answer = Answer {
            names,
            next: next.map(|next| said.with("after", &next.text())),
            ..Answer::of(listed(&asked, limit), cases.iter().map(|case| rows.fields(case)).collect())
        };
        answer.response(&api, form).await
    })
    .await
}

fn of(asked: &ApiQuestion) -> Result<CaseList, Refusal> {
    let question = asked.asked.only_question().map_err(|unclear| Refusal::of("convention", unclear))?;
    asked.list.last_said(question).map_err(|unclear| Refusal::of("after", unclear))?;
    CaseList::of(question, &asked.list, &asked.columns, &asked.asked.zone).map_err(Refusal::asking("part"))
}

/// The question, with how the list is shown.
fn listed(asked: &ApiQuestion, limit: u64) -> Value {
    let mut question = understood(&asked.asked);
    question["part"] = asked.list.side.name().into();
    question["sort"] = asked.list.order.sort.name().into();
    question["desc"] = asked.list.order.is_descending.into();
    question["limit"] = limit.into();
    question
}
