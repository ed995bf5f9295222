//! `tongguan report publish`: freezes the figures of a report, with what is behind them.

use std::io::Write;

use anyhow::Context as _;

use super::which::WhichReport;
use crate::{
    cli::{lines::write_json, setup::Setup},
    domain::time::Millis,
    report::publish::{self, PublishError, PublishOrder, json, text},
    shutdown::Shutdown,
    store::migrate,
};

/// Freeze every figure of a report, with the verdict of every case behind it; again is a new edition
#[derive(Debug, clap::Args)]
pub struct PublishArgs {
    #[command(flatten)]
    which: WhichReport,
    /// What had happened by that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Who publishes
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
    /// Why, for example what an earlier edition had wrong
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &PublishArgs, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let store = setup.store()?;
    migrate::check(&store).await?;
    let span = args.which.required()?;
    let ids = (now, rand::random());
    let order = PublishOrder::read(&span, args.as_of.as_deref(), setup.settings.zone_name(), ids)?;
    let order = PublishOrder { by: args.by.clone(), note: args.note.clone(), ..order };
    let shutdown = Shutdown::on_signals().context("signals")?;
    let published = publish::publish(&store, &order, shutdown.requested()).await.map_err(plain)?;
    if args.json {
        let mut value = json::edition(&published.edition);
        value["figures"] = published.figures.into();
        return write_json(&value, out);
    }
    text::write_head(&published.edition, out)?;
    let count = published.figures;
    Ok(writeln!(out, "已发布 {count} 个数字 published {count} figures")?)
}

/// As the exit codes look for it.
fn plain(error: PublishError) -> anyhow::Error {
    match error {
        PublishError::Store(error) => error.into(),
        other => other.into(),
    }
}
