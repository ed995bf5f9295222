//! `tongguan verify` over stores that are whole, and over stores that were damaged on purpose: it finds exactly what was damaged.

mod compacted;

use std::collections::BTreeSet;

use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions},
    client::DefaultClientContext,
    consumer::{BaseConsumer, Consumer as _},
    producer::Producer as _,
};
use serde_json::{Value, json};
use tongguan::feed::{cluster::Cluster, topics};

use crate::{
    kafka::{PATIENCE, send, transactional},
    messages::{at, event, event_of, lives, raw},
    service::wait_for,
    town::Town,
};

/// A second look comes at once: nothing is on its way.
const AT_ONCE: (&str, &str) = ("SWEEP__GRACE_S", "0");

struct Verified {
    code: i32,
    json: Value,
}

fn verified(town: &Town, args: &[&str]) -> Verified {
    let ended = town.tongguan(&[&["verify", "--json"], args].concat(), &[AT_ONCE]);
    let json = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr));
    Verified { code: ended.code.unwrap(), json }
}

impl Verified {
    fn sum(&self, of: &str) -> u64 {
        self.json["partitions"].as_array().unwrap().iter().map(|one| one[of].as_u64().unwrap()).sum()
    }

    /// Each finding in a few words.
    fn findings(&self) -> BTreeSet<String> {
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let of = |one: &Value| {
            let rest = match (&one["partition"], &one["cases"], &one["case_id"]) {
                (Value::Number(partition), ..) => format!("{partition}/{}-{}", one["first"], one["last"]),
                (_, Value::Array(_), _) => text(one, "event_id"),
                (.., Value::String(case)) => case.clone(),
                _ => String::new(),
            };
            format!("{} {rest}", text(one, "kind")).trim().to_owned()
        };
        self.json["findings"].as_array().unwrap().iter().map(of).collect()
    }

    fn assert_clean(&self) {
        assert_eq!((self.code, self.findings()), (0, BTreeSet::new()), "{:#}", self.json);
        assert_eq!(self.json["is_clean"], json!(true));
    }

    fn assert_found(&self, wanted: &[String]) {
        let wanted: BTreeSet<String> = wanted.iter().cloned().collect();
        assert_eq!((self.code, self.findings()), (1, wanted), "{:#}", self.json);
    }
}

/// Topic of the stream, partition and offset of the only message of a type of a case.
fn place(town: &Town, case: &str, kind: &str) -> (i64, i64) {
    let sql = format!("SELECT partition, offset FROM {{db}}.events FINAL WHERE case_id = '{case}' AND type = '{kind}'");
    let rows = town.rows(&sql);
    assert_eq!(rows.len(), 1, "{case} {kind}");
    (rows[0]["partition"].as_i64().unwrap(), rows[0]["offset"].as_i64().unwrap())
}

fn delete(town: &Town, table: &str, condition: &str) {
    town.query(&format!("DELETE FROM {{db}}.{table} WHERE {condition} SETTINGS lightweight_deletes_sync = 2"));
}

fn admin(town: &Town) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap()
}

/// Retention by hand.
fn shorten(town: &Town, topic: &str, partition: i32, to: i64) {
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, partition, Offset::Offset(to)).unwrap();
    town.wait(admin(town).delete_records(&list, &AdminOptions::new())).unwrap();
}

#[test]
fn a_whole_store_is_clean_also_while_messages_wait_and_the_verdict_is_written_down() {
    let town = Town::new();
    verified(&town, &[]).assert_clean();
    town.send("hotline", &lives("h", 20));
    town.send("grid", &[raw("k", b"{"), event("g", "accepted", &at(1), json!({}))]);
    town.run_until_caught_up();
    let whole = verified(&town, &["--refold"]);
    whole.assert_clean();
    assert_eq!((&whole.json["messages"], &whole.json["cases"]), (&json!(82), &json!(21)));
    assert_eq!((whole.sum("held"), whole.sum("not_yet_taken"), whole.sum("empty")), (82, 0, 0));
    town.send("grid", &lives("g", 5));
    let waiting = verified(&town, &[]);
    waiting.assert_clean();
    assert_eq!((waiting.sum("held"), waiting.sum("not_yet_taken")), (82, 20));
    let text = town.tongguan(&["verify"], &[AT_ONCE]);
    let last = "verify: messages=82 holes=0 doubles=0 stale=0 missing=0 conflicts=0 gaps=0 topics=0";
    assert_eq!((text.code, text.stdout.lines().last()), (Some(0), Some(last)), "{}", text.stdout);
    let book = "SELECT count() FROM {db}.verifications WHERE is_clean AND scope = 'all' AND finished_at >= started_at";
    assert_eq!(town.number(book), 4);
    assert_eq!(town.number("SELECT count() FROM system.databases WHERE name LIKE '{db}_scratch_%'"), 0);
}

