//! Kafka or ClickHouse is killed or frozen while nothing arrives: it is seen, and so is its return.
#![allow(clippy::print_stdout, reason = "how long it took is for people to read")]
#![allow(clippy::disallowed_methods, reason = "how long another process takes, in real time")]

use std::time::{Duration, Instant};

use crate::{
    local::Server,
    messages::lives,
    own::Own,
    quarantine::every_offset_once,
    service::{Service, wait_for},
    town::Town,
};

/// It is 15 s where the machine has nothing else to do.
pub const SEEN: Duration = Duration::from_secs(40);

/// Waits until `/readyz` answers so, and says how long that took.
pub fn wait_for_status(service: &Service, status: u16, what: &str, check: &str) {
    let began = Instant::now();
    let mut last = String::new();
    wait_for(what, SEEN, || {
        let (code, body) = service.get("/readyz");
        if body != last {
            println!("{what}: after {:.1} s {code} {body}", began.elapsed().as_secs_f64());
            last.clone_from(&body);
        }
        code == status && (status == 200 || body.contains(check))
    });
    println!("{what}: seen after {:.1} s", began.elapsed().as_secs_f64());
}

fn goes_and_comes_back(town: &Town, service: &Service, server: &Server, check: &str) {
    let failed = format!(r#""name":"{check}","ok":false"#);
    let ready = |wanted: f64| wait_for("tongguan_ready", SEEN, || service.metric("tongguan_ready") == wanted);
    for (how, goes, comes) in [
        ("killed", Server::kill as fn(&Server), Server::up as fn(&Server)),
        ("frozen", |server| server.signal("STOP"), |server| server.signal("CONT")),
    ] {
        goes(server);
        wait_for_status(service, 503, &format!("{check} {how}"), &failed);
        let asked = town.tongguan(&["healthcheck", "--url", &format!("http://{}/readyz", service.address())], &[]);
        assert_eq!(asked.code, Some(1), "{asked:?}");
        assert!(asked.stdout.contains(&format!("FAIL {check}: ")), "{}", asked.stdout);
        ready(0.0);
        comes(server);
        wait_for_status(service, 200, &format!("{check} back after it was {how}"), "");
        ready(1.0);
    }
}

#[test]
fn a_server_that_is_killed_or_frozen_is_seen_while_nothing_arrives_and_so_is_its_return() {
    let own = Own::pair("away");
    let town = &own.town;
    for stream in ["hotline", "grid"] {
        town.make_topic(stream, 4, 1);
    }
    let mut service = Service::start(town, &[]);
    service.wait_until_ready();
    let mut sent = town.send("grid", &lives("before", 5));
    let written = "SELECT uniqExact(topic, partition, offset) FROM {db}.events";
    town.until(written, sent);
    goes_and_comes_back(town, &service, &own.brokers[0], "kafka");
    let clickhouse = own.clickhouse.as_ref().unwrap();
    goes_and_comes_back(town, &service, clickhouse, "clickhouse");
    assert_eq!(service.metric("tongguan_clickhouse_up"), 1.0);
    sent += town.send("grid", &lives("after", 5));
    town.until(written, sent);
    every_offset_once(town, sent);
    assert_eq!(service.stop().code, Some(0));
}
