//! Which rounds there are, in the short form and in the long one.

use std::{env, time::Duration};

use super::{
    round::{Plan, Round},
    servers::Servers,
    tally::Tally,
    themes::{answers, clocks, commands, inputs, kills, outages, storms, tables, topics, zombies},
};

/// Themes of a pair of servers, in the order of the long form.
const THEMES: &[&str] =
    &["kills", "answers", "kafka", "zombies", "storms", "outages", "tables", "topics", "clocks", "commands", "inputs"];

/// Under two minutes: something of everything that is cheap.
pub async fn short(tally: &mut Tally, seed: u64) {
    let servers = Servers::start("pair", 1).await;
    tally.say("servers are up");
    the_judge_sees_damage(&servers, tally, seed).await;
    for theme in ["short", "cheap"] {
        one(&servers, tally, seed, theme).await;
    }
}

/// A judge that never finds anything proves nothing.
async fn the_judge_sees_damage(servers: &Servers, tally: &mut Tally, seed: u64) {
    let mut round = Round::begin(servers, tally, seed, Plan::new("judge", 1)).await;
    round.sender.stop();
    round.settle().await;
    let before = round.verdict(Duration::from_secs(30)).await;
    assert!(before.is_clean(), "{before:?}");
    round.end(0, true).await;
    let first = "(SELECT min((topic, partition, offset)) FROM {db}.events)";
    let last = "(SELECT max((topic, partition, offset)) FROM {db}.events)";
    for damage in [
        format!("ALTER TABLE {{db}}.events DELETE WHERE (topic, partition, offset) = {first} SETTINGS mutations_sync = 1"),
        format!("INSERT INTO {{db}}.quarantine (topic, partition, offset) SELECT topic, partition, offset FROM {{db}}.events WHERE (topic, partition, offset) = {last}"),
        "INSERT INTO {db}.cases SELECT * REPLACE (version + 1 AS version, 'another' AS unit) FROM {db}.cases FINAL ORDER BY case_id LIMIT 1".to_owned(),
    ] {
        round.tables.execute(&damage).await;
    }
    let after = round.verdict(Duration::ZERO).await;
    assert_eq!((after.lost, after.doubled), (1, 1), "{after:?}");
    assert!(after.details.iter().any(|one| one.contains("unit \"") && one.contains("another")), "{after:?}");
    round.remove().await;
}

/// As many rounds as begin in time, at least one of each.
pub async fn long(tally: &mut Tally, seed: u64, time: Duration) {
    // For whoever follows up one theme.
    let only = env::var("TONGGUAN_FAULTS_THEME").ok().filter(|text| !text.is_empty());
    let is_wanted = |theme: &str| only.as_deref().is_none_or(|only| only.split(',').any(|one| one == theme));
    for cycle in 0.. {
        let seed = seed + cycle;
        if THEMES.iter().any(|theme| is_wanted(theme)) {
            let servers = Servers::start("pair", 1).await;
            tally.say(&format!("cycle {cycle}: a pair of servers is up"));
            for theme in THEMES.iter().filter(|theme| is_wanted(theme)) {
                one(&servers, tally, seed, theme).await;
                if cycle > 0 && tally.elapsed() > time {
                    return;
                }
            }
        }
        if is_wanted("brokers") {
            let servers = Servers::start("three", 3).await;
            tally.say(&format!("cycle {cycle}: three brokers are up"));
            one(&servers, tally, seed, "brokers").await;
        }
        if tally.elapsed() > time {
            return;
        }
    }
}

async fn one(servers: &Servers, tally: &mut Tally, seed: u64, theme: &'static str) {
    let instances = match theme {
        "storms" | "zombies" | "brokers" => 3,
        _ => 2,
    };
    let mut plan = Plan::new(theme, instances);
    if theme == "storms" {
        // Under a slow ClickHouse a batch is soon full, and the partitions are paused.
        (plan.batch_rows, plan.rate) = (100, 60);
    }
    let mut round = Round::begin(servers, tally, seed, plan).await;
    round.settle().await;
    strike(&mut round, theme).await;
    round.close().await;
}

async fn strike(round: &mut Round<'_>, theme: &str) {
    match theme {
        "kills" => {
            kills::at_every_step(round).await;
            kills::at_any_moment(round, 60).await;
        }
        "answers" => answers::of_clickhouse(round, 400).await,
        "kafka" => answers::of_kafka(round, 60).await,
        "zombies" => zombies::rise(round, 6).await,
        "storms" => storms::of_rebalances(round, 60).await,
        "outages" => {
            outages::of_lines(round, 60).await;
            for _ in 0..3 {
                outages::of_clickhouse(round).await;
                outages::of_kafka(round).await;
            }
        }
        "tables" => {
            tables::go_and_come_back(round, 12).await;
            tables::refuse(round, 8).await;
            tables::on_a_full_disk(round, 3).await;
            tables::refuse_the_account(round, 6).await;
        }
        "topics" => {
            topics::lose_what_was_read(round, 5).await;
            topics::give_transactions_up(round, 5).await;
            topics::lose_what_was_not_read(round).await;
            topics::grow(round).await;
        }
        "clocks" => clocks::jump(round, 20).await,
        "commands" => commands::killed_in_the_middle(round).await,
        "inputs" => {
            inputs::hostile(round, 900_000).await;
            for codec in ["gzip", "snappy", "lz4", "zstd"] {
                inputs::packed_by(round, codec).await;
            }
        }
        "brokers" => outages::of_one_broker(round, 9).await,
        "short" => {
            kills::at_every_step(round).await;
            zombies::rise(round, 1).await;
            outages::of_clickhouse(round).await;
        }
        _ => {
            answers::of_clickhouse(round, 60).await;
            answers::of_kafka(round, 8).await;
            tables::go_and_come_back(round, 4).await;
            outages::of_lines(round, 4).await;
            commands::rebuild_killed(round).await;
            inputs::hostile(round, 200_000).await;
            outages::of_kafka(round).await;
            // The last: nothing comes any more.
            clocks::jump(round, 2).await;
        }
    }
}
