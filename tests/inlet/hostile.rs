//! Whoever is slow, or sends what nobody should, is sent away, and the others are served all the while.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
};

use serde_json::json;

use crate::{
    client::{Answer, Ask, connect},
    events::event,
    inlet::{Feeders, Inlet, LONG},
    service::{pause, wait_for},
    wrappings::{JSON, NDJSON, STRUCTURED, gzip},
};

const QUICK: [(&str, &str); 3] =
    [("INLET__ACK_TIMEOUT_S", "2"), ("INLET__REQUEST_TIMEOUT_S", "3"), ("INLET__IDLE_TIMEOUT_S", "3")];

/// Others are served.
fn serves(inlet: &Inlet, number: usize) {
    let answer = Ask::json(&event("others", number)).to(inlet);
    assert!([200, 202].contains(&answer.status), "{}", answer.text());
}

/// A 408, or the end of the connection.
fn is_sent_away(mut stream: TcpStream) {
    let mut answer = Vec::new();
    // Reset or closed: either is an end; to wait for ever is not.
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    let text = String::from_utf8_lossy(&answer);
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 408"), "{text}");
}

#[test]
fn a_body_that_never_ends_is_a_408_or_cut_off_and_nothing_of_it_is_taken() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&QUICK);
    let line = format!("{}\n", event("slow", 1));
    let ask = Ask::post(NDJSON, "");
    let stalled: Vec<TcpStream> = (0..40)
        .map(|n| {
            let mut stream = connect(&inlet.address).unwrap();
            stream.write_all(ask.head(&inlet.address, 5_000).as_bytes()).unwrap();
            stream.write_all(&line.as_bytes()[..n * 3]).unwrap();
            stream
        })
        .collect();
    serves(&inlet, 1);
    // A byte now and then does not help.
    let mut dripping = connect(&inlet.address).unwrap();
    dripping.write_all(ask.head(&inlet.address, 5_000).as_bytes()).unwrap();
    let mut drops = 0;
    wait_for("the drip to be cut off", LONG, || {
        drops += 1;
        pause(100);
        dripping.write_all(b"\n").is_err() || drops > 200
    });
    assert!(drops <= 200, "it went on for twenty seconds");
    serves(&inlet, 2);
    stalled.into_iter().for_each(is_sent_away);
    assert!(feeders.stood("hotline").iter().all(|one| one.key != "slow"));
}

#[test]
fn a_head_that_never_ends_and_one_that_is_a_flood_hold_nobody_up() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[&QUICK[..], &[("INLET__CONNECTIONS_MAX", "64")]].concat());
    let begun = b"POST /v1/events?stream=hotline HTTP/1.1\r\nHost: x\r\nX-";
    // Half of the places say nothing at all.
    let _silent: Vec<TcpStream> = (0..60)
        .map(|n| {
            let mut stream = connect(&inlet.address).unwrap();
            stream.write_all(&begun[..if n % 2 == 0 { 0 } else { begun.len() }]).unwrap();
            stream
        })
        .collect();
    serves(&inlet, 1);
    let many: String = (0..20_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "x".repeat(2_000_000));
    for flood in [many, long] {
        let mut stream = connect(&inlet.address).unwrap();
        let mut text = begun[..begun.len() - 2].to_vec();
        text.extend(format!("Content-Type: application/json\r\nContent-Length: 2\r\n{flood}\r\n{{}}").bytes());
        let _ = stream.write_all(&text);
        if let Ok(answer) = Answer::read(&mut stream) {
            assert!((400..500).contains(&answer.status), "{}", answer.text());
        }
        serves(&inlet, 2);
    }
    let path = "x".repeat(100_000);
    if let Ok(answer) = Ask::json(&event("A", 1)).path(&format!("/v1/events?{path}")).at(&inlet.address) {
        assert!((400..500).contains(&answer.status), "{}", answer.text());
    }
    serves(&inlet, 3);
}

/// Small as they come, a gigabyte unpacked; and what each may be answered.
fn bombs() -> Vec<(Ask, &'static [u16])> {
    let megabyte = vec![b' '; 1 << 20];
    let members = gzip(&megabyte).repeat(1_000);
    let one = gzip(&megabyte.repeat(40));
    let mut packer = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    packer.window_log(27).unwrap();
    packer.long_distance_matching(true).unwrap();
    (0..1_000).for_each(|_| packer.write_all(&megabyte).unwrap());
    let wide = packer.finish().unwrap();
    let frames = zstd::stream::encode_all(&megabyte[..], 3).unwrap().repeat(1_000);
    let of =
        |body: &Vec<u8>, packing: &str, kind: &str| Ask::post(kind, body.clone()).header("content-encoding", packing);
    vec![
        (of(&members, "gzip", NDJSON), &[413]),
        (of(&one, "gzip", STRUCTURED), &[413]),
        // It asks for a window of 128 MiB, which nobody has to have.
        (of(&wide, "zstd", JSON), &[400, 413]),
        (of(&frames, "zstd", NDJSON), &[413]),
    ]
}

