//! `tongguan feed`: what became of what somebody sends (docs/own-feed.md). Asks Kafka and nobody else.

mod check;
mod check_text;
mod tail;

use std::io::{self, Write};

use clap::{Args, Subcommand};
use smol_str::SmolStr;

use super::{Exit, setup::Setup};
use crate::{
    domain::stream::Stream,
    feed::{
        connection::Connection,
        own_feed::{FeedLook, shown},
        privacy::Key,
    },
    pipeline::clock,
};

#[derive(Debug, Subcommand)]
pub enum FeedCommand {
    /// What became of what was sent: taken, refused by reason with examples, unknown fields, ahead of time, out of order, gaps
    Check(check::CheckArgs),
    /// Each message as it comes, and what the service makes of it; until it is stopped
    Tail(tail::TailArgs),
}

/// Whose messages, and where.
#[derive(Debug, Args)]
struct OfFeeder {
    /// The source that they name; several are told one by one [default: every source]
    #[arg(long, value_name = "SOURCE")]
    source: Vec<String>,
    /// The stream that they are of; needed where there are several
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// JSON instead of text
    #[arg(long)]
    json: bool,
}

impl OfFeeder {
    fn is_asked_for(&self, source: &str) -> bool {
        self.source.is_empty() || self.source.iter().any(|own| own == source)
    }

    fn report_of(&self, source: &str) -> Option<SmolStr> {
        self.is_asked_for(source).then(|| SmolStr::from(source))
    }
}

pub async fn run(command: &FeedCommand, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        FeedCommand::Check(args) => tokio::task::block_in_place(|| check::run(args, setup, out)),
        FeedCommand::Tail(args) => tokio::task::block_in_place(|| tail::run(args, setup, out)),
    }
}

/// One line, whatever others wrote into it.
fn line(text: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", shown(text))
}

/// What a look needs, for as long as it lasts.
struct Asked<'a> {
    setup: &'a Setup,
    stream: &'a Stream,
    connection: Connection,
    key: Key,
}

impl<'a> Asked<'a> {
    fn of(of: &OfFeeder, setup: &'a Setup) -> anyhow::Result<Self> {
        let stream = setup.stream_or_only(of.stream.as_deref())?;
        Ok(Self { setup, stream, connection: setup.connection(), key: Key::of_this_process()? })
    }

    fn look(&self) -> FeedLook<'_> {
        FeedLook {
            connection: &self.connection,
            stream: self.stream,
            limits: self.setup.times(),
            key: &self.key,
            changes: &self.setup.changes,
            zone: &self.setup.settings.timezone,
            now: clock::now,
        }
    }

    fn no_topic(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "there is no topic {} yet: `tongguan run` makes it, or whoever owns the topics",
            self.stream.topic
        )
    }
}
