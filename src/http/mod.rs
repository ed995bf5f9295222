//! What the outside may ask of a running service: is it alive, is it ready, how is it doing.
//!
//! The caller owns the port and the stop signal. Nothing here asks Kafka or ClickHouse; it shows
//! what the pipeline noted in `Health`.

use std::{io, time::Duration};

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

use crate::{health::Health, metrics::Metrics};

/// Longest wait for answers under way after the stop: a client that stays must not hold us.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug, Clone)]
pub struct HttpState {
    pub health: Health,
    pub metrics: Metrics,
}

/// Answers until `stop`, then lets open answers end.
pub async fn serve(listener: TcpListener, state: HttpState, stop: CancellationToken) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "http listening");
    let stopped = stop.clone().cancelled_owned();
    let serving = axum::serve(listener, router(state)).with_graceful_shutdown(stopped);
    tokio::select! {
        ended = serving.into_future() => ended,
        () = async { stop.cancelled().await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
    }
}

/// For those who serve more beside it.
pub fn router(state: HttpState) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
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
