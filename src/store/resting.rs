//! Where the rows of a question come from: the views, where our account may read no more; else the tables, of which a question of an
//! instant after which nothing was said, as most are, leaves out how the cases stood before, and is answered in less time.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
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
            Source::Tables if self.latest.rests_since(as_of, self.is_said_later(as_of)).await? => Source::Resting,
            source => source,
        })
    }

    async fn is_said_later(&self, as_of: Millis) -> Result<bool, StoreError> {
        let query = self.query(include_str!("queries/is_said_later.sql")).param("as_of", instant(as_of));
        let Later { is_there } = self.fetch_one(query.patience(Patience::Soon)).await?;
        Ok(is_there)
    }
}
