//! Where reading goes on: what was never read is never skipped without a word, and no topic or database is taken for another.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions},
    client::DefaultClientContext,
};
use tongguan::feed::{cluster::Cluster, topics};

use crate::{
    messages::{Message, at, event},
    service::Service,
    town::Town,
};

const DECISION: Option<i32> = Some(7);

fn cases(from: usize, count: usize) -> Vec<Message> {
    (from..from + count).map(|n| event(&format!("P{n:05}"), "accepted", &at(n), serde_json::json!({}))).collect()
}

/// Deletes everything that is on the topic now, as retention does.
fn retention(town: &Town, topic: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
    let mut list = TopicPartitionList::new();
    for partition in 0..4 {
        list.add_partition_offset(topic, partition, Offset::End).unwrap();
    }
    let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(10)));
    town.wait(async { admin.delete_records(&list, &options).await }).unwrap();
}

fn kept(town: &Town) -> u64 {
    town.number("SELECT uniqExact(topic, partition, offset) FROM {db}.events")
}

fn accept_all(town: &Town, topic: &str) {
    for partition in 0..4 {
        let place = format!("{topic}/{partition}");
        let unsure = town.tongguan(&["gaps", "accept", &place], &[]);
        assert!(unsure.code == Some(1) || unsure.stdout.contains("nothing to accept"), "{unsure:?}");
        let ended = town.tongguan(&["gaps", "accept", &place, "--yes", "--note", "tried"], &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[test]
fn what_retention_took_unread_stops_it_by_name_until_somebody_accepts_the_gap() {
    let town = Town::new();
    town.send("hotline", &cases(0, 40));
    town.run_until_caught_up();
    town.send("hotline", &cases(40, 40));
    retention(&town, &town.topic("hotline"));
    town.send("hotline", &cases(80, 40));
    let refused = town.tongguan(&["run", "--until-caught-up"], &[]);
    assert_eq!(refused.code, DECISION, "{}", refused.stderr);
    for words in ["were never read", "committed: ", "available: ", "gaps accept", &town.topic("hotline")] {
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    }
    let listed = town.tongguan(&["gaps", "list"], &[]);
    assert_eq!(listed.code, DECISION);
    assert!(listed.stdout.contains("waits for a decision"), "{}", listed.stdout);
    accept_all(&town, &town.topic("hotline"));
    town.run_until_caught_up();
    assert_eq!(kept(&town), 80);
    assert_eq!(town.number("SELECT sum(next - first) FROM {db}.gaps FINAL"), 40, "every lost message is on record");
    assert_eq!(town.tongguan(&["gaps", "list"], &[]).code, Some(0));
}

#[test]
fn a_group_that_ran_on_an_empty_topic_skips_nothing_that_came_and_went() {
    let town = Town::new();
    town.run_until_caught_up();
    town.send("hotline", &cases(0, 40));
    retention(&town, &town.topic("hotline"));
    town.send("hotline", &cases(40, 40));
    let refused = town.tongguan(&["run", "--until-caught-up"], &[]);
    assert_eq!(refused.code, DECISION, "{}", refused.stderr);
    accept_all(&town, &town.topic("hotline"));
    town.run_until_caught_up();
    assert_eq!(kept(&town), 40);
}

#[test]
fn a_topic_that_had_lost_messages_before_it_was_ever_taken_up_is_read_with_that_on_record() {
    let town = Town::new();
    town.send("hotline", &cases(0, 40));
    retention(&town, &town.topic("hotline"));
    town.send("hotline", &cases(40, 40));
    town.run_until_caught_up();
    assert_eq!((kept(&town), town.number("SELECT sum(next - first) FROM {db}.gaps FINAL")), (40, 40));
}

#[test]
fn a_group_that_kafka_forgot_goes_on_from_the_ledger() {
    let mut town = Town::new();
    town.send("hotline", &cases(0, 40));
    town.run_until_caught_up();
    town.forget_positions();
    retention(&town, &town.topic("hotline"));
    town.send("hotline", &cases(40, 40));
    town.run_until_caught_up();
    assert_eq!(kept(&town), 80, "the ledger had what retention took");
}

#[test]
fn a_ledger_that_lost_its_end_reads_it_again() {
    let town = Town::new();
    town.send("hotline", &cases(0, 40));
    town.run_until_caught_up();
    town.query("ALTER TABLE {db}.events DELETE WHERE offset >= 5 SETTINGS mutations_sync = 2");
    assert!(kept(&town) < 40);
    town.run_until_caught_up();
    assert_eq!(kept(&town), 40);
}

#[test]
fn a_group_of_another_database_is_refused() {
    let town = Town::new();
    town.send("hotline", &cases(0, 40));
    town.run_until_caught_up();
    let other = town.sibling();
    let settings = [("KAFKA__GROUP", town.database.as_str())];
    let refused = other.tongguan(&["run", "--until-caught-up"], &settings);
    assert_eq!(refused.code, DECISION, "{}", refused.stderr);
    assert!(refused.stderr.contains("belongs to another database"), "{}", refused.stderr);
    assert_eq!(kept(&other), 0);
    other.run_until_caught_up();
    assert_eq!(kept(&other), 40, "a group of its own reads everything");
}

#[test]
fn a_topic_made_anew_is_noticed_before_anything_is_read_also_when_it_is_longer() {
    let town = Town::new();
    let topic = town.topic("hotline");
    town.send("hotline", &cases(0, 40));
    town.run_until_caught_up();
    town.wait(async {
        topics::delete(&Cluster::plain(&town.brokers), &[&topic]).await.unwrap();
        while topics::ensure(&Cluster::plain(&town.brokers), &[&topic], 4, -1).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    town.send("hotline", &cases(100, 400));
    let refused = town.tongguan(&["run", "--until-caught-up"], &[]);
    assert_eq!(refused.code, DECISION, "{}", refused.stderr);
    assert!(refused.stderr.contains("was made anew"), "{}", refused.stderr);
    assert_eq!(kept(&town), 40);
}

#[test]
fn lag_is_there_for_every_partition_before_the_first_commit_and_right_after_a_restart() {
    let town = Town::new();
    town.send("hotline", &cases(0, 40));
    let lag = |service: &Service| -> Vec<f64> {
        let topic = town.topic("hotline");
        let of =
            |partition: i32| format!("tongguan_consumer_lag_messages{{topic=\"{topic}\",partition=\"{partition}\"}}");
        (0..4).filter_map(|partition| service.metric_so_far(&of(partition))).collect()
    };
    // ClickHouse is away, so nothing is ever committed.
    let mut waiting = Service::start(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    crate::service::wait_for("lag", Duration::from_secs(20), || lag(&waiting).len() == 4);
    assert_eq!(lag(&waiting).iter().sum::<f64>(), 40.0);
    waiting.stop();
    town.run_until_caught_up();
    let running = Service::start(&town, &[]);
    crate::service::wait_for("lag", Duration::from_secs(20), || lag(&running).len() == 4);
    assert_eq!(lag(&running), [0.0; 4]);
}
