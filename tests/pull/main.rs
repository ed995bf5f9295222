//! `tongguan pull` as an operator uses it: against real PostgreSQL and MariaDB (`deploy/local/up postgres mariadb`, fetched once), the
//! real Kafka and ClickHouse. What is expected is written from docs/pull.md. Every test has a town and databases of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod away;
#[path = "../tls/certificates.rs"]
mod certificates;
mod changes;
#[path = "../page/clerk.rs"]
mod clerk;
#[path = "../inlet/client.rs"]
mod client;
mod database;
mod doors;
#[path = "../inlet/events.rs"]
mod events;
mod imported;
#[path = "../inlet/inlet.rs"]
mod inlet;
mod killed;
#[path = "../local/mod.rs"]
mod local;
#[path = "../it/messages.rs"]
mod messages;
mod mistakes;
mod one_case;
mod order;
mod same;
#[path = "../page/served.rs"]
mod served;
#[path = "../it/service.rs"]
mod service;
#[path = "../inlet/stood.rs"]
mod stood;
mod task;
mod ten_mistakes;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
mod types;
mod watched;
