//! A question to a running service over its http port. Needs nothing but a socket, for containers without a shell.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// More than any answer of ours; a stranger on the port must not fill our memory.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    pub body: String,
}

/// `http://host:port` of the service, from what is stated or from where it listens.
pub(super) fn base(stated: Option<&str>, listen: Option<SocketAddr>) -> anyhow::Result<String> {
    match (stated, listen) {
        (Some(url), _) => Ok(url.trim_end_matches('/').to_owned()),
        (None, Some(listen)) => Ok(format!("http://{}", reachable(listen))),
        (None, None) => bail!("http.listen is empty, so nobody can be asked; set it, or give --url"),
    }
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

pub(super) async fn get(url: &str, patience: Duration) -> anyhow::Result<Answer> {
    let answer = timeout(patience, exchange(url))
        .await
        .with_context(|| format!("{url} did not answer within {} s", patience.as_secs()))?
        .with_context(|| format!("cannot ask {url}; is the service running?"))?;
    parse(&answer).with_context(|| format!("{url} does not speak HTTP"))
}

async fn exchange(url: &str) -> anyhow::Result<Vec<u8>> {
    let rest = url.strip_prefix("http://").context("the address must begin with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:80") };
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Status and body. Our answers have a length, so a body in chunks need not be understood.
fn parse(answer: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_is_what_is_stated_or_where_the_service_listens() {
        let listen = |text: &str| Some(text.parse().unwrap());
        for (stated, listen, asked) in [
            (Some("http://a:1/"), None, "http://a:1"),
            (None, listen("0.0.0.0:9600"), "http://127.0.0.1:9600"),
            (None, listen("[::]:9600"), "http://[::1]:9600"),
            (None, listen("10.0.0.1:1"), "http://10.0.0.1:1"),
        ] {
            assert_eq!(base(stated, listen).unwrap(), asked);
        }
        assert!(base(None, None).unwrap_err().to_string().contains("--url"));
    }

    #[test]
    fn what_is_no_answer_in_http_is_none() {
        assert_eq!(parse(b"HTTP/1.1 503 No\r\nA: b\r\n\r\nbody").unwrap(), Answer { status: 503, body: "body".into() });
        for text in [&b"SSH-2.0\r\n\r\n"[..], b"", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n"] {
            assert_eq!(parse(text), None);
        }
    }
}
