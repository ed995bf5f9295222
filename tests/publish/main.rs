//! Publishing against the real Kafka and ClickHouse: what is frozen stays frozen, a change of it is named, and what the
//! figures have become is followed to the messages.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod at_once;
mod drift;
mod figures;
mod june;
#[path = "../it/messages.rs"]
mod messages;
#[path = "../refold/policies.rs"]
mod policies;
#[path = "../it/service.rs"]
mod service;
mod tampering;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
