//! `tongguan quarantine`: what could not be understood, and what to do about it.

use std::{collections::BTreeMap, io::Write};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::tz::TimeZone;

use super::{
    Exit,
    kpi::instant,
    run::writer,
    setup::Setup,
    usage::{UsageError, no_such},
};
use crate::{
    domain::time::Millis,
    feed::{decode::decode, door::Door, privacy::Key, rejection::RejectReason},
    pipeline::{batch::Batch, clock, quarantine::Opened, unharmed::unharmed},
    store::{
        Store,
        quarantine::{self, Entry, Selection, State},
    },
};

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List messages in quarantine, with the reason and a preview without personal data
    List {
        #[command(flatten)]
        which: Which,
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
        which: Which,
    },
    /// Give up on messages; they stay listed with --all
    Discard {
        #[command(flatten)]
        which: Which,
        /// Really do it
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct Which {
    #[arg(long)]
    stream: Option<String>,
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

const PAGE: u64 = 1000;

pub async fn run(command: &QuarantineCommand, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    quarantine::settle(&store, rand::random()).await?;
    match command {
        QuarantineCommand::List { which, all, limit, json } => {
            let zone = &setup.settings.timezone;
            list(&store, &which.selection(setup, *all)?, (*limit, *json, zone), out).await
        }
        QuarantineCommand::Show { place } => show(&store, place, &setup.key()?, out).await,
        QuarantineCommand::Replay { which } => replay(setup, store, &which.selection(setup, false)?, out).await,
        QuarantineCommand::Discard { which, yes } => discard(&store, &which.selection(setup, false)?, *yes, out).await,
    }
}

impl Which {
    fn selection(&self, setup: &Setup, all_states: bool) -> anyhow::Result<Selection> {
        let zone = &setup.settings.timezone;
        let reasons = RejectReason::ALL.map(|(_, name)| name);
        if let Some(reason) = self.reason.as_deref().filter(|reason| !reasons.contains(reason)) {
            return Err(no_such("reason", reason, &reasons).into());
        }
        self.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
        Ok(Selection {
            stream: self.stream.clone(),
            reason: self.reason.clone(),
            place: self.place.as_deref().map(parse_place).transpose()?,
            from: self.from.as_deref().map(|text| instant("--from", text, zone)).transpose()?,
            to: self.to.as_deref().map(|text| instant("--to", text, zone)).transpose()?,
            all_states,
        })
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
            Err(UsageError(what).into())
        }
    }
}

/// Everything that may be shown of one message: its key and its headers too, by the same rule as its content.
async fn show(store: &Store, place: &str, key: &Key, out: &mut impl Write) -> anyhow::Result<Exit> {
    let at = parse_place(place)?;
    let selection = Selection { place: Some(at.clone()), all_states: true, ..Selection::default() };
    let found = quarantine::list(store, &selection, 1).await?;
    let one = found.first().with_context(|| format!("no message in quarantine at {place}"))?;
    let mut shown = serde_json::to_value(one)?;
    if let Some(entry) = quarantine::whole(store, &at).await? {
        match Opened::from_entry(&entry, key) {
            Ok(opened) => {
                shown["key"] = opened.key_preview().into();
                shown["headers"] = opened.header_previews().map_or("damaged, not kept".into(), |all| {
                    all.into_iter().map(|(name, value)| serde_json::json!({ "name": name, "value": value })).collect()
                });
            }
            Err(error) => shown["sealed"] = error.to_string().into(),
        }
    }
    serde_json::to_writer_pretty(&mut *out, &shown)?;
    writeln!(out)?;
    Ok(Exit::Ok)
}

async fn list(
    store: &Store,
    selection: &Selection,
    (limit, json, zone): (u64, bool, &TimeZone),
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let found = quarantine::list(store, selection, limit).await?;
    if json {
        serde_json::to_writer_pretty(&mut *out, &found)?;
        writeln!(out)?;
        return Ok(Exit::Ok);
    }
    for one in &found {
        let field = if one.field.is_empty() { String::new() } else { format!(" at {}", one.field) };
        writeln!(
            out,
            "{}/{}/{}  {}  {}{field}: {}",
            one.topic, one.partition, one.offset, one.state, one.reason, one.detail
        )?;
        writeln!(out, "    {}  {} bytes  {}", Millis(one.ingested_at).rfc3339(zone), one.size, one.preview)?;
    }
    writeln!(out)?;
    for tally in quarantine::tally(store, selection).await? {
        writeln!(out, "{:<12} {:<16} {:<10} {:>8}", tally.stream, tally.reason, tally.state, tally.messages)?;
    }
    if found.len() as u64 == limit {
        writeln!(out, "only the first {limit} are shown; --limit shows more")?;
    }
    Ok(Exit::Ok)
}

/// Writes what can be understood now to the ledger at its own place, folds its cases, and only then marks it replayed.
/// A replay that is cut off and started again ends the same.
async fn replay(setup: &Setup, store: Store, selection: &Selection, out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut door = Door::new(setup.key()?);
    let mut writer = writer(setup, store.clone(), setup.retry());
    writer.begin().await?;
    let mut after = None;
    let (mut replayed, mut still): (usize, BTreeMap<String, usize>) = (0, BTreeMap::new());
    loop {
        let page = quarantine::waiting(&store, selection, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.topic.clone(), last.partition, last.offset));
        let mut batch = Batch::default();
        let mut done = Vec::new();
        for entry in page {
            match understood(setup, &mut door, &entry) {
                Ok(event) => {
                    batch.events.push(event);
                    done.push(changed(entry, State::Replayed));
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

fn changed(entry: Entry, state: State) -> Entry {
    Entry { state, changed_at: clock::now(), ..entry }
}

async fn discard(store: &Store, selection: &Selection, yes: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let mut after = None;
    let mut discarded = 0;
    loop {
        let page = quarantine::waiting(store, selection, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.topic.clone(), last.partition, last.offset));
        discarded += page.len();
        if yes {
            let rows: Vec<Entry> = page.into_iter().map(|entry| changed(entry, State::Discarded)).collect();
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
