//! The whole path against the real Kafka and ClickHouse: the program is started as a user starts it.
//! Every test has a town of its own (database, topics, group, key), so they run side by side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod answers;
mod away;
mod broken;
mod brokers;
mod case;
mod citygrid;
mod cookbook;
mod doctor;
mod duplicates;
mod exits;
mod figures;
mod files;
mod gateway;
mod hostile;
mod kafka;
mod ledger;
mod life;
#[path = "../local/mod.rs"]
mod local;
mod logs;
mod mart;
mod memory;
mod messages;
mod migrations;
mod muted;
mod outage;
mod own;
mod packed;
mod pages;
mod policy;
mod port;
mod positions;
mod privacy;
#[path = "../wire/produce.rs"]
mod produce;
mod prometheus;
mod proxy;
mod quarantine;
mod replay;
mod said;
mod second_pair;
mod service;
mod serving;
mod split;
mod status;
mod stopping;
mod streams;
mod sweep;
mod tested;
mod town;
mod town_year;
mod unreadable;
mod verify;
mod watch;
