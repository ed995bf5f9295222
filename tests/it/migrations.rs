//! The schema: made once, the same however often and by however many, and never changed behind its back.

use tongguan::store::{migrate::migrate, migrations::MIGRATIONS, views::VIEWS};

use crate::{service::Service, town::Town};

const BOOK: &str = "SELECT count() FROM {db}.schema_migrations FINAL";
const VIEWS_STAND: &str = "SELECT count() FROM system.tables WHERE database = '{db}_mart' AND engine = 'View'";

#[test]
fn an_empty_server_is_brought_to_the_latest_schema_and_a_second_time_changes_nothing() {
    let town = Town::without_schema();
    let first = town.tongguan(&["migrate"], &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(first.stdout.lines().filter(|line| line.starts_with("applied ")).count(), MIGRATIONS.len());
    let tables = "SELECT name, metadata_modification_time FROM system.tables WHERE database = '{db}' ORDER BY name";
    let before = town.query(tables);
    assert_eq!(town.number(VIEWS_STAND), VIEWS.len() as u64);
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
    let ended = town.tongguan(&["migrate"], &[]);
    assert!(ended.stderr.contains("9999_from_the_future"), "an older release would put its own views back");
}

#[test]
fn views_become_what_they_are_defined_as_and_go_when_they_are_not() {
    let town = Town::new();
    // What a former release leaves: its own view, another text of ours, and the names of its migrations.
    town.query("CREATE VIEW {db}_mart.kpi_of_old AS SELECT 1");
    town.query("INSERT INTO {db}.views (name, sha256) VALUES ('kpi_of_old', 'x'), ('cases', 'another')");
    town.query("INSERT INTO {db}.schema_migrations (name, sha256) VALUES ('0008_create_mart_cases', 'x')");
    town.query("DROP VIEW {db}_mart.events");
    let ended = town.tongguan(&["migrate"], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines[..3], ["dropped view kpi_of_old", "installed view cases", "installed view events"]);
    assert!(lines[3].ends_with(" 3 new"), "{lines:?}");
    assert_eq!(town.number(VIEWS_STAND), VIEWS.len() as u64);
    assert!(town.tongguan(&["migrate"], &[]).stdout.contains(" 0 new"));
}

#[test]
fn a_dry_run_prints_what_would_be_done_and_does_nothing() {
    let town = Town::without_schema();
    let dry = town.tongguan(&["migrate", "--dry-run"], &[]);
    assert_eq!(dry.code, Some(0), "{}", dry.stderr);
    assert_eq!(town.number("SELECT count() FROM system.databases WHERE startsWith(name, '{db}')"), 0);
    let statements: Vec<&str> = dry.stdout.split(";\n\n").filter(|text| !text.trim().is_empty()).collect();
    assert_eq!(statements.len(), MIGRATIONS.len() + VIEWS.len());
    for statement in statements {
        town.query(statement);
    }
    assert_eq!(town.number(VIEWS_STAND), VIEWS.len() as u64);
    town.wait(async { migrate(&town.store()).await.unwrap() });
    assert_eq!(town.tongguan(&["migrate", "--dry-run"], &[]).stdout, "");
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
