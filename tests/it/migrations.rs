//! The schema: made once, the same however often and by however many, and never changed behind its back.

use tongguan::store::migrate::{MIGRATIONS, migrate};

use crate::{service::Service, town::Town};

const BOOK: &str = "SELECT count() FROM {db}.schema_migrations FINAL";

#[test]
fn an_empty_server_is_brought_to_the_latest_schema_and_a_second_time_changes_nothing() {
    let town = Town::without_schema();
    let first = town.tongguan(&["migrate"], &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(first.stdout.lines().filter(|line| line.starts_with("applied ")).count(), MIGRATIONS.len());
    let tables = "SELECT name, metadata_modification_time FROM system.tables WHERE database = '{db}' ORDER BY name";
    let before = town.query(tables);
    let second = town.tongguan(&["migrate"], &[]);
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    assert!(second.stdout.contains(" 0 new"), "{}", second.stdout);
    assert!(!second.stdout.contains("applied "), "{}", second.stdout);
    assert_eq!(town.query(tables), before);
    assert_eq!(town.number(BOOK), MIGRATIONS.len() as u64);
}

#[test]
fn four_who_migrate_at_once_leave_one_schema() {
    let town = Town::without_schema();
    let mut all: Vec<Service> = (0..4).map(|_| Service::spawn(&town, &["migrate"], &[])).collect();
    for one in &mut all {
        let ended = one.ended(std::time::Duration::from_secs(30));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    assert_eq!(town.number(BOOK), MIGRATIONS.len() as u64);
    assert!(town.tongguan(&["migrate"], &[]).stdout.contains(" 0 new"));
}

#[test]
fn a_migration_edited_after_it_was_applied_is_refused_by_migrate_and_by_run() {
    let town = Town::new();
    let name = MIGRATIONS[3].0;
    town.query(&format!("INSERT INTO {{db}}.schema_migrations (name, sha256) VALUES ('{name}', 'other')"));
    for args in [&["migrate"][..], &["run", "--until-caught-up"]] {
        let ended = town.tongguan(args, &[]);
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains(name) && ended.stderr.contains("edited"), "{}", ended.stderr);
    }
}

#[test]
fn a_schema_newer_than_the_program_is_not_written_to() {
    let town = Town::new();
    town.query("INSERT INTO {db}.schema_migrations (name, sha256) VALUES ('9999_from_the_future', 'x')");
    let ended = town.tongguan(&["run", "--until-caught-up"], &[]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("9999_from_the_future"), "{}", ended.stderr);
}

#[test]
fn run_without_a_schema_ends_and_says_what_to_run() {
    let town = Town::without_schema();
    let ended = town.tongguan(&["run"], &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.lines().last().unwrap().contains("tongguan migrate"), "{}", ended.stderr);
}

#[test]
fn every_table_and_column_has_a_comment_in_chinese_and_in_english() {
    let town = Town::without_schema();
    town.wait(async { migrate(&town.store()).await.unwrap() });
    let ours = "database IN ('{db}', '{db}_mart')";
    let bad = "NOT match(comment, '^[^|]*\\\\p{Han}[^|]* \\\\| [^|]*[a-zA-Z]')";
    let columns = town.query(&format!("SELECT concat(table, '.', name) FROM system.columns WHERE {ours} AND {bad}"));
    assert_eq!(columns, "", "columns without both comments");
    let tables = town.query(&format!("SELECT name FROM system.tables WHERE {ours} AND {bad}"));
    assert_eq!(tables, "", "tables without both comments");
    assert!(town.number(&format!("SELECT count() FROM system.columns WHERE {ours}")) > 100);
}
