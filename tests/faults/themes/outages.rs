//! Servers that are killed, frozen and slow, lines that are missing.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    proxy::Line,
    round::{Round, To},
};

/// Lines between one instance and one server: cheap, many.
pub async fn of_lines(round: &mut Round<'_>, times: usize) {
    for _ in 0..times {
        let slot = round.any_live();
        let to = if round.random.random_bool(0.5) { To::ClickHouse } else { To::Kafka };
        let line = [Line::Refused, Line::Frozen, Line::Slow(200), Line::Thin(200)][round.random.random_range(0..4)];
        let ms = round.random.random_range(100..1_200);
        round.line(slot, to, line, ms).await;
    }
}

pub async fn of_clickhouse(round: &mut Round<'_>) {
    let dead = round.random.random_range(0..1_500);
    round.servers.clickhouse.kill().await;
    sleep(Duration::from_millis(dead)).await;
    round.servers.clickhouse.up().await;
    round.tally.fault("ClickHouse killed", &format!("for {dead} ms and its start"));
    round.settle().await;
    let ms = round.random.random_range(500..5_000);
    round.servers.clickhouse.signal("STOP").await;
    sleep(Duration::from_millis(ms)).await;
    round.servers.clickhouse.signal("CONT").await;
    round.tally.fault("ClickHouse frozen", &format!("for {ms} ms"));
    round.settle().await;
}

pub async fn of_kafka(round: &mut Round<'_>) {
    let broker = &round.servers.brokers[0];
    let dead = round.random.random_range(0..1_500);
    broker.kill().await;
    sleep(Duration::from_millis(dead)).await;
    broker.up().await;
    round.tally.fault("Kafka killed", &format!("for {dead} ms and its start"));
    round.settle().await;
    let ms = round.random.random_range(500..9_000);
    broker.signal("STOP").await;
    sleep(Duration::from_millis(ms)).await;
    broker.signal("CONT").await;
    round.tally.fault("Kafka frozen", &format!("for {ms} ms"));
    round.settle().await;
}

/// One broker of three, and each in its turn.
pub async fn of_one_broker(round: &mut Round<'_>, times: usize) {
    for number in 0..times {
        let at = number % round.servers.brokers.len();
        let (servers, ms) = (round.servers, round.random.random_range(300..5_000));
        let broker = &servers.brokers[at];
        let what = if round.random.random_bool(0.5) {
            broker.kill().await;
            sleep(Duration::from_millis(ms)).await;
            broker.up().await;
            "killed"
        } else {
            broker.signal("STOP").await;
            sleep(Duration::from_millis(ms)).await;
            broker.signal("CONT").await;
            "frozen"
        };
        round.tally.fault(&format!("broker {} of {} {what}", at + 1, servers.brokers.len()), &format!("for {ms} ms"));
        round.settle().await;
    }
}
