//! Black box: over a real port, with requests as bytes.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{port::LAST_ANSWERS, *};
use crate::{health::HealthCheck, metrics};

struct Service {
    address: SocketAddr,
    health: Health,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

const LIMITS: PortLimits =
    PortLimits { connections_max: 8, request_timeout: Duration::from_secs(5), idle_timeout: None };

async fn start() -> Service {
    start_with(LIMITS).await
}

async fn start_with(limits: PortLimits) -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let health = Health::default();
    let stop = CancellationToken::new();
    let state = HttpState::new(health.clone(), metrics::install("test").unwrap());
    let task = tokio::spawn(serve(listener, state, limits, stop.clone()));
    Service { address, health, stop, task }
}

/// Status, head and body of the answer.
async fn get(address: SocketAddr, path: &str) -> (u16, String, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), body.to_owned())
}

#[tokio::test]
async fn it_is_alive_until_the_pipeline_says_it_is_stuck() {
    let service = start().await;
    assert_eq!(get(service.address, "/livez").await.0, 200);
    service.health.set_stuck(Some("no commit since 08:00 with 12 messages waiting".to_owned()));
    let (status, _, body) = get(service.address, "/livez").await;
    assert_eq!(status, 503);
    assert!(body.contains("no commit since 08:00"), "{body}");
    service.health.set_stuck(None);
    assert_eq!(get(service.address, "/livez").await.0, 200);
}

#[tokio::test]
async fn it_is_ready_when_every_check_is_and_lists_each() {
    let service = start().await;
    let (status, head, body) = get(service.address, "/readyz").await;
    assert_eq!(status, 503);
    assert!(head.contains("application/json"));
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["checks"][0]["name"], "kafka");
    assert_eq!(body["checks"][0]["detail"], "not checked yet");

    for check in [HealthCheck::Kafka, HealthCheck::Assignment, HealthCheck::Partitions] {
        service.health.set(check, Ok("4 partitions"));
    }
    service.health.set(HealthCheck::ClickHouse, Err("connection refused"));
    service.health.set(HealthCheck::Schema, Ok("version 3"));
    assert_eq!(get(service.address, "/readyz").await.0, 503);

    service.health.set(HealthCheck::ClickHouse, Ok("26.7"));
    let (status, _, body) = get(service.address, "/readyz").await;
    assert_eq!(status, 200);
    assert!(body.contains(r#"{"name":"clickhouse","ok":true,"detail":"26.7"}"#), "{body}");
}

#[tokio::test]
async fn metrics_are_text_for_prometheus() {
    let service = start().await;
    let (status, head, body) = get(service.address, "/metrics").await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    assert!(body.contains("# HELP tongguan_build_info"), "{body}");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let service = start().await;
    assert_eq!(get(service.address, "/").await.0, 404);
}

#[tokio::test]
async fn it_stops_even_while_a_client_holds_an_unfinished_request() {
    let service = start().await;
    let mut idler = TcpStream::connect(service.address).unwrap();
    idler.write_all(b"GET /livez HTT").unwrap();
    assert_eq!(get(service.address, "/livez").await.0, 200);
    service.stop.cancel();
    let ended = tokio::time::timeout(LAST_ANSWERS * 5, service.task).await;
    ended.unwrap().unwrap().unwrap();
}

/// Everything that comes back for these bytes, until the other side closes.
async fn said(address: SocketAddr, bytes: Vec<u8>) -> String {
    let asked = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(LIMITS.request_timeout * 4)).unwrap();
        let _ = stream.write_all(&bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    });
    asked.await.unwrap()
}

