//! `/api/v1`: the same answers for programs, as JSON, CSV, lines of JSON and Arrow. Parameters are named as on the command line; what
//! cannot be answered is a problem (RFC 9457) that names the parameter and the nearest right word.

mod about;
mod answer;
mod asked;
mod case;
mod cases;
mod editions;
mod etag;
mod figures;
mod form;
pub mod openapi;
mod problem;
mod quarantine;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

pub(super) use self::problem::method_not_allowed;
use self::problem::{ALLOWED, Refusal, as_problem};
use super::page::Site;

/// What the programs' side needs besides.
struct Api {
    site: Arc<Site>,
    /// A place for each request that is answered or waits for it.
    places: Semaphore,
}

/// Whoever has waited for this part of the time goes away, because the rest is for the answer.
const TURN_PART: u32 = 5;

impl Api {
    /// Until it is dropped, one question may be asked.
    async fn turn(&self) -> Result<Turn<'_>, Refusal> {
        let place = self.places.try_acquire().map_err(|_| Refusal::Busy)?;
        let turn = timeout(self.site.limits.answer_within / TURN_PART, self.site.turns.acquire()).await;
        let turn = turn.map_err(|_| Refusal::Busy)?.map_err(|_| Refusal::Busy)?;
        Ok(Turn { _place: place, _turn: turn })
    }

    /// The answer, if it comes in time.
    async fn in_turn<T>(&self, answer: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
        let _turn = self.turn().await?;
        timeout(self.site.limits.answer_within, answer).await.unwrap_or(Err(Refusal::Slow))
    }
}

struct Turn<'a> {
    _place: SemaphorePermit<'a>,
    _turn: SemaphorePermit<'a>,
}

/// What a request says: its address, and how the answer is wanted.
struct Said {
    path: String,
    pairs: Vec<(String, String)>,
    headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Said {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        // A field that was left empty says nothing, but for one that is a flag.
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs = pairs.filter(|(name, value)| !value.is_empty() || asked::FLAGS.contains(&name.as_str()));
        Ok(Self { path: parts.uri.path().to_owned(), pairs: pairs.collect(), headers: parts.headers.clone() })
    }
}

impl Said {
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same address with another value.
    fn with(&self, name: &str, value: &str) -> String {
        let others = self.pairs.iter().filter(|(known, _)| known != name);
        let pairs = others.map(|(name, value)| (name.as_str(), value.as_str())).chain([(name, value)]);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{query}", self.path)
    }
}

pub fn router(site: Arc<Site>) -> Router {
    let places = Semaphore::new(site.limits.waiting_max);
    Router::new()
        .route("/api/v1/figures", only(get(figures::catalogue)))
        .route("/api/v1/figures/{figure}", only(get(figures::answers)))
        .route("/api/v1/figures/{figure}/explain", only(get(figures::explain)))
        .route("/api/v1/figures/{figure}/cases", only(get(cases::list)))
        .route("/api/v1/cases/{stream}/{case_id}", only(get(case::case)))
        .route("/api/v1/quarantine", only(get(quarantine::list)))
        .route("/api/v1/editions", only(get(editions::list)))
        .route("/api/v1/editions/{serial}", only(get(editions::edition)))
        .route("/api/v1/streams", only(get(about::streams)))
        .route("/api/v1/status", only(get(about::status)))
        .route("/api/v1/openapi.json", only(get(openapi::served)))
        .route("/api", only(get(nothing)))
        .route("/api/{*rest}", only(get(nothing)))
        .with_state(Arc::new(Api { site, places }))
        .layer(map_response(as_problem))
}

/// GET, HEAD, and OPTIONS, which says so.
fn only(get: MethodRouter<Arc<Api>>) -> MethodRouter<Arc<Api>> {
    get.options(|| async { (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOWED)]) }).fallback(method_not_allowed)
}

async fn nothing(said: Said) -> Response {
    Refusal::Missing { parameter: None, told: format!("there is nothing at {}", said.path), nearest: None }
        .into_response()
}
