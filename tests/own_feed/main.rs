//! What became of what is sent, as feeders see it: the program is started as a user starts it, against the real Kafka and ClickHouse.
//! What is expected is written from docs/own-feed.md, by somebody who has not read the code. Where that page names a part of a report
//! and not what is within it, any form that says the same will do (`report`). Every test has a town of its own, so they run side by side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(dead_code, reason = "the town is shared with other tests, which use more of it")]

mod answered;
mod bounds;
mod browser_form;
mod check;
mod check_text;
#[path = "../inlet/client.rs"]
mod client;
mod doors;
#[path = "../inlet/events.rs"]
mod events;
#[path = "../inlet/inlet.rs"]
mod inlet;
mod keyed;
mod killed;
#[path = "../it/messages.rs"]
mod messages;
mod over_http;
mod producers;
mod records;
mod rejected;
mod rejected_headers;
mod report;
mod sample;
#[path = "../it/service.rs"]
mod service;
mod silent;
mod statuses;
#[path = "../inlet/stood.rs"]
mod stood;
mod strange;
mod tail;
mod tail_http;
#[path = "../it/tested.rs"]
mod tested;
#[path = "../it/town.rs"]
mod town;
mod untold;
