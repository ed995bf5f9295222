//! `tongguan pull` as an operator uses it: against real PostgreSQL and MariaDB (`deploy/local/up postgres mariadb`, fetched once), the
//! real Kafka and ClickHouse. What is expected is written from docs/pull.md. Every test has a town and databases of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod away;
#[path = "../tls/certificates.rs"]
mod certificates;
mod changes;
mod database;
mod imported;
mod killed;
#[path = "../local/mod.rs"]
mod local;
#[path = "../it/messages.rs"]
mod messages;
mod mistakes;
mod order;
mod same;
#[path = "../it/service.rs"]
mod service;
mod task;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
mod types;
mod watched;
