//! Instances that are put out of the group, and go on as if nothing had happened.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    proxy::Act,
    round::{Round, To},
};

const REQUESTS: &[&str] = &["events", "cases", "generation", "quarantine", "look-up"];

/// Stopped with a request in flight, which the server sees at once or long after others have taken over.
pub async fn rise(round: &mut Round<'_>, times: usize) {
    for _ in 0..times {
        let slot = round.any_live();
        let kind = REQUESTS[round.random.random_range(0..REQUESTS.len())];
        let held = round.random.random_bool(0.7);
        let (what, act) = if held {
            ("stopped, its request comes after the session is over", Act::StopHeld)
        } else {
            ("stopped, its answer waits until the session is over", Act::Stop)
        };
        if !round.strike(slot, To::ClickHouse, kind, what, act).await {
            round.instance(slot).signal("CONT").await;
            continue;
        }
        // The session is 6 s; the heir reads, writes and commits.
        let ms = round.random.random_range(6_500..9_000);
        sleep(Duration::from_millis(ms)).await;
        round.instance(slot).signal("CONT").await;
        round.gate(slot, To::ClickHouse).release();
        round.tally.fault(&format!("instance {slot} goes on"), &format!("after {ms} ms"));
        sleep(Duration::from_millis(500)).await;
        round.notice_ends();
        round.settle().await;
    }
}
