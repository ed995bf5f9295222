//! Reads the ledger in chunks of whole cases. A line that is cut goes on behind the last chunk.

use smol_str::SmolStr;
use tokio::sync::mpsc::Sender;

use crate::{
    domain::event::Event,
    pipeline::retry::{ATTEMPTS, Retry},
    store::{
        Store, StoreError,
        ledger_stream::{LedgerReader, LedgerSelection},
    },
};

/// Events in a chunk; the last case may make it a little longer. Three chunks are held at a time.
const CHUNK: usize = 16_384;

pub(super) async fn read(
    store: Store,
    selection: LedgerSelection,
    retry: Retry,
    chunks: Sender<Vec<Event>>,
) -> Result<(), StoreError> {
    let (mut after, mut attempt) = (SmolStr::default(), 0);
    loop {
        let before = after.clone();
        let error = match read_after(&store, &selection, &mut after, &chunks).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        attempt = if after == before { attempt + 1 } else { 1 };
        if attempt >= ATTEMPTS || !error.passes() {
            return Err(error);
        }
        tokio::time::sleep(retry.backoff(attempt)).await;
    }
}

/// Leaves in `after` the last case that was given on.
async fn read_after(
    store: &Store,
    selection: &LedgerSelection,
    after: &mut SmolStr,
    chunks: &Sender<Vec<Event>>,
) -> Result<(), StoreError> {
    let mut ledger = LedgerReader::open(store, selection, after)?;
    let mut chunk: Vec<Event> = Vec::with_capacity(CHUNK);
    while let Some(event) = ledger.next().await? {
        let previous = chunk.last().filter(|last| chunk.len() >= CHUNK && last.case_id != event.case_id);
        if let Some(last) = previous.map(|last| last.case_id.clone()) {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
            if chunks.send(full).await.is_err() {
                return Ok(()); // whoever folds has given up, and says why
            }
            *after = last;
        }
        chunk.push(event);
    }
    if !chunk.is_empty() {
        let _ = chunks.send(chunk).await;
    }
    Ok(())
}
