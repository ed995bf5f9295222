//! 运行: what the service says of itself, what waits in quarantine, and how readers are kept up to date.
#![allow(clippy::disallowed_methods, reason = "how long another process takes, in real time")]

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tongguan::feed::rejection::RejectReason;

use crate::{
    local::{self, Ports, Server},
    messages::{at, event, lives, raw},
    served::Served,
    service::{Service, pause, wait_for},
    town::Town,
};

fn with_service(town: &Town, service: &Service) -> Served {
    Served::with(town, &[("PAGE__SERVICE", &format!("http://{}", service.address()))])
}

fn reading<'a>(running: &'a Value, id: &str) -> &'a Value {
    running["readings"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{running}"))
}

#[test]
fn every_number_is_the_one_of_the_metrics_and_of_the_command() {
    let town = Town::new();
    let service = Service::start(&town, &[]);
    service.wait_until_ready();
    town.send("grid", &lives("n", 10));
    let sent = 40 + town.send("hotline", &[raw("k", b"<xml>"), raw("k", b"<script>alert(1)</script>")]);
    let kept = "SELECT (SELECT count() FROM {db}.events) + (SELECT count() FROM {db}.quarantine)";
    town.until(kept, sent);
    let served = with_service(&town, &service);
    wait_for("no lag", Duration::from_secs(30), || {
        served.json("/running.json")["verdict"]["en"] == "Caught up: nothing waits"
    });

    let running = served.json("/running.json");
    let metrics = service.get("/metrics").1;
    for (id, name) in [
        ("lag", "tongguan_consumer_lag_messages"),
        ("waiting", "tongguan_quarantine_waiting"),
        ("behind", "tongguan_cases_behind"),
        ("ready", "tongguan_ready"),
        ("paused", "tongguan_paused"),
        ("restarts", "tongguan_restarts_total"),
        ("brokers", "tongguan_kafka_brokers_connected"),
    ] {
        let samples = metrics.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit(' ').next());
        let sum: f64 = samples.map(|value| value.parse::<f64>().unwrap()).sum();
        assert_eq!(reading(&running, id)["value"].as_f64(), Some(sum), "{id}");
        assert_eq!(reading(&running, id)["metric"], name);
    }
    let memory = metrics.lines().find_map(|line| line.strip_prefix("tongguan_memory_max_bytes ")).unwrap();
    assert_eq!(
        reading(&running, "memory")["limit"].as_f64(),
        Some(memory.parse::<f64>().unwrap() + 64.0 * 1024.0 * 1024.0)
    );
    let committed = metrics.lines().find_map(|line| line.strip_prefix("tongguan_last_commit_timestamp_seconds "));
    let told = &running["service"]["metrics"]["tongguan_last_commit_timestamp_seconds"][0]["value"];
    assert_eq!(told.as_f64(), committed.map(|at| at.parse().unwrap()));

    let listed = town.tongguan(&["quarantine", "list", "--json"], &[]).stdout;
    let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let tally = running["clickhouse"]["standing"]["quarantine"].as_array().unwrap();
    let waiting: u64 = tally.iter().map(|one| one["messages"].as_u64().unwrap()).sum();
    assert_eq!(waiting as usize, listed.len());
    let status = town.tongguan(&["status", "--json", "--url", &format!("http://{}", service.address())], &[]);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(running["service"]["readiness"]["ready"], status["ready"]);

    for (address, words) in
        [("/running", ["已追平", "积压", "数据截至"]), ("/running?lang=en", ["Caught up", "lag", "data up to"])]
    {
        let page = served.page(address);
        for word in words {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert!(page.contains("TongguanLagGrows") && page.contains("data-live=\"/events?"), "{page}");
    }
    assert!(served.page("/running/runbook/TongguanLagGrows").contains("切勿 Never"));
    assert!(served.page("/figures").contains("数据截至"), "every page says how new its data are");
}

