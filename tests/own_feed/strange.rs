//! What others send that nobody should, and who asks as nobody should: it costs nobody else his look.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{SOURCE, bare, changed, event, told as event_of},
    inlet::{Feeders, LONG},
    keyed::{ALONE, FEED, Keyed, TAIL, checked, is_not_kept, look, output, seen},
    records::{Record, now, put, told},
    report::{counts, number, oddities, report},
    sample::{LONGER, good, own},
    service::wait_for,
};

const OWN: [&str; 2] = ["--source", SOURCE];

#[test]
fn a_number_in_the_place_of_an_id_leaves_the_source_what_it_is() {
    let feeders = Feeders::new();
    let of =
        |name: &str, value: Value| Record::raw("k", changed(event("S", 1), |e| e[name] = value).to_string().as_bytes());
    let of_bare = |name: &str, value: Value| Record::bare(&changed(bare(&event("S", 1)), |e| e[name] = value));
    let records = [
        of("id", json!(123)),
        of("id", json!(null)),
        of("subject", json!(2021001)),
        of_bare("case_id", json!(2021001)),
        changed_time(of_bare("subject", json!("beside"))),
    ];
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(counts(report(&said))[0], 5, "{said:#}");
}

/// Refused, and its two names of a case can be read.
fn changed_time(record: Record) -> Record {
    let mut event: Value = serde_json::from_slice(&record.payload).unwrap();
    event["occurred_at"] = json!("yesterday");
    Record::bare(&event)
}

#[test]
fn where_the_window_was_cut_nothing_came_is_said_of_nobody() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &[own("Q", 1..=1), good(LONGER, "O", 1..=5)].concat());
    let (code, said) = checked(&feeders.0, &[&OWN[..], &["--messages", "3"]].concat());
    let none = report(&said);
    assert_eq!((code, number(&none["messages"])), (Some(0), 0), "{said:#}");
    assert_eq!((&none["complete"], &none["cut"], &none["read_to_end"]), (&json!(false), &json!(true), &json!(true)));
    let args = ["feed", "check", "--stream", "hotline", "--source", SOURCE, "--messages", "3"];
    let (_, stdout, _) = output(&feeders.0, &args);
    assert!(stdout.contains("older part") && !stdout.contains("nothing came") && !stdout.contains(LONGER), "{stdout}");
}

#[test]
fn what_is_sent_while_a_window_is_read_does_not_come_on_top_of_the_bound() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("V", 1..=50));
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let more = own("V", 51..=60);
            while !is_over.load(std::sync::atomic::Ordering::SeqCst) {
                put(&feeders.0, "hotline", more.iter().cycle().take(2_000));
            }
        });
        for _ in 0..3 {
            let said = checked(&feeders.0, &[&OWN[..], &["--messages", "40"]].concat()).1;
            assert!(number(&report(&said)["messages"]) <= 40, "{}", report(&said)["messages"]);
        }
        is_over.store(true, std::sync::atomic::Ordering::SeqCst);
    });
}

#[test]
fn messages_of_thousands_of_fields_keep_nobody_from_his_look() {
    let keyed = Keyed::new();
    let (key, other) = (keyed.key("mine", &[SOURCE]), keyed.key("other", &[LONGER]));
    let fields: serde_json::Map<String, Value> =
        (0..33_000).map(|n| (format!("strange{}of{}", n % 1_000, n / 1_000), json!(1))).collect();
    let many = event_of("F", 1, "urged", Value::Object(fields));
    let records: Vec<Record> = (0..12).map(|_| Record::structured(&many)).collect();
    put(keyed.town(), "hotline", &[good(LONGER, "O", 1..=1), records].concat());
    let inlet = keyed.inlet(&[]);
    assert_eq!(counts(&seen(&inlet, FEED, &other))[0], 1, "another's look");
    let said = seen(&inlet, FEED, &key);
    assert_eq!(counts(&said)[0], 12, "{said:#}");
    assert_eq!(number(&said["other_fields"]), 12 * 30, "of fifty fields of each message twenty are shown: {said:#}");
}

#[test]
fn late_is_said_of_what_lies_on_one_partition() {
    let feeders = Feeders::new();
    let stamp = (now() / 1000 - 60) * 1000;
    let of = |case: &str, number: usize, before: i64| {
        let event = changed(event(case, number), |event| event["time"] = json!(told(stamp - before)));
        Record::structured(&event).stamped(stamp)
    };
    let across = [of("A", 2, 1_000), of("A", 1, 9_000).on(1), of("A", 3, 500).on(2)];
    let within = [of("B", 2, 1_000), of("B", 1, 9_000)];
    put(&feeders.0, "hotline", across.iter().chain(&within));
    let said = checked(&feeders.0, &OWN).1;
    let oddities = oddities(report(&said));
    assert_eq!((oddities[1], oddities[3]), (1, 1), "{said:#}");
    assert_eq!(report(&said)["late"]["examples"][0]["case_id"], "B", "{said:#}");
}

