//! The order of rows: overlap, late commits, ties across pages, what is too young, what lies in the future, numbers.

use std::fs;

use crate::{
    database::{Database, Kind},
    task::{SIMPLE, Task},
    town::Town,
};

const ROWS: &str = "table = \"t\"\ngrowing = \"g\"\nkey = [\"id\"]\npage = 100";

fn table(database: &Database) {
    let time = if database.kind == Kind::Postgres { "timestamp(6)" } else { "DATETIME(6)" };
    database.run(&[&format!("CREATE TABLE t (id int, v varchar(40), g {time})")]);
}

/// So many seconds ago, by the town's clock.
fn ago(kind: Kind, seconds: u32) -> String {
    match kind {
        Kind::Postgres => format!("(now() AT TIME ZONE 'Asia/Shanghai') - interval '{seconds} seconds'"),
        Kind::MariaDb => format!("UTC_TIMESTAMP(6) + INTERVAL 8 HOUR - INTERVAL {seconds} SECOND"),
    }
}

fn insert(database: &Database, id: u32, seconds: u32) {
    database.run(&[&format!("INSERT INTO t VALUES ({id}, 'first', {})", ago(database.kind, seconds))]);
}

fn late_rows_are_found(kind: Kind) {
    let (town, database) = (Town::new(), Database::new(kind));
    table(&database);
    let task = Task::new(&town, &database, ROWS);
    insert(&database, 1, 3000);
    insert(&database, 2, 100);
    assert_eq!(task.counts(0), [2, 2, 0, 0, 0]);
    assert_eq!(task.counts(0), [1, 0, 1, 0, 0], "of the overlap, and known");
    // Committed after a row with a later time was read; and one that lies behind the overlap of ten minutes.
    insert(&database, 3, 200);
    insert(&database, 4, 2000);
    assert_eq!(task.counts(0), [2, 1, 1, 0, 0]);
    // Changed without its time, which the hash finds; and with it.
    database.run(&["UPDATE t SET v = 'second' WHERE id = 3"]);
    database.run(&[&format!("UPDATE t SET v = 'second', g = {} WHERE id = 1", ago(kind, 50))]);
    assert_eq!(task.counts(0), [3, 2, 1, 0, 0]);
    town.run_until_caught_up();
    let titles = town.query("SELECT case_id, count() FROM {db}.events GROUP BY case_id ORDER BY case_id FORMAT CSV");
    assert_eq!(titles, "\"P1\",2\n\"P2\",1\n\"P3\",2");
}

#[test]
fn the_overlap_finds_what_was_committed_late_in_postgres() {
    late_rows_are_found(Kind::Postgres);
}

#[test]
fn the_overlap_finds_what_was_committed_late_in_mariadb() {
    late_rows_are_found(Kind::MariaDb);
}

fn ties_are_read(kind: Kind) {
    let (town, database) = (Town::new(), Database::new(kind));
    table(&database);
    // 30, then 350 of one time, then 170 of three times; pages of 100.
    let rows = (0..550_u32).map(|id| {
        let second = match id {
            0..30 => id,
            30..380 => 40,
            _ => 50 + id % 3,
        };
        // A key that is NULL hides no row.
        let key = if id % 50 == 7 { "NULL".to_owned() } else { id.to_string() };
        format!("({key}, 'v{id}', '2021-03-01 09:00:{second:02}.25')")
    });
    database.run(&[&format!("INSERT INTO t VALUES {}", rows.collect::<Vec<_>>().join(", "))]);
    let mapping = SIMPLE.replace("id = \"P{id}\"", "id = \"P{v}\"");
    let task = Task::with(&town, &database, &mapping, ROWS);
    let told = task.once(0);
    assert_eq!((&told["sent"], &told["rejected"]), (&550.into(), &0.into()), "{told}");
    assert_eq!(told["position"], "2021-03-01 09:00:52.25");
    assert_eq!(task.once(0)["sent"], 0);
    town.run_until_caught_up();
    assert_eq!(town.query("SELECT count(), uniqExact(case_id) FROM {db}.events FORMAT CSV"), "550,550");
}

#[test]
fn more_ties_than_a_page_holds_are_all_read_once_from_postgres() {
    ties_are_read(Kind::Postgres);
}

#[test]
fn more_ties_than_a_page_holds_are_all_read_once_from_mariadb() {
    ties_are_read(Kind::MariaDb);
}

