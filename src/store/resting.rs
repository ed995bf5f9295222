//! Questions of an instant after which nothing was said, as most are: they need no histories, and are answered in less time.

use std::sync::atomic::Ordering;

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    latest::Latest,
    literal::instant,
    query::{Patience, Query},
    relation::Source,
    server,
};
use crate::domain::time::Millis;

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

    /// Where figures are read from, by the rights of our account.
    pub(crate) async fn source(&self) -> Result<Source, StoreError> {
        let ask =
            async || server::may_read_cases(self).await.map(|may| if may { Source::Tables } else { Source::Mart });
        self.source.get_or_try_init(ask).await.copied()
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
}
