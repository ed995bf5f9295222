//! `tongguan inlet`: events by HTTP, alone or beside the page.

pub mod key;

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clap::{Args, Subcommand};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::key::KeyCommand;
use super::{Exit, VERSION, certificates, descriptors, port, setup::Setup};
use crate::{
    feed::{inlet::Inlet, privacy::Key},
    http::{
        self, PageTls, PortLimits,
        inlet::{FeederKeyFile, InletMemory, InletSite, OwnFeedDesk, OwnFeedPlan},
    },
    metrics,
    pipeline::clock,
    shutdown::Shutdown,
    telemetry,
};

#[derive(Debug, Args)]
pub struct InletArgs {
    #[command(subcommand)]
    pub command: Option<InletCommand>,
}

#[derive(Debug, Subcommand)]
pub enum InletCommand {
    /// Who may send
    #[command(subcommand)]
    Key(KeyCommand),
}

/// How often Kafka is asked whether it is there, and how long it may take.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const LOOK_WITHIN: Duration = Duration::from_secs(3);

pub async fn run(args: &InletArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.command {
        Some(InletCommand::Key(command)) => key::run(command, setup, out),
        None => open(setup, out).await,
    }
}

/// Until it is asked to stop.
async fn open(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let shutdown = Shutdown::on_signals()?;
    certificates::warn_of_page(&setup.settings, clock::now());
    let open = OpenInlet::open(setup, &shutdown.token()).await?;
    writeln!(out, "{}", open.address()?)?;
    out.flush()?;
    open.answer(shutdown.token()).await?;
    Ok(Exit::Ok)
}

/// Its port is open, and nobody is answered yet.
pub(super) struct OpenInlet {
    listener: TcpListener,
    site: Arc<InletSite>,
    tls: Option<Arc<PageTls>>,
    limits: PortLimits,
}

impl OpenInlet {
    pub(super) async fn open(setup: &Setup, stop: &CancellationToken) -> anyhow::Result<Self> {
        let listen = setup.settings.inlet.listen;
        let listener = port::bind(listen, "inlet.listen").await?;
        let site = Arc::new(site(setup, stop)?);
        if site.keys.is_some() && !listen.ip().is_loopback() && setup.settings.inlet_tls().is_none() {
            tracing::warn!("keys come over the network as they are: set http.tls, or put a proxy with https before it");
        }
        Ok(Self {
            listener,
            site,
            tls: certificates::port_tls(setup, setup.settings.inlet_tls())?,
            limits: limits(setup),
        })
    }

    pub(super) fn address(&self) -> anyhow::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}/v1/events", self.listener.local_addr()?))
    }

    pub(super) async fn answer(self, stop: CancellationToken) -> anyhow::Result<()> {
        Ok(http::listen("inlet", self.listener, http::inlet::router(self.site), self.tls, self.limits, stop).await?)
    }
}

fn site(setup: &Setup, stop: &CancellationToken) -> anyhow::Result<InletSite> {
    let settings = &setup.settings.inlet;
    let keys = settings.keys_file.as_deref().map(FeederKeyFile::new);
    if let Some(file) = &keys {
        file.read()?;
    }
    let inlet = Arc::new(setup.inlet()?);
    let metrics = metrics::install(VERSION)?;
    metrics::inlet_ready(false);
    let is_ready = looked_after(setup, Arc::clone(&inlet), stop.clone());
    Ok(InletSite {
        inlet,
        streams: setup.streams.clone(),
        keys,
        per_minute: settings.per_minute,
        body_within: Duration::from_secs(settings.request_timeout_s - settings.ack_timeout_s),
        zone: setup.settings.timezone.clone(),
        now: clock::now,
        metrics,
        is_ready,
        kept: InletMemory::of(settings.in_flight_mb * 1024 * 1024),
        own_feed: own_feed(setup)?,
    })
}

fn own_feed(setup: &Setup) -> anyhow::Result<OwnFeedDesk> {
    let plan = OwnFeedPlan {
        connection: setup.connection(),
        limits: setup.times(),
        key: Key::of_this_process()?,
        changes: Arc::clone(&setup.changes),
    };
    Ok(OwnFeedDesk::new(plan, clock::now()))
}

/// Makes the topics that are missing, once Kafka is there, and keeps looking whether it is.
fn looked_after(setup: &Setup, inlet: Arc<Inlet>, stop: CancellationToken) -> Arc<AtomicBool> {
    let is_ready = Arc::new(AtomicBool::new(false));
    let (shown, setup) = (Arc::clone(&is_ready), setup.clone());
    tokio::spawn(async move {
        let mut has_topics = false;
        loop {
            if !has_topics {
                match setup.ensure_topics().await {
                    Ok(()) => has_topics = true,
                    Err(error) => tracing::warn!(error = format!("{error:#}"), "the inlet takes nothing yet"),
                }
            }
            let asked = Arc::clone(&inlet);
            let look = tokio::task::spawn_blocking(move || asked.is_reachable(LOOK_WITHIN));
            let is_ready = look.await.unwrap_or(false) && has_topics;
            metrics::inlet_ready(is_ready);
            shown.store(is_ready, Ordering::Relaxed);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    });
    is_ready
}

fn limits(setup: &Setup) -> PortLimits {
    let settings = &setup.settings.inlet;
    PortLimits {
        connections_max: descriptors::connections(settings.connections_max, descriptors::now().soft),
        request_timeout: Duration::from_secs(settings.request_timeout_s),
        idle_timeout: Some(Duration::from_secs(settings.idle_timeout_s)),
    }
}
