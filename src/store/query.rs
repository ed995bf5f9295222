//! A question, how long it may take, and its answer: rows that come in time and are all there.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use clickhouse::{Row, RowRead, query::RowCursor};
use serde::Serialize;
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    client::{Store, query_id},
    error::{Away, StoreError},
    resting::SAID_LATER,
};

/// How long an answer may take, from the call to its last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Is anybody there? Five seconds, or less where a look-up has less.
    Ping,
    /// Small, and somebody waits: `clickhouse.lookup_timeout_s`.
    Soon,
    /// The same, but longer after each that was too slow.
    LookUp,
    /// `clickhouse.query_timeout_s`.
    Answer,
    /// No row may keep us waiting for long without ClickHouse answering beside it.
    AsLongAsItTakes,
}

/// A query that can only be asked through the store.
#[must_use]
pub struct Query {
    query: clickhouse::query::Query,
    /// What is asked instead, where something has come that the query takes for absent.
    otherwise: Option<clickhouse::query::Query>,
    patience: Patience,
    /// The rows themselves say where they end.
    ends_itself: bool,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Query").field(&self.query.sql_display().to_string()).field(&self.patience).finish()
    }
}

impl Query {
    pub(super) fn new(query: clickhouse::query::Query) -> Self {
        Self { query, otherwise: None, patience: Patience::Answer, ends_itself: false }
    }

    /// Of which every setting and parameter is that of the query too.
    pub(super) fn or_else(self, otherwise: Self) -> Self {
        Self { otherwise: Some(otherwise.query), ..self }
    }

    /// Fills `{name:Type}` in the text; ClickHouse reads the value as that type, never as SQL.
    pub fn param(self, name: &str, value: impl Serialize) -> Self {
        self.each(|query| query.param(name, &value))
    }

    pub(super) fn with_setting(self, name: &str, value: &str) -> Self {
        self.each(|query| query.with_setting(name, value))
    }

    fn each(self, with: impl Fn(clickhouse::query::Query) -> clickhouse::query::Query) -> Self {
        Self { query: with(self.query), otherwise: self.otherwise.map(with), ..self }
    }

    /// How long its answer may take; as long as an `Answer` if nothing is said.
    pub fn patience(self, patience: Patience) -> Self {
        let query = Self { patience, ..self };
        match patience {
            Patience::AsLongAsItTakes => query.with_setting("max_execution_time", "0"),
            _ => query,
        }
    }

    /// The rows come as they are found, and nobody keeps them until the last: the reader knows the last one when he sees it.
    pub(crate) fn streamed(self) -> Self {
        Self { ends_itself: true, ..self }.with_setting("wait_end_of_query", "0")
    }
}

/// The rows of an answer.
pub struct Rows<T> {
    store: Store,
    cursor: RowCursor<T>,
    otherwise: Option<clickhouse::query::Query>,
    patience: Patience,
    limit: Duration,
    until: Instant,
    ends_itself: bool,
}

impl<T> std::fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rows").field(&self.store).field(&self.patience).finish()
    }
}

impl<T: Row> Rows<T> {
    pub(super) fn open(store: &Store, query: Query) -> Result<Self, StoreError> {
        let Query { query, otherwise, patience, ends_itself } = query;
        let cursor = opened(store, query)?;
        let limit = store.limit(patience);
        let until = Instant::now() + limit;
        Ok(Self { store: store.clone(), cursor, otherwise, patience, limit, until, ends_itself })
    }

