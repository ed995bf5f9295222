//! One request to an address: signed, within its time, never redirected.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, Uri, header},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::{Hook, step::HookAnswer};
use crate::{
    domain::time::Millis,
    http::inlet::signed::signed,
    tls::{Files, Unusable},
};

#[derive(Debug, thiserror::Error)]
pub enum HookSetupError {
    #[error("hook {name}: `{url}` is no address: {why}")]
    Address { name: String, url: String, why: String },
    #[error("https cannot be spoken: {0}")]
    Tls(#[from] Unusable),
}

/// A connection that nobody used for so long is given up.
const KEPT_IDLE: Duration = Duration::from_secs(30);
const AGENT: &str = concat!("tongguan/", env!("CARGO_PKG_VERSION"));
const CONTENT_TYPE: &str = "application/cloudevents+json; charset=UTF-8";

pub(super) struct HookClient {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    uri: Uri,
    secret: String,
    within: Duration,
}

impl HookClient {
    pub(super) fn new(hook: &Hook, within: Duration) -> Result<Self, HookSetupError> {
        let Hook { name, url, secret, .. } = hook;
        let wrong = |why: String| HookSetupError::Address { name: name.clone(), url: url.clone(), why };
        let uri: Uri = url.parse().map_err(|error: axum::http::uri::InvalidUri| wrong(error.to_string()))?;
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(within));
        http.enforce_http(false);
        let tls = if url.starts_with("https://") { Files::default().client()? } else { Files::unused()? };
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(http);
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(KEPT_IDLE).build(connector);
        Ok(Self { client, uri, secret: secret.clone(), within })
    }

    pub(super) async fn post(&self, id: &str, payload: &[u8], now: Millis) -> HookAnswer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.uri.clone())
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header(header::USER_AGENT, AGENT);
        for (name, value) in signed(&self.secret, id, now, payload) {
            request = request.header(name, value);
        }
        let request = match request.body(Body::from(payload.to_vec())) {
            Ok(request) => request,
            Err(error) => return HookAnswer::Nothing(error.to_string()),
        };
        match tokio::time::timeout(self.within, self.client.request(request)).await {
            Err(_) => HookAnswer::Nothing(format!("no answer within {} s", self.within.as_secs_f32())),
            Ok(Err(error)) => HookAnswer::Nothing(cause(&error)),
            // What the receiver writes is not read.
            Ok(Ok(answer)) => {
                HookAnswer::Status { code: answer.status().as_u16(), retry_after: retry_after(answer.headers()) }
            }
        }
    }
}

/// The last of the chain says what is wrong.
fn cause(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

/// In seconds; a date is as good as nothing.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}
