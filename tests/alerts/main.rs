//! Events out as units get them: `tongguan alerts` is started as a user starts it, against the real Kafka and ClickHouse, and the
//! topic is read by a reader of the tests' own. What is expected is written from docs/alerts.md. The clock of a sender is set by a
//! hidden option, so that nobody waits for dues.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod arising;
#[path = "../tls/certificates.rs"]
mod certificates;
mod flood;
mod killed;
mod listed;
#[path = "../it/messages.rs"]
mod messages;
mod pushed;
mod quiet;
mod receiver;
mod sender;
#[path = "../it/service.rs"]
mod service;
#[path = "../inlet/stood.rs"]
mod stood;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
