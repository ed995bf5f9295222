//! `tongguan report list` and `show`: what was published.

use std::io::Write;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::Value;

use super::which::{WhichReport, edition};
use crate::{
    cli::{lines::write_json, setup::Setup},
    report::publish::{Chain, filed, json, text},
    store::published::{Edition, Frozen, figures},
};

/// What was published: every edition, or those of one report
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    which: WhichReport,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// An edition with its figures, as they were published
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    #[command(flatten)]
    which: WhichReport,
    /// Which edition [default: the newest]
    #[arg(long, value_name = "N")]
    edition: Option<u32>,
    /// Figures of groups instead of the whole
    #[arg(long, value_name = "DIMENSION", value_parser = dimension())]
    group_by: Option<String>,
    /// As JSON: every figure under every grouping, with its definition
    #[arg(long)]
    json: bool,
}

/// By which reports group.
pub(super) fn dimension() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(["stream", "unit", "community"]).map(|name| name)
}

pub async fn list(args: &ListArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<()> {
    let report = args.which.span()?.as_ref().map(filed);
    let chain = Chain::read(&setup.store()?).await?;
    let is_meant = |one: &&Edition| report.as_ref().is_none_or(|report| *report == one.report);
    let editions: Vec<&Edition> = chain.editions.iter().filter(is_meant).collect();
    if args.json {
        let values: Vec<Value> = editions.into_iter().map(json::edition).collect();
        return write_json(&values.into(), out);
    }
    Ok(text::write_list(&editions, out)?)
}

pub async fn show(args: &ShowArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<()> {
    let store = setup.store()?;
    let chain = Chain::read(&store).await?;
    let edition = edition(&chain, &args.which, args.edition)?;
    let all = figures::of(&store, &edition.attempt).await?;
    if args.json {
        let mut value = json::edition(edition);
        value["figures"] = all.iter().map(json::figure).collect::<Vec<_>>().into();
        return write_json(&value, out);
    }
    text::write_head(edition, out)?;
    let wanted: Vec<String> = args.group_by.iter().cloned().collect();
    let some: Vec<&Frozen> = all.iter().filter(|one| one.grouped_by == wanted).collect();
    Ok(text::write_figures(&some, args.group_by.as_deref(), out)?)
}
