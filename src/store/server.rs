//! The server behind the store, for whoever asks how it is: its version, clock, zones, settings, disks, and what our account may do.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::time::Millis;

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
struct ServerRow {
    version: String,
    zone: String,
    now_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub version: String,
    pub zone: String,
    pub now: Millis,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ServerSetting {
    pub name: String,
    pub value: u64,
}

/// In bytes.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    pub name: String,
    pub free: u64,
    pub total: u64,
    /// What the server leaves free of itself.
    pub kept: u64,
    pub is_unusable: u8,
}

#[derive(Row, Deserialize)]
struct Zone {
    zone: String,
}

#[derive(Row, Deserialize)]
struct Granted {
    result: u8,
}

/// Rights as ClickHouse writes them after `CHECK GRANT`, and what cannot be done without them.
const RIGHTS: &[(Need, &str)] = &[
    (Need::Run, "SELECT, INSERT ON {{database}}.*"),
    (Need::Migrate, "CREATE DATABASE, CREATE TABLE, ALTER TABLE ON {{database}}.*"),
    (Need::Migrate, "CREATE DATABASE, CREATE VIEW, DROP VIEW ON {{database}}_mart.*"),
    (Need::Scratch, "CREATE DATABASE, DROP DATABASE, CREATE TABLE, SELECT, INSERT ON {{database}}_scratch_doctor.*"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `run`, and the commands that read.
    Run,
    /// `migrate`, once for each version.
    Migrate,
    /// `kpi --known-by` and `whatif`, which fold into a database of their own.
    Scratch,
}

pub async fn server(store: &Store) -> Result<Server, StoreError> {
    let row: ServerRow = store.fetch_one(store.query(include_str!("queries/server.sql"))).await?;
    Ok(Server { version: row.version, zone: row.zone, now: Millis(row.now_ms) })
}

pub async fn unknown_zones(store: &Store, zones: &[&str]) -> Result<Vec<String>, StoreError> {
    let query = store.query(include_str!("queries/server_zones.sql")).param("zones", zones);
    Ok(store.fetch_all::<Zone>(query).await?.into_iter().map(|row| row.zone).collect())
}

pub async fn settings(store: &Store, names: &[&str]) -> Result<Vec<ServerSetting>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/server_settings.sql")).param("names", names)).await
}

pub async fn disks(store: &Store) -> Result<Vec<Disk>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/server_disks.sql"))).await
}

/// An analyst's account may not.
pub(super) async fn may_read_cases(store: &Store) -> Result<bool, StoreError> {
    let granted: Granted = store.fetch_one(store.query("CHECK GRANT SELECT ON {{database}}.cases")).await?;
    Ok(granted.result == 1)
}

/// Those of `RIGHTS` that this account does not have.
pub async fn missing_rights(store: &Store) -> Result<Vec<(Need, String)>, StoreError> {
    let mut missing = Vec::new();
    for (need, right) in RIGHTS {
        let granted: Granted = store.fetch_one(store.query(&format!("CHECK GRANT {right}"))).await?;
        if granted.result == 0 {
            missing.push((*need, store.sql(right)));
        }
    }
    Ok(missing)
}
