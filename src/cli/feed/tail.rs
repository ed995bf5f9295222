//! `tongguan feed tail`.

use std::{collections::BTreeMap, io::Write, ops::ControlFlow};

use clap::Args;

use super::{Asked, OfFeeder};
use crate::{
    cli::{Exit, setup::Setup},
    feed::own_feed::{FeedFrom, ToldMessage},
    shutdown::Shutdown,
};

#[derive(Debug, Args)]
pub struct TailArgs {
    #[command(flatten)]
    of: OfFeeder,
    /// Begin with the newest N messages of each partition
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
    last: i64,
}

pub(super) fn run(args: &TailArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let asked = Asked::of(&args.of, setup)?;
    let look = asked.look();
    let stop = Shutdown::on_signals()?.token();
    let from = if args.last > 0 { FeedFrom::Newest(args.last) } else { FeedFrom::Offsets(BTreeMap::new()) };
    let mut told = Ok(());
    let followed = look.follow(&from, &|| !stop.is_cancelled(), &|source| args.of.report_of(source), |judged| {
        told = line(&ToldMessage::of(judged, look.zone), args.of.json, out);
        if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    told?;
    followed.ok_or_else(|| asked.no_topic())?;
    Ok(Exit::Ok)
}

fn line(told: &ToldMessage, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if as_json {
        writeln!(out, "{}", serde_json::to_string(told)?)?;
    } else {
        writeln!(out, "{told}")?;
    }
    Ok(())
}
