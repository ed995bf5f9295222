//! The rows of `cases`.

mod columns;

use self::columns::COLUMNS;
use super::{
    client::Store,
    error::StoreError,
    native::{Body, Table},
};
use crate::domain::case::Case;

/// The rows as they are sent, under this generation, where nothing is used again.
pub fn encode<'a>(cases: impl Iterator<Item = &'a Case>, generation: u32) -> Body {
    Table::of(COLUMNS, cases, &generation)
}

/// Rows under construction: a case is written down as soon as it is folded, and need not be kept.
#[derive(Debug)]
pub(crate) struct CaseRows {
    table: Table<Case, u32>,
    generation: u32,
}

impl CaseRows {
    pub(crate) fn new(generation: u32) -> Self {
        Self { table: Table::new(COLUMNS), generation }
    }

    /// Under which the rows after this one are written.
    pub(crate) fn set_generation(&mut self, generation: u32) {
        self.generation = generation;
    }

    pub(crate) fn push(&mut self, case: &Case) {
        self.table.push(case, &self.generation);
    }

    pub(crate) fn count(&self) -> usize {
        self.table.rows()
    }

    pub(crate) fn encode(&mut self) -> Body {
        self.table.encode()
    }

    pub(crate) fn give_back(&mut self, body: Body) {
        self.table.give_back(body);
    }
}

/// Writes them; of the rows of a case the one with the highest version counts.
pub async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("cases", &body).await
}
