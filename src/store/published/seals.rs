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
            Block,
            Type::{self, Low, Text, Time, U32, U64},
        },
    },
};

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    pub serial: u64,
    pub report: String,
    pub edition: u32,
    pub sha256: String,
}

const COLUMNS: &[(&str, Type)] =
    &[("serial", U64), ("report", Low), ("edition", U32), ("sha256", Text), ("sealed_at", Time)];

pub async fn all(store: &Store) -> Result<Vec<Seal>, StoreError> {
    store.fetch_all(store.query(include_str!("../queries/edition_seals.sql"))).await
}

pub async fn insert(store: &Store, of: &Edition, now: Millis) -> Result<(), StoreError> {
    let mut block = Block::new(COLUMNS);
    block.u64(of.serial);
    block.low(&of.report);
    block.u32(of.edition);
    block.text(&of.sha256);
    block.time(now);
    block.end_row();
    store.insert_native("edition_seals", &block.encode()).await
}
