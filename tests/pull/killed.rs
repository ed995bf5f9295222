//! `kill -9` at any moment, while rows are written: no row is lost, none is doubled.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::{
    database::{Database, Kind},
    service::pause,
    task::Task,
    town::Town,
};

const ROWS: &str = "table = \"t\"\ngrowing = \"g\"\nkey = [\"id\"]\npage = 100\noverlap = 20\nsettle_s = 1";
const ROUNDS: u32 = 8;

/// New rows, never changed again, and old ones that change all the time; some are committed late.
fn write(database: &Database, ended: &AtomicBool) -> u32 {
    let (twin, mut id) = (database.twin(), 1000);
    let now = match database.kind {
        Kind::Postgres => "clock_timestamp() AT TIME ZONE 'Asia/Shanghai'",
        Kind::MariaDb => "UTC_TIMESTAMP(6) + INTERVAL 8 HOUR",
    };
    while !ended.load(Ordering::Relaxed) {
        let more: Vec<String> = (0..40).map(|place| format!("({}, 'new', {now})", id + place)).collect();
        id += 40;
        let (insert, seed) = (format!("INSERT INTO t VALUES {}", more.join(", ")), rand::random::<u32>());
        let update = format!("UPDATE t SET v = '{seed}', g = {now} WHERE id < 1000 AND id % 7 = {}", seed % 7);
        let late = match database.kind {
            Kind::Postgres => format!("SELECT pg_sleep({})", f64::from(seed % 200) / 1000.0),
            Kind::MariaDb => format!("DO SLEEP({})", f64::from(seed % 200) / 1000.0),
        };
        twin.run(&["BEGIN", &insert, &update, &late, "COMMIT"]);
    }
    id - 1000
}

fn killed_again_and_again(kind: Kind) {
    let (town, database) = (Town::new(), Database::new(kind));
    let time = if kind == Kind::Postgres { "timestamp(6)" } else { "DATETIME(6)" };
    database.run(&[&format!("CREATE TABLE t (id int, v varchar(40), g {time})")]);
    let rows: Vec<String> = (0..700).map(|id| format!("({id}, 'first', '2021-03-01 09:00:00')")).collect();
    database.run(&[&format!("INSERT INTO t VALUES {}", rows.join(", "))]);
    let mut task = Task::new(&town, &database, ROWS);
    let ended = AtomicBool::new(false);
    let new = thread::scope(|scope| {
        let writing = scope.spawn(|| write(&database, &ended));
        for _ in 0..ROUNDS {
            let pulling = task.spawn();
            pause(150 + u64::from(rand::random::<u16>() % 900));
            pulling.signal("-KILL");
            drop(pulling);
        }
        ended.store(true, Ordering::Relaxed);
        writing.join().unwrap()
    });
    pause(1200);
    task.once(0);
    assert_eq!(task.once(0)["sent"], 0, "everything is on record");
    town.run_until_caught_up();
    let ledger = "SELECT count(), uniqExact(event_id), uniqExact(event_id, data) FROM {db}.events FORMAT CSV";
    let counts: Vec<u64> = town.query(ledger).split(',').map(|count| count.parse().unwrap()).collect();
    eprintln!("{kind:?}: {new} new rows; places, identities, contents: {counts:?}");
    assert_eq!(counts[1], counts[2], "an identity says one thing");
    // Rows that were never changed: each one event, under one identity.
    let once = "SELECT uniqExact(case_id), uniqExact(event_id) FROM {db}.events WHERE toUInt32(substring(case_id, 2)) >= 1000 FORMAT CSV";
    assert_eq!(town.query(once), format!("{new},{new}"));
    // Of the others the last version, told by its time and value.
    let last = task_versions(&mut task);
    let known =
        town.query("SELECT DISTINCT event_id FROM {db}.events WHERE toUInt32(substring(case_id, 2)) < 1000 FORMAT TSV");
    let known: std::collections::HashSet<&str> = known.lines().collect();
    assert_eq!(last.len(), 700);
    for id in &last {
        assert!(known.contains(id.as_str()), "{id} is lost");
    }
}

/// The identities that the table's rows have now, as a fresh look at it tells them.
fn task_versions(task: &mut Task<'_>) -> Vec<String> {
    task.change("page = 100\n", "page = 100000\n");
    let ended = task.run(&["--dry-run", "--print", "100000", "--from", "2000-01-01"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|event| event["subject"].as_str().unwrap()[1..].parse::<u32>().unwrap() < 1000)
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_pull_from_postgres_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    killed_again_and_again(Kind::Postgres);
}

#[test]
fn a_pull_from_mariadb_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    killed_again_and_again(Kind::MariaDb);
}
