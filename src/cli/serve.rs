//! `tongguan serve`: the page.

use std::{io::Write, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::Semaphore};

use super::{Exit, auth, descriptors, setup::Setup};
use crate::{
    config::AuthMode,
    http::{
        self,
        page::{self, Site},
    },
    pipeline::clock,
    shutdown::Shutdown,
    telemetry,
};

/// Until it is asked to stop.
pub async fn run(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let settings = &setup.settings.page;
    let shutdown = Shutdown::on_signals()?;
    let site = Arc::new(site(setup)?);
    let auth = &setup.settings.http.auth;
    if auth.mode == AuthMode::Accounts && !settings.listen.ip().is_loopback() && auth.proxies.is_empty() {
        tracing::warn!(
            "passwords come over the network as they are typed: put a proxy with https before it (http.auth.proxies)"
        );
    }
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!("cannot listen on {}: is another one running? Set page.listen to another port", settings.listen)
    })?;
    let limits = http::PortLimits {
        connections_max: descriptors::connections(settings.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(settings.request_timeout_s),
    };
    writeln!(out, "http://{}/", listener.local_addr()?)?;
    out.flush()?;
    let router = page::router(site);
    http::listen(listener, router, limits, shutdown.token()).await?;
    Ok(Exit::Ok)
}

fn site(setup: &Setup) -> anyhow::Result<Site> {
    Ok(Site {
        store: setup.store()?,
        auth: auth::open(setup)?,
        zone: setup.settings.zone_name().to_owned(),
        town: setup.settings.page.title.clone(),
        streams: setup.streams.clone(),
        rules: setup.rules(),
        workday_ms: setup.limits.workday_ms(),
        names: Box::new(setup.names_of()?),
        now: clock::now,
        turns: Semaphore::new(setup.settings.page.questions_max),
    })
}
