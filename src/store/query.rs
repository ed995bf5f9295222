//! A question, and how long its answer may take.

use serde::Serialize;

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

    /// For `answer.rs` alone, which waits no longer than it is to be waited for: query, otherwise, patience, does it end itself.
    pub(super) fn taken_apart(self) -> (clickhouse::query::Query, Option<clickhouse::query::Query>, Patience, bool) {
        (self.query, self.otherwise, self.patience, self.ends_itself)
    }

    /// The rows come as they are found, and nobody keeps them until the last: the reader knows the last one when he sees it.
    pub(crate) fn streamed(self) -> Self {
        Self { ends_itself: true, ..self }.with_setting("wait_end_of_query", "0")
    }
}
