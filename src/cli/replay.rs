//! Trying again what waits in quarantine: for the command, and for the page.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{run::writer, setup::Setup};
use crate::{
    domain::event::Event,
    feed::{decode::decode, door::Door, privacy::Key, unharmed::unharmed},
    http::page::{QuarantineHands, ReplayOutcome},
    pipeline::{batch::Batch, clock, quarantine::Opened},
    report::quarantine::EntryPreviews,
    store::{
        Store,
        quarantine::{self, Entry, EntryState, Pages, QuarantineSelection},
    },
};

/// Writes what can be understood now to the ledger at its own place, folds its cases, and only then marks it replayed.
/// A replay that is cut off and started again ends the same.
pub async fn replay(
    setup: &Setup,
    store: Store,
    selection: &QuarantineSelection,
    is_meant: impl Fn(&Entry) -> bool,
    note: &str,
) -> anyhow::Result<ReplayOutcome> {
    let mut door = Door::new(setup.key()?).knowing(&setup.changes);
    let mut writer = writer(setup, store.clone(), setup.retry());
    writer.begin().await?;
    let mut pages = Pages::of(&store, selection);
    let mut outcome = ReplayOutcome::default();
    while let Some(page) = pages.next().await? {
        let mut batch = Batch::default();
        let mut done = Vec::new();
        for entry in page.into_iter().filter(|entry| is_meant(entry)) {
            match understood(setup, &mut door, &entry) {
                Ok(event) => {
                    batch.events.push(event);
                    done.push(entry.changed(EntryState::Replayed, note, clock::now()));
                }
                Err(why) => *outcome.still.entry(why).or_default() += 1,
            }
        }
        outcome.replayed += done.len();
        if !done.is_empty() {
            writer.note_before(&batch.events).await;
            writer.write(batch).await?;
            writer.closed().await?;
            quarantine::insert(&store, quarantine::encode(done.iter())).await?;
        }
    }
    Ok(outcome)
}

fn understood(setup: &Setup, door: &mut Door, entry: &Entry) -> Result<Event, String> {
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

/// What may be shown of one message beside its row, by the same rule as its content.
pub fn previews(entry: &Entry, key: &Key) -> Result<EntryPreviews, String> {
    let opened = Opened::from_entry(entry, key).map_err(|error| error.to_string())?;
    Ok(EntryPreviews { key: opened.key_preview(), headers: opened.header_previews() })
}

/// For the page.
#[derive(Debug)]
pub struct Hands(pub Arc<Setup>);

impl QuarantineHands for Hands {
    fn previews(&self, entry: &Entry) -> Result<EntryPreviews, String> {
        previews(entry, &self.0.key().map_err(|error| format!("{error:#}"))?)
    }

    fn replay(
        &self,
        selection: QuarantineSelection,
        note: String,
    ) -> BoxFuture<'static, Result<ReplayOutcome, String>> {
        let setup = Arc::clone(&self.0);
        Box::pin(async move {
            let tried = async {
                let store = setup.store()?;
                quarantine::settle(&store, rand::random()).await?;
                replay(&setup, store, &selection, |_| true, &note).await
            };
            tried.await.map_err(|error| format!("{error:#}"))
        })
    }
}
