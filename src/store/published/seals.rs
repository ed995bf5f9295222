//! A second note of every edition, so that one which is gone altogether is missed.

use clickhouse::Row;
use serde::Deserialize;

use super::Edition;
use crate::{
    domain::time::Millis,
    store::{
        client::Store,
        error::StoreError,
        native::{
            Column, Table,
            Type::{Low, Text, Time, U32, U64},
        },
    },
};

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    pub(crate) serial: u64,
    pub(crate) report: String,
    pub(crate) edition: u32,
    pub(crate) sha256: String,
}

#[rustfmt::skip]
const COLUMNS: &[Column<Edition, Millis>] = &[
    Column("serial", U64, |row, edition, _| row.u64(edition.serial)),
    Column("report", Low, |row, edition, _| row.low(&edition.report)),
    Column("edition", U32, |row, edition, _| row.u32(edition.edition)),
    Column("sha256", Text, |row, edition, _| row.text(&edition.sha256)),
    Column("sealed_at", Time, |row, _, now| row.time(*now)),
];

pub(crate) async fn all(store: &Store) -> Result<Vec<Seal>, StoreError> {
    store.fetch_all(store.query(include_str!("../queries/edition_seals.sql"))).await
}

pub(crate) async fn insert(store: &Store, of: &Edition, now: Millis) -> Result<(), StoreError> {
    store.insert_native("edition_seals", &Table::of(COLUMNS, [of], &now)).await
}
