//! `tongguan report drift`: what has become of a published edition.

use std::io::Write;

use anyhow::Context as _;

use super::{
    show::dimension,
    which::{WhichReport, edition},
};
use crate::{
    ask::instant,
    cli::{lines::write_json, setup::Setup},
    domain::time::Millis,
    report::{
        drift::{self, DriftError, DriftOrder, json, text},
        publish::{Chain, text::zone},
    },
    shutdown::Shutdown,
};

/// Which published figures are others now, by which cases, and what moved these
#[derive(Debug, clap::Args)]
pub struct DriftArgs {
    #[command(flatten)]
    which: WhichReport,
    /// Which edition [default: the newest]
    #[arg(long, value_name = "N")]
    edition: Option<u32>,
    /// As of when the figures of today are asked: a time, or `now` [default: as of when it was published]
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Figures of groups instead of the whole; with --json there are all
    #[arg(long, value_name = "DIMENSION", value_parser = dimension())]
    group_by: Option<String>,
    /// Cases that are listed
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &DriftArgs, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let store = setup.store()?;
    let chain = Chain::read(&store).await?;
    let edition = edition(&chain, &args.which, args.edition)?;
    let as_of = match args.as_of.as_deref() {
        None => edition.as_of,
        Some("now") => now,
        Some(text) => instant("as-of", text, &zone(edition))?,
    };
    let order = DriftOrder { as_of, now, id: rand::random(), limit: args.limit };
    let shutdown = Shutdown::on_signals().context("signals")?;
    let drift = drift::drift(&store, edition, &order, shutdown.requested()).await.map_err(plain)?;
    if args.json {
        return write_json(&json::drift(&drift), out);
    }
    Ok(text::write(&drift, args.group_by.as_deref(), out)?)
}

/// As the exit codes look for it.
fn plain(error: DriftError) -> anyhow::Error {
    match error {
        DriftError::Store(error) => error.into(),
        other => other.into(),
    }
}
