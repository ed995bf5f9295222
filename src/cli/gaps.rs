//! `tongguan gaps`: what was never read and cannot be read any more, and a person's yes to going on without it.

use std::{io::Write, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::{Exit, lines::write_json, setup::Setup, usage::usage};
use crate::{
    domain::time::Millis,
    feed::{
        observer::Observer,
        partition::Partition,
        probe::{self, ProbeFound},
    },
    metrics,
    pipeline::{
        clock,
        placer::Placer,
        placing::{Placed, Refusal},
        run::in_flight,
    },
    store::{
        Store,
        gaps::{self, Gap, GapReason},
    },
};

#[derive(Debug, Subcommand)]
pub enum GapsCommand {
    /// What was accepted as lost, and what waits for a decision
    List {
        #[arg(long)]
        json: bool,
    },
    /// Go on without messages that retention took before they were read: TOPIC/PARTITION
    Accept {
        partition: String,
        #[command(flatten)]
        yes: Yes,
    },
    /// Step over bytes that the client library cannot read: TOPIC/PARTITION/OFFSET
    Skip {
        place: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Debug, clap::Args)]
pub struct Yes {
    /// Why, for the record
    #[arg(long, default_value = "")]
    note: String,
    /// Really do it; without it, only what would be done is said
    #[arg(long)]
    yes: bool,
}

pub async fn run(command: &GapsCommand, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        GapsCommand::List { json } => list(setup, *json, out).await,
        GapsCommand::Accept { partition, yes } => accept(setup, &parse_partition(partition)?, yes, out).await,
        GapsCommand::Skip { place, yes } => {
            let no_place = || usage(format!("`{place}` is no place of a message: expected TOPIC/PARTITION/OFFSET"));
            let (partition, offset) = place.rsplit_once('/').ok_or_else(no_place)?;
            let offset = offset.parse().map_err(|_| no_place())?;
            skip(setup, &parse_partition(partition)?, offset, yes, out).await
        }
    }
}

fn parse_partition(text: &str) -> anyhow::Result<Partition> {
    match text.rsplit_once('/').map(|(topic, number)| (topic, number.parse())) {
        Some((topic, Ok(partition))) if !topic.is_empty() => Ok(Partition { topic: topic.into(), partition }),
        _ => {
            let what = format!("`{text}` is no partition: expected TOPIC/PARTITION, as `tongguan gaps list` shows it");
            Err(usage(what).into())
        }
    }
}

fn placer(setup: &Setup, store: Store) -> anyhow::Result<Placer> {
    let connection = setup.connection();
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    Ok(Placer {
        observer: Arc::new(Observer::new(&connection, &topics)?),
        connection,
        store,
        retry: setup.retry(),
        in_flight: in_flight(setup.settings.batch.rows_max),
        ends: None,
    })
}

async fn list(setup: &Setup, json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    let accepted = gaps::all(&store).await?;
    let judged = placer(setup, store)?.judge().await?;
    let waiting: Vec<&Refusal> = judged.iter().filter_map(|(_, placed)| refusal(placed)).collect();
    if json {
        let waiting: Vec<String> = waiting.iter().map(ToString::to_string).collect();
        write_json(&serde_json::json!({ "accepted": accepted, "waiting": waiting }), out)?;
    } else {
        for Gap { topic, partition, first, next, reason, note, noted_at } in &accepted {
            let at = Millis(*noted_at).rfc3339(&setup.settings.timezone);
            writeln!(out, "{topic}/{partition}  {first} to {}  {reason}  {at}  {note}", next - 1)?;
        }
        if accepted.is_empty() {
            writeln!(out, "no gaps on record")?;
        }
        for refusal in &waiting {
            writeln!(out, "waits for a decision: {refusal}")?;
        }
    }
    Ok(if waiting.is_empty() { Exit::Ok } else { Exit::Decision })
}

fn refusal(placed: &Placed) -> Option<&Refusal> {
    match placed {
        Placed::Refused(refusal) => Some(refusal),
        Placed::Start { .. } => None,
    }
}

async fn accept(setup: &Setup, wanted: &Partition, yes: &Yes, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    let judged = placer(setup, store.clone())?.judge().await?;
    let placed = judged.iter().find(|(partition, _)| partition == wanted).map(|(_, placed)| placed);
    match placed.with_context(|| format!("Kafka says nothing of {}/{}", wanted.topic, wanted.partition))? {
        Placed::Start { at, .. } => {
            writeln!(out, "nothing to accept: it goes on at offset {at}")?;
            Ok(Exit::Ok)
        }
        Placed::Refused(Refusal::Gap { first, next, .. }) => {
            note(&store, wanted, (*first, *next), GapReason::Retention, yes, out).await
        }
        Placed::Refused(other) => Err(other.clone().into()),
    }
}

async fn skip(
    setup: &Setup,
    partition: &Partition,
    offset: i64,
    yes: &Yes,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let connection = setup.connection();
    let asked = partition.clone();
    let next = tokio::task::spawn_blocking(move || -> anyhow::Result<i64> {
        match probe::look(&connection, &asked, offset)? {
            ProbeFound::Unreadable(_) => {}
            ProbeFound::Message(at) => {
                bail!("a message can be read there (the next one at offset {at}): nothing is to be stepped over")
            }
            ProbeFound::Nothing => bail!("there is nothing from offset {offset} on"),
            ProbeFound::Silence => bail!("the brokers did not answer in time; ask again"),
        }
        let observer = Observer::new(&connection, &[asked.topic.as_str()])?;
        let seen = observer.look()?;
        let extent = seen.extents.get(&asked).context("Kafka says nothing of that partition")?;
        Ok(probe::readable_after(&connection, &asked, offset, extent.end)?)
    })
    .await??;
    note(&setup.store()?, partition, (offset, next), GapReason::Unreadable, yes, out).await
}

async fn note(
    store: &Store,
    partition: &Partition,
    (first, next): (i64, i64),
    reason: GapReason,
    yes: &Yes,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let (topic, number, last, count) = (&partition.topic, partition.partition, next - 1, next - first);
    if !yes.yes {
        writeln!(
            out,
            "would go on without {topic}/{number} offsets {first} to {last} ({count} at most, {}); --yes does it",
            reason.name()
        )?;
        return Ok(Exit::Failed);
    }
    let gap = Gap::new((topic, number), (first, next), reason, &yes.note, clock::now());
    gaps::note(store, &gap).await?;
    metrics::gap_messages(topic, number, count.max(0) as u64);
    let then = match reason {
        GapReason::Retention => "Start the service again",
        GapReason::Unreadable => "A running service goes on by itself",
    };
    writeln!(out, "on record: {topic}/{number} offsets {first} to {last} ({}). {then}", reason.name())?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_named_as_it_is_shown() {
        let parsed = parse_partition("a/b/3").unwrap();
        assert_eq!((parsed.topic.as_str(), parsed.partition), ("a/b", 3));
        for wrong in ["a", "a/", "/3", "a/x"] {
            assert!(parse_partition(wrong).is_err(), "{wrong}");
        }
    }
}