#[test]
fn every_damage_is_found_by_its_name_and_nothing_else() {
    let town = Town::new();
    town.send("hotline", &lives("h", 10));
    town.send("grid", &[raw("k", b"{"), raw("k", b"["), event("k", "accepted", &at(1), json!({}))]);
    town.send("hotline", &[event_of("twice", "a", "accepted", &at(1), json!({}))]);
    town.send("hotline", &[event_of("twice", "b", "accepted", &at(1), json!({}))]);
    town.send("hotline", &[event_of("other", "c", "closed", &at(1), json!({ "how": "normal" }))]);
    town.send("hotline", &[event_of("other", "c", "closed", &at(1), json!({ "how": "direct_answer" }))]);
    // The same content again is no conflict.
    town.send("hotline", &[event_of("same", "d", "accepted", &at(1), json!({}))]);
    town.send("hotline", &[event_of("same", "d", "accepted", &at(1), json!({}))]);
    town.run_until_caught_up();
    let conflicts = ["across_cases twice".to_owned(), "within_case other".to_owned()];
    verified(&town, &[]).assert_found(&conflicts);

    let lost = place(&town, "h-0", "submitted");
    delete(&town, "events", "case_id = 'h-0' AND type = 'submitted'");
    let sql = "SELECT partition, offset FROM {db}.quarantine FINAL ORDER BY offset LIMIT 1";
    let row = town.rows(sql).remove(0);
    let (partition, offset) = (row["partition"].as_i64().unwrap(), row["offset"].as_i64().unwrap());
    delete(&town, "quarantine", &format!("offset = {offset}"));
    let doubled = place(&town, "h-1", "accepted");
    town.query("INSERT INTO {db}.events SELECT * REPLACE('forged' AS event_id) FROM {db}.events WHERE case_id = 'h-1' AND type = 'accepted'");
    delete(&town, "cases", "case_id = 'h-2'");
    town.query(
        "INSERT INTO {db}.cases SELECT * REPLACE('h-old' AS case_id) FROM (SELECT * FROM {db}.cases FINAL WHERE case_id = 'h-3')",
    );
    let older = |case: &str, version: &str| {
        town.query("CREATE TABLE {db}.kept AS {db}.cases");
        let columns = format!("* REPLACE({version} AS version)");
        town.query(&format!(
            "INSERT INTO {{db}}.kept SELECT {columns} FROM {{db}}.cases FINAL WHERE case_id = '{case}'"
        ));
        delete(&town, "cases", &format!("case_id = '{case}'"));
        town.query("INSERT INTO {db}.cases SELECT * FROM {db}.kept");
        town.query("DROP TABLE {db}.kept SYNC");
    };
    older("h-4", "version - 1");
    older("h-5", "version + bitShiftLeft(toUInt64(7), 32)");
    town.query("INSERT INTO {db}.quarantine (topic, partition, offset, stream, reason, state) SELECT topic, partition, offset, stream, 'x', 'discarded' FROM {db}.events WHERE case_id = 'h-6' AND type = 'closed'");
    let both = place(&town, "h-6", "closed");

    let damaged = verified(&town, &[]);
    let at = |kind: &str, (partition, offset): (i64, i64)| format!("{kind} {partition}/{offset}-{offset}");
    let wanted = [
        at("hole", lost),
        "surplus h-0".to_owned(),
        at("hole", (partition, offset)),
        at("double", doubled),
        "missing h-2".to_owned(),
        "surplus h-old".to_owned(),
        "stale h-4".to_owned(),
        "generation h-5".to_owned(),
        at("in_both", both),
    ];
    damaged.assert_found(&[&wanted[..], &conflicts].concat());
    let counts = json!({ "holes": 2, "doubles": 2, "stale": 4, "missing": 1, "conflicts": 2, "gaps": 0, "topics": 0 });
    assert_eq!(damaged.json["counts"], counts);
    assert_eq!(
        town.number("SELECT count() FROM {db}.verifications WHERE NOT is_clean AND holes = 2 AND conflicts = 2"),
        1
    );
    let text = town.tongguan(&["verify", "--most", "0"], &[AT_ONCE]);
    assert_eq!(text.code, Some(1));
    let last = format!(
        "verify: messages={} holes=2 doubles=2 stale=4 missing=1 conflicts=2 gaps=0 topics=0",
        damaged.json["messages"]
    );
    assert_eq!(text.stdout.lines().last(), Some(last.as_str()), "{}", text.stdout);
    assert!(!text.stdout.contains("h-4") && text.stdout.contains("--most lists more"), "{}", text.stdout);

    let only_grid = verified(&town, &["--stream", "grid"]);
    only_grid.assert_found(&[at("hole", (partition, offset))]);
    let topic = town.topic("grid");
    verified(&town, &["--topic", &topic]).assert_found(&[at("hole", (partition, offset))]);
}

