//! What if: a limit changed or a rule file given, and which figures and cases would change. `tongguan whatif` as a page. It changes nothing:
//! the cases are folded in a database of their own, by whoever made the site, because here nobody knows the pipeline.

mod door;
mod form;
mod result;
mod trials;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{OriginalUri, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

use self::{door::Refusal, form::Order, trials::Trial};
pub use self::{
    door::{WhatifDoor, WhatifFault, WhatifFuture, WhatifOrder},
    trials::WhatifProgress,
};
use super::{
    Form, Pairs, Shared,
    address::{Address, segment},
    asked::lang,
    page_response, problem, rows,
    sheet::only_takes,
    site::Site,
};
use crate::report::{self, whatif};

/// A rule file, and the form that carries it: in an address every byte of a Chinese character takes three.
pub(super) const FILE_MAX: usize = 256 * 1024;
const BODY_MAX: usize = 1024 * 1024;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/what-if", get(asked).post(ordered)).route("/what-if/{name}", get(answer))
}

async fn asked(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = Address::new(uri.path(), pairs);
    let Some(door) = &site.what_if else { return problem::not_found(&site, &here) };
    match form::page(&site, door, &here, None) {
        Ok(page) => page_response(StatusCode::OK, &page),
        Err(error) => problem::of_page(&site, &here, &error),
    }
}

/// A post because of its size; what it begins can be asked for by everybody who has its address.
async fn ordered(State(site): Shared, OriginalUri(uri): OriginalUri, body: Body) -> Response {
    let here = Address::new(uri.path(), Vec::new());
    let Some(door) = &site.what_if else { return problem::not_found(&site, &here) };
    let Ok(bytes) = to_bytes(body, BODY_MAX).await else {
        return problem::of_page(&site, &here, &form::too_long().into());
    };
    let pairs = form_urlencoded::parse(&bytes).into_owned().filter(|(name, _)| name != "csrf");
    let here = Address::new(uri.path(), pairs.collect());
    match began(&site, door, &here).await {
        Ok(trial) => {
            let to = here.at(&format!("/what-if/{}", trial.id)).only(&["lang"]);
            Redirect::to(&to.href()).into_response()
        }
        Err(refusal) => {
            if let Refusal::Ask(error) = &refusal {
                problem::note(refusal.status(), error, &here.path);
            }
            match form::page(&site, door, &here, Some(&refusal)) {
                Ok(page) => page_response(refusal.status(), &page),
                Err(error) => problem::of_page(&site, &here, &error),
            }
        }
    }
}

async fn began(site: &Arc<Site>, door: &WhatifDoor, here: &Address) -> Result<Arc<Trial>, Refusal> {
    let Order { order, what } = form::read(site, door, here)?;
    let _turn = site.turns.acquire().await;
    door.check_size(&site.store, &order).await?;
    door.begin(order, what, (site.now)())
}

async fn answer(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (id, form) = Form::of(&name);
    let here = Address::new(&format!("/what-if/{}", segment(id)), pairs);
    let trial = site.what_if.as_ref().and_then(|door| door.trial(id, (site.now)()));
    let (Some(trial), Ok(lang)) = (trial, lang(&here)) else { return problem::not_found(&site, &here) };
    if let Err(unclear) = only_takes(&here, &["lang"]) {
        return problem::of_page(&site, &here, &unclear.into());
    }
    match (form, trial.told()) {
        (Form::Page, _) => page_response(StatusCode::OK, &result::page(&site, &here, &trial, lang)),
        (Form::Csv, Some(told)) => rows(form, |out| whatif::write_csv(&trial.asked, &told.cases, out)),
        (Form::Json | Form::Csv, _) => {
            let status = if trial.is_running() { StatusCode::ACCEPTED } else { StatusCode::OK };
            let mut response = rows(Form::Json, |out| report::json::write(&trial.json(), out));
            *response.status_mut() = status;
            response
        }
    }
}
