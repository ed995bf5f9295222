//! What a task shows to whoever watches over it: its checks, its numbers, and the file of them.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use crate::{
    database::{Database, Kind, until},
    service::{Service, pause},
    stood::stood,
    task::Task,
    town::Town,
};

const ROWS: &str = "table = \"t\"\ngrowing = \"g\"\nkey = [\"id\"]";
const COUNTS: [&str; 3] = ["rows_total", "events_total", "rejected_total"];

/// Two rows, and one of no case, which is rejected.
fn made(town: &Town, kind: Kind) -> (Database, Task<'_>) {
    let database = Database::new(kind);
    let time = if kind == Kind::Postgres { "timestamp(3)" } else { "DATETIME(3)" };
    database.run(&[
        &format!("CREATE TABLE t (id int, v varchar(40), g {time})"),
        "INSERT INTO t VALUES (1, 'v', '2021-03-06 10:00:00'), (2, 'v', '2021-03-06 10:00:01'), (NULL, 'v', '2021-03-06 10:00:02.5')",
    ]);
    let task = Task::new(town, &database, ROWS);
    (database, task)
}

/// The checks of `/readyz`, and its status.
fn checks(pulling: &Service) -> (u16, Vec<(String, bool)>) {
    let (status, body) = pulling.get("/readyz");
    let body: Value = serde_json::from_str(&body).unwrap();
    let check = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["ok"].as_bool().unwrap());
    (status, body["checks"].as_array().unwrap().iter().map(check).collect())
}

