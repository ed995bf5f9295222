//! The part that an operator looks at: it is there before anything else is.

use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    cli::{descriptors, setup::Setup},
    health::Health,
    http::{self, HttpState},
    metrics::Metrics,
};

/// On a thread of its own, so that it answers however busy the others are.
pub async fn serve(
    setup: &Setup,
    health: Health,
    metrics: Metrics,
    stop: CancellationToken,
) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let http = &setup.settings.http;
    let listener = match http.listen {
        Some(address) => Some(TcpListener::bind(address).await.with_context(|| {
            format!(
                "cannot listen on {address}: is another instance running? Set http.listen to another port, or to \"\""
            )
        })?),
        None => None,
    };
    let limits = http::PortLimits {
        connections_max: descriptors::connections(http.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(http.request_timeout_s),
    };
    let listener = listener.map(TcpListener::into_std).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let keeping = metrics.clone().keep_up(stop.clone());
            let Some(listener) = listener else { return keeping.await };
            let serving = async {
                let listener = TcpListener::from_std(listener)?;
                http::serve(listener, HttpState { health, metrics }, limits, stop).await
            };
            if let (Err(error), ()) = tokio::join!(serving, keeping) {
                tracing::error!(%error, "http ended");
            }
        });
    }))
}
