//! A running instance at a glance.

use serde_json::Value;

use crate::{messages::lives, service::Service, town::Town};

#[test]
fn a_running_instance_says_what_it_is_and_how_it_is() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    service.wait_until_ready();
    let sent = town.send("grid", &lives("s", 10));
    crate::service::wait_for("every event", std::time::Duration::from_secs(30), || town.ledger_places() == sent);
    let at = [("HTTP__LISTEN", service.address())];
    let at: Vec<(&str, &str)> = at.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let ended = town.tongguan(&["status", "--json", "--interval-s", "1"], &at);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&found["ready"], &found["commit"]), (&true.into(), &env!("TONGGUAN_COMMIT").into()));
    assert!(found["messages_per_s"].is_number(), "{found}");
    assert_eq!(found["url"], format!("http://{}", service.address()));

    let text = town.tongguan(&["status", "--interval-s", "1"], &at).stdout;
    for label in ["就绪 ready", "是 yes", "最近提交 last commit", "每秒消息 messages/s"] {
        assert!(text.contains(label), "{label}\n{text}");
    }
}

#[test]
fn one_that_is_not_ready_says_why_and_exits_with_1_and_none_at_all_is_an_error() {
    let town = Town::new();
    let service = Service::start(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    service.wait_for_log("waiting; nothing is lost");
    let url = format!("http://{}", service.address());
    let ended = town.tongguan(&["status", "--url", &url, "--interval-s", "1"], &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.contains("否 no") && ended.stdout.contains("clickhouse: "), "{}", ended.stdout);
    let ended = town.tongguan(&["status", "--url", "http://127.0.0.1:1"], &[]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("is the service running?"), "{}", ended.stderr);
}
