//! Questions of an instant after which nothing was said, as most are: they need no histories, and are answered in less time.

use std::sync::atomic::{AtomicI64, Ordering};

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    literal::instant,
    query::{Patience, Query},
    relation::Source,
};
use crate::domain::time::Millis;

/// FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: what `queries/cases_at_rest.sql` answers when something was said later after all.
pub(super) const SAID_LATER: u32 = 395;

/// What is known of the latest that was said of any case, so that it is not asked for every question. It may be out of date, which
/// costs time and no truth: the question itself looks again.
#[derive(Debug)]
pub(super) struct Latest {
    /// Nothing lay after this instant.
    none_after: AtomicI64,
    /// Something does after this one.
    some_after: AtomicI64,
}

impl Default for Latest {
    fn default() -> Self {
        Self { none_after: AtomicI64::new(i64::MAX), some_after: AtomicI64::new(i64::MIN) }
    }
}

#[derive(Row, Deserialize)]
struct Later {
    is_there: bool,
}

impl Store {
    /// A question of the cases as they stood at an instant. `sql` writes it for where their rows come from.
    pub(super) async fn at(&self, as_of: Millis, sql: impl Fn(Source) -> String) -> Result<Query, StoreError> {
        let query = |source| self.query(&sql(source));
        Ok(match self.source_at(as_of).await? {
            Source::Resting => query(Source::Resting).or_else(query(Source::Tables)),
            source => query(source),
        })
    }

    /// Where their rows come from, as far as is known. Of cases that nobody writes to this stays so.
    pub(super) async fn source_at(&self, as_of: Millis) -> Result<Source, StoreError> {
        Ok(match self.source().await? {
            Source::Tables if self.rests_since(as_of).await? => Source::Resting,
            source => source,
        })
    }

    async fn rests_since(&self, as_of: Millis) -> Result<bool, StoreError> {
        let Latest { none_after, some_after } = &*self.latest;
        if as_of.0 <= some_after.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if as_of.0 >= none_after.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let query = self.query(include_str!("queries/is_said_later.sql")).param("as_of", instant(as_of));
        let Later { is_there } = self.fetch_one(query.patience(Patience::Soon)).await?;
        match is_there {
            true => some_after.fetch_max(as_of.0, Ordering::Relaxed),
            false => none_after.fetch_min(as_of.0, Ordering::Relaxed),
        };
        Ok(!is_there)
    }

    pub(super) fn said_later(&self) {
        self.latest.none_after.store(i64::MAX, Ordering::Relaxed);
    }
}
