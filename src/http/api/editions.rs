//! What was published.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;

use super::{
    Api, Said,
    answer::{Answer, Row},
    asked::{FORMAT, only_known},
    form::{ApiForm, OBJECT, TABLE},
    problem::Refusal,
};
use crate::{
    report::publish::{Chain, json as told},
    store::published::{Edition, figures},
};

pub(super) async fn list(State(api): State<Arc<Api>>, said: Said) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, TABLE)?;
    only_known(&said, &[FORMAT])?;
    api.in_turn(async {
        let chain = Chain::read(&api.site.store).await?;
        let answer = Answer {
            names: told::EDITION_COLUMNS.map(str::to_owned).into(),
            values: Some(chain.editions.iter().map(told::edition).collect()),
            ..Answer::of(json!({}), chain.editions.iter().map(row).collect())
        };
        answer.response(&api, form).await
    })
    .await
}

fn row(edition: &Edition) -> Row {
    let all = told::edition(edition);
    told::EDITION_COLUMNS.iter().map(|name| ((*name).to_owned(), all[*name].clone())).collect()
}

/// With its figures, as they were published.
pub(super) async fn edition(
    State(api): State<Arc<Api>>,
    Path(serial): Path<String>,
    said: Said,
) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, OBJECT)?;
    only_known(&said, &[FORMAT])?;
    api.in_turn(async {
        let chain = Chain::read(&api.site.store).await?;
        let found =
            serial.parse::<u64>().ok().and_then(|wanted| chain.editions.iter().find(|one| one.serial == wanted));
        let found = found.ok_or_else(|| Refusal::Missing {
            parameter: Some("serial"),
            told: format!("there is no edition with the serial number `{serial}`; /api/v1/editions lists them"),
            nearest: None,
        })?;
        let mut value = told::edition(found);
        let figures = figures::of(&api.site.store, &found.attempt).await?;
        value["figures"] = figures.iter().map(told::figure).collect::<Vec<_>>().into();
        let question = json!({ "serial": found.serial });
        let answer = Answer { values: Some(vec![value]), ..Answer::of(question, Vec::new()) };
        answer.response(&api, form).await
    })
    .await
}