#[test]
fn a_row_that_says_something_else_than_its_messages_is_found_by_a_fresh_fold_only() {
    let town = Town::new();
    town.send("hotline", &lives("h", 5));
    town.run_until_caught_up();
    town.query("ALTER TABLE {db}.cases UPDATE town = 'elsewhere' WHERE case_id = 'h-3' SETTINGS mutations_sync = 2");
    verified(&town, &[]).assert_clean();
    verified(&town, &["--refold"]).assert_found(&["differs h-3".to_owned()]);
    assert_eq!(town.number("SELECT count() FROM system.databases WHERE name LIKE '{db}_scratch_%'"), 0);
}

#[test]
fn marks_and_aborted_messages_of_transactions_hold_an_offset_and_are_no_hole() {
    let town = Town::new();
    let (producer, topic) = (transactional(&town), town.topic("grid"));
    let [kept, dropped, open] = ["kept", "dropped", "open"].map(|prefix| lives(prefix, 10));
    for (messages, is_kept) in [(&kept, true), (&dropped, false), (&lives("more", 10), true)] {
        producer.begin_transaction().unwrap();
        send(&producer, &topic, messages);
        match is_kept {
            true => producer.commit_transaction(PATIENCE).unwrap(),
            false => producer.abort_transaction(PATIENCE).unwrap(),
        }
    }
    producer.begin_transaction().unwrap();
    send(&producer, &topic, &open);
    town.run_until_caught_up();
    let whole = verified(&town, &[]);
    whole.assert_clean();
    assert_eq!(whole.sum("held"), 80);
    assert!(whole.sum("empty") >= 10, "{:#}", whole.json);
    assert!(whole.sum("not_yet_taken") >= 40, "what is open waits: {:#}", whole.json);
    let (partition, offset) = place(&town, "more-3", "closed");
    delete(&town, "events", "case_id = 'more-3' AND type = 'closed'");
    let lost = format!("hole {partition}/{offset}-{offset}");
    verified(&town, &[]).assert_found(&[lost, "surplus more-3".to_owned()]);
    producer.abort_transaction(PATIENCE).unwrap();
}

#[test]
fn what_retention_took_is_a_gap_unless_it_was_read_or_somebody_accepted_it() {
    let town = Town::new();
    town.send("grid", &lives("g", 10));
    town.run_until_caught_up();
    let topic = town.topic("grid");
    let (partition, offset) = place(&town, "g-4", "dispatched");
    shorten(&town, &topic, partition as i32, offset + 1);
    verified(&town, &[]).assert_clean();
    delete(&town, "events", "case_id = 'g-4' AND type = 'dispatched'");
    let gap = format!("gap {partition}/{offset}-{offset}");
    verified(&town, &[]).assert_found(&[gap, "surplus g-4".to_owned()]);
    let next = offset + 1;
    town.query(&format!(
        "INSERT INTO {{db}}.gaps (topic, partition, first, next, reason) VALUES ('{topic}', {partition}, {offset}, {next}, 'retention')"
    ));
    let accepted = verified(&town, &[]);
    accepted.assert_found(&["surplus g-4".to_owned()]);
    assert_eq!(accepted.sum("accepted"), 1);
    // Never read at all.
    let fresh = town.sibling();
    let gap = format!("gap {partition}/0-{offset}");
    verified(&fresh, &[]).assert_found(&[gap]);
}

#[test]
fn what_was_proven_to_hold_no_message_needs_no_kafka_any_more() {
    let town = Town::new();
    let (producer, topic) = (transactional(&town), town.topic("grid"));
    let messages: Vec<_> = (0..33_000).map(|_| raw("one", b"x")).collect();
    for some in [&messages[..], &messages[..1], &messages[..]] {
        producer.begin_transaction().unwrap();
        for part in some.chunks(10_000) {
            send(&producer, &topic, part);
        }
        producer.commit_transaction(PATIENCE).unwrap();
    }
    let partition = town_partition(&town, &topic);
    // As if it had been read: every offset but the marks.
    let marks = [33_000, 33_002, 66_003];
    town.query(&format!(
        "INSERT INTO {{db}}.events (case_id, source, event_id, topic, partition, offset, stream, type, ingested_at) \
         SELECT 'c', 's', toString(number), '{topic}', {partition}, number, 'grid', 'accepted', now64(3) FROM numbers(66003) \
         WHERE number NOT IN ({}, {})",
        marks[0], marks[1]
    ));
    let whole = verified(&town, &["--topic", &topic]);
    whole.assert_clean();
    assert_eq!((whole.sum("held"), whole.sum("empty")), (66_001, 2));
    shorten(&town, &topic, partition, 66_000);
    let again = verified(&town, &["--topic", &topic]);
    again.assert_clean();
    assert_eq!((again.sum("held"), again.sum("empty")), (66_001, 2));
    // Fewer than were proven: now nobody knows which of them are marks.
    delete(&town, "events", "offset = 40000");
    let gaps: Vec<String> =
        [marks[0], marks[1], 40_000].iter().map(|offset| format!("gap {partition}/{offset}-{offset}")).collect();
    verified(&town, &["--topic", &topic]).assert_found(&gaps);
}

