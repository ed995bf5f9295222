//! `tongguan status`: a running instance at a glance, asked over its http port and nowhere else.

mod glance;
mod text;

use std::{io::Write, net::SocketAddr, time::Duration};

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;
use tokio::time::Instant;

use self::glance::Glance;
use super::{Exit, asking, lines::write_json};
use crate::{health::Readiness, http::asking::Answered, metrics::samples::Samples, pipeline::clock};

/// A running instance at a glance: ready or why not, lag, rate, last events, errors, memory
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The instance [default: http.listen]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// As JSON; with --watch one object a line
    #[arg(long)]
    json: bool,
    /// Again and again, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Time between the two samples that give the rate (s)
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=60))]
    interval_s: u64,
}

const PATIENCE: Duration = Duration::from_secs(5);
/// Clears the terminal and begins at its top.
const ANEW: &str = "\u{1b}[H\u{1b}[2J";

pub async fn run(
    args: &StatusArgs,
    listen: Option<SocketAddr>,
    zone: &TimeZone,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let base = asking::base(args.url.as_deref(), listen)?;
    let (mut earlier, mut at) = (sampled(&base).await?, Instant::now());
    loop {
        tokio::time::sleep(Duration::from_secs(args.interval_s)).await;
        let answer = asking::get(&format!("{base}/readyz"), PATIENCE).await?;
        let (now, taken) = (sampled(&base).await?, Instant::now());
        let readiness = readiness(&answer);
        let is_ready = readiness.as_ref().is_some_and(|said| said.ready);
        let found = Glance::of(readiness, &earlier, &now, (taken - at).as_secs_f64());
        show(args, &found, &base, zone, out)?;
        if !args.watch {
            return Ok(if is_ready { Exit::Ok } else { Exit::Failed });
        }
        (earlier, at) = (now, taken);
    }
}

async fn sampled(base: &str) -> anyhow::Result<Samples> {
    let answer = asking::get(&format!("{base}/metrics"), PATIENCE).await?;
    if answer.status != 200 {
        anyhow::bail!("{base}/metrics answered with status {}: is that an instance of Tongguan?", answer.status);
    }
    Ok(Samples::parse(&answer.body))
}

fn readiness(answer: &Answered) -> Option<Readiness> {
    serde_json::from_str(&answer.body).ok()
}

fn show(args: &StatusArgs, found: &Glance, base: &str, zone: &TimeZone, out: &mut impl Write) -> anyhow::Result<()> {
    let now = clock::now();
    if args.json {
        let mut value = serde_json::to_value(found)?;
        value["url"] = json!(base);
        value["at_s"] = json!(now.0 as f64 / 1e3);
        if args.watch {
            writeln!(out, "{value}")?;
        } else {
            write_json(&value, out)?;
        }
    } else {
        if args.watch {
            write!(out, "{ANEW}")?;
        }
        text::write(found, base, zone, now, out)?;
    }
    Ok(out.flush()?)
}
