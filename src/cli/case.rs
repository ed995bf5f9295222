//! `tongguan case`: the life of one case, and why it is on time or late.

use std::io::Write;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::{setup::Setup, usage::usage};
use crate::{
    ask::instant,
    domain::{event::Event, time::Millis},
    report::case::{CaseAsked, CaseTold, write_explained, write_json, write_life},
    store::{case_row, ledger_read},
};

#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// The life of a case on one screen: what it is about, what happened, where it stands
    Show(CaseArgs),
    /// Why a case is on time or late: each clock segment by segment, the rule and the calendar, the messages behind it
    Explain(CaseArgs),
}

#[derive(Debug, Args)]
pub struct CaseArgs {
    #[arg(value_name = "CASE")]
    case_id: String,
    /// The stream of the case, when several have one of that number
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// As it stood at that time: a date (its midnight) or an RFC 3339 time [default: now]
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(command: &CaseCommand, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let (CaseCommand::Show(args) | CaseCommand::Explain(args)) = command;
    let zone = &setup.settings.timezone;
    let as_of = args.as_of.as_deref().map(|text| instant("as-of", text, zone)).transpose()?;
    let store = setup.store()?;
    let events: Vec<Event> = ledger_read::of_cases(&store, &[&args.case_id], &[]).await?.into_iter().collect();
    let stream = chosen(&events, args, setup)?;
    let rules = setup.rules();
    let rules = rules.get(stream).with_context(|| {
        format!("the case is of the stream `{stream}`, which is not declared (any more): add it to streams.dir")
    })?;
    let rows: Vec<&Event> = events.iter().filter(|event| event.stream == stream).collect();
    let stored = case_row::of_case(&store, stream, &args.case_id).await?;
    let asked = CaseAsked { as_of, now, zone: zone.clone() };
    let Some(told) = CaseTold::of(rules, &rows, stored, &asked) else {
        let as_of = asked.as_of.unwrap_or(now).rfc3339(zone);
        bail!("截至此刻该案件尚无事件 nothing of the case `{}` had happened by {as_of}", args.case_id);
    };
    match command {
        _ if args.json => Ok(write_json(&told, matches!(command, CaseCommand::Explain(_)), out)?),
        CaseCommand::Show(_) => Ok(write_life(&told, out)?),
        CaseCommand::Explain(_) => Ok(write_explained(&told, out)?),
    }
}

/// The stream whose case is meant.
fn chosen<'a>(events: &'a [Event], args: &CaseArgs, setup: &Setup) -> anyhow::Result<&'a str> {
    let mut streams: Vec<&str> = events.iter().map(|event| event.stream.as_str()).collect();
    streams.sort_unstable();
    streams.dedup();
    if let Some(wanted) = args.stream.as_deref() {
        streams.retain(|stream| *stream == wanted);
    }
    match streams[..] {
        [one] => Ok(one),
        [] => {
            args.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
            let within = args.stream.as_deref().map(|stream| format!(" in stream `{stream}`")).unwrap_or_default();
            bail!("没有案件 there is no case `{}`{within}", args.case_id)
        }
        _ => {
            let what = format!("case `{}` is in the streams {}; give --stream", args.case_id, streams.join(", "));
            Err(usage(what).into())
        }
    }
}
