//! 接入口: `POST /v1/events`, for those who feed events and do not speak Kafka (docs/inlet.md).
//!
//! Here a request is read and answered; whether an event is good, and Kafka, are `feed::inlet`'s business.

mod allowance;
mod answer;
mod body;
mod events;
mod head;
mod keys;
mod limits;
pub mod openapi;
mod own_feed;
mod refusal;
mod replays;
pub(super) mod signed;
mod who;

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::tz::TimeZone;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use self::{
    allowance::Allowances,
    events::Posted,
    head::Head,
    refusal::Refusal,
    replays::{Replays, Turn},
    who::Feeder,
};
pub use self::{
    keys::{FeederKey, FeederKeyFile, FeederKeys, fresh_key, hash},
    own_feed::{OwnFeedDesk, OwnFeedPlan},
};
use super::Peer;
use crate::{
    domain::{stream::Stream, time::Millis},
    feed::inlet::{EventSender, Inlet, PostedEvent},
    metrics::{self, Metrics},
};

/// What stands behind the port.
#[derive(Debug)]
pub struct InletSite {
    pub inlet: Arc<Inlet>,
    pub streams: Vec<Arc<Stream>>,
    /// None: whoever is at this machine may send.
    pub keys: Option<FeederKeyFile>,
    /// Events of a key that says nothing else; 0: no bound.
    pub per_minute: u64,
    pub body_within: Duration,
    pub zone: TimeZone,
    pub now: fn() -> Millis,
    pub metrics: Metrics,
    /// Whether Kafka is there; kept up by the caller.
    pub is_ready: Arc<AtomicBool>,
    pub kept: InletMemory,
    pub own_feed: OwnFeedDesk,
}

/// What it holds between requests.
#[derive(Debug)]
pub struct InletMemory {
    room: Semaphore,
    replays: Replays,
    allowances: Allowances,
}

impl InletMemory {
    /// Of requests under way together, at most.
    pub fn of(bytes_max: usize) -> Self {
        Self { room: body::room(bytes_max), replays: Replays::default(), allowances: Allowances::default() }
    }
}

type Site = State<Arc<InletSite>>;

pub fn router(site: Arc<InletSite>) -> Router {
    Router::new()
        .route("/v1/events", axum::routing::post(post).options(handshake).fallback(async || Refusal::Method))
        .route("/v1/openapi.json", get(openapi::served))
        .route("/v1/schemas/{name}", get(openapi::schema))
        .merge(own_feed::routes())
        .route("/livez", get(StatusCode::OK))
        .route("/readyz", get(ready))
        .route("/metrics", get(shown))
        .fallback(async || Refusal::NotFound)
        .with_state(site)
}

async fn post(State(site): Site, Query(pairs): Query<Vec<(String, String)>>, request: Request) -> Response {
    let response = match taken(&site, &pairs, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    metrics::inlet_request(response.status().as_u16());
    response
}

async fn taken(site: &InletSite, pairs: &[(String, String)], request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<Peer>().copied();
    let head = Head::read(site, pairs, &parts.headers, peer)?;
    let _room = body::enter(&site.kept.room, &parts.headers, head.packing)?;
    let body = timeout(site.body_within, body::read(body, head.packing)).await.map_err(|_| Refusal::Slow)??;
    if let Feeder::Signing(key) = &head.feeder {
        signed::check(&parts.headers, &body, &secret(key)?, (site.now)())?;
    }
    let named = head.idempotency.as_ref().map(|text| {
        let address = format!("{} {}", head.stream.name, head.with_taken);
        let key = replays::hash(&[head.feeder.id().as_bytes(), text.as_bytes()]);
        (key, replays::hash(&[address.as_bytes(), &body]))
    });
    let way = match site.kept.replays.begin(named, Instant::now())? {
        Turn::Again(given) => return Ok(given.again()),
        Turn::Does(way) => way,
    };
    let response = answered(site, &head, &parts.headers, &body).await?;
    Ok(way.answered(response).await)
}

async fn answered(site: &InletSite, head: &Head<'_>, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
    let posted = head.wrapped.read(body, headers)?;
    let topic = &head.stream.topic;
    let take = async |events: &[PostedEvent]| {
        spend(site, &head.feeder, events.len())?;
        let sender = EventSender {
            name: head.feeder.entry().map(|key| key.id.as_str()),
            may_speak_for: &|source: &str| head.feeder.speaks_for(source),
        };
        let answered = site.inlet.take(head.stream, sender, events).await;
        for one in &answered {
            metrics::inlet_event(&head.stream.name, answer::status(&one.fate).as_u16());
        }
        site.own_feed.answered.note(head.feeder.id(), &answered, (site.now)());
        Ok::<_, Refusal>(answered)
    };
    match posted {
        Posted::Many(events) => Ok(answer::batch(&take(&events).await?, topic, head.with_taken)),
        Posted::One(event) => {
            let all = take(&[event]).await?;
            Ok(all.first().map_or_else(|| Refusal::Busy.into_response(), |one| answer::one(one, topic)))
        }
    }
}

fn spend(site: &InletSite, feeder: &Feeder, events: usize) -> Result<(), Refusal> {
    let Some(key) = feeder.entry() else { return Ok(()) };
    let per_minute = key.per_minute.unwrap_or(site.per_minute);
    site.kept.allowances.spend(&key.id, per_minute, events, Instant::now()).map_err(Refusal::Hurried)
}

fn secret(key: &FeederKey) -> Result<String, Refusal> {
    let path = key.secret_file.as_deref().unwrap_or_else(|| "".as_ref());
    fs::read_to_string(path).map_err(|error| {
        tracing::error!(%error, path = %path.display(), key = key.id, "the secret of a signing entry cannot be read");
        Refusal::Unknown("this entry cannot be used just now; its operator is told")
    })
}

/// The handshake of CloudEvents web hooks: whoever asks may send, as far as its key goes.
async fn handshake(headers: HeaderMap) -> Response {
    let mut response = [(header::ALLOW, "POST, OPTIONS")].into_response();
    if let Some(origin) = headers.get("webhook-request-origin") {
        response.headers_mut().insert("webhook-allowed-origin", origin.clone());
        response.headers_mut().insert("webhook-allowed-rate", HeaderValue::from_static("*"));
    }
    response
}

async fn ready(State(site): Site) -> StatusCode {
    if site.is_ready.load(Ordering::Relaxed) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// For a scraper on this machine; whoever feeds from elsewhere has no business with it.
async fn shown(State(site): Site, peer: Option<Extension<Peer>>) -> Response {
    match peer {
        Some(Extension(peer)) if peer.address.is_loopback() => {
            ([(header::CONTENT_TYPE, super::PROMETHEUS_TEXT)], site.metrics.render()).into_response()
        }
        _ => Refusal::NotFound.into_response(),
    }
}
