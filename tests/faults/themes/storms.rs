//! Two to five instances that come, go, die and are cut off, while ClickHouse is slow: partitions wander all the time.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    proxy::Line,
    round::{Round, To},
    servers::SLOTS,
};

pub async fn of_rebalances(round: &mut Round<'_>, times: usize) {
    for number in 0..times {
        for slot in round.live() {
            // Slow enough for a full batch to wait, and partitions to be paused.
            let slow = [0, 0, 50, 400, 1500][round.random.random_range(0..5)];
            let line = if slow == 0 { Line::Open } else { Line::Slow(slow) };
            round.gate(slot, To::ClickHouse).set_line(line);
        }
        let live = round.live();
        let free: Vec<usize> = (0..SLOTS).filter(|slot| !live.contains(slot)).collect();
        let chance = round.random.random_range(0..10);
        if live.len() < 2 || (chance < 4 && !free.is_empty()) {
            let slot = free[round.random.random_range(0..free.len())];
            round.run(slot);
            round.tally.fault(&format!("instance {slot} comes"), &format!("{} there", live.len() + 1));
        } else {
            let slot = round.any_live();
            match chance {
                4..=5 if live.len() > 2 => {
                    round.end(slot, true).await;
                    round.tally.fault(&format!("instance {slot} goes in order"), &format!("{} left", live.len() - 1));
                }
                6 if live.len() > 2 => {
                    round.end(slot, false).await;
                    round.tally.fault(&format!("instance {slot} dies"), &format!("{} left", live.len() - 1));
                }
                7 => {
                    round.restart(slot).await;
                    round.tally.fault(&format!("instance {slot} is killed and started again"), "at once");
                }
                8 => round.line(slot, To::Kafka, Line::Frozen, 500).await,
                _ => {
                    round.gate(slot, To::Kafka).cut();
                    round.tally.fault(&format!("instance {slot} loses its connections to Kafka"), "all at once");
                }
            }
        }
        let ms = round.random.random_range(100..2_500);
        sleep(Duration::from_millis(ms)).await;
        round.notice_ends();
        if number % 20 == 19 {
            round.settle().await;
        }
    }
}
