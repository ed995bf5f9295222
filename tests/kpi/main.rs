//! The figures against a real ClickHouse: they agree with `domain::kpi`, the command shows them, the documents are true.
//! Needs the server at TONGGUAN__CLICKHOUSE__URL (default http://127.0.0.1:18123) and fails without it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod command;
mod cookbook;
mod decided;
mod example;
mod explain;
mod histories;
mod identities;
mod lives;
mod many;
mod own;
mod page;
mod parity;
mod pasted;
mod program;
mod programs;
mod published;
mod reference;
mod refusals;
mod report;
mod resting;
mod scratch;
#[path = "../page/site.rs"]
mod site;
mod sorted;
#[path = "../it/tested.rs"]
mod tested;
mod views;