#[tokio::test]
async fn however_many_hold_on_a_new_client_is_answered_and_no_more_than_the_limit_stay_open() {
    let service = start().await;
    let address = service.address;
    let half = move |n: usize| {
        let mut stream = TcpStream::connect(address).unwrap();
        let bytes: &[u8] = if n.is_multiple_of(2) { b"" } else { b"GET /metrics HTTP/1.1\r\nHost: t" };
        stream.write_all(bytes).unwrap();
        stream
    };
    let held = tokio::task::spawn_blocking(move || (0..100).map(half).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(get(address, "/livez").await.0, 200);
    assert_eq!(get(address, "/metrics").await.0, 200);
    // The other side of each that was ended is closed: a read ends at once. The last ones are still held.
    let ended = |mut stream: &TcpStream| {
        stream.set_nonblocking(true).unwrap();
        stream.read(&mut [0]).map_or_else(|error| error.kind() != io::ErrorKind::WouldBlock, |n| n == 0)
    };
    let open = held.iter().filter(|stream| !ended(stream)).count();
    assert!(0 < open && open <= LIMITS.connections_max, "{open}");
    service.stop.cancel();
}

#[tokio::test]
async fn who_is_slow_is_cut_off_and_others_are_answered_meanwhile() {
    let service = start_with(PortLimits { request_timeout: Duration::from_millis(200), ..LIMITS }).await;
    for begun in [&b""[..], b"GET /livez HTTP/1.1\r\nHost: t\r\nX: "] {
        assert_eq!(said(service.address, begun.to_vec()).await, "");
    }
    assert_eq!(get(service.address, "/livez").await.0, 200);
}

#[tokio::test]
async fn a_head_has_a_limit_and_a_body_is_not_taken() {
    let service = start().await;
    let giant = format!("GET /livez HTTP/1.1\r\nHost: t\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let answer = said(service.address, giant.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let many = format!("GET /livez HTTP/1.1\r\nHost: t\r\n{}\r\n", "A: b\r\n".repeat(200));
    let answer = said(service.address, many.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let body = format!("POST /metrics HTTP/1.1\r\nHost: t\r\nContent-Length: 800000\r\n\r\n{}", "x".repeat(800_000));
    let answer = said(service.address, body.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    let promised = b"POST /livez HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc";
    let answer = said(service.address, promised.to_vec()).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    let answer = said(service.address, b"\x16\x03\x01 nonsense\r\n\r\n".to_vec()).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(get(service.address, "/livez").await.0, 200);
}

#[tokio::test]
async fn of_requests_sent_together_the_first_is_answered_whole() {
    let service = start().await;
    let many = "GET /livez HTTP/1.1\r\nHost: t\r\n\r\n".repeat(2_000);
    let answer = said(service.address, many.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("{\"alive\":true}"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
}

/// A port for browsers: what it serves says of itself how long it takes.
async fn kept(limits: PortLimits) -> (SocketAddr, CancellationToken, JoinHandle<io::Result<()>>) {
    use axum::{body::Body, response::Response};
    let lasting = || async {
        let ticks = futures_util::stream::unfold(0_u32, |n| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, io::Error>(format!("{n}\n")), n + 1))
        });
        let mut response = Response::new(Body::from_stream(ticks));
        response.extensions_mut().insert(course::Lasting);
        response
    };
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        "slow"
    };
    let router = Router::new().route("/", get_of(|| async { "hello" })).route("/slow", get_of(slow));
    let flood = || async {
        let chunks = futures_util::stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 64 * 1024]));
        let mut response = Response::new(Body::from_stream(chunks));
        response.extensions_mut().insert(course::Lasting);
        response
    };
    let router = router.route("/lasting", get_of(lasting)).route("/flood", get_of(flood));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let task = tokio::spawn(listen("page", listener, router, None, limits, stop.clone()));
    (address, stop, task)
}
use axum::routing::get as get_of;

const KEPT: PortLimits = PortLimits { idle_timeout: Some(Duration::from_millis(300)), ..LIMITS };

/// Until the other side closes, or `most` bytes.
async fn read(mut stream: TcpStream, most: usize) -> (TcpStream, String) {
    let task = tokio::task::spawn_blocking(move || {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let (mut all, mut some) = (Vec::new(), [0; 4096]);
        while all.len() < most {
            match stream.read(&mut some) {
                Ok(n @ 1..) => all.extend(&some[..n]),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    panic!("it is still open")
                }
                // Ended, or cut off.
                Ok(0) | Err(_) => break,
            }
        }
        (stream, String::from_utf8_lossy(&all).into_owned())
    });
    task.await.unwrap()
}

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n";

