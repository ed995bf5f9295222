//! The exit code tells the truth.

use std::{fs, process::Command};

use serde_json::json;

use crate::{
    messages::{event, raw},
    tested::tested,
    town::Town,
};

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

#[test]
fn a_name_that_there_is_not_is_2_with_the_nearest() {
    let town = Town::new();
    let half = "--from 2021-01-01 --to 2021-07-01";
    for (words, told) in [
        (format!("kpi closur {half}"), "closure?"),
        (format!("kpi K05a --convention shanghia {half}"), "shanghai?"),
        (format!("kpi K05a --stream hotlin {half}"), "hotline?"),
        (format!("kpi K05a --timezone Asia/Shangai {half}"), "Asia/Shanghai?"),
        (format!("kpi K05a --only knd=x {half}"), "kind?"),
        (format!("kpi K05a --group-by town,town {half}"), "twice"),
        (format!("kpi K05a --group-by twon {half}"), "'town'"),
        (format!("kpi closure --cases {half}"), "--convention"),
        (format!("kpi explain K17c --cases {half}"), "K17a and K17b"),
        ("kpi K05a --month 2021-13".to_owned(), "write it as 2021-06"),
        ("kpi K05a --from 2021-02-01 --to 2021-01-01".to_owned(), "is empty"),
        ("case show X-1 --stream hotlin".to_owned(), "hotline?"),
        ("policy which X-1 --stream hotlin".to_owned(), "hotline?"),
        ("rebuild --dry-run --stream gird".to_owned(), "grid?"),
        ("verify --stream gird".to_owned(), "grid?"),
        (format!("whatif --policy x --stream gird {half}"), "grid?"),
        ("quarantine list --stream gird".to_owned(), "grid?"),
        ("quarantine list --reason not_jsn".to_owned(), "not_json?"),
        ("quarantine show nowhere".to_owned(), "TOPIC/PARTITION/OFFSET"),
        ("gaps accept nowhere".to_owned(), "TOPIC/PARTITION"),
        ("report month 2021-06 --stream gird".to_owned(), "grid?"),
        ("report month 2021-6".to_owned(), "write it as 2021-06"),
        ("streams show gird".to_owned(), "grid?"),
    ] {
        let ended = town.tongguan(&words.split(' ').collect::<Vec<_>>(), &[]);
        assert_eq!(ended.code, Some(2), "{words}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{words}: {}", ended.stderr);
    }
}

#[test]
fn a_value_that_stands_in_no_case_is_2_unless_a_stream_declares_it_or_there_are_no_cases() {
    let town = Town::new();
    let ask = |value: &str| {
        let only = format!("unit={value}");
        let words = ["kpi", "K01", "--year", "2021", "--as-of", "2022-01-05", "--only", only.as_str()];
        town.tongguan(&words, &[])
    };
    assert_eq!(ask("市容所").code, Some(0));
    let sent_to = json!({ "unit": "U-07", "unit_name": "市容所" });
    let opened = event("C-1", "accepted", "2021-03-01T09:00:00+08:00", json!({ "kind": "投诉" }));
    town.send("hotline", &[opened, event("C-1", "dispatched", "2021-03-01T10:00:00+08:00", sent_to)]);
    town.run_until_caught_up();
    assert_eq!(ask("U-07").code, Some(0));
    let slip = ask("U-70");
    assert!(slip.code == Some(2) && slip.stderr.contains("U-07?"), "{}", slip.stderr);
    let declared = ["kpi", "K01", "--year", "2021", "--only", "kind=表扬"];
    assert_eq!(town.tongguan(&declared, &[]).code, Some(0));
    let grouped = town.tongguan(&["kpi", "K01", "--year", "2021", "--group-by", "unit,stream"], &[]).stdout;
    assert!(grouped.contains("U-07 市容所") && grouped.contains("时区 zone Asia/Shanghai"), "{grouped}");
    let elsewhere = town.tongguan(&["kpi", "K01", "--year", "2021", "--timezone", "America/New_York"], &[]).stdout;
    assert!(elsewhere.contains("注意 note") && elsewhere.contains("hotline Asia/Shanghai"), "{elsewhere}");
}

/// `tongguan … | head -1`, with a reader that is gone before the first line.
#[test]
fn a_reader_that_goes_is_no_error() {
    let town = Town::new();
    for words in [
        "kpi list",
        "kpi show closure",
        "kpi K05a --month 2021-06",
        "config show",
        "contract check",
        "streams list",
        "quarantine list",
        "quarantine list --json",
        "calendar show 2021",
        "policy show",
        "report month 2021-06",
        "completions bash",
        "man",
        "help",
        "doctor",
        "generate --dry-run --cases 0.01",
    ] {
        let program = tested();
        let program = program.to_string_lossy();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("(sleep 0.2; '{program}' {words} < /dev/null; echo $? > code) | :")]);
        shell.current_dir(town.folder.path());
        let own = town.command(&[]);
        shell.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let done = shell.output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!said.contains("ipe") && !said.contains("panic"), "{words}: {said}");
        let code = fs::read_to_string(town.folder.path().join("code")).unwrap();
        assert!(matches!(code.trim(), "0" | "1"), "{words}: {code}{said}");
    }
}