#[test]
fn without_a_service_the_page_says_so_everywhere_and_clickhouse_is_shown() {
    let town = Town::without_topics();
    let served = Served::with(&town, &[("PAGE__SERVICE", "http://127.0.0.1:1")]);
    let running = served.json("/running.json");
    assert_eq!((&running["verdict"]["tone"], &running["service"]["readiness"]), (&json!("unknown"), &Value::Null));
    assert!(running["service"]["trouble"].as_str().unwrap().contains("is the service running?"), "{running}");
    assert!(running["clickhouse"]["standing"]["server_version"].is_string(), "{running}");
    let page = served.page("/running");
    assert!(page.contains("没有服务应答") && page.contains("TongguanDown"), "{page}");
    wait_for("a banner", Duration::from_secs(10), || served.page("/figures").contains("数据可能不是最新的"));
    let quarantine = served.page("/running/quarantine");
    for (_, reason) in RejectReason::ALL {
        let (_, rest) = quarantine.split_once(&format!("value=\"{reason}\">")).unwrap();
        assert!(!rest.starts_with(reason), "{reason} has no words");
    }
    for (address, status, word) in [
        ("/running?x=1", 400, "没有名为“x”的参数"),
        ("/running/quarantine?reason=not_jsn", 400, "是 not_json 吗"),
        ("/running/quarantine?stream=hotlin", 400, "是 hotline 吗"),
        ("/running/quarantine?limit=0", 400, "1 到 1000"),
        ("/running/quarantine/nowhere/0/1", 404, "没有这个地址"),
        ("/running/quarantine/t/x/1", 400, "TOPIC/PARTITION/OFFSET"),
        ("/running/runbook/TongguanLagGrow", 400, "是 TongguanLagGrows 吗"),
        ("/events?view=runing", 400, "running?"),
    ] {
        served.refused(address, status, &[word]);
    }
}

