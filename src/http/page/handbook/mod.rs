//! Figures and words: the catalogue, streams, policy, working calendar and glossary, as the program has them. Nothing here asks
//! ClickHouse.
//!
//! - [`catalogue`], [`meaning`]: the figures, and one of them in full
//! - [`streams`], [`policy`]: what counts as received and closed, and which limit a case has
//! - [`calendar`], [`due`]: the days of a year, and when a limit is due
//! - [`glossary`]: every term

mod calendar;
mod catalogue;
mod due;
mod glossary;
mod meaning;
mod policy;
mod streams;

use std::sync::Arc;

use axum::{
    Router,
    extract::{OriginalUri, Path, Query, State},
    http::StatusCode,
    response::Response,
    routing::get,
};

use super::{
    Form, Pairs, Shared,
    address::{Address, segment},
    answered, page_response,
    part::{Chip, Chips},
    problem,
    sheet::elsewhere,
    site::Site,
    words::Lang,
};
use crate::ask::unclear::AskError;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/words", get(figures))
        .route("/words.json", get(figures))
        .route("/words.csv", get(figures))
        .route("/words/{name}", get(part))
        .route("/words/figures/{id}", get(figure))
        .route("/words/streams/{name}", get(stream))
}

async fn figures(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let (path, form) = Form::of(uri.path());
    let here = Address::new(path, pairs);
    answered(&site, &here, form, async { catalogue::answer(&site, &here, form) }).await
}

type PartAnswer = fn(&Site, &Address, Form) -> Result<Response, AskError>;

/// By their names in the address.
const PARTS: [(&str, (&str, &str), PartAnswer); 5] = [
    ("streams", ("业务流", "Streams"), streams::answer),
    ("policy", ("时限规则", "Policy"), policy::answer),
    ("calendar", ("工作日历", "Calendar"), calendar::answer),
    ("due", ("推算时限", "When is it due?"), due::answer),
    ("glossary", ("术语", "Glossary"), glossary::answer),
];

async fn part(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (stem, form) = Form::of(&name);
    let here = Address::new(&format!("/words/{}", segment(stem)), pairs);
    match PARTS.iter().find(|(known, ..)| *known == stem) {
        Some((.., answer)) => answered(&site, &here, form, async { answer(&site, &here, form) }).await,
        None => problem::not_found(&site, &here),
    }
}

async fn figure(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (id, form) = Form::of(&name);
    let here = Address::new(&format!("/words/figures/{}", segment(id)), pairs);
    answered(&site, &here, form, async { meaning::answer(&site, &here, form, id) }).await
}

async fn stream(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (stem, form) = Form::of(&name);
    let here = Address::new(&format!("/words/streams/{}", segment(stem)), pairs);
    answered(&site, &here, form, async { streams::one(&site, &here, form, stem) }).await
}

fn shown(page: &impl askama::Template) -> Response {
    page_response(StatusCode::OK, page)
}

/// The parts, and which of them this is.
fn parts(lang: Lang, here: &Address) -> Chips {
    let chip = |path: String, text: &str| Chip {
        href: elsewhere(here, &path).href(),
        text: text.to_owned(),
        is_here: here.path == path || (path != "/words" && here.path.starts_with(&format!("{path}/"))),
        ..Chip::default()
    };
    let first = chip("/words".to_owned(), lang.of("指标目录", "Catalogue"));
    let others = PARTS.iter().map(|(name, (zh, en), _)| chip(format!("/words/{name}"), lang.of(zh, en)));
    Chips { label: String::new(), chips: std::iter::once(first).chain(others).collect() }
}

fn yes(lang: Lang, is: bool) -> &'static str {
    match is {
        true => lang.of("是", "yes"),
        false => lang.of("否", "no"),
    }
}
