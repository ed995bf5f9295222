//! `kill -9` at a point of every step of the loop, and at any moment.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    proxy::Act,
    round::{Round, To},
};

/// A step of the loop is entered and left with a request.
const STEPS: &[(To, &str)] = &[
    (To::Kafka, "join"),
    (To::Kafka, "sync"),
    (To::Kafka, "offsets"),
    (To::Kafka, "fetch"),
    (To::ClickHouse, "schema"),
    (To::ClickHouse, "events"),
    (To::ClickHouse, "quarantine"),
    (To::ClickHouse, "look-up"),
    (To::ClickHouse, "cases"),
    (To::ClickHouse, "generation"),
    (To::ClickHouse, "sweep"),
    (To::Kafka, "commit"),
    (To::Kafka, "heartbeat"),
];

pub async fn at_every_step(round: &mut Round<'_>) {
    for (to, kind) in STEPS {
        for (what, act) in [("killed before", Act::KillBefore), ("killed after", Act::KillAfter)] {
            let slot = round.any_live();
            if matches!(*kind, "join" | "sync" | "offsets" | "schema") {
                round.restart(slot).await; // these come at a start only
            }
            round.strike(slot, *to, kind, what, act).await;
            round.restart(slot).await;
        }
    }
}

pub async fn at_any_moment(round: &mut Round<'_>, times: usize) {
    for _ in 0..times {
        let (slot, ms) = (round.any_live(), round.random.random_range(20..1500));
        sleep(Duration::from_millis(ms)).await;
        round.restart(slot).await;
        round.tally.fault(&format!("instance {slot} killed"), &format!("{ms} ms later"));
    }
}
