//! The port of a running service, held open by thousands, while events flow.

use std::{io::Write as _, net::TcpStream, process::Command, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    messages::lives,
    quarantine::every_offset_once,
    service::{Service, pause, wait_for},
    town::Town,
};

/// This process holds the other ends.
fn raise_our_own_limit() {
    let hard = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: hard, maximum: hard }).unwrap();
    assert!(hard.is_none_or(|hard| hard > 4_000), "this test needs 4000 descriptors (ulimit -Hn)");
}

fn half_open(address: &str, n: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let begun: [&[u8]; 4] = [
        b"",
        b"GET /metrics HT",
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /livez HTTP/1.1\r\nContent-Len",
    ];
    let _ = stream.write_all(begun[n % begun.len()]);
    stream
}

#[test]
fn two_thousand_half_open_connections_at_1024_descriptors_cost_no_event_and_health_answers_meanwhile() {
    raise_our_own_limit();
    let town = Town::new();
    let service = Service::start_with_files(&town, 1_024, &[("HTTP__REQUEST_TIMEOUT_S", "60")]);
    service.wait_until_ready();
    let address = service.address();
    let mut held: Vec<TcpStream> = (0..1_000).map(|n| half_open(&address, n)).collect();
    let sent = town.send("grid", &lives("p", 2_000));
    held.extend((0..1_000).map(|n| half_open(&address, n)));
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(service.get(path).0, 200, "{path}");
    }
    let open = service.metric("tongguan_http_connections");
    assert!(0.0 < open && open <= 128.0, "{open} open");
    wait_for("every event", Duration::from_secs(60), || town.ledger_places() == sent);
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(service.get(path).0, 200, "{path}");
    }
    assert!(service.stderr().contains("http is full"), "{}", service.stderr());
    assert!(!service.stderr().contains("can take no connection"), "{}", service.stderr());
    drop(held);
    every_offset_once(&town, sent);
    town.until("SELECT countIf(rows = 4) FROM {db}.cases FINAL", 2_000);
}

#[test]
fn ten_thousand_requests_are_answered_and_leave_nothing_open() {
    let town = Town::new();
    let service = Service::start_with_files(&town, 256, &[]);
    for n in 0..10_000 {
        let path = ["/livez", "/metrics"][n % 2];
        assert_eq!(service.get(path).0, 200, "{path} {n}");
    }
    wait_for("the last to be closed", Duration::from_secs(10), || service.metric("tongguan_http_connections") <= 1.0);
}

#[test]
fn without_descriptors_the_port_waits_and_goes_on() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    service.wait_until_ready();
    let address = service.address();
    let hard = getrlimit(Resource::Nofile).maximum.map_or("unlimited".to_owned(), |hard| hard.to_string());
    let limit = |soft: &str| {
        let pid = service.pid().to_string();
        let set = Command::new("prlimit").args(["--pid", &pid, &format!("--nofile={soft}:{hard}")]).status();
        assert!(set.expect("prlimit (util-linux)").success());
    };
    limit("5");
    let _waiting = TcpStream::connect(&address).unwrap();
    service.wait_for_log("http can take no connection");
    pause(300);
    let said = service.stderr().matches("http can take no connection").count();
    assert_eq!(said, 1, "it says so once a minute");
    limit(&hard);
    assert_eq!(service.get("/livez").0, 200);
}
