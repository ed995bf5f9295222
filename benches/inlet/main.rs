//! How many events a second the inlet answers, beside a producer that puts the same bytes on Kafka without a look at them, in one run,
//! in turn. `make bench-inlet`. Quote the ratio: the machine is noisy. `BENCH_EVENTS` are the events of each turn, `BENCH_ROUNDS`
//! how often each takes its turn, `BENCH_CLIENTS` the connections over which events come one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, watches the clock, and stops where it cannot go on"
)]

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tongguan::feed::{
    cluster::Cluster,
    producer::{Producer, Wrapping},
};

const BATCH: usize = 500;

fn main() {
    let number = |name: &str, default: usize| env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let events = number("BENCH_EVENTS", 200_000);
    let (rounds, clients) = (number("BENCH_ROUNDS", 3), number("BENCH_CLIENTS", 64));
    let inlet = Inlet::open();
    let (mut batches, mut singles, mut producers) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let taken = inlet.posted(&format!("b{round}"), (events, BATCH, 4));
        batches.push(told(&format!("inlet, batches of {BATCH} over 4 connections"), events, taken));
        let few = events / 10;
        let taken = inlet.posted(&format!("s{round}"), (few, 1, clients));
        singles.push(told(&format!("inlet, one by one over {clients} connections"), few, taken));
        producers.push(told("a producer, nothing looked at", events, inlet.produced(events)));
    }
    println!("peak of the inlet {} MB", inlet.peak_mb());
    println!("ratio, inlet in batches over a producer: {:.2}", middle(&batches) / middle(&producers));
    println!("ratio, inlet one by one over a producer: {:.2}", middle(&singles) / middle(&producers));
}

fn told(what: &str, events: usize, taken: Duration) -> f64 {
    let rate = events as f64 / taken.as_secs_f64();
    println!("{what:<42} {rate:>9.0} events/s");
    rate
}

fn middle(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn event(name: &str, number: usize) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{name}-{number}-1","source":"urn:bench:12345","type":"case.accepted.v1","subject":"{name}-{number}","time":"2021-03-08T09:41:00+08:00","data":{{"channel":"HOTLINE","kind":"投诉","category":{{"code":"05010","name":"噪声扰民"}},"place":{{"town":"310113112","community":"310113112204"}},"due_at":"2021-03-15T18:00:00+08:00","title":"小区门口夜间施工噪声扰民"}}}}"#
    )
}

/// The program, on a topic of its own.
struct Inlet {
    program: Child,
    address: String,
    brokers: String,
    prefix: String,
}

impl Inlet {
    fn open() -> Self {
        let brokers = env::var("TONGGUAN__KAFKA__BROKERS").unwrap_or_else(|_| "127.0.0.1:19092".to_owned());
        let prefix = format!("bench{}.", std::process::id());
        let mut program = Command::new(env!("CARGO_BIN_EXE_tongguan"))
            .arg("inlet")
            .env("TONGGUAN__KAFKA__TOPIC_PREFIX", &prefix)
            .env("TONGGUAN__KAFKA__BROKERS", &brokers)
            .env("TONGGUAN__INLET__LISTEN", "127.0.0.1:0")
            .env("TONGGUAN__STREAMS__BUILT_IN", "hotline")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        BufReader::new(program.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
        let address = line.trim().trim_start_matches("http://").trim_end_matches("/v1/events").to_owned();
        let inlet = Self { program, address, brokers, prefix };
        // The topic has to be there before the clock runs.
        while inlet.status("GET /readyz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n") != 200 {
            thread::sleep(Duration::from_millis(100));
        }
        inlet
    }

    fn status(&self, request: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).expect("the inlet");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.get(9..12).and_then(|code| code.parse().ok()).unwrap_or_default()
    }

    /// Until the last is answered; each connection has its share.
    fn posted(&self, name: &str, (events, batch, clients): (usize, usize, usize)) -> Duration {
        let share = events / clients;
        let requests: Vec<Vec<String>> =
            (0..clients).map(|client| requests(&format!("{name}-{client}"), share, batch)).collect();
        let begun = Instant::now();
        thread::scope(|scope| {
            for mine in &requests {
                scope.spawn(|| client(&self.address, mine));
            }
        });
        begun.elapsed()
    }

    /// The same bytes by a client of Kafka.
    fn produced(&self, events: usize) -> Duration {
        let all: Vec<String> = (0..events).map(|number| event("p", number)).collect();
        let topic = format!("{}case-events.hotline", self.prefix);
        let producer = Producer::new(&Cluster::plain(&self.brokers)).expect("a producer");
        let begun = Instant::now();
        for (number, payload) in all.iter().enumerate() {
            producer.send(&topic, &format!("p-{number}"), payload.as_bytes(), Wrapping::Structured).expect("sent");
        }
        producer.finish(Duration::from_secs(60)).expect("acknowledged");
        begun.elapsed()
    }

    fn peak_mb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn requests(name: &str, events: usize, batch: usize) -> Vec<String> {
    let all: Vec<String> = (0..events).map(|number| event(name, number)).collect();
    all.chunks(batch)
        .map(|some| {
            let (media, body) = match some {
                [one] => ("application/cloudevents+json", one.clone()),
                _ => ("application/cloudevents-batch+json", format!("[{}]", some.join(","))),
            };
            let mut request = String::new();
            let _ = write!(
                request,
                "POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            request
        })
        .collect()
}

/// One request after the other over one connection; every answer has to say that all was taken.
fn client(address: &str, requests: &[String]) {
    let stream = TcpStream::connect(address).expect("the inlet");
    stream.set_nodelay(true).expect("no delay");
    let mut answers = BufReader::new(stream.try_clone().expect("a second hand"));
    let mut stream = stream;
    for request in requests {
        stream.write_all(request.as_bytes()).expect("a request");
        let (mut status, mut length, mut refused, mut line) = (String::new(), 0_usize, "0".to_owned(), String::new());
        loop {
            line.clear();
            answers.read_line(&mut line).expect("an answer");
            let text = line.trim().to_ascii_lowercase();
            match text.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().expect("a length"),
                Some(("tongguan-refused", value)) => refused = value.to_owned(),
                _ if text.is_empty() => break,
                _ if status.is_empty() => status = text,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        answers.read_exact(&mut body).expect("a body");
        let is_taken = status.contains(" 202 ") || status.contains(" 207 ") && refused == "0";
        assert!(is_taken, "{status}: {}", String::from_utf8_lossy(&body));
    }
}
