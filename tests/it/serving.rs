//! What a running service tells over http.

use serde_json::{Value, json};

use crate::{
    messages::{at, event, raw},
    service::Service,
    town::Town,
};

#[test]
fn a_running_service_says_that_it_lives_that_it_is_ready_and_why() {
    let town = Town::new();
    let mut service = Service::start(&town, &[]);
    assert_eq!(service.get("/livez").0, 200);
    service.wait_until_ready();
    let ready: Value = serde_json::from_str(&service.get("/readyz").1).unwrap();
    assert_eq!(ready["ready"], json!(true));
    let checks: Vec<(&str, bool)> = ready["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| (check["name"].as_str().unwrap(), check["ok"].as_bool().unwrap()))
        .collect();
    let names = ["kafka", "kafka_assignment", "partitions", "clickhouse", "schema"];
    assert_eq!(checks, names.map(|name| (name, true)));
    assert_eq!(service.stop().code, Some(0));
}

#[test]
fn what_was_done_stands_in_the_metrics() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    service.wait_until_ready();
    let twice = event("M", "accepted", &at(1), json!({ "unknown": 1, "description": "电话13812345678" }));
    town.send("grid", [&twice, &twice, &raw("M", b"no")]);
    town.until("SELECT count() FROM {db}.cases FINAL WHERE duplicates = 1", 1);
    town.until("SELECT count() FROM {db}.quarantine", 1);
    crate::service::pause(300);
    assert_eq!(service.metric(r#"tongguan_events_total{stream="grid",type="accepted"}"#), 2.0);
    assert_eq!(service.metric(r#"tongguan_duplicates_total{stream="grid"}"#), 1.0);
    assert_eq!(service.metric(r#"tongguan_quarantined_total{stream="grid",reason="not_json"}"#), 1.0);
    assert_eq!(service.metric(r#"tongguan_unknown_fields_total{stream="grid"}"#), 2.0);
    assert_eq!(service.metric("tongguan_cases_looked_up_total"), 1.0);
    assert_eq!(service.metric("tongguan_paused"), 0.0);
}