/// The partition that has something.
fn town_partition(town: &Town, topic: &str) -> i32 {
    let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
    (0..4).find(|partition| client.fetch_watermarks(topic, *partition, PATIENCE).unwrap().1 > 0).unwrap()
}

#[test]
fn a_topic_that_was_made_anew_is_noticed_whether_it_is_shorter_or_longer() {
    let town = Town::new();
    town.send("grid", &lives("g", 10));
    town.run_until_caught_up();
    let topic = town.topic("grid");
    town.delete_topics(&["grid"]);
    wait_for("the topic to be gone", PATIENCE, || {
        let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
        client.fetch_metadata(Some(&topic), PATIENCE).unwrap().topics()[0].partitions().is_empty()
    });
    verified(&town, &[]).assert_found(&["made_anew".to_owned()]);
    town.wait(topics::ensure(&Cluster::plain(&town.brokers), &[&topic], 4, -1)).unwrap();
    let shorter = verified(&town, &[]);
    shorter.assert_found(&["made_anew".to_owned()]);
    assert_eq!(shorter.json["counts"]["topics"], json!(1));
    let detail = |of: &Verified| of.json["findings"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail(&shorter).starts_with("id "), "{}", detail(&shorter));
    // A ledger from before ids were written down.
    town.query("TRUNCATE TABLE {db}.topics");
    let shorter = verified(&town, &[]);
    shorter.assert_found(&["made_anew".to_owned()]);
    assert!(detail(&shorter).contains("its log ends at 0"), "{}", detail(&shorter));
    town.send("grid", &lives("n", 100));
    let longer = verified(&town, &[]);
    longer.assert_found(&["made_anew".to_owned()]);
    assert!(detail(&longer).contains("Kafka has case n-"), "{}", detail(&longer));
}

#[test]
fn since_looks_at_what_was_taken_in_lately_and_at_a_hole_right_before_it() {
    let town = Town::new();
    town.send("grid", &lives("old", 5));
    town.run_until_caught_up();
    delete(&town, "events", "case_id = 'old-1' AND type = 'accepted'");
    // Two days ago.
    town.query("CREATE TABLE {db}.kept AS {db}.events");
    town.query("INSERT INTO {db}.kept SELECT * REPLACE(ingested_at - INTERVAL 2 DAY AS ingested_at) FROM {db}.events");
    delete(&town, "events", "1");
    town.query("INSERT INTO {db}.events SELECT * FROM {db}.kept");
    town.query("DROP TABLE {db}.kept SYNC");
    verified(&town, &["--since", "24h"]).assert_clean();
    assert_eq!(verified(&town, &[]).json["counts"]["holes"], json!(1));
    town.send("grid", &lives("new", 5));
    town.run_until_caught_up();
    let (partition, offset) = place(&town, "new-2", "accepted");
    delete(&town, "events", "case_id = 'new-2' AND type = 'accepted'");
    let wanted = [format!("hole {partition}/{offset}-{offset}"), "surplus new-2".to_owned()];
    let lately = verified(&town, &["--since", "24h"]);
    let found: Vec<String> = lately.findings().into_iter().filter(|one| !one.contains("old")).collect();
    assert!(wanted.iter().all(|one| found.contains(one)), "{found:?}");
    assert_eq!(lately.json["counts"]["stale"], json!(1), "the old case was not touched: {:#}", lately.json);
    let ended = town.tongguan(&["verify", "--since", "yesterday"], &[]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
}

#[test]
fn a_server_that_does_not_answer_is_4_and_no_verdict() {
    let town = Town::new();
    for closed in [("CLICKHOUSE__URL", "http://127.0.0.1:1"), ("KAFKA__BROKERS", "127.0.0.1:1")] {
        let ended = town.tongguan(&["verify"], &[closed]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), ""), "{}", ended.stderr);
    }
    assert_eq!(town.number("SELECT count() FROM {db}.verifications"), 0);
}
