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

/// A restart must not look like a silence, and what waits was there before.
#[test]
fn what_was_heard_and_what_waits_is_known_from_the_start() {
    let town = Town::new();
    town.send("grid", [&event("M", "accepted", &at(1), json!({})), &raw("M", b"no")]);
    town.run_until_caught_up();
    let service = Service::start(&town, &[]);
    let heard = r#"tongguan_last_event_timestamp_seconds{stream="grid",source="urn:it"}"#;
    let long = std::time::Duration::from_secs(30);
    crate::service::wait_for("the ledger to be asked", long, || service.metric_so_far(heard).is_some());
    let in_ledger: f64 =
        town.query("SELECT toUnixTimestamp64Milli(max(ingested_at)) / 1000 FROM {db}.events").parse().unwrap();
    assert_eq!(service.metric(heard), in_ledger);
    assert_eq!(service.metric(r#"tongguan_last_event_timestamp_seconds{stream="hotline",source="other"}"#), 0.0);
    assert_eq!(service.metric(r#"tongguan_quarantine_waiting{stream="grid"}"#), 1.0);
    assert!(service.metric(r#"tongguan_quarantine_oldest_timestamp_seconds{stream="grid"}"#) > 1.6e9);
    assert_eq!(service.metric(r#"tongguan_quarantine_waiting{stream="hotline"}"#), 0.0);
    service.wait_until_ready();
    assert_eq!(service.metric("tongguan_generation"), 1.0);
    assert!(
        service
            .get("/metrics")
            .1
            .contains(r#"tongguan_policy_info{policy="shanghai-town@2026.1",calendar="cn-2026.1"} 1"#)
    );
    assert!(service.metric("process_open_fds") > 3.0 && service.metric("process_resident_memory_bytes") > 1e6);
    assert!(service.metric("tongguan_calendar_end_timestamp_seconds") > 1.6e9);
}

/// Whoever makes names up gets one line for all of them.
#[test]
fn made_up_sources_do_not_fill_the_metrics() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    let made_up: Vec<_> = (0..100)
        .map(|n| {
            let body = json!({
                "specversion": "1.0", "id": format!("{n}"), "source": format!("urn:made-up:{n}"),
                "type": "case.accepted.v1", "subject": "M", "time": at(1), "data": {},
            });
            raw("M", body.to_string().as_bytes())
        })
        .collect();
    town.send("grid", &made_up);
    town.until("SELECT count() FROM {db}.events", 100);
    // A batch is counted before it is written.
    assert_eq!(service.get("/metrics").1.matches(r#"last_event_timestamp_seconds{stream="grid""#).count(), 33);
}
