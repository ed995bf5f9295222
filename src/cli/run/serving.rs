//! The part that an operator looks at: it is there before anything else is. The page too, where it is wanted.

use std::sync::Arc;

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    cli::{certificates, port, serve, setup::Setup},
    http::{self, HttpState, ServiceAt},
};

/// On threads of their own: the port answers however busy the others are, and readers of the page never slow the writer.
pub async fn serve(setup: &Setup, state: HttpState, stop: CancellationToken) -> anyhow::Result<Vec<JoinHandle<()>>> {
    let mut serving = vec![port(setup, state.clone(), stop.clone()).await?];
    if setup.settings.page.enabled {
        serving.push(pages(setup, state, stop).await?);
    }
    Ok(serving)
}

async fn port(setup: &Setup, state: HttpState, stop: CancellationToken) -> anyhow::Result<JoinHandle<()>> {
    let listener = match setup.settings.http.listen {
        Some(address) => Some(port::bind(address, "http.listen").await?),
        None => None,
    };
    let limits = port::limits(setup);
    let listener = listener.map(TcpListener::into_std).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let metrics = state.metrics.clone();
            let keeping = metrics.clone().keep_up(stop.clone());
            let sampling = state.recent.clone().keep(metrics, stop.clone());
            let serving = async {
                let Some(listener) = listener else { return Ok(()) };
                http::serve(TcpListener::from_std(listener)?, state, limits, stop).await
            };
            if let (Err(error), (), ()) = tokio::join!(serving, keeping, sampling) {
                tracing::error!(%error, "http ended");
            }
        });
    }))
}

async fn pages(setup: &Setup, state: HttpState, stop: CancellationToken) -> anyhow::Result<JoinHandle<()>> {
    let tls = certificates::port_tls(setup, setup.settings.page_tls())?;
    let listener = serve::listener(setup).await?.into_std()?;
    let limits = serve::limits(setup);
    let site = Arc::new(serve::site(setup, ServiceAt::Here(state), stop.clone())?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let serving = async {
                let router = http::site_router(Arc::clone(&site));
                http::listen("page", TcpListener::from_std(listener)?, router, tls, limits, stop).await
            };
            if let Err(error) = serving.await {
                tracing::error!(%error, "the page ended");
            }
            if let Some(door) = &site.what_if {
                door.ended().await;
            }
        });
    }))
}
