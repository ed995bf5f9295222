//! `tongguan quarantine`: what could not be understood, and what to do about it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::tz::TimeZone;

use super::{Exit, replay::previews, setup::Setup};
use crate::{
    ask::{
        quarantine::{EntryNames, WhichEntries, place as parse_place},
        unclear::no_such,
    },
    domain::time::Millis,
    feed::{
        decode,
        privacy::{Key, preview_of_code},
        rejection::RejectReason,
    },
    pipeline::{clock, quarantine::Opened},
    report::{json, quarantine::entry_json},
    store::{
        Store,
        quarantine::{self, Entry, ListedEntry, Pages, QuarantineSelection, QuarantineTally},
    },
};

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List messages in quarantine, with the reason and a preview without personal data
    List {
        #[command(flatten)]
        which: WhichEntriesArgs,
        /// Also those replayed or discarded
        #[arg(long)]
        all: bool,
        #[arg(long, default_value_t = 100)]
        limit: u64,
        #[arg(long)]
        json: bool,
    },
    /// Show one message: TOPIC/PARTITION/OFFSET
    Show { place: String },
    /// Try again, after the contract, the configuration or the program was put right
    Replay {
        #[command(flatten)]
        which: WhichEntriesArgs,
        /// Kept with them
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Give up on messages; they stay listed with --all
    Discard {
        #[command(flatten)]
        which: WhichEntriesArgs,
        /// Really do it
        #[arg(long)]
        yes: bool,
        /// Why; kept with them
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
}

#[derive(Debug, clap::Args)]
pub struct WhichEntriesArgs {
    #[arg(long)]
    stream: Option<String>,
    /// Only messages that name this source, or whose stream has it where they name none
    #[arg(long, value_name = "URI")]
    source: Option<String>,
    #[arg(long)]
    reason: Option<String>,
    /// Arrived then or later: a date, or a time
    #[arg(long)]
    from: Option<String>,
    /// Arrived before that
    #[arg(long)]
    to: Option<String>,
    /// One message: TOPIC/PARTITION/OFFSET
    #[arg(long)]
    place: Option<String>,
}

/// So many are named where the one that is asked for is none of them.
const SOURCES_MAX: usize = 20;

pub async fn run(command: &QuarantineCommand, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    quarantine::settle(&store, rand::random()).await?;
    match command {
        QuarantineCommand::List { which, all, limit, json } => {
            let chosen = which.chosen(setup, *all)?;
            let (found, tally) = match &chosen.of_source {
                Some(of_source) => of_source.listed(&store, &chosen.selection, *limit).await?,
                None => {
                    let tally = if *json { Vec::new() } else { quarantine::tally(&store, &chosen.selection).await? };
                    (quarantine::list(&store, &chosen.selection, None, *limit).await?, tally)
                }
            };
            list(&found, &tally, (*limit, *json, &setup.settings.timezone), out)
        }
        QuarantineCommand::Show { place } => show(&store, place, &setup.key()?, out).await,
        QuarantineCommand::Replay { which, note } => {
            replay(setup, store, &which.chosen(setup, false)?, note, out).await
        }
        QuarantineCommand::Discard { which, yes, note } => {
            discard(&store, &which.chosen(setup, false)?, (*yes, note), out).await
        }
    }
}

/// Which messages a command means: those that ClickHouse selects, and of them those of one source, which only the messages say.
struct Chosen<'a> {
    selection: QuarantineSelection,
    of_source: Option<OfSource<'a>>,
}

impl Chosen<'_> {
    fn has(&self, entry: &Entry) -> bool {
        self.of_source.as_ref().is_none_or(|wanted| wanted.has(entry))
    }
}

/// Messages that name one source. They are opened to see it.
struct OfSource<'a> {
    source: &'a str,
    setup: &'a Setup,
    key: Key,
}

