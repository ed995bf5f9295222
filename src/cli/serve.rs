//! `tongguan serve`: the page.

use std::{io::Write, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::Semaphore};

use super::{Exit, descriptors, setup::Setup};
use crate::{
    config::PageSettings,
    http::{
        self, api,
        page::{self, ReaderLimits, Site},
    },
    pipeline::clock,
    shutdown::Shutdown,
    telemetry,
};

/// Rows of one answer of ClickHouse: beyond any page, table of groups or history of a case that somebody reads, and within a hundred megabytes.
const READER_ROWS_MAX: u64 = 250_000;

/// Until it is asked to stop.
pub async fn run(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let settings = &setup.settings.page;
    let shutdown = Shutdown::on_signals()?;
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!("cannot listen on {}: is another one running? Set page.listen to another port", settings.listen)
    })?;
    let limits = http::PortLimits {
        connections_max: descriptors::connections(settings.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(settings.request_timeout_s),
    };
    writeln!(out, "http://{}/", listener.local_addr()?)?;
    out.flush()?;
    let site = Arc::new(site(setup)?);
    let router = page::router(Arc::clone(&site)).merge(api::router(site));
    http::listen(listener, router, limits, shutdown.token()).await?;
    Ok(Exit::Ok)
}

fn site(setup: &Setup) -> anyhow::Result<Site> {
    Ok(Site {
        store: setup.store()?.for_readers(READER_ROWS_MAX, Duration::from_secs(setup.settings.page.request_timeout_s)),
        zone: setup.settings.zone_name().to_owned(),
        town: setup.settings.page.title.clone(),
        streams: setup.streams.clone(),
        rules: setup.rules(),
        workday_ms: setup.limits.workday_ms(),
        names: Box::new(setup.names_of()?),
        now: clock::now,
        turns: Semaphore::new(setup.settings.page.questions_max),
        limits: limits(&setup.settings.page),
    })
}

fn limits(settings: &PageSettings) -> ReaderLimits {
    ReaderLimits {
        export_rows_max: settings.export_rows_max,
        waiting_max: settings.waiting_max,
        // The rest of the time is for the last line, and for whoever reads slowly.
        answer_within: Duration::from_secs(settings.request_timeout_s) * 5 / 6,
        ..ReaderLimits::default()
    }
}
