//! The answer to a question: rows that come in time and are all there. Of these few calls everything else is made.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use clickhouse::{Row, RowOwned, RowRead, query::RowCursor};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    client::{Store, query_id},
    error::{Away, StoreError},
    latest::SAID_LATER,
    query::{Patience, Query},
};

impl Store {
    /// What changes a table takes as long as it takes: cut off it would be begun again, and take as long.
    pub async fn execute(&self, template: &str) -> Result<(), StoreError> {
        self.run(self.query(template).patience(Patience::AsLongAsItTakes)).await
    }

    /// A statement that answers nothing but that it is done.
    pub async fn run(&self, query: Query) -> Result<(), StoreError> {
        let (query, _, patience, _) = query.taken_apart();
        let limit = self.limit(patience);
        let doing = pin!(query.with_setting("query_id", query_id()).execute());
        match in_time(self, doing, patience, limit, Instant::now() + limit).await? {
            Some(done) => done.map_err(|error| self.error(&error)),
            None => Err(self.silent("not done", limit)),
        }
    }

    /// The answer as ClickHouse writes it in a format of its own.
    pub(crate) async fn bytes(&self, query: Query, format: &str) -> Result<Vec<u8>, StoreError> {
        let (query, _, patience, _) = query.taken_apart();
        let limit = self.limit(patience);
        let query = query.with_setting("query_id", query_id());
        let mut cursor = query.fetch_bytes(format).map_err(|error| self.error(&error))?;
        let reading = pin!(cursor.collect());
        match in_time(self, reading, patience, limit, Instant::now() + limit).await? {
            Some(read) => read.map(|bytes| bytes.to_vec()).map_err(|error| self.error(&error)),
            None => Err(self.silent("no whole answer", limit)),
        }
    }

    /// Every row, in memory: only for what is known to be small.
    pub async fn fetch_all<T>(&self, query: Query) -> Result<Vec<T>, StoreError>
    where
        T: RowOwned + RowRead,
    {
        let mut rows = self.rows::<T>(query)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next(|row| row).await? {
            all.push(row);
        }
        Ok(all)
    }

    /// The one row of a query that always has one; none is an error.
    pub async fn fetch_one<T>(&self, query: Query) -> Result<T, StoreError>
    where
        T: RowOwned + RowRead,
    {
        let none = || StoreError::Other { code: 0, detail: "no row where there is always one".to_owned() };
        self.fetch_all(query).await?.into_iter().next().ok_or_else(none)
    }

    /// Row by row. The last one was the last only when this says so.
    pub fn rows<T: Row>(&self, query: Query) -> Result<Rows<T>, StoreError> {
        Rows::open(self, query)
    }

    /// Is anybody there?
    pub async fn ping(&self) -> Result<(), StoreError> {
        #[derive(Row, serde::Deserialize)]
        struct One {
            #[allow(dead_code, reason = "only its arrival matters")]
            one: u8,
        }
        let query = self.query("SELECT toUInt8(1) AS one").patience(Patience::Ping);
        self.fetch_one::<One>(query).await.map(|_| ())
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
    fn open(store: &Store, query: Query) -> Result<Self, StoreError> {
        let (query, otherwise, patience, ends_itself) = query.taken_apart();
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
                    self.store.latest.said_later();
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
