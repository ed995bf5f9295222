//! `tongguan quarantine`: what could not be understood, and what to do about it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::tz::TimeZone;

use super::{Exit, run::writer, setup::Setup};
use crate::{
    ask::{
        instant,
        unclear::{Unclear, no_such},
    },
    domain::time::Millis,
    feed::{
        decode::{self, decode},
        door::Door,
        privacy::{Key, preview_of_code},
        rejection::RejectReason,
    },
    pipeline::{batch::Batch, clock, quarantine::Opened, unharmed::unharmed},
    report::json,
    store::{
        Store,
        quarantine::{self, Entry, EntryState, ListedEntry, Pages, QuarantineSelection, QuarantineTally},
    },
};

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List messages in quarantine, with the reason and a preview without personal data
    List {
        #[command(flatten)]
        which: WhichEntries,
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
        which: WhichEntries,
    },
    /// Give up on messages; they stay listed with --all
    Discard {
        #[command(flatten)]
        which: WhichEntries,
        /// Really do it
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct WhichEntries {
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
                    (quarantine::list(&store, &chosen.selection, *limit).await?, tally)
                }
            };
            list(&found, &tally, (*limit, *json, &setup.settings.timezone), out)
        }
        QuarantineCommand::Show { place } => show(&store, place, &setup.key()?, out).await,
        QuarantineCommand::Replay { which } => replay(setup, store, &which.chosen(setup, false)?, out).await,
        QuarantineCommand::Discard { which, yes } => discard(&store, &which.chosen(setup, false)?, *yes, out).await,
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
            return Err(no_such("source in quarantine", self.source, &known).into());
        }
        let tally = |((stream, reason, state), messages)| QuarantineTally { stream, reason, state, messages };
        Ok((found, counts.into_iter().map(tally).collect()))
    }
}

impl WhichEntries {
    fn chosen<'a>(&'a self, setup: &'a Setup, all_states: bool) -> anyhow::Result<Chosen<'a>> {
        let zone = &setup.settings.timezone;
        let reasons = RejectReason::ALL.map(|(_, name)| name);
        if let Some(reason) = self.reason.as_deref().filter(|reason| !reasons.contains(reason)) {
            return Err(no_such("reason", reason, &reasons).into());
        }
        self.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
        let of_source = self.source.as_deref().map(|source| anyhow::Ok(OfSource { source, setup, key: setup.key()? }));
        let selection = QuarantineSelection {
            stream: self.stream.clone(),
            reason: self.reason.clone(),
            place: self.place.as_deref().map(parse_place).transpose()?,
            from: self.from.as_deref().map(|text| instant("--from", text, zone)).transpose()?,
            to: self.to.as_deref().map(|text| instant("--to", text, zone)).transpose()?,
            all_states,
        };
        Ok(Chosen { selection, of_source: of_source.transpose()? })
    }
}

fn parse_place(text: &str) -> anyhow::Result<(String, i32, i64)> {
    let mut parts = text.rsplitn(3, '/');
    let (offset, partition, topic) = (parts.next(), parts.next(), parts.next());
    match (topic, partition.and_then(|p| p.parse().ok()), offset.and_then(|o| o.parse().ok())) {
        (Some(topic), Some(partition), Some(offset)) => Ok((topic.to_owned(), partition, offset)),
        _ => {
            let what = format!(
                "`{text}` is no place of a message: expected TOPIC/PARTITION/OFFSET, as `quarantine list` shows it"
            );
            Err(Unclear(what).into())
        }
    }
}

/// Everything that may be shown of one message: its key and its headers too, by the same rule as its content.
async fn show(store: &Store, place: &str, key: &Key, out: &mut impl Write) -> anyhow::Result<Exit> {
    let at = parse_place(place)?;
    let entry = quarantine::whole(store, &at).await?.with_context(|| format!("no message in quarantine at {place}"))?;
    let mut shown = serde_json::to_value(entry.listed())?;
    match Opened::from_entry(&entry, key) {
        Ok(opened) => {
            shown["key"] = opened.key_preview().into();
            shown["headers"] = opened.header_previews().map_or("damaged, not kept".into(), |all| {
                all.into_iter().map(|(name, value)| serde_json::json!({ "name": name, "value": value })).collect()
            });
        }
        Err(error) => shown["sealed"] = error.to_string().into(),
    }
    json::write(&shown, out)?;
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

/// Writes what can be understood now to the ledger at its own place, folds its cases, and only then marks it replayed.
/// A replay that is cut off and started again ends the same.
async fn replay(setup: &Setup, store: Store, chosen: &Chosen<'_>, out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut door = Door::new(setup.key()?);
    let mut writer = writer(setup, store.clone(), setup.retry());
    writer.begin().await?;
    let mut pages = Pages::of(&store, &chosen.selection);
    let (mut replayed, mut still): (usize, BTreeMap<String, usize>) = (0, BTreeMap::new());
    while let Some(page) = pages.next().await? {
        let mut batch = Batch::default();
        let mut done = Vec::new();
        for entry in page.into_iter().filter(|entry| chosen.has(entry)) {
            match understood(setup, &mut door, &entry) {
                Ok(event) => {
                    batch.events.push(event);
                    done.push(changed(entry, EntryState::Replayed));
                }
                Err(why) => *still.entry(why).or_default() += 1,
            }
        }
        replayed += done.len();
        if !done.is_empty() {
            writer.note_before(&batch.events).await;
            writer.write(batch).await?;
            writer.closed().await?;
            quarantine::insert(&store, quarantine::encode(done.iter())).await?;
        }
    }
    writeln!(out, "{replayed} replayed, {} still in quarantine", still.values().sum::<usize>())?;
    for (why, n) in &still {
        writeln!(out, "{n:>8}  {why}")?;
    }
    Ok(if still.is_empty() { Exit::Ok } else { Exit::Rejected })
}

fn understood(setup: &Setup, door: &mut Door, entry: &Entry) -> Result<crate::domain::event::Event, String> {
    let stream = setup.stream(&entry.stream).map_err(|error| error.to_string())?;
    let opened = Opened::from_entry(entry, door.key()).map_err(|error| error.to_string())?;
    let times = setup.times();
    let read = unharmed(|| opened.read(|message| decode(message, stream, door, &times)));
    let read = read.map_err(|at| format!("internal: a fault of this program at {at}"))?;
    let mut event = read.map_err(|why| why.to_string())?.event;
    // The place is the message's own, even if the stream has another topic by now.
    event.place.topic = entry.topic.as_str().into();
    Ok(event)
}

fn changed(entry: Entry, state: EntryState) -> Entry {
    Entry { state, changed_at: clock::now(), ..entry }
}

async fn discard(store: &Store, chosen: &Chosen<'_>, yes: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut pages = Pages::of(store, &chosen.selection);
    let mut discarded = 0;
    while let Some(page) = pages.next().await? {
        let page: Vec<Entry> = page.into_iter().filter(|entry| chosen.has(entry)).collect();
        discarded += page.len();
        if yes && !page.is_empty() {
            let rows: Vec<Entry> = page.into_iter().map(|entry| changed(entry, EntryState::Discarded)).collect();
            quarantine::insert(store, quarantine::encode(rows.iter())).await?;
        }
    }
    if yes {
        writeln!(out, "{discarded} discarded")?;
        return Ok(Exit::Ok);
    }
    writeln!(out, "{discarded} would be discarded; say --yes to do it")?;
    Ok(Exit::Failed)
}
