//! Folding again, against the real Kafka and ClickHouse: a rebuild beside a running service, killed and started again; what
//! was known at an instant; and what another policy would make of a period.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod fence;
mod known_by;
mod march;
#[path = "../it/messages.rs"]
mod messages;
mod policies;
mod rebuild;
#[path = "../it/service.rs"]
mod service;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
mod whatif;