/// A number of a text as Prometheus reads it.
fn number(text: &str, name: &str) -> f64 {
    let begin = format!("tongguan_pull_{name} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&begin));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
}

fn counts(text: &str) -> [f64; 3] {
    COUNTS.map(|name| number(text, &format!("{name}{{task=\"task\"}}")))
}

fn newest(text: &str) -> f64 {
    number(text, "newest_timestamp_seconds{task=\"task\"}")
}

fn a_task_tells_how_it_is(kind: Kind) {
    let town = Town::new();
    let (database, mut task) = made(&town, kind);
    task.change("every_s = 1", "every_s = 1\nlisten = \"127.0.0.1:0\"");
    let mut pulling = task.spawn();
    pulling.wait_for_log("a pass is done");
    assert_eq!(pulling.get("/livez").0, 200);
    let ok = |name: &str| (name.to_owned(), true);
    assert_eq!(checks(&pulling), (200, vec![ok("kafka"), ok("database"), ok("disk")]));
    let passed = |text: &str| number(text, "last_pass_timestamp_seconds{task=\"task\"}");
    until("the first pass on the metrics", || passed(&pulling.get("/metrics").1) > 0.0);
    let text = pulling.get("/metrics").1;
    assert_eq!(counts(&text), [3.0, 2.0, 1.0], "{text}");
    // 2021-03-06 10:00:02.5 in Shanghai.
    assert_eq!(newest(&text), 1_614_996_002.5);
    for what in ["database", "kafka", "disk"] {
        assert_eq!(number(&text, &format!("trouble{{task=\"task\",what=\"{what}\"}}")), 0.0);
    }
    // What is read again within the overlap is not counted again, what has changed is; passes go on.
    database.run(&["UPDATE t SET v = 'w', g = '2021-03-06 10:00:04' WHERE id = 1"]);
    until("the change", || counts(&pulling.get("/metrics").1) == [4.0, 3.0, 1.0]);
    assert_eq!(newest(&pulling.get("/metrics").1), 1_614_996_004.0);
    until("another pass", || passed(&pulling.get("/metrics").1) > passed(&text));
    assert_eq!(pulling.stop().code, Some(0));

    // Another process goes on with the same numbers.
    let pulling = task.spawn();
    until("its first pass", || pulling.stderr().contains("a pass is done"));
    assert_eq!(counts(&pulling.get("/metrics").1), [4.0, 3.0, 1.0]);
}

#[test]
fn a_task_of_postgres_tells_how_it_is() {
    a_task_tells_how_it_is(Kind::Postgres);
}

#[test]
fn a_task_of_mariadb_tells_how_it_is() {
    a_task_tells_how_it_is(Kind::MariaDb);
}

#[test]
fn a_task_that_waits_for_kafka_is_not_ready_and_says_so() {
    let town = Town::new();
    let (_database, mut task) = made(&town, Kind::Postgres);
    task.change("every_s = 1", "every_s = 1\nlisten = \"127.0.0.1:0\"");
    let mut pulling = Service::spawn(&town, &task.args(&[]), &[("KAFKA__BROKERS", "127.0.0.1:1")]);
    pulling.wait_for_log("waiting, and trying again");
    let (status, checks) = checks(&pulling);
    assert_eq!((status, &checks[0]), (503, &("kafka".to_owned(), false)), "{checks:?}");
    let text = pulling.get("/metrics").1;
    assert_eq!(number(&text, "trouble{task=\"task\",what=\"kafka\"}"), 1.0);
    assert_eq!(number(&text, "trouble{task=\"task\",what=\"database\"}"), 0.0);
    assert_eq!(number(&text, "last_pass_timestamp_seconds{task=\"task\"}"), 0.0, "never");
    assert_eq!(pulling.get("/livez").0, 200, "a restart does not bring it back");
    assert_eq!(pulling.stop().code, Some(0));
}

#[test]
fn one_pass_leaves_its_numbers_in_a_file_that_goes_on_and_tells_of_trouble() {
    let town = Town::new();
    let (database, mut task) = made(&town, Kind::Postgres);
    // Taken, which does no harm: nothing listens in one pass.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("every_s = 1\nlisten = \"{}\"\nmetrics_file = \"pull.prom\"", taken.local_addr().unwrap());
    task.change("every_s = 1", &listen);
    let file = town.folder.path().join("pull.prom");
    let read = || fs::read_to_string(&file).unwrap();
    task.once(5);
    let text = read();
    assert_eq!(counts(&text), [3.0, 2.0, 1.0]);
    assert_eq!(newest(&text), 1_614_996_002.5);
    let is_ours = |line: &str| line.contains("tongguan_pull_");
    assert!(text.lines().all(is_ours), "the collector has the rest itself: {text}");
    assert!(text.contains("# TYPE tongguan_pull_rows_total counter\n"), "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o444, 0o444, "the collector reads it");
    let passed = number(&text, "last_pass_timestamp_seconds{task=\"task\"}");

    database.run(&["INSERT INTO t VALUES (4, 'v', '2021-03-06 10:00:03')"]);
    task.once(0);
    assert_eq!(counts(&read()), [4.0, 3.0, 1.0], "one after the other");
    let again = number(&read(), "last_pass_timestamp_seconds{task=\"task\"}");
    assert!(again > passed);

    // Another task's file is not taken over.
    fs::write(&file, text.replace("task=\"task\"", "task=\"other\"")).unwrap();
    let ended = task.run(&["--once"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.contains("the task other writes it"), "{}", ended.stderr);
    fs::write(&file, "apt_upgrades_pending 3\n").unwrap();
    let ended = task.run(&["--once"]);
    assert!(ended.code == Some(3) && ended.stderr.contains("it holds something else"), "{}", ended.stderr);
    fs::remove_file(&file).unwrap();

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    task.change(&format!("port = {}", database.port), &format!("port = {nobody}"));
    assert_eq!(task.run(&["--once"]).code, Some(4));
    assert_eq!(number(&read(), "trouble{task=\"task\",what=\"database\"}"), 1.0);
    assert_eq!(counts(&read()), [4.0, 3.0, 1.0], "no answer is no reason to forget");
    let when = number(&read(), "last_pass_timestamp_seconds{task=\"task\"}");
    assert!((when - again).abs() < 0.01, "as it was: {when} {again}");
    assert!(!town.folder.path().join("pull.prom.new").exists());
    // What only looks leaves nothing.
    fs::remove_file(&file).unwrap();
    task.run(&["--dry-run"]);
    assert!(!file.exists());
}

/// Where the file has to be, is something else.
#[test]
fn a_disk_that_takes_nothing_is_told_and_nothing_is_sent_again() {
    let town = Town::new();
    let (_database, mut task) = made(&town, Kind::Postgres);
    task.change("every_s = 1", "every_s = 1\nlisten = \"127.0.0.1:0\"");
    let blocks = task.state("position.new");
    fs::create_dir_all(&blocks).unwrap();
    let mut pulling = task.spawn();
    pulling.wait_for_log("waiting, and trying again");
    assert!(pulling.stderr().contains("position"), "{}", pulling.stderr());
    let (status, checks) = checks(&pulling);
    assert_eq!((status, &checks[2]), (503, &("disk".to_owned(), false)), "{checks:?}");
    let sent = || stood(&town, "hotline").len();
    assert_eq!(sent(), 2);
    // Some tries, which send nothing.
    pause(3000);
    assert_eq!(sent(), 2, "{}", pulling.stderr());
    fs::remove_dir(&blocks).unwrap();
    pulling.wait_for_log("a pass is done");
    until("it is ready", || pulling.get("/readyz").0 == 200);
    assert_eq!(counts(&pulling.get("/metrics").1), [3.0, 2.0, 1.0]);
    assert_eq!(sent(), 2);
    let refused = fs::read_to_string(task.state("rejects.csv")).unwrap();
    assert_eq!(refused.lines().count(), 2, "the head, and the row once: {refused}");
    assert_eq!(pulling.stop().code, Some(0));
}

#[test]
fn a_file_of_metrics_that_cannot_be_written_is_told_before_anything_is_read() {
    let town = Town::new();
    let (_database, mut task) = made(&town, Kind::Postgres);
    task.change("every_s = 1", "every_s = 1\nmetrics_file = \"nowhere/pull.prom\"");
    let ended = task.run(&["--once"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("metrics_file") && ended.stderr.contains("nowhere"), "{}", ended.stderr);
    assert!(stood(&town, "hotline").is_empty());
}
