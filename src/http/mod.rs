//! What the outside may ask of a running service: is it alive, is it ready, how is it doing.
//!
//! The caller owns the address and the stop signal. Nothing here asks Kafka or ClickHouse; it shows
//! what the pipeline noted in `Health`.

pub mod api;
pub mod asking;
pub mod auth;
mod connections;
mod course;
mod export;
pub mod hooks;
pub mod inlet;
mod kept_file;
mod list;
pub mod page;
mod page_tls;
mod peer;
mod port;
mod stamp;
mod status;

use std::{io, sync::Arc};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::page::Site;
pub use self::{
    course::PortLimits,
    kept_file::{KeptFile, KeptFileError},
    page_tls::PageTls,
    peer::{Peer, PeerCertificate, PeerTls},
    status::{EarlierSamples, Recent, ServiceAt, ServiceStatus},
};
use crate::{
    health::Health,
    metrics::{Metrics, http_connections},
};

const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug, Clone)]
pub struct HttpState {
    pub health: Health,
    pub metrics: Metrics,
    /// What was sampled lately; it is kept up by the caller.
    pub recent: Recent,
}

impl HttpState {
    pub fn new(health: Health, metrics: Metrics) -> Self {
        Self { health, metrics, recent: Recent::default() }
    }
}

/// Answers until `stop`, then lets open answers end.
pub async fn serve(
    listener: TcpListener,
    state: HttpState,
    limits: PortLimits,
    stop: CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let PortLimits { connections_max, request_timeout, .. } = limits;
    tracing::info!(%address, connections_max, request_timeout_s = request_timeout.as_secs_f64(), "http is listening");
    let service = port::Service { router: router(state), tls: None };
    port::listen(listener, service, limits, http_connections, stop).await;
    Ok(())
}

/// The page and the interface for programs, behind the one gate.
pub fn site_router(site: Arc<Site>) -> Router {
    page::guarded(&site, page::router(Arc::clone(&site)).merge(api::router(Arc::clone(&site))))
}

/// Another router, under the same limits, until `stop`; over TLS where there are certificates. `what` is it that listens.
pub async fn listen(
    what: &'static str,
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<PageTls>>,
    limits: PortLimits,
    stop: CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, tls = tls.is_some(), connections_max = limits.connections_max, "the {what} is listening");
    // The metric is of the port that serves the metrics.
    port::listen(listener, port::Service { router, tls }, limits, |_| {}, stop).await;
    Ok(())
}

/// For those who serve more beside it.
pub fn router(state: HttpState) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/status", get(async |State(state): State<HttpState>| Json(status::status(&state))))
        .with_state(state)
}

/// Only a standstill that nobody outside has caused: a restart does not bring ClickHouse back.
async fn livez(State(state): State<HttpState>) -> impl IntoResponse {
    match state.health.stuck() {
        None => (StatusCode::OK, Json(json!({ "alive": true }))),
        Some(detail) => {
            let body = json!({ "alive": false, "detail": detail });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}

async fn readyz(State(state): State<HttpState>) -> impl IntoResponse {
    let readiness = state.health.readiness();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

async fn metrics(State(state): State<HttpState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, PROMETHEUS_TEXT)], state.metrics.render())
}

#[cfg(test)]
mod tests;
