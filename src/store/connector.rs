//! How a connection to ClickHouse is made: the one place that knows sockets, and later certificates.

use std::time::Duration;

use hyper_util::client::legacy::connect::HttpConnector;

use super::{client::Address, error::StoreError};

/// Longest wait until somebody takes the call. In one network this is a matter of milliseconds.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A line that is quiet for so long is asked whether it still stands.
const ASKED_AFTER: Duration = Duration::from_secs(30);

pub type Connector = HttpConnector;

pub fn connector(_address: &Address) -> Result<Connector, StoreError> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECT_WITHIN));
    http.set_keepalive(Some(ASKED_AFTER));
    http.set_nodelay(true);
    Ok(http)
}
