//! The exit code tells the truth.

use crate::{messages::raw, town::Town};

#[test]
fn a_wrong_command_line_is_2_and_a_wrong_configuration_3_naming_the_key() {
    let town = Town::without_schema();
    assert_eq!(town.tongguan(&["fly"], &[]).code, Some(2));
    let ended = town.tongguan(&["run"], &[("KAFKA__BROKRES", "x:1")]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.to_lowercase().contains("kafka__brokers"), "{}", ended.stderr);
    let ended = town.tongguan(&["run"], &[("BATCH__ROWS_MAX", "0")]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("batch.rows_max"), "{}", ended.stderr);
}

#[test]
fn a_server_that_does_not_answer_is_4() {
    let town = Town::new();
    let closed = [("CLICKHOUSE__URL", "http://127.0.0.1:1")];
    for args in [&["migrate"][..], &["quarantine", "list"]] {
        let ended = town.tongguan(args, &closed);
        assert_eq!(ended.code, Some(4), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("http://127.0.0.1:1"), "{}", ended.stderr);
    }
    let ended = town.tongguan(&["generate", "--cases", "0.01"], &[("KAFKA__BROKERS", "127.0.0.1:1")]);
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(ended.stderr.contains("127.0.0.1:1"), "{}", ended.stderr);
}

#[test]
fn a_replay_that_leaves_something_behind_is_5() {
    let town = Town::new();
    town.send("grid", &[raw("k", b"{")]);
    town.run_until_caught_up();
    let ended = town.tongguan(&["quarantine", "replay"], &[]);
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(ended.stdout.contains("0 replayed, 1 still in quarantine"), "{}", ended.stdout);
}

#[test]
fn a_key_file_that_is_not_there_stops_the_service_before_it_reads_anything() {
    let town = Town::new();
    let ended = town.tongguan(&["run", "--until-caught-up"], &[("PRIVACY__KEY_FILE", "/nowhere/key")]);
    assert_ne!(ended.code, Some(0));
    assert!(ended.stderr.contains("/nowhere/key"), "{}", ended.stderr);
}
