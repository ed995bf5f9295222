//! Black box: over a real port, with requests as bytes.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use tokio::task::JoinHandle;

use super::*;
use crate::{health::Check, metrics};

struct Service {
    address: SocketAddr,
    health: Health,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

async fn start() -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let health = Health::default();
    let stop = CancellationToken::new();
    let state = HttpState { health: health.clone(), metrics: metrics::install("test").unwrap() };
    let task = tokio::spawn(serve(listener, state, stop.clone()));
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
    assert_eq!(body["checks"][0]["name"], "kafka_assignment");
    assert_eq!(body["checks"][0]["detail"], "not checked yet");

    service.health.set(Check::Kafka, Ok("4 partitions"));
    service.health.set(Check::ClickHouse, Err("connection refused"));
    service.health.set(Check::Schema, Ok("version 3"));
    assert_eq!(get(service.address, "/readyz").await.0, 503);

    service.health.set(Check::ClickHouse, Ok("26.7"));
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