/// The token that a page's forms carry.
fn token(page: &str) -> String {
    let rest = page.split("name=\"csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

fn place(entry: &Value) -> String {
    format!("{}/{}/{}", entry["topic"].as_str().unwrap(), entry["partition"], entry["offset"])
}

#[test]
fn a_message_in_quarantine_is_listed_shown_discarded_with_a_note_and_replayed() {
    let town = Town::new();
    let old = event("case-1", "accepted", &at(1), json!({}));
    let hostile = raw("<script>alert(1)</script>", b"{\"type\":\"<script>alert(2)</script>\",\"source\":\"urn:a\"}");
    town.send("hotline", &[raw("k", b"<xml>"), hostile, old]);
    // What is refused at first is understood once the limit is lifted.
    town.run_until_caught_up_with(&[
        ("INGEST__EARLIEST", "2030-01-01T00:00:00+08:00"),
        ("INGEST__FUTURE_MAX_S", "31536000"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let kept = ("HTTP__AUTH__AUDIT_DIR", folder.path().to_str().unwrap());
    let served = Served::with(&town, &[("PAGE__SERVICE", "http://127.0.0.1:1"), kept]);
    let command = |args: &[&str]| -> Value {
        let ended = town.tongguan(&[&["quarantine"], args].concat(), &[]);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
    };
    let listed = command(&["list", "--json"]);
    assert_eq!(served.json("/running/quarantine.json"), listed);
    let all = listed.as_array().unwrap();
    assert_eq!(all.len(), 3, "{listed}");
    let page = served.page("/running/quarantine");
    assert!(page.contains("列出 3 条，共 3 条") && !page.contains("<script>alert"), "{page}");
    is_the_same_in_other_forms(&served, all);

    let of =
        |reason: &str| all.iter().find(|one| one["reason"] == reason).map(place).unwrap_or_else(|| panic!("{listed}"));
    let (bad, early) = (of("not_json"), of("impossible_time"));
    let address = format!("/running/quarantine/{bad}");
    assert_eq!(served.json(&format!("{address}.json")), command(&["show", &bad]));
    let shown = served.page(&address);
    assert!(shown.contains("不是 JSON") && !shown.contains("<xml>"), "{shown}");
    for one in all {
        assert!(!served.page(&format!("/running/quarantine/{}", place(one))).contains("<script>alert"));
    }

    let csrf = token(&shown);
    let states = || served.json("/running/quarantine.json").as_array().unwrap().len();
    for (fields, status) in [
        (&[("act", "discard"), ("note", "x")][..], 403),
        (&[("csrf", "0123456789abcdef0123456789abcdef"), ("act", "discard"), ("note", "x")], 403),
        (&[("csrf", &csrf), ("act", "discard"), ("note", " ")], 400),
        (&[("csrf", &csrf), ("act", "erase"), ("note", "x")], 400),
        (&[("csrf", &csrf), ("act", "replay")], 422),
    ] {
        let (head, body) = served.post(&address, fields);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{fields:?}: {head}\n{body}");
        assert_eq!(states(), 3, "{fields:?}");
    }
    let (head, _) = served.post(&address, &[("csrf", &csrf), ("act", "discard"), ("note", "推送方已更正 <b>")]);
    assert!(head.starts_with("HTTP/1.1 303") && head.contains(&format!("location: {address}")), "{head}");
    let after = served.page(&address);
    assert!(after.contains("已丢弃") && after.contains("推送方已更正 &#60;b&#62;"), "{after}");
    assert_eq!(command(&["show", &bad])["note"], "推送方已更正 <b>");
    let (head, _) = served.post(&address, &[("csrf", &csrf), ("act", "discard"), ("note", "again")]);
    assert!(head.starts_with("HTTP/1.1 409"), "what is done is not done again: {head}");

    let (head, body) = served.post(&format!("/running/quarantine/{early}"), &[("csrf", &csrf), ("act", "replay")]);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
    assert_eq!(town.number("SELECT count() FROM {db}.cases FINAL WHERE case_id = 'case-1'"), 1);
    assert_eq!(served.json("/running/quarantine.json?state=replayed").as_array().unwrap().len(), 1);

    let (head, _) =
        served.post("/running/quarantine", &[("csrf", &csrf), ("act", "discard"), ("note", "all"), ("count", "9")]);
    assert!(head.starts_with("HTTP/1.1 409"), "not as many as were seen: {head}");
    let (head, _) =
        served.post("/running/quarantine", &[("csrf", &csrf), ("act", "discard"), ("note", "all"), ("count", "1")]);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    assert_eq!(states(), 0);
    acts_are_written_down(&town, kept, &bad, &early);
}

/// As CSV, and a page after the other.
fn is_the_same_in_other_forms(served: &Served, all: &[Value]) {
    let (_, csv) = served.get("/running/quarantine.csv");
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let first = served.json("/running/quarantine.json?limit=1");
    let after = format!("/running/quarantine.json?limit=2&after={}", place(&first[0]));
    assert_eq!(
        served.json(&after).as_array().unwrap().as_slice(),
        &all[1..],
        "a page after the other is the whole list"
    );
}

/// Who gave up which, and why; what was not done has no line.
fn acts_are_written_down(town: &Town, kept: (&str, &str), bad: &str, early: &str) {
    let lines = |what: &str| -> Vec<(String, String)> {
        let told = town.tongguan(&["audit", "--what", what, "--json"], &[kept]).stdout;
        let line = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        told.lines().map(line).map(|line| (text(&line["about"]), text(&line["result"]))).collect()
    };
    let said = |about: &str, result: &str| (about.to_owned(), result.to_owned());
    let discarded = [
        said(bad, "asked: 推送方已更正 <b>"),
        said(bad, "done: 1"),
        said("/running/quarantine", "asked: all"),
        said("/running/quarantine", "done: 1"),
    ];
    assert_eq!(lines("discarded"), discarded);
    let replayed = lines("replayed");
    assert_eq!(replayed[..2], [said(bad, "asked: "), said(bad, "done: 0")], "tried, and still not understood");
    assert_eq!(replayed[2..], [said(early, "asked: "), said(early, "done: 1")]);
}

#[test]
fn what_cannot_be_written_down_is_not_done_to_a_message_in_quarantine() {
    let town = Town::new();
    town.send("hotline", &[raw("k", b"<xml>")]);
    town.run_until_caught_up();
    let folder = tempfile::tempdir().unwrap();
    let audit = folder.path().join("audit");
    let served = Served::with(
        &town,
        &[("PAGE__SERVICE", "http://127.0.0.1:1"), ("HTTP__AUTH__AUDIT_DIR", audit.to_str().unwrap())],
    );
    let waiting = || served.json("/running/quarantine.json").as_array().unwrap().clone();
    let address = format!("/running/quarantine/{}", place(&waiting()[0]));
    let csrf = token(&served.page(&address));
    std::fs::remove_dir_all(&audit).unwrap();
    std::fs::write(&audit, "in the way").unwrap();
    for act in ["discard", "replay"] {
        let (head, body) = served.post(&address, &[("csrf", &csrf), ("act", act), ("note", "x")]);
        assert!(head.starts_with("HTTP/1.1 503") && body.contains("审计日志写不进去"), "{act}: {head}\n{body}");
    }
    assert_eq!(waiting().len(), 1);
}

/// What comes until the text has come.
fn until(stream: &mut TcpStream, text: &str) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut all, mut some) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let found = String::from_utf8_lossy(&all).into_owned();
        if found.contains(text) {
            return found;
        }
        match stream.read(&mut some) {
            Ok(n @ 1..) => all.extend(&some[..n]),
            other => panic!("{other:?} before {text}: {found}"),
        }
    }
}

#[test]
fn clickhouse_that_is_killed_or_frozen_is_seen_by_readers_and_so_is_its_return() {
    let server = Server::clickhouse(local::folder("page").join("running"), Ports::default().next());
    server.up();
    let town = Town::on("127.0.0.1:1".to_owned(), Some(format!("http://127.0.0.1:{}", server.port)));
    let served = Served::with(&town, &[("PAGE__SERVICE", "http://127.0.0.1:1"), ("CLICKHOUSE__LOOKUP_TIMEOUT_S", "2")]);
    let trouble = || served.json("/running.json")["clickhouse"]["trouble"].is_string();
    assert!(!trouble());
    for (goes, comes) in [
        (Server::kill as fn(&Server), Server::up as fn(&Server)),
        (|server| server.signal("STOP"), |server| server.signal("CONT")),
    ] {
        let mut reader = served.open("/events?view=running");
        until(&mut reader, "running-now");
        goes(&server);
        let told = until(&mut reader, "ClickHouse 的数字停在");
        assert!(told.contains("running-now"), "{told}");
        let running = served.json("/running.json");
        assert!(running["clickhouse"]["standing"]["server_version"].is_string(), "the last numbers stay: {running}");
        assert!(served.page("/running").contains("ClickHouse 的数字停在"));
        comes(&server);
        wait_for("ClickHouse to be seen again", Duration::from_secs(60), || !trouble());
        assert!(!served.page("/running").contains("ClickHouse 的数字停在"));
    }
}

/// A service that answers every question with the same status, and counts them.
fn counted() -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
    let asked = Arc::clone(&count);
    thread::spawn(move || {
        let body = json!({ "readiness": { "ready": true, "checks": [] }, "stuck": null, "now": {}, "earlier": [] })
            .to_string();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            asked.fetch_add(1, Ordering::Relaxed);
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    (format!("http://{address}"), count)
}

#[test]
fn two_hundred_readers_are_kept_up_to_date_by_one_look_a_second_and_end_with_the_server() {
    let town = Town::without_topics();
    let (service, count) = counted();
    let mut served =
        Served::with(&town, &[("PAGE__SERVICE", &service), ("PAGE__LIVE_MAX", "200"), ("PAGE__CONNECTIONS_MAX", "16")]);
    // One after the other: each has one of the 16 places until it is answered.
    let reader = |_| {
        let mut reader = served.open("/events?view=running");
        let first = until(&mut reader, "\n\n");
        let first = if first.contains("event: ") { first } else { first + &until(&mut reader, "\n\n") };
        assert!(first.contains("text/event-stream") && first.contains("event: part"), "a snapshot first: {first}");
        assert!(first.contains("running-now") && first.contains("running-tiles"), "{first}");
        reader
    };
    let mut readers: Vec<TcpStream> = (0..200).map(reader).collect();
    let (head, _) = served.get("/events?view=running");
    assert!(head.starts_with("HTTP/1.1 503") && head.contains("retry-after"), "{head}");
    let polled = served.json("/events.json?view=running");
    assert!(
        polled["ids"].as_array().unwrap().contains(&"running-tiles".into()) && polled["html"].is_string(),
        "{polled}"
    );

    let (before, began) = (count.load(Ordering::Relaxed), Instant::now());
    pause(4_000);
    let looks = count.load(Ordering::Relaxed) - before;
    let most = began.elapsed().as_secs() as u32 + 2;
    assert!((1..=most).contains(&looks), "{looks} looks in {:?}", began.elapsed());
    assert!(served.page("/figures").contains("</html>"), "what lasts takes nobody's place");

    let began = Instant::now();
    let pid = served.program().id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    for reader in &mut readers {
        until(reader, "event: bye");
    }
    wait_for("the end", Duration::from_secs(10), || served.program().try_wait().unwrap().is_some());
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());

    drop(readers);
}

#[test]
fn nobody_is_asked_when_nobody_looks() {
    let town = Town::without_topics();
    let (service, count) = counted();
    let served = Served::with(&town, &[("PAGE__SERVICE", &service)]);
    served.page("/running");
    pause(13_000);
    let before = count.load(Ordering::Relaxed);
    pause(3_000);
    assert_eq!(count.load(Ordering::Relaxed), before);
    served.page("/running");
    assert!(count.load(Ordering::Relaxed) > before);
}

#[test]
fn the_service_itself_serves_the_page_where_it_is_enabled() {
    let town = Town::new();
    let mut service = Service::start(&town, &[("PAGE__ENABLED", "true"), ("PAGE__LISTEN", "127.0.0.1:0")]);
    service.wait_until_ready();
    service.wait_for_log("the page is listening");
    let log = service.stderr();
    let line: Value =
        serde_json::from_str(log.lines().find(|line| line.contains("the page is listening")).unwrap()).unwrap();
    let address = line["address"].as_str().unwrap().to_owned();
    let get = |path: &str| {
        let (status, body) = crate::service::http(&address, "GET", path, b"");
        (status, String::from_utf8(body).unwrap())
    };
    wait_for("its own word", Duration::from_secs(20), || get("/running").1.contains("已追平"));
    assert_eq!(get("/figures").0, 200);
    let mut reader = TcpStream::connect(&address).unwrap();
    write!(reader, "GET /events?view=running HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    until(&mut reader, "running-now");
    let began = Instant::now();
    let ended = service.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    until(&mut reader, "event: bye");
}
