//! How a connection to ClickHouse is made: the one place that knows sockets and certificates.

use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

use super::{error::StoreError, line::CONNECT_WITHIN};
use crate::tls::Files;

/// A line that is quiet for so long is asked whether it still stands.
const ASKED_AFTER: Duration = Duration::from_secs(30);

pub(super) type Connector = HttpsConnector<HttpConnector>;

pub fn connector(url: &str, tls: &Files) -> Result<Connector, StoreError> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECT_WITHIN));
    http.set_keepalive(Some(ASKED_AFTER));
    http.set_nodelay(true);
    http.enforce_http(false);
    let tls = if url.starts_with("https://") { tls.client() } else { Files::unused() };
    let tls = tls.map_err(|error| StoreError::Setup(error.to_string()))?;
    Ok(HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(http))
}
