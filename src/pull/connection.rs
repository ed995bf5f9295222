//! A connection to whichever database it is: its columns, its clock, and rows one after the other.

mod mysql;
mod mysql_cell;
#[cfg(feature = "oracle")]
mod oracle;
mod postgres;
mod sqlserver;
mod sqlserver_cell;

use std::time::Duration;

use futures_util::{TryStreamExt as _, stream::BoxStream};
use jiff::{Timestamp, tz::TimeZone};

#[cfg(feature = "oracle")]
use self::oracle::Oracle;
use self::{mysql::MySql, postgres::Postgres, sqlserver::SqlServer};
use super::{
    error::PullError,
    growth::civil,
    statement::PullRange,
    table::{DbColumn, PulledRow, PulledTable, TableError},
    task::{DatabaseKind, PullRows, PullTask},
};
use crate::feed::import::{GivenCell, Mapping};

/// How long it may take until somebody takes the call.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// What the server is told beside this is what we wait longer, for it to say so.
const GRACE: Duration = Duration::from_secs(10);
/// Rows that are handed over together.
const CHUNK_ROWS: usize = 500;
const CHUNK_BYTES: usize = 4 << 20;
/// The longest part of a cell that is asked for, in characters: an event with it is too long in any case.
const CELL_MAX: usize = 1_000_000;

pub struct PullConnection {
    line: Line,
    kind: DatabaseKind,
    rows: PullRows,
    patience: Duration,
}

enum Line {
    Postgres(Postgres),
    MySql(MySql),
    SqlServer(Box<SqlServer>),
    #[cfg(feature = "oracle")]
    Oracle(Oracle),
}

/// Rows of an answer, as the database sends them.
type RowStream<'l> = BoxStream<'l, Result<Vec<GivenCell>, PullError>>;

/// Rows that wait to be taken together.
struct Chunk<'t, E> {
    take: &'t mut (dyn FnMut(PulledRow) -> Result<(), E> + Send),
    rows: Vec<PulledRow>,
    bytes: usize,
    taken: u64,
}

