//! The inlet as feeders use it: `tongguan inlet` is started as a user starts it, against the real Kafka, and asked over plain
//! HTTP. What is expected is written from docs/inlet.md. Every test has a town of its own, so they run side by side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod abandoned;
mod away;
mod bad_keys;
mod batches;
mod beside;
mod by_certificate;
mod bytes;
#[path = "../tls/certificates.rs"]
mod certificates;
mod client;
mod clients;
mod contract;
mod events;
mod feeding;
mod frozen;
mod hostile;
mod idempotency;
mod inlet;
mod keys;
mod killed;
mod known;
mod ledger;
#[path = "../local/mod.rs"]
mod local;
mod lot;
#[path = "../it/messages.rs"]
mod messages;
mod mistakes;
mod pace;
mod partitioner;
mod pasted;
mod reference;
mod sent;
#[path = "../it/service.rs"]
mod service;
mod signed;
mod silent;
mod stood;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../page/tls_reader.rs"]
mod tls_reader;
#[path = "../it/town.rs"]
mod town;
mod unknown;
mod whole;
mod wrappings;
