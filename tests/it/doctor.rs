//! The doctor on real servers: all yes, and what it says of each thing that is wrong.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::{
    messages::lives,
    service::{Ended, Service},
    town::Town,
};

fn examined(town: &Town, settings: &[(&str, &str)]) -> (Ended, Vec<Value>) {
    let ended = town.tongguan(&["doctor", "--json", "--timeout-s", "5"], settings);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let checks = found["checks"].as_array().unwrap().clone();
    let is_ok = checks.iter().all(|check| check["verdict"] != "no");
    assert_eq!((found["ok"].as_bool(), ended.code), (Some(is_ok), Some(i32::from(!is_ok))), "{ended:?}");
    (ended, checks)
}

/// Every check of one name.
fn of<'a>(checks: &'a [Value], name: &str) -> Vec<&'a Value> {
    checks.iter().filter(|check| check["check"] == name).collect()
}

fn only<'a>(checks: &'a [Value], name: &str) -> &'a Value {
    let found = of(checks, name);
    assert_eq!(found.len(), 1, "{name} in {checks:?}");
    found[0]
}

/// What is wrong, and that it says what to do in both languages.
fn says_no(checks: &[Value], name: &str, words: &str) {
    let check = only(checks, name);
    assert_eq!(check["verdict"], "no", "{check}");
    assert!(check["found"].as_str().unwrap().contains(words), "{check}");
    for todo in ["todo_zh", "todo_en"] {
        assert!(!check[todo].as_str().unwrap().is_empty(), "{check}");
    }
}

fn secret_key(town: &Town) {
    std::fs::set_permissions(town.key_file(), std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn on_servers_that_are_as_they_should_be_nothing_is_no() {
    let town = Town::new();
    secret_key(&town);
    town.send("grid", &lives("d", 5));
    town.run_until_caught_up();
    let (ended, checks) = examined(&town, &[("HTTP__LISTEN", "127.0.0.1:0")]);
    // The built-in calendar ends some day; the rest does not depend on when this runs, nor on how full this machine is.
    for check in checks
        .iter()
        .filter(|check| !["calendar", "disk", "clickhouse_disk"].contains(&check["check"].as_str().unwrap()))
    {
        assert_eq!(check["verdict"], "yes", "{check}");
    }
    assert_eq!(of(&checks, "kafka_topics").len(), 2);
    let group = only(&checks, "kafka_group")["found"].as_str().unwrap().to_owned();
    assert!(group.contains("0 messages wait"), "{group}");
    for name in
        ["clickhouse", "clickhouse_rights", "clickhouse_schema", "clickhouse_zones", "clickhouse_clock", "kafka_clock"]
    {
        only(&checks, name);
    }
    assert!(ended.stderr.is_empty(), "{}", ended.stderr);
    let text = town.tongguan(&["doctor"], &[("HTTP__LISTEN", "127.0.0.1:0")]).stdout;
    assert!(text.contains("表结构 schema: tables and views as this program defines them"), "{text}");
}

#[test]
fn a_server_that_is_away_is_a_no_and_the_rest_goes_on() {
    let town = Town::new();
    let (_, checks) = examined(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    says_no(&checks, "clickhouse", "127.0.0.1:1");
    assert_eq!(only(&checks, "kafka_brokers")["verdict"], "yes");
    let (_, checks) = examined(&town, &[("KAFKA__BROKERS", "127.0.0.1:1")]);
    says_no(&checks, "kafka_brokers", "127.0.0.1:1");
    assert_eq!(only(&checks, "clickhouse")["verdict"], "yes");
}

#[test]
fn a_server_that_takes_connections_and_never_answers_is_a_no_too() {
    let town = Town::new();
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = deaf.local_addr().unwrap().to_string();
    let url = format!("http://{address}");
    let (_, checks) = examined(&town, &[("CLICKHOUSE__URL", &url), ("KAFKA__BROKERS", &address)]);
    says_no(&checks, "clickhouse", &address);
    says_no(&checks, "kafka_brokers", &address);
}

#[test]
fn a_wrong_password_a_missing_schema_and_a_missing_topic_are_told_apart() {
    let town = Town::without_schema();
    let (_, checks) = examined(
        &town,
        &[("CLICKHOUSE__USER", "nobody"), ("CLICKHOUSE__PASSWORD", "wrong"), ("KAFKA__CREATE_TOPICS", "false")],
    );
    says_no(&checks, "clickhouse", "refuses this account");
    let topics = of(&checks, "kafka_topics");
    assert!(topics.len() == 2 && topics.iter().all(|check| check["verdict"] == "no"), "{topics:?}");
    let (_, checks) = examined(&town, &[]);
    says_no(&checks, "clickhouse_schema", &town.database);
    assert!(of(&checks, "kafka_topics").iter().all(|check| check["verdict"] == "warn"));
}

#[test]
fn an_account_that_may_only_read_lacks_what_run_needs() {
    let town = Town::new();
    let (_, checks) = examined(&town, &[("CLICKHOUSE__USER", "analyst")]);
    says_no(&checks, "clickhouse_rights", &format!("INSERT ON {}.*", town.database));
    says_no(&checks, "clickhouse_limits", "readonly = 2");
}

#[test]
fn a_file_that_cannot_be_used_is_said_and_the_rest_goes_on() {
    let town = Town::new();
    let policy = town.folder.path().join("policy.toml");
    std::fs::write(&policy, "id = 1\n").unwrap();
    let (_, checks) = examined(
        &town,
        &[
            ("POLICY__FILE", policy.to_str().unwrap()),
            ("CALENDAR__FILE", "/nowhere/calendar.toml"),
            ("PRIVACY__KEY_FILE", "/nowhere/key"),
        ],
    );
    says_no(&checks, "policy", "policy.toml");
    says_no(&checks, "calendar", "/nowhere/calendar.toml");
    says_no(&checks, "privacy_key", "/nowhere/key");
    assert_eq!(only(&checks, "clickhouse")["verdict"], "yes");
    std::fs::set_permissions(town.key_file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_, checks) = examined(&town, &[]);
    assert_eq!(only(&checks, "privacy_key")["verdict"], "warn");
}

#[test]
fn the_port_may_be_taken_by_one_of_us_or_by_a_stranger() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    service.wait_until_ready();
    let (_, checks) = examined(&town, &[("HTTP__LISTEN", &service.address())]);
    assert!(only(&checks, "http_listen")["found"].as_str().unwrap().contains("runs and is ready"));
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (_, checks) = examined(&town, &[("HTTP__LISTEN", &stranger.local_addr().unwrap().to_string())]);
    says_no(&checks, "http_listen", "another program");
}
