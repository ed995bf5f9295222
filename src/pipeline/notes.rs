//! What a writer says of split cases and what it has read of others: decision 0010 says why that makes every case whole.

use std::{num::NonZeroUsize, time::Duration};

use lru::LruCache;
use tokio::time::Instant;

use super::{cache::CaseKey, retry::Retry};
use crate::store::{
    Store, StoreError,
    behind::{self, Cursor, NOTES_MAX, Noted},
};

/// Settled notes stay for a week. Whoever has not read for an hour does not rely on it.
const AWAY_MAX: Duration = Duration::from_secs(3600);

/// Cases known to be split; of one that has dropped out it is found out again, for a second look-up.
const KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(32_768).unwrap();

#[derive(Debug)]
pub struct Notes {
    /// Drawn at the start, so that no two lives of a process are taken for one.
    writer: u64,
    written: u64,
    split: LruCache<CaseKey, ()>,
    reader: Reader,
}

/// How far the notes of others are read.
#[derive(Clone, Debug)]
pub struct Reader {
    cursor: Cursor,
    read_at: Instant,
}

/// What a reader found.
#[derive(Debug)]
pub struct News {
    noted: Noted,
    reader: Reader,
}

impl Default for Notes {
    fn default() -> Self {
        Self { writer: rand::random(), written: 0, split: LruCache::new(KNOWN_MAX), reader: Reader::default() }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self { cursor: Cursor::default(), read_at: Instant::now() }
    }
}

impl Notes {
    /// With nothing in memory, what was noted so far is nothing to this writer.
    pub async fn begin(&mut self, store: &Store, retry: &Retry) {
        let read_at = Instant::now();
        let cursor = retry.until_done("notes", || Cursor::at_end(store, self.writer)).await;
        self.reader = Reader { cursor, read_at };
    }

    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// Goes on behind what was read. News may come late, when others were read already.
    pub fn have_read(&mut self, reader: Reader) {
        if reader.read_at >= self.reader.read_at {
            self.reader = reader;
        }
    }

    pub fn knows_split(&self, key: &CaseKey) -> bool {
        self.split.contains(key)
    }

    pub fn is_split(&mut self, key: &CaseKey) {
        self.split.put(key.clone(), ());
    }

    pub fn is_whole(&mut self, key: &CaseKey) {
        self.split.pop(key);
    }

    /// Tells the other writers, and whoever comes later: these cases have messages that somebody may not know of.
    pub async fn write(&mut self, store: &Store, retry: &Retry, keys: &[CaseKey]) {
        for some in keys.chunks(NOTES_MAX) {
            self.written += 1;
            let body = behind::encode(self.writer, self.written, some.iter());
            retry.until_done("notes", || behind::insert(store, body.clone())).await;
        }
    }
}

impl Reader {
    pub async fn read(&self, store: &Store) -> Result<News, StoreError> {
        let read_at = Instant::now();
        if self.read_at.elapsed() < AWAY_MAX {
            let (noted, cursor) = self.cursor.read(store).await?;
            return Ok(News { noted, reader: Self { cursor, read_at } });
        }
        let cursor = self.cursor.at_end_again(store).await?;
        Ok(News { noted: Noted::TooMany, reader: Self { cursor, read_at } })
    }
}

impl News {
    pub fn concerns(&self, key: &CaseKey) -> bool {
        self.noted.has(key)
    }

    pub fn into_parts(self) -> (Noted, Reader) {
        (self.noted, self.reader)
    }
}