#[tokio::test]
async fn a_browsers_connection_brings_several_requests_and_is_closed_when_it_rests_too_long() {
    let (address, _stop, _task) = kept(KEPT).await;
    let mut stream = TcpStream::connect(address).unwrap();
    let started = tokio::time::Instant::now();
    for _ in 0..3 {
        stream.write_all(ASK).unwrap();
        let answer;
        (stream, answer) = read(stream, 60).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello"), "{answer}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (_, rest) = read(stream, 1).await;
    assert_eq!(rest, "");
    assert!(started.elapsed() < Duration::from_secs(5), "it rests for no more than its time");
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_rest_but_not_longer_than_a_request() {
    let limits = PortLimits {
        request_timeout: Duration::from_millis(100),
        idle_timeout: Some(Duration::from_secs(5)),
        ..LIMITS
    };
    let ask = b"GET /slow HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
    let (address, ..) = kept(limits).await;
    assert_eq!(said(address, ask.to_vec()).await, "");
    let limits =
        PortLimits { request_timeout: Duration::from_secs(5), idle_timeout: Some(Duration::from_millis(50)), ..LIMITS };
    let (address, ..) = kept(limits).await;
    assert!(said(address, ask.to_vec()).await.ends_with("slow"));
}

#[tokio::test]
async fn who_rests_gives_way_to_a_newcomer_and_what_lasts_takes_nobodys_place() {
    let limits = PortLimits { connections_max: 2, idle_timeout: Some(Duration::from_secs(60)), ..LIMITS };
    let (address, ..) = kept(limits).await;
    let mut lasting = Vec::new();
    for _ in 0..6 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /lasting HTTP/1.1\r\nHost: t\r\n\r\n").unwrap();
        let (stream, head) = read(stream, 1).await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        lasting.push(stream);
    }
    let mut resting = Vec::new();
    for _ in 0..6 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(ASK).unwrap();
        let (stream, answer) = read(stream, 60).await;
        assert!(answer.ends_with("hello"), "{answer}");
        resting.push(stream);
    }
    for stream in lasting {
        let (_, more) = read(stream, 40).await;
        assert!(more.len() >= 40, "it goes on: {more}");
    }
    let (_, rest) = read(resting.swap_remove(0), 1).await;
    assert_eq!(rest, "", "the first that rested is ended");
}

#[tokio::test]
async fn what_lasts_and_what_rests_end_at_the_stop() {
    let limits = PortLimits { idle_timeout: Some(Duration::from_secs(60)), ..LIMITS };
    let (address, stop, task) = kept(limits).await;
    let mut lasting = TcpStream::connect(address).unwrap();
    lasting.write_all(b"GET /lasting HTTP/1.1\r\nHost: t\r\n\r\n").unwrap();
    let mut resting = TcpStream::connect(address).unwrap();
    resting.write_all(ASK).unwrap();
    let (lasting, _) = read(lasting, 1).await;
    let (resting, _) = read(resting, 60).await;
    stop.cancel();
    let ended = tokio::time::timeout(LAST_ANSWERS * 3, task).await;
    ended.unwrap().unwrap().unwrap();
    assert!(!read(lasting, usize::MAX).await.1.is_empty() && read(resting, 1).await.1.is_empty());
}

#[tokio::test]
async fn a_kept_connection_has_the_limits_of_a_head() {
    let (address, ..) = kept(KEPT).await;
    let giant = format!("GET / HTTP/1.1\r\nHost: t\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let answer = said(address, giant.into_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let begun = b"GET / HTTP/1.1\r\nHost: t\r\nX: ".to_vec();
    assert_eq!(said(address, begun).await, "", "a head that is never whole ends with the rest");
}

#[tokio::test]
async fn the_status_is_what_readyz_and_metrics_say() {
    let service = start().await;
    service.health.set(HealthCheck::ClickHouse, Err("connection refused"));
    service.health.set_stuck(Some("nothing moves".to_owned()));
    let (status, head, body) = get(service.address, "/status").await;
    assert!(status == 200 && head.contains("application/json"), "{head}");
    let told: ServiceStatus = serde_json::from_str(&body).unwrap();
    assert_eq!(told.readiness, service.health.readiness());
    assert_eq!(told.stuck.as_deref(), Some("nothing moves"));
    let text = get(service.address, "/metrics").await.2;
    let metrics = metrics::samples::Samples::parse(&text);
    let build = "tongguan_build_info";
    assert!(!metrics.each(build).is_empty());
    assert_eq!(told.now.each(build), metrics.each(build));
}

#[tokio::test]
async fn who_takes_nothing_of_what_lasts_is_cut_off() {
    let limits = PortLimits { request_timeout: Duration::from_millis(300), ..KEPT };
    let (address, ..) = kept(limits).await;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /flood HTTP/1.1\r\nHost: t\r\n\r\n").unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let most = 64 << 20;
    let (_, got) = read(stream, most).await;
    assert!(!got.is_empty() && got.len() < most, "what had gone out before, and no more: {}", got.len());
}
