//! A question to a running service over its http port. Needs nothing but a socket, for containers without a shell.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// More than any answer of ours; a stranger on the port must not fill our memory.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    #[error("{url} did not answer within {} s", patience.as_secs())]
    Silent { url: String, patience: Duration },
    #[error("cannot ask {url}; is the service running? {why}")]
    Away { url: String, why: io::Error },
    #[error("{url} does not speak HTTP")]
    Foreign { url: String },
}

/// "Every address" can be listened on but not called.
pub fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}

pub async fn get(url: &str, patience: Duration) -> Result<Answered, Unanswered> {
    let url = || url.to_owned();
    let answer = match timeout(patience, exchange(&url())).await {
        Ok(answer) => answer.map_err(|why| Unanswered::Away { url: url(), why })?,
        Err(_) => return Err(Unanswered::Silent { url: url(), patience }),
    };
    parse(&answer).ok_or_else(|| Unanswered::Foreign { url: url() })
}

async fn exchange(url: &str) -> io::Result<Vec<u8>> {
    let rest = url.strip_prefix("http://");
    let rest =
        rest.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the address must begin with http://"))?;
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
fn parse(answer: &[u8]) -> Option<Answered> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answered { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_in_http_is_none() {
        assert_eq!(
            parse(b"HTTP/1.1 503 No\r\nA: b\r\n\r\nbody").unwrap(),
            Answered { status: 503, body: "body".into() }
        );
        for text in [&b"SSH-2.0\r\n\r\n"[..], b"", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n"] {
            assert_eq!(parse(text), None);
        }
    }
}
