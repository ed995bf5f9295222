//! Everything that a period holds for a figure: in it, left out of it, or not known yet.

use clickhouse::Row;
use serde::Deserialize;

use super::{LeftOut, Question, left_out, query::query};
use crate::store::{client::Store, error::StoreError};

/// How the rows of a period come to what a figure counts: the three parts make up everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// In the numerator or the denominator.
    pub counted: u64,
    /// In the period and not in the figure, by the reason.
    pub left_out: LeftOut,
    /// Received later than the as-of by a correction.
    pub not_yet: u64,
    /// Rows that the period holds, at any as-of.
    pub everything: u64,
}

#[derive(Row, Deserialize)]
struct Counted {
    counted: u64,
    not_yet: u64,
    everything: u64,
}

/// Counts the parts, each by a query of its own, so that their sum proves something.
pub async fn account(store: &Store, question: &Question) -> Result<Account, StoreError> {
    let counted =
        async { store.fetch_one(query(store, question, include_str!("../queries/kpi_account.sql")).await?).await };
    let (Counted { counted, not_yet, everything }, left_out) = tokio::try_join!(counted, left_out(store, question))?;
    Ok(Account { counted, left_out, not_yet, everything })
}
