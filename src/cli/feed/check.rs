//! `tongguan feed check`.

use std::{cell::RefCell, collections::BTreeSet, io::Write, time::Duration};

use clap::Args;
use tokio::time::Instant;

use super::{
    Asked, OfFeeder,
    check_text::{partly, tell},
    line,
};
use crate::{
    cli::{Exit, setup::Setup},
    feed::own_feed::{FeedFindings, FeedReport, FeedWindow},
    pipeline::clock,
};

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    of: OfFeeder,
    /// Of the last hours
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=24 * 366))]
    hours: u32,
    /// The newest of the topic, at most
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    messages: i64,
}

/// A million messages take a few seconds; a broker that gives nothing more is not waited for.
const WITHIN: Duration = Duration::from_secs(120);
const HOUR_MS: i64 = 3_600_000;
/// Names of others that are remembered, for whoever has mistyped his own.
const OTHERS_MAX: usize = 1000;

pub(super) fn run(args: &CheckArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let asked = Asked::of(&args.of, setup)?;
    let look = asked.look();
    let to = clock::now();
    let window = FeedWindow { from: to.plus(-i64::from(args.hours) * HOUR_MS), to, messages: args.messages };
    let others = RefCell::new(BTreeSet::new());
    let in_report = |source: &str| {
        let report = args.of.report_of(source);
        let mut others = others.borrow_mut();
        if report.is_none() && others.len() < OTHERS_MAX {
            others.insert(source.to_owned());
        }
        report
    };
    let until = Instant::now() + WITHIN;
    let found = look.check(window, &|| Instant::now() < until, &in_report)?.ok_or_else(|| asked.no_topic())?;
    let FeedFindings { mut reports, extent } = found;
    for source in &args.of.source {
        if !reports.iter().any(|report| report.sources.contains(source)) {
            reports.push(FeedReport::empty(source.into(), &look, &extent));
        }
    }
    if args.of.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&reports)?)?;
    } else {
        reports.iter().try_for_each(|report| tell(report, &extent, &others.borrow(), out))?;
        if reports.is_empty() {
            let (stream, hours) = (look.stream, args.hours);
            let nothing = format!("nothing came to {} ({}) in the last {hours} hours", stream.name, stream.topic);
            line(if extent.is_whole() { &nothing } else { "nothing was read" }, out)?;
            partly(&extent, out)?;
        }
    }
    let is_clean = reports.iter().all(|report| report.refused == 0);
    Ok(if is_clean { Exit::Ok } else { Exit::Rejected })
}