impl OfSource<'_> {
    fn of(&self, entry: &Entry) -> Option<String> {
        let stream = self.setup.stream(&entry.stream).ok()?;
        let opened = Opened::from_entry(entry, &self.key).ok()?;
        Some(opened.read(|message| decode::source(message, stream).into_owned()))
    }

    fn has(&self, entry: &Entry) -> bool {
        self.of(entry).is_some_and(|source| source == self.source)
    }

    /// The first of them, and how many there are by stream, reason and state.
    async fn listed(
        &self,
        store: &Store,
        selection: &QuarantineSelection,
        limit: u64,
    ) -> anyhow::Result<(Vec<ListedEntry>, Vec<QuarantineTally>)> {
        let (mut found, mut others) = (Vec::new(), BTreeSet::new());
        let mut counts: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        let mut pages = Pages::of(store, selection);
        while let Some(page) = pages.next().await? {
            for entry in &page {
                match self.of(entry) {
                    Some(source) if source == self.source => {
                        let key = (entry.stream.clone(), entry.reason.clone(), entry.state.name().to_owned());
                        *counts.entry(key).or_default() += 1;
                        if (found.len() as u64) < limit {
                            found.push(entry.listed());
                        }
                    }
                    Some(source) if others.len() < SOURCES_MAX => drop(others.insert(preview_of_code(&source))),
                    _ => {}
                }
            }
        }
        if found.is_empty() && limit > 0 && !others.is_empty() {
            let known: Vec<&str> = others.iter().map(|source| source.trim_matches('"')).collect();
            return Err(no_such(("隔离区中的来源系统", "source in quarantine"), self.source, &known).into());
        }
        let tally = |((stream, reason, state), messages)| QuarantineTally { stream, reason, state, messages };
        Ok((found, counts.into_iter().map(tally).collect()))
    }
}

impl WhichEntriesArgs {
    fn chosen<'a>(&'a self, setup: &'a Setup, all_states: bool) -> anyhow::Result<Chosen<'a>> {
        let reasons = RejectReason::ALL.map(|(_, name)| name);
        let streams: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
        let names = EntryNames { streams: &streams, reasons: &reasons };
        let of_source = self.source.as_deref().map(|source| anyhow::Ok(OfSource { source, setup, key: setup.key()? }));
        let which = WhichEntries {
            stream: self.stream.clone(),
            reason: self.reason.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            place: self.place.clone(),
            state: all_states.then(|| "all".to_owned()),
        };
        let selection = which.selection(names, &setup.settings.timezone)?;
        Ok(Chosen { selection, of_source: of_source.transpose()? })
    }
}

/// Everything that may be shown of one message: its key and its headers too, by the same rule as its content.
async fn show(store: &Store, place: &str, key: &Key, out: &mut impl Write) -> anyhow::Result<Exit> {
    let at = parse_place(place)?;
    let entry = quarantine::whole(store, &at).await?.with_context(|| format!("no message in quarantine at {place}"))?;
    json::write(&entry_json(&entry, previews(&entry, key))?, out)?;
    Ok(Exit::Ok)
}

fn list(
    found: &[ListedEntry],
    tally: &[QuarantineTally],
    (limit, json, zone): (u64, bool, &TimeZone),
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    if json {
        json::write(found, out)?;
        return Ok(Exit::Ok);
    }
    for one in found {
        let field = if one.field.is_empty() { String::new() } else { format!(" at {}", one.field) };
        writeln!(
            out,
            "{}/{}/{}  {}  {}{field}: {}",
            one.topic, one.partition, one.offset, one.state, one.reason, one.detail
        )?;
        writeln!(out, "    {}  {} bytes  {}", Millis(one.ingested_at).rfc3339(zone), one.size, one.preview)?;
    }
    writeln!(out)?;
    for tally in tally {
        writeln!(out, "{:<12} {:<16} {:<10} {:>8}", tally.stream, tally.reason, tally.state, tally.messages)?;
    }
    if found.len() as u64 == limit {
        writeln!(out, "only the first {limit} are shown; --limit shows more")?;
    }
    Ok(Exit::Ok)
}

async fn replay(
    setup: &Setup,
    store: Store,
    chosen: &Chosen<'_>,
    note: &str,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let done = super::replay::replay(setup, store, &chosen.selection, |entry| chosen.has(entry), note).await?;
    writeln!(out, "{} replayed, {} still in quarantine", done.replayed, done.still.values().sum::<usize>())?;
    for (why, n) in &done.still {
        writeln!(out, "{n:>8}  {why}")?;
    }
    Ok(if done.still.is_empty() { Exit::Ok } else { Exit::Rejected })
}

async fn discard(
    store: &Store,
    chosen: &Chosen<'_>,
    (yes, note): (bool, &str),
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let told = yes.then(|| (note, clock::now()));
    let discarded = quarantine::discard(store, &chosen.selection, |entry| chosen.has(entry), told).await?;
    if yes {
        writeln!(out, "{discarded} discarded")?;
        return Ok(Exit::Ok);
    }
    writeln!(out, "{discarded} would be discarded; say --yes to do it")?;
    Ok(Exit::Failed)
}