impl std::fmt::Debug for PullConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PullConnection").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl PullConnection {
    pub async fn open(task: &PullTask, password: &str, clock: &TimeZone) -> Result<Self, PullError> {
        let database = &task.database;
        let kind = database.kind;
        let patience = Duration::from_secs(database.statement_s) + GRACE;
        let opening = async {
            Ok(match kind {
                DatabaseKind::Postgres => Line::Postgres(Postgres::open(database, password, clock).await?),
                DatabaseKind::MySql => Line::MySql(MySql::open(database, password, clock).await?),
                DatabaseKind::SqlServer => Line::SqlServer(Box::new(SqlServer::open(database, password).await?)),
                #[cfg(feature = "oracle")]
                DatabaseKind::Oracle => Line::Oracle(Oracle::open(database, password).await?),
                #[cfg(not(feature = "oracle"))]
                DatabaseKind::Oracle => return Err(PullError::Refused("built without Oracle".to_owned())),
            })
        };
        let line = tokio::time::timeout(CONNECT_WITHIN + GRACE, opening).await;
        let line = line.map_err(|_| PullError::slow((CONNECT_WITHIN + GRACE).as_secs()))??;
        Ok(Self { line, kind, rows: task.rows.clone(), patience })
    }

    /// What there is, and what of it is asked for.
    pub async fn table(
        &mut self,
        mapping: &Mapping,
        clock: &TimeZone,
    ) -> Result<Result<PulledTable, TableError>, PullError> {
        let statement = self.kind.of_no_row(&self.rows);
        let columns = self.columns(&statement).await?;
        Ok(PulledTable::new(&self.rows, mapping, clock, &columns))
    }

    async fn columns(&mut self, statement: &str) -> Result<Vec<DbColumn>, PullError> {
        let patience = self.patience;
        let (source, kind) = (self.kind.source(&self.rows), self.kind);
        let asking = async {
            match &mut self.line {
                Line::Postgres(line) => line.columns(statement, &source, kind).await,
                Line::MySql(line) => line.columns(statement, kind).await,
                Line::SqlServer(line) => line.columns(statement, kind).await,
                #[cfg(feature = "oracle")]
                Line::Oracle(line) => line.columns(statement, kind).await,
            }
        };
        in_time(patience, asking).await
    }

    /// Are there rows that have no place in the order?
    pub async fn has_null(&mut self, table: &PulledTable) -> Result<bool, PullError> {
        let statement = self.kind.of_null(&self.rows, table.growing_name());
        Ok(self.one(&statement).await?.is_some())
    }

    /// By the clock of the database.
    pub async fn now(&mut self) -> Result<Timestamp, PullError> {
        let said = self.one(self.kind.of_now()).await?.unwrap_or_default();
        let at = civil(&said).and_then(|at| jiff::tz::Offset::UTC.to_timestamp(at).ok());
        at.ok_or_else(|| PullError::Broken("its clock says no time".to_owned()))
    }

    async fn one(&mut self, statement: &str) -> Result<Option<String>, PullError> {
        let patience = self.patience;
        let asking = async {
            match &mut self.line {
                Line::Postgres(line) => line.one(statement).await,
                Line::MySql(line) => line.one(statement).await,
                Line::SqlServer(line) => line.one(statement).await,
                #[cfg(feature = "oracle")]
                Line::Oracle(line) => line.one(statement).await,
            }
        };
        in_time(patience, asking).await
    }

    /// Each row to `take`, in order; how many. The inner error is the taker's. After any error the connection is of no use.
    pub async fn rows<E: Send>(
        &mut self,
        table: &PulledTable,
        range: PullRange,
        take: &mut (dyn FnMut(PulledRow) -> Result<(), E> + Send),
    ) -> Result<Result<u64, E>, PullError> {
        let growing = (table.growing_name(), table.kind);
        let statement = self.kind.of_rows(&self.rows, &table.asked(), growing, range);
        let (patience, line) = (self.patience, &mut self.line);
        let asking = async {
            match line {
                Line::Postgres(line) => line.rows(&statement, &table.columns).await,
                Line::MySql(line) => line.rows(&statement, &table.columns).await,
                Line::SqlServer(line) => line.rows(&statement).await,
                #[cfg(feature = "oracle")]
                Line::Oracle(line) => Ok(line.rows(&statement, &table.columns)),
            }
        };
        let mut said = in_time(patience, asking).await?;
        let mut chunk = Chunk { take, rows: Vec::new(), bytes: 0, taken: 0 };
        while let Some(cells) = in_time(patience, said.try_next()).await? {
            let bytes = cells.iter().map(size).sum();
            if let Err(ended) = chunk.push(table.row(cells)?, bytes) {
                return Ok(Err(ended));
            }
        }
        Ok(chunk.hand_over().map(|()| chunk.taken))
    }
}

/// Whatever a database does, nobody waits for ever.
pub(super) async fn in_time<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, PullError>>,
) -> Result<T, PullError> {
    tokio::time::timeout(patience, asking).await.unwrap_or_else(|_| Err(PullError::slow(patience.as_secs())))
}

impl<E> Chunk<'_, E> {
    fn push(&mut self, row: PulledRow, bytes: usize) -> Result<(), E> {
        self.bytes += bytes;
        self.rows.push(row);
        let is_full = self.rows.len() == CHUNK_ROWS || self.bytes > CHUNK_BYTES;
        if is_full { self.hand_over() } else { Ok(()) }
    }

    /// What takes them may wait for Kafka.
    fn hand_over(&mut self) -> Result<(), E> {
        self.bytes = 0;
        self.taken += self.rows.len() as u64;
        tokio::task::block_in_place(|| self.rows.drain(..).try_for_each(&mut *self.take))
    }
}

fn size(cell: &GivenCell) -> usize {
    match cell {
        GivenCell::Text(text) => text.len() + 32,
        _ => 32,
    }
}
