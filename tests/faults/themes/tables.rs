//! What happens inside ClickHouse: tables that go and come back, a disk that is full, a password that is another, real refusals.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    proxy::Line,
    round::{Round, To},
};

/// Away for a moment, by another name.
pub async fn go_and_come_back(round: &mut Round<'_>, times: usize) {
    for number in 0..times {
        let table = ["events", "cases", "quarantine", "rebuilds"][number % 4];
        let ms = round.random.random_range(100..1_500);
        round.tables.execute(&format!("RENAME TABLE {{db}}.{table} TO {{db}}.{table}_away")).await;
        sleep(Duration::from_millis(ms)).await;
        round.tables.execute(&format!("RENAME TABLE {{db}}.{table}_away TO {{db}}.{table}")).await;
        round.tally.fault(&format!("table {table} gone"), &format!("back after {ms} ms"));
        round.notice_ends();
    }
    round.settle().await;
}

/// Refusals of ClickHouse's own.
pub async fn refuse(round: &mut Round<'_>, times: usize) {
    for number in 0..times {
        let table = ["events", "cases"][number % 2];
        let ms = round.random.random_range(100..1_000);
        let setting = |value: u32| {
            format!(
                "ALTER TABLE {{db}}.{table} MODIFY SETTING parts_to_throw_insert = {value}, parts_to_delay_insert = {value}"
            )
        };
        round.tables.execute(&setting(1)).await;
        sleep(Duration::from_millis(ms)).await;
        round.tables.execute(&setting(3_000)).await;
        round.tally.fault(&format!("too many parts in {table}"), &format!("for {ms} ms"));
        round.notice_ends();
    }
    round.settle().await;
}

pub async fn on_a_full_disk(round: &mut Round<'_>, times: usize) {
    let Some(disk) = &round.servers.disk else {
        return round.tally.leave_out("disk full", "this user may not mount a small file system (needs root)");
    };
    for _ in 0..times {
        let ms = round.random.random_range(500..3_000);
        disk.fill().await;
        sleep(Duration::from_millis(ms)).await;
        disk.free();
        round.tally.fault("disk full", &format!("for {ms} ms"));
        round.notice_ends();
        restart_if_damaged(round).await;
        round.settle().await;
    }
}

/// A merge on a full disk may leave a part with an empty file, which ClickHouse itself cannot read. It mends that when it starts, as
/// docs/runbook.md tells the operator.
async fn restart_if_damaged(round: &mut Round<'_>) {
    for table in ["events", "cases", "quarantine"] {
        let read = format!("SELECT sum(ignore(*)) FROM {{db}}.{table}");
        let Err(error) = round.tables.try_lines(&read).await else { continue };
        assert!(error.to_string().contains("CORRUPTED_DATA"), "{table}: {error}");
        round.servers.clickhouse.kill().await;
        // Its connections hold the port for a moment.
        sleep(Duration::from_secs(3)).await;
        round.servers.clickhouse.up().await;
        round.tally.fault(&format!("{table} damaged by ClickHouse"), "restarted");
        round.tables.lines(&read).await;
    }
}

/// The account is not the right one for a while, as somebody who renews passwords in the wrong order makes it.
pub async fn refuse_the_account(round: &mut Round<'_>, times: usize) {
    for _ in 0..times {
        let (slot, ms) = (round.any_live(), round.random.random_range(100..1_500));
        round.line(slot, To::ClickHouse, Line::Denied, ms).await;
    }
    round.settle().await;
}
