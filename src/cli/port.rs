//! Where a process answers `/livez`, `/readyz` and `/metrics`: the same for the service, for who sends alerts and for who pulls.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{descriptors, setup::Setup};
use crate::{
    health::Health,
    http::{self, HttpState, PortLimits},
    metrics,
};

/// `key` is where the address stands, for whoever has to give another.
pub(super) async fn bind(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: is another one running? Set {key} to another port"))
}

pub(super) fn limits(setup: &Setup) -> PortLimits {
    let http = &setup.settings.http;
    PortLimits {
        connections_max: descriptors::connections(http.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(http.request_timeout_s),
        idle_timeout: None,
    }
}

/// Until `stop`, beside whatever the process does; without an address nobody is answered.
pub(super) async fn open(
    setup: &Setup,
    address: Option<SocketAddr>,
    key: &str,
    health: Health,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let metrics = metrics::install(env!("CARGO_PKG_VERSION"))?;
    tokio::spawn(metrics.clone().keep_up(stop.clone()));
    let Some(address) = address else { return Ok(()) };
    let (listener, limits) = (bind(address, key).await?, limits(setup));
    tokio::spawn(async move {
        if let Err(error) = http::serve(listener, HttpState::new(health, metrics), limits, stop).await {
            tracing::error!(%error, "http ended");
        }
    });
    Ok(())
}
