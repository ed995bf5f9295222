//! One case, as `tongguan case explain --json` tells it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{
    Api, Said,
    asked::{FORMAT, only_known},
    form::{ApiForm, OBJECT},
    problem::Refusal,
};
use crate::{
    ask::{
        instant,
        unclear::{STREAM, no_such},
        zone,
    },
    http::page,
};

pub(super) async fn case(
    State(api): State<Arc<Api>>,
    Path((stream, case_id)): Path<(String, String)>,
    said: Said,
) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, OBJECT)?;
    only_known(&said, &["as-of", FORMAT])?;
    let site = &api.site;
    if !site.rules.contains_key(stream.as_str()) {
        let mut names: Vec<&str> = site.rules.keys().map(smol_str::SmolStr::as_str).collect();
        names.sort_unstable();
        return Err(Refusal::missing("stream", &no_such(STREAM, &stream, &names)));
    }
    let as_of = said.get("as-of");
    if let Some(text) = as_of {
        instant("as-of", text, &zone(&site.zone)?).map_err(|unclear| Refusal::of("as-of", unclear))?;
    }
    let told = api
        .in_turn(async { page::case_json(site, (&stream, &case_id), as_of).await.map_err(Refusal::asking("as-of")) });
    match told.await? {
        Some(body) => Ok(([(header::CONTENT_TYPE, form.mime())], body).into_response()),
        None => Err(Refusal::Missing {
            parameter: Some("case_id"),
            told: format!("there is no case `{case_id}` in the stream {stream}"),
            nearest: None,
        }),
    }
}
