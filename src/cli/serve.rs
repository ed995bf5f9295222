//! `tongguan serve`: the page.

use std::{io::Write, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

use super::{
    Exit, asking, auth, certificates, descriptors, inlet::OpenInlet, page_sources, port, replay::Hands, setup::Setup,
    uploads, whatif::door::door,
};
use crate::{
    config::{AuthMode, MapBy, PageSettings, Settings, town_map},
    feed::rejection::RejectReason,
    http::{
        self, ServiceAt,
        page::{Overviews, ReaderLimits, Running, RunningGiven, Site, WallMap},
    },
    pipeline::clock,
    shutdown::Shutdown,
    store::kpi::Dimension,
    telemetry,
};

/// How long what was found for one reader serves others who ask the same.
const KEPT: Duration = Duration::from_secs(10);
/// Rows of one answer of ClickHouse: beyond any page, table of groups or history of a case that somebody reads, and within a hundred megabytes.
const READER_ROWS_MAX: u64 = 250_000;

/// Until it is asked to stop.
pub async fn run(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let shutdown = Shutdown::on_signals()?;
    let settings = &setup.settings;
    let tls = certificates::port_tls(setup, settings.page_tls())?;
    certificates::warn_of_page(settings, clock::now());
    let listener = listener(setup).await?;
    let stated = Some(settings.page.service.as_str()).filter(|url| !url.is_empty());
    let service = asking::base(stated, settings.http.listen).map_or(ServiceAt::Nowhere, ServiceAt::There);
    let site = Arc::new(site(setup, service, shutdown.token())?);
    let inlet = match settings.inlet.enabled {
        true => Some(OpenInlet::open(setup, &shutdown.token()).await?),
        false => None,
    };
    writeln!(out, "{}://{}/", scheme(settings), listener.local_addr()?)?;
    if let Some(inlet) = &inlet {
        writeln!(out, "{}", inlet.address()?)?;
    }
    out.flush()?;
    let page =
        http::listen("page", listener, http::site_router(Arc::clone(&site)), tls, limits(setup), shutdown.token());
    let fed = async {
        match inlet {
            Some(inlet) => inlet.answer(shutdown.token()).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(async { Ok(page.await?) }, fed)?;
    if let Some(door) = &site.what_if {
        door.ended().await;
    }
    Ok(Exit::Ok)
}

pub(super) fn scheme(settings: &Settings) -> &'static str {
    if settings.page_tls().is_some() { "https" } else { "http" }
}

pub(super) async fn listener(setup: &Setup) -> anyhow::Result<TcpListener> {
    let listen = setup.settings.page.listen;
    let auth = &setup.settings.http.auth;
    let is_open = setup.settings.page_tls().is_none() && auth.proxies.is_empty();
    if auth.mode == AuthMode::Accounts && !listen.ip().is_loopback() && is_open {
        tracing::warn!(
            "passwords come over the network as they are typed: set http.tls, or put a proxy with https before it (http.auth.proxies)"
        );
    }
    port::bind(listen, "page.listen").await
}

pub(super) fn limits(setup: &Setup) -> http::PortLimits {
    let settings = &setup.settings.page;
    http::PortLimits {
        connections_max: descriptors::connections(settings.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(settings.request_timeout_s),
        idle_timeout: Some(Duration::from_secs(settings.idle_timeout_s)),
    }
}

/// Everything that lasts on it ends with `stop`.
pub(super) fn site(setup: &Setup, service: ServiceAt, stop: CancellationToken) -> anyhow::Result<Site> {
    let settings = &setup.settings.page;
    // A service has its budget of memory, which a file of others must not break.
    let uploads = match service {
        ServiceAt::Here(_) => None,
        _ => uploads::desk(setup, stop.clone())?,
    };
    Ok(Site {
        store: setup.store()?.for_readers(READER_ROWS_MAX, Duration::from_secs(settings.request_timeout_s)),
        auth: auth::open(setup)?,
        zone: setup.settings.zone_name().to_owned(),
        town: settings.title.clone(),
        streams: setup.streams.clone(),
        rules: setup.rules(),
        overviews: Overviews::kept_for(KEPT),
        map: map(setup)?,
        names: Box::new(setup.names_of()?),
        now: clock::now,
        turns: Semaphore::new(settings.questions_max),
        running: Running::new(RunningGiven {
            service,
            live_max: descriptors::connections(settings.live_max, descriptors::now().soft),
            stale_after_ms: settings.stale_after_s as i64 * 1_000,
            reasons: RejectReason::ALL.map(|(_, name)| name).into(),
            hands: Box::new(Hands(Arc::new(setup.clone()))),
            stop: stop.clone(),
        }),
        uploads,
        what_if: Some(door(setup, stop)?),
        sources: page_sources::read(setup)?,
        limits: reader_limits(settings),
    })
}

fn map(setup: &Setup) -> anyhow::Result<Option<WallMap>> {
    let PageSettings { map_file, map_key, map_by, .. } = &setup.settings.page;
    let by = match map_by {
        MapBy::Community => Dimension::Community,
        MapBy::Town => Dimension::Town,
    };
    let map = map_file.as_ref().map(|file| town_map::load(file, map_key)).transpose()?;
    Ok(map.map(|map| WallMap::new(by, &map)))
}

fn reader_limits(settings: &PageSettings) -> ReaderLimits {
    ReaderLimits {
        export_rows_max: settings.export_rows_max,
        waiting_max: settings.waiting_max,
        // The rest of the time is for the last line, and for whoever reads slowly.
        answer_within: Duration::from_secs(settings.request_timeout_s) * 5 / 6,
        ..ReaderLimits::default()
    }
}