#[test]
fn a_bomb_is_a_413_and_takes_no_memory() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    inlet.wait_until_ready();
    for (bomb, statuses) in bombs() {
        thread::scope(|scope| {
            let sent: Vec<_> = (0..12).map(|_| scope.spawn(|| bomb.to(&inlet))).collect();
            serves(&inlet, 1);
            for answer in sent.into_iter().map(|one| one.join().unwrap()) {
                assert!(answer.status == 503 || statuses.contains(&answer.status), "{}", answer.text());
            }
        });
        let alone = bomb.to(&inlet);
        assert!(statuses.contains(&alone.status), "{}", alone.text());
    }
    let peak = inlet.service.peak_mb();
    assert!(peak < 250, "{peak} MB");
}

#[test]
fn what_is_nested_deeply_is_refused_and_the_process_goes_on() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let deep = |open: &str, close: &str, depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
    for text in [deep("[", "]", 400_000), deep("{\"a\":", "}", 100_000), "[".repeat(900_000)] {
        for kind in [JSON, STRUCTURED, NDJSON] {
            let answer = Ask::post(kind, text.clone()).to(&inlet);
            assert!((400..500).contains(&answer.status) || answer.counts()[0] == 0, "{}", answer.text());
        }
        let within = event("deep", 1).to_string().replace("\"district\"", &text);
        let answer = Ask::post(JSON, within).to(&inlet);
        assert!((400..500).contains(&answer.status), "{}", answer.text());
    }
    serves(&inlet, 1);
    assert_eq!(feeders.stood("hotline").len(), 1);
}

#[test]
fn a_length_that_is_a_lie_is_a_413_before_the_body_comes() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let ask = Ask::post(NDJSON, "");
    for length in [6_000_000, 99_999_999_999] {
        let mut stream = connect(&inlet.address).unwrap();
        stream.write_all(ask.head(&inlet.address, length).as_bytes()).unwrap();
        Answer::read(&mut stream).expect("an answer").problem(413);
    }
    // In parts that never end.
    let mut stream = connect(&inlet.address).unwrap();
    let head = ask.head(&inlet.address, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    stream.write_all(head.as_bytes()).unwrap();
    let part = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let ended = (0..2_000).any(|_| stream.write_all(part.as_bytes()).is_err());
    match Answer::read(&mut stream) {
        Ok(answer) => drop(answer.problem(413)),
        Err(error) => assert!(ended, "{error}"),
    }
    serves(&inlet, 1);
}

#[test]
fn a_body_in_parts_and_one_that_waits_to_be_asked_for_are_taken_and_a_connection_is_kept() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let body = event("P", 1).to_string();
    let (first, second) = body.split_at(20);
    let ask = Ask::post(JSON, "");
    let mut stream = connect(&inlet.address).unwrap();
    let head = ask.head(&inlet.address, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    write!(stream, "{head}{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n", first.len(), second.len()).unwrap();
    Answer::read(&mut stream).unwrap().is(202);

    let body = event("P", 2).to_string();
    let mut stream = connect(&inlet.address).unwrap();
    let head = ask.head(&inlet.address, body.len()).replace("Connection: close", "Expect: 100-continue");
    stream.write_all(head.as_bytes()).unwrap();
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 100"));
    stream.write_all(body.as_bytes()).unwrap();
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 202"));
    drop(stream);

    let mut stream = connect(&inlet.address).unwrap();
    for number in 3..6 {
        let body = event("P", number).to_string();
        let head = ask.head(&inlet.address, body.len()).replace("Connection: close\r\n", "");
        stream.write_all((head + &body).as_bytes()).unwrap();
        let head = head_of(&mut stream).to_lowercase();
        assert!(head.starts_with("http/1.1 202"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut rest = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut rest).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&rest).unwrap()["id"], json!(format!("P-{number}")));
    }
    assert_eq!(feeders.stood("hotline").len(), 5);
}

fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