#[test]
fn a_terminal_shows_what_others_wrote_and_does_not_obey_it() {
    let feeders = Feeders::new();
    let hostile = "x\u{1b}[31m\n2026 forged\u{202e}";
    let records = [
        changed(event("A", 1), |event| event["id"] = json!(hostile)),
        changed(event_of("A", 2, "urged", json!({ hostile: 1 })), |event| event["subject"] = json!("A")),
        changed(event("B", 1), |event| event["source"] = json!(hostile)),
    ];
    let raw = |event: &Value| Record::raw("k", event.to_string().as_bytes());
    put(&feeders.0, "hotline", &records.iter().map(raw).collect::<Vec<_>>());
    let (_, stdout, _) = output(&feeders.0, &["feed", "check", "--stream", "hotline"]);
    let tail =
        crate::service::Service::spawn(&feeders.0, &["feed", "tail", "--stream", "hotline", "--last", "9"], &[ALONE]);
    wait_for("three lines", LONG, || tail.stdout().lines().count() >= 3);
    for text in [stdout, tail.stdout()] {
        assert!(text.contains("x\\u{1b}[31m\\u{a}2026 forged\\u{202e}"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("\n2026 forged"), "{text}");
    }
}

#[test]
fn a_tail_that_nobody_reads_any_more_ends_though_nothing_comes() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("Q", 1..=3));
    for last in ["3", "0"] {
        let mut command = feeders.0.command(&["feed", "tail", "--stream", "hotline", "--last", last]);
        command.env("TONGGUAN__CLICKHOUSE__URL", ALONE.1).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut tail = command.spawn().unwrap();
        drop(tail.stdout.take());
        let mut ended = None;
        wait_for("it to end", LONG, || {
            ended = tail.try_wait().unwrap();
            ended.is_some()
        });
        assert_eq!(ended.unwrap().code(), Some(0), "--last {last}");
    }
}

#[test]
fn a_partition_that_was_added_is_read_from_its_beginning_and_an_empty_place_is_none() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    let on_one: Vec<Record> = own("T", 1..=2).into_iter().map(|record| record.on(1)).collect();
    put(keyed.town(), "hotline", &on_one);
    let said = look(&inlet, &format!("{TAIL}&after="), &key).is(200);
    let after = said["after"].as_str().unwrap().to_owned();
    assert_eq!(after.rsplit('@').next(), Some("0:0,1:2,2:0,3:0"), "{said}");
    assert!(after.contains('@'), "with Kafka's id of the topic: {said}");
    let without = after.replace("1:2,", "");
    let said = look(&inlet, &format!("{TAIL}&after={without}"), &key).is(200);
    assert_eq!(said["messages"].as_array().unwrap().len(), 2, "{said}");
    // The same places of a topic that was there before.
    let other = format!("AnotherTopic@{}", after.rsplit('@').next().unwrap());
    let said = look(&inlet, &format!("{TAIL}&after={other}"), &key).is(200);
    assert_eq!(said["messages"].as_array().unwrap().len(), 2, "{said}");
}

#[test]
fn only_a_get_looks_and_every_other_way_is_a_405_that_nobody_keeps() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    for path in [FEED, TAIL] {
        let answer = Ask::new("PUT", path).key(&key).to(&inlet);
        answer.problem(405);
        is_not_kept(&answer);
        let head = asked(&inlet.address, &Ask::new("HEAD", path).key(&key).head(&inlet.address, 0)).to_lowercase();
        assert!(head.starts_with("http/1.1 405") && head.contains("cache-control: no-store"), "{head}");
    }
    let answer = Ask::new("PUT", "/").to(&inlet);
    answer.problem(405);
    is_not_kept(&answer);
}

#[test]
fn without_keys_a_page_that_a_browser_has_open_cannot_look() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("Q", 1..=1));
    let inlet = feeders.inlet(&[]);
    inlet.wait_until_ready();
    for path in [FEED, TAIL] {
        for site in ["cross-site", "same-site", "same-origin"] {
            Ask::new("GET", path).header("sec-fetch-site", site).to(&inlet).problem(403);
        }
    }
    let form = |host: &str, site: &str| {
        let body = "lang=en&stream=hotline&hours=24";
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nsec-fetch-site: {site}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        status(&inlet.address, &head)
    };
    assert_eq!(form(&inlet.address, "same-origin"), 200);
    assert_eq!(form("evil.example:9602", "same-origin"), 403, "a name that a page gave our address");
    assert_eq!(form(&inlet.address, "cross-site"), 403);
    let strange = format!("GET {FEED} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&inlet.address, &strange), 403);
    assert_eq!(counts(&inlet.get(FEED).is(200))[0], 1, "who is at the machine may");
}

/// The answer as it comes.
fn asked(address: &str, request: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = crate::client::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(address: &str, request: &str) -> u16 {
    asked(address, request).split(' ').nth(1).unwrap().parse().unwrap()
}