    /// The next row, read by `read`; none after the last, if these are as many as ClickHouse says it sent.
    pub async fn next<R>(&mut self, read: impl Fn(T::Value<'_>) -> R) -> Result<Option<R>, StoreError>
    where
        T: RowRead,
    {
        loop {
            match (self.step(&read).await, self.otherwise.take()) {
                // It says so before its first row.
                (Err(StoreError::Other { code: SAID_LATER, .. }), Some(otherwise)) => {
                    self.store.said_later();
                    self.cursor = opened(&self.store, otherwise)?;
                }
                (step, _) => return step,
            }
        }
    }

    async fn step<R>(&mut self, read: &impl Fn(T::Value<'_>) -> R) -> Result<Option<R>, StoreError>
    where
        T: RowRead,
    {
        let Self { store, cursor, patience, limit, until, .. } = self;
        let row = {
            let mut next = pin!(cursor.next());
            // Most rows are there already, and need no clock.
            let row = match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
                Poll::Ready(row) => Some(row),
                Poll::Pending => in_time(store, next, *patience, *limit, *until).await?,
            };
            row.map(|row| row.map(|row| row.map(read)))
        };
        match row {
            Some(Ok(Some(row))) => Ok(Some(row)),
            Some(Ok(None)) => self.whole().map(|()| None),
            Some(Err(error)) => Err(self.store.error(&error)),
            None => {
                if self.patience == Patience::LookUp {
                    self.store.looked_up(false);
                }
                Err(self.store.silent("no whole answer", self.limit))
            }
        }
    }

    /// A gateway that loses ClickHouse in the middle may end its own answer in order, between two rows.
    fn whole(&self) -> Result<(), StoreError> {
        if self.patience == Patience::LookUp {
            self.store.looked_up(true);
        }
        let (came, sent) =
            (self.cursor.returned_rows(), self.cursor.summary().and_then(|summary| summary.result_rows()));
        match sent {
            _ if self.ends_itself => Ok(()),
            Some(sent) if sent == came => Ok(()),
            Some(sent) => Err(self.store.away(Away::Cut, format!("{came} rows of {sent} came"))),
            None => Err(self.store.away(Away::Cut, "the answer does not say how many rows it has".to_owned())),
        }
    }
}

fn opened<T: Row>(store: &Store, query: clickhouse::query::Query) -> Result<RowCursor<T>, StoreError> {
    query.with_setting("query_id", query_id()).fetch::<T>().map_err(|error| store.error(&error))
}

/// The answer as ClickHouse writes it in a format of its own.
pub(super) async fn bytes(store: &Store, query: Query, format: &str) -> Result<Vec<u8>, StoreError> {
    let Query { query, patience, .. } = query;
    let limit = store.limit(patience);
    let query = query.with_setting("query_id", query_id());
    let mut cursor = query.fetch_bytes(format).map_err(|error| store.error(&error))?;
    let reading = pin!(cursor.collect());
    match in_time(store, reading, patience, limit, Instant::now() + limit).await? {
        Some(read) => read.map(|bytes| bytes.to_vec()).map_err(|error| store.error(&error)),
        None => Err(store.silent("no whole answer", limit)),
    }
}

/// Until it is done.
pub(super) async fn run(store: &Store, query: Query) -> Result<(), StoreError> {
    let Query { query, patience, .. } = query;
    let limit = store.limit(patience);
    let doing = pin!(query.with_setting("query_id", query_id()).execute());
    match in_time(store, doing, patience, limit, Instant::now() + limit).await? {
        Some(done) => done.map_err(|error| store.error(&error)),
        None => Err(store.silent("not done", limit)),
    }
}

/// None: it did not come in time.
async fn in_time<F: Future>(
    store: &Store,
    mut coming: Pin<&mut F>,
    patience: Patience,
    limit: Duration,
    until: Instant,
) -> Result<Option<F::Output>, StoreError> {
    if patience != Patience::AsLongAsItTakes {
        return Ok(timeout_at(until, coming).await.ok());
    }
    // From this row to the next: whoever reads may have taken his time before.
    let until = Instant::now() + limit;
    while Instant::now() < until {
        if let Ok(come) = timeout(store.limit(Patience::Soon), coming.as_mut()).await {
            return Ok(Some(come));
        }
        // While nothing comes, ClickHouse is asked beside it whether it is there at all.
        ping(store).await?;
    }
    Ok(None)
}

/// In a box, because an answer waits for a ping, which is an answer.
fn ping(store: &Store) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + '_>> {
    Box::pin(store.ping())
}
