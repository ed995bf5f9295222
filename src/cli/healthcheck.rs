//! `tongguan healthcheck`: asks a running service whether it is ready.
//!
//! For containers without a shell, so it needs nothing but a socket.

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use tokio::{net::TcpStream, time::timeout};

use crate::health::Readiness;

/// More than any answer of ours; a stranger on the port must not fill our memory.
const ANSWER_BYTES_MAX: usize = 1 << 20;

#[derive(Debug, Args)]
pub struct HealthcheckArgs {
    /// Where to ask [default: /readyz at http.listen]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// How long to wait for the answer (s)
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub timeout_s: u64,
}

/// True when it is ready; what is not ready is written to `out`.
pub async fn run(args: &HealthcheckArgs, listen: Option<SocketAddr>, out: &mut impl Write) -> anyhow::Result<bool> {
    let url = match (&args.url, listen) {
        (Some(url), _) => url.clone(),
        (None, Some(listen)) => format!("http://{}/readyz", reachable(listen)),
        (None, None) => {
            bail!("http.listen is empty, so nobody can be asked; set it, or give --url")
        }
    };
    let patience = Duration::from_secs(args.timeout_s);
    let answer = timeout(patience, get(&url))
        .await
        .with_context(|| format!("{url} did not answer within {} s", args.timeout_s))?
        .with_context(|| format!("cannot ask {url}; is the service running?"))?;
    let (status, body) = split(&answer).with_context(|| format!("{url} does not speak HTTP"))?;
    match serde_json::from_str::<Readiness>(body) {
        Ok(readiness) => write_checks(&readiness, out)?,
        Err(_) => writeln!(out, "{url} answered with status {status}")?,
    }
    Ok(status == 200)
}

fn write_checks(readiness: &Readiness, out: &mut impl Write) -> io::Result<()> {
    for check in &readiness.checks {
        let verdict = if check.ok { "ok  " } else { "FAIL" };
        writeln!(out, "{verdict} {}: {}", check.name, check.detail)?;
    }
    Ok(())
}

/// "Every address" can be listened on but not called.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}

async fn get(url: &str) -> anyhow::Result<String> {
    let rest = url.strip_prefix("http://").context("the address must begin with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:80") };
    let stream = TcpStream::connect(address).await?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    send(&stream, request.as_bytes()).await?;
    let answer = receive(&stream).await?;
    Ok(String::from_utf8(answer)?)
}

async fn send(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn receive(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    while answer.len() < ANSWER_BYTES_MAX {
        stream.readable().await?;
        match stream.try_read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => answer.extend_from_slice(&chunk[..n]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(answer)
}

/// Status and body. Our answers have a length, so a body in chunks need not be understood.
fn split(answer: &str) -> Option<(u16, &str)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    Some((status.parse().ok()?, body))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{
        health::{Check, Health},
        http::{HttpState, serve},
        metrics,
    };

    /// A running service that knows of `health`, and where it listens.
    async fn service(health: &Health) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = HttpState { health: health.clone(), metrics: metrics::install("test").unwrap() };
        tokio::spawn(serve(listener, state, CancellationToken::new()));
        address
    }

    async fn asked(listen: Option<SocketAddr>, url: Option<String>) -> (anyhow::Result<bool>, String) {
        let mut out = Vec::new();
        let verdict = run(&HealthcheckArgs { url, timeout_s: 5 }, listen, &mut out).await;
        (verdict, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn a_service_is_healthy_when_it_is_ready_and_else_says_what_is_not() {
        let health = Health::default();
        health.set(Check::Kafka, Ok("4 partitions"));
        health.set(Check::Schema, Ok("version 3"));
        let address = service(&health).await;
        let (verdict, text) = asked(Some(address), None).await;
        assert!(!verdict.unwrap());
        assert!(text.contains("FAIL clickhouse: not checked yet"), "{text}");

        health.set(Check::ClickHouse, Ok("26.7"));
        let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
        let (verdict, text) = asked(Some(everywhere), None).await;
        assert!(verdict.unwrap());
        assert!(text.contains("ok   clickhouse: 26.7"), "{text}");
    }

    #[tokio::test]
    async fn another_address_can_be_asked() {
        let address = service(&Health::default()).await;
        let (verdict, _) = asked(None, Some(format!("http://{address}/livez"))).await;
        assert!(verdict.unwrap());
    }

    #[tokio::test]
    async fn who_cannot_be_asked_is_an_error_that_says_why() {
        let (verdict, _) = asked(None, None).await;
        assert!(verdict.unwrap_err().to_string().contains("--url"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let free = listener.local_addr().unwrap();
        drop(listener);
        let (verdict, _) = asked(Some(free), None).await;
        assert!(verdict.unwrap_err().to_string().contains("is the service running"));
    }
}