#[test]
fn a_row_of_the_future_hides_no_other_and_one_that_is_too_young_waits() {
    let (town, database) = (Town::new(), Database::new(Kind::Postgres));
    table(&database);
    let mut task = Task::new(&town, &database, ROWS);
    database.run(&["INSERT INTO t VALUES (1, 'first', '2099-01-01')", "INSERT INTO t VALUES (9, 'never', NULL)"]);
    let ended = task.run(&["--once"]);
    assert!(ended.stderr.contains("growing column is NULL"), "{}", ended.stderr);
    insert(&database, 2, 100);
    assert_eq!(task.counts(0), [2, 1, 1, 0, 0]);
    assert!(!task.last_pass()["position"].as_str().unwrap().starts_with("2099"));
    // Just written: the first pass leaves it, the second takes it, when it is two seconds old.
    insert(&database, 3, 0);
    let ended = task.run(&["--once"]);
    assert!(ended.stderr.contains("\\\"left\\\":1"), "{}", ended.stderr);
    assert_eq!((&task.last_pass()["left"], &task.last_pass()["sent"]), (&0.into(), &1.into()));
    task.change("page = 100", "page = 100\nsettle_s = 0");
    insert(&database, 4, 0);
    assert_eq!(task.once(0)["sent"], 1);
}

#[test]
fn numbers_and_instants_grow_too_and_a_pass_begins_where_it_is_told() {
    let (town, database) = (Town::new(), Database::new(Kind::MariaDb));
    database.run(&[
        "CREATE TABLE t (id int, v varchar(40), g bigint unsigned, at TIMESTAMP(6))",
        "SET time_zone = '+00:00'",
    ]);
    let values: Vec<String> =
        (1..=300).map(|id| format!("({id}, 'v', {}, '2021-03-01 00:{:02}:00.5')", id * 10, id % 60)).collect();
    database.run(&["SET time_zone = '+00:00'", &format!("INSERT INTO t VALUES {}", values.join(", "))]);
    let mut task = Task::new(&town, &database, &format!("{ROWS}\nbegin = 1000\noverlap = 50"));
    // 1000 to 3000 in tens; each page begins with the last row of the one before.
    let told = task.once(0);
    assert_eq!((&told["sent"], &told["position"]), (&201.into(), &"3000".into()));
    assert_eq!(task.counts(0), [6, 0, 6, 0, 0], "2950 to 3000");
    let ended = task.run(&["--once", "--from", "2000"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(task.last_pass()["sent"], 101, "again, as the same events");
    // By another column the state is not his.
    task.change("growing = \"g\"", "growing = \"at\"");
    task.change("begin = 1000", "begin = \"2021-03-01 08:30:00\"");
    let ended = task.run(&["--once"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("is of the growing column `g`"), "{}", ended.stderr);
    fs::remove_dir_all(task.state("")).unwrap();
    let told = task.once(0);
    assert_eq!((&told["sent"], &told["position"]), (&150.into(), &"2021-03-01 00:59:00.5Z".into()));
}

/// It is known, and moves the position nowhere: what somebody writes meanwhile under an earlier time is read.
#[test]
fn a_row_from_the_future_hides_none_that_comes_later() {
    let (town, database) = (Town::new(), Database::new(Kind::Postgres));
    table(&database);
    let task = Task::new(&town, &database, ROWS);
    insert(&database, 1, 3000);
    database.run(&["INSERT INTO t VALUES (2, 'first', (now() AT TIME ZONE 'Asia/Shanghai') + interval '3 days')"]);
    assert_eq!(task.counts(0), [2, 2, 0, 0, 0]);
    // Behind the overlap of ten minutes, as of now; not as of the last row that has happened.
    insert(&database, 3, 900);
    assert_eq!(task.counts(0), [3, 1, 2, 0, 0]);
    assert_eq!(task.counts(0), [2, 0, 2, 0, 0], "the last that has happened, and the future one");
}

/// Each task has a folder of its own name.
#[test]
fn tasks_whose_names_differ_behind_a_dot_share_nothing() {
    let (town, database) = (Town::new(), Database::new(Kind::Postgres));
    table(&database);
    insert(&database, 1, 100);
    let task = Task::new(&town, &database, ROWS);
    let text = fs::read_to_string(&task.file).unwrap();
    for name in ["hot.a", "hot.b"] {
        let file = town.folder.path().join(format!("{name}.toml"));
        fs::write(&file, &text).unwrap();
        let ended = town.tongguan(&["pull", "--config", file.to_str().unwrap(), "--once"], &[]);
        let state = town.folder.path().join(format!("{name}.state/last-pass"));
        let told: serde_json::Value = serde_json::from_str(&fs::read_to_string(&state).unwrap()).unwrap();
        assert_eq!((ended.code, told["sent"].as_u64()), (Some(0), Some(1)), "{name}: {}", ended.stderr);
    }
}
