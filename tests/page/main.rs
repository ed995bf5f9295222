//! The page as people and programs use it: `tongguan serve` is started as a user starts it, against the real ClickHouse.
//! Every test has a town of its own, so they run side by side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod accounts;
mod api;
mod browser;
mod by_certificate;
mod case;
#[path = "../tls/certificates.rs"]
mod certificates;
mod clerk;
mod figures;
mod gate;
#[path = "../publish/june.rs"]
mod june;
#[path = "../local/mod.rs"]
mod local;
#[path = "../refold/march.rs"]
mod march;
#[path = "../it/messages.rs"]
mod messages;
#[path = "../inlet/pasted.rs"]
mod pasted;
#[path = "../refold/policies.rs"]
mod policies;
mod reference;
mod refusals;
mod reports;
mod running;
mod served;
#[path = "../it/service.rs"]
mod service;
mod site;
#[path = "../it/tested.rs"]
mod tested;
mod tls;
mod tls_reader;
#[path = "../it/town.rs"]
mod town;
mod upload;
mod wall;
mod whatif;
mod words;
