//! One fault after the other against the real program and real servers, and one judge: every message that was sent is in ledger or
//! quarantine once, every case is the fold of all its messages, and after the last fault everything moves again by itself.
//!
//! `cargo test` runs a short form, `make faults SEED=n MINUTES=m` as many rounds as fit. The logs stay under `.local/faults`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "each fault is said when it comes")]

mod instance;
mod known;
#[path = "../local/mod.rs"]
mod local;
mod oracle;
#[path = "../wire/produce.rs"]
mod produce;
mod proxy;
mod round;
mod schedule;
mod sender;
mod servers;
mod store;
mod stream;
mod tally;
#[path = "../it/tested.rs"]
mod tested;
mod themes;

use std::{env, fs, time::Duration};

use rand::Rng as _;

use self::tally::Tally;

const SHORT_SEED: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_loses_doubles_changes_or_stops_anything() {
    let minutes = number("TONGGUAN_FAULTS_MINUTES");
    // The short form is the same each time, so that what fails was done by the last change.
    let chosen = || if minutes.is_some() { rand::rng().random_range(0..1_000_000) } else { SHORT_SEED };
    let seed = number("TONGGUAN_FAULTS_SEED").unwrap_or_else(chosen);
    println!("TONGGUAN_FAULTS_SEED={seed}");
    let mut tally = Tally::new();
    match minutes {
        Some(minutes) => schedule::long(&mut tally, seed, Duration::from_secs(60 * minutes)).await,
        None => schedule::short(&mut tally, seed).await,
    }
    for text in &tally.not_done {
        println!("NOT DONE  {text}");
    }
    let line = tally.last_line();
    println!("{line}");
    fs::write(servers::logs().join("last-line"), format!("{line}\n")).unwrap();
    assert!(tally.is_clean(), "{line}");
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is {text:?}: give a number")))
}
