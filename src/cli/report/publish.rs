//! `tongguan report publish`: freezes the figures of a report, with what is behind them.

use std::io::Write;

use anyhow::{Context as _, ensure};

use super::which::{WhichReport, filed};
use crate::{
    ask::instant,
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
    let zone = &setup.settings.timezone;
    let as_of = args.as_of.as_deref().map_or(Ok(now), |text| instant("--as-of", text, zone))?;
    let order = PublishOrder {
        report: filed(&span),
        period: span.period(zone, as_of),
        zone: setup.settings.zone_name().to_owned(),
        by: args.by.clone(),
        note: args.note.clone(),
        now,
        id: rand::random(),
    };
    ensure!(order.period.from <= as_of, "--as-of is before {} begins: nothing of it had happened", span.name());
    // What has not happened would be published as if it had not: the same figures would differ the day after.
    ensure!(as_of <= now, "--as-of is in the future: a figure is published as of now, or as of before");
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
