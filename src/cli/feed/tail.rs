//! `tongguan feed tail`.

use std::{io::Write, ops::ControlFlow, time::Duration};

use clap::Args;
use tokio::time::Instant;

use super::{Asked, OfFeeder, line};
use crate::{
    cli::{Exit, output, setup::Setup},
    feed::{
        own_feed::{FeedFrom, ToldMessage},
        pause::pause,
    },
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

/// So often is asked which partitions there are, and whether the topic is still the same.
const ANEW_EVERY: Duration = Duration::from_secs(30);
/// Before a topic that has gone, or Kafka, is asked for again.
const REST: Duration = Duration::from_secs(1);

pub(super) fn run(args: &TailArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let asked = Asked::of(&args.of, setup)?;
    let look = asked.look();
    let stop = Shutdown::on_signals()?.token();
    let is_wanted = || !stop.is_cancelled() && !output::is_unread();
    let mut from = if args.last > 0 { FeedFrom::Newest(args.last) } else { FeedFrom::Now };
    let mut has_begun = false;
    while is_wanted() {
        let until = Instant::now() + ANEW_EVERY;
        let goes_on = || is_wanted() && Instant::now() < until;
        let mut told = Ok(());
        let followed = look.follow(&from, &goes_on, &|source| args.of.report_of(source), |judged| {
            told = tell(&ToldMessage::of(judged, look.zone), args.of.json, out);
            if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        told?;
        match followed {
            Ok(Some(next)) => {
                (from, has_begun) = (next, true);
                if goes_on() {
                    pause(REST);
                }
            }
            // Stopped while it was asked.
            _ if !is_wanted() => {}
            Ok(None) if !has_begun => return Err(asked.no_topic()),
            Err(error) if !has_begun => return Err(error.into()),
            Ok(None) | Err(_) => pause(REST),
        }
    }
    Ok(Exit::Ok)
}

fn tell(told: &ToldMessage, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if as_json {
        writeln!(out, "{}", serde_json::to_string(told)?)?;
    } else {
        line(&told.to_string(), out)?;
    }
    Ok(())
}
