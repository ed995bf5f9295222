//! A line on which only ClickHouse may answer. A gateway that answers 200 with a page of its own would pass for an
//! acknowledgement, and the client crate shows no header. So every answer's head is looked at here, where no request can
//! go past it: it must carry the query id of the question, or ClickHouse's code of an error.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::{
    Uri,
    rt::{Read, ReadBuf, ReadBufCursor, Write},
};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tower_service::Service;

/// Longest wait until somebody takes the call. In one network this is a matter of milliseconds.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A head is a kilobyte.
const HEAD_MAX: usize = 64 * 1024;

/// Somebody else answers in ClickHouse's place.
#[derive(Clone, Debug, thiserror::Error)]
#[error("this is not ClickHouse's own answer (`{said}`); does a gateway answer in its place?")]
pub struct Foreign {
    pub status: u16,
    /// The first line of what was said.
    said: String,
}

/// Makes lines out of connections. The call, with all that belongs to it, has its time.
#[derive(Clone, Debug)]
pub struct Lines<C>(pub C);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl<C> Service<Uri> for Lines<C>
where
    C: Service<Uri, Error: Into<BoxError>, Future: Send + 'static>,
{
    type Response = Line<C::Response>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let dialling = self.0.call(to);
        Box::pin(async move {
            match tokio::time::timeout(CONNECT_WITHIN, dialling).await {
                Ok(stream) => Ok(Line { stream: stream.map_err(Into::into)?, turn: Turn::Theirs }),
                Err(_) => Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!("no connection within {} s", CONNECT_WITHIN.as_secs()),
                )
                .into()),
            }
        })
    }
}

#[derive(Debug)]
pub struct Line<S> {
    stream: S,
    turn: Turn,
}

/// Whose turn it is. There is one question at a time on a line.
#[derive(Debug)]
enum Turn {
    /// We ask; the first line of the question, and what is there of the answer's head.
    Ours { asked: Vec<u8>, head: Vec<u8> },
    /// The head was in order, and so much of it is not passed on yet.
    Passing { head: Vec<u8>, passed: usize },
    /// Whatever comes belongs to the answer, until the next question.
    Theirs,
}

const POST: &[u8] = b"POST ";

impl Turn {
    fn note(&mut self, written: &[u8]) {
        match self {
            Self::Ours { asked, .. } if asked.len() < HEAD_MAX && !has_line(asked) => asked.extend_from_slice(written),
            // The rest of a body may still be on its way when the answer comes; a question begins like this.
            Self::Theirs if !written.is_empty() && written.starts_with(&POST[..POST.len().min(written.len())]) => {
                *self = Self::Ours { asked: written[..written.len().min(HEAD_MAX)].to_vec(), head: Vec::new() };
            }
            _ => {}
        }
    }
}

impl<S: Read + Unpin> Read for Line<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, mut buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let Self { stream, turn } = self.get_mut();
        loop {
            match turn {
                Turn::Theirs => return Pin::new(stream).poll_read(cx, buf),
                Turn::Passing { head, passed } => {
                    let rest = &head[*passed..];
                    let now = rest.len().min(buf.remaining());
                    buf.put_slice(&rest[..now]);
                    *passed += now;
                    if *passed == head.len() {
                        *turn = Turn::Theirs;
                    }
                    return Poll::Ready(Ok(()));
                }
                Turn::Ours { asked, head } => {
                    let mut room = [0; 4096];
                    let mut read = ReadBuf::new(&mut room);
                    ready!(Pin::new(&mut *stream).poll_read(cx, read.unfilled()))?;
                    if read.filled().is_empty() {
                        return Poll::Ready(Ok(())); // the end; HTTP knows what to say of it
                    }
                    head.extend_from_slice(read.filled());
                    if let Some(end) = end_of_head(head) {
                        judge(&head[..end], asked).map_err(io::Error::other)?;
                        *turn = Turn::Passing { head: std::mem::take(head), passed: 0 };
                    } else if head.len() > HEAD_MAX {
                        return Poll::Ready(Err(io::Error::other(foreign(head))));
                    }
                }
            }
        }
    }
}

impl<S: Write + Unpin> Write for Line<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { stream, turn } = self.get_mut();
        let written = ready!(Pin::new(stream).poll_write(cx, buf))?;
        turn.note(&buf[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, turn } = self.get_mut();
        let written = ready!(Pin::new(stream).poll_write_vectored(cx, bufs))?;
        let mut left = written;
        for buf in bufs {
            let now = left.min(buf.len());
            turn.note(&buf[..now]);
            left -= now;
        }
        Poll::Ready(Ok(written))
    }
}

impl<S: Connection> Connection for Line<S> {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

fn has_line(text: &[u8]) -> bool {
    text.windows(2).any(|two| two == b"\r\n")
}

fn end_of_head(head: &[u8]) -> Option<usize> {
    head.windows(4).position(|four| four == b"\r\n\r\n")
}

fn judge(head: &[u8], asked: &[u8]) -> Result<(), Foreign> {
    let asked = String::from_utf8_lossy(asked);
    let line = asked.lines().next().unwrap_or_default();
    let id = line.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("query_id="));
    let text = String::from_utf8_lossy(head);
    let header = |name: &str| {
        let mut named = text.lines().skip(1).filter_map(|line| line.split_once(':'));
        named.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let is_ours = id.is_some() && header("X-ClickHouse-Query-Id") == id;
    // Before it knows who asks, ClickHouse gives no id.
    let is_its_error = status(head) >= 400 && header("X-ClickHouse-Exception-Code").is_some();
    if is_ours || is_its_error { Ok(()) } else { Err(foreign(head)) }
}

fn status(head: &[u8]) -> u16 {
    let line = String::from_utf8_lossy(head.split(|byte| *byte == b'\n').next().unwrap_or_default()).into_owned();
    line.split(' ').nth(1).and_then(|code| code.trim().parse().ok()).unwrap_or(0)
}

fn foreign(head: &[u8]) -> Foreign {
    let line = head.split(|byte| *byte == b'\r' || *byte == b'\n').next().unwrap_or_default();
    Foreign { status: status(head), said: String::from_utf8_lossy(&line[..line.len().min(80)]).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &[u8] = b"POST /?query_id=tg-1&async_insert=0 HTTP/1.1\r\nhost: x";

    #[test]
    fn only_an_answer_to_this_question_or_an_error_of_clickhouse_is_taken() {
        for (head, is_own) in [
            ("HTTP/1.1 200 OK\r\nX-ClickHouse-Query-Id: tg-1", true),
            ("HTTP/1.1 200 OK\r\nx-clickhouse-query-id:tg-1\r\nVia: gateway", true),
            ("HTTP/1.1 500 Internal Server Error\r\nX-ClickHouse-Query-Id: tg-1", true),
            ("HTTP/1.1 403 Forbidden\r\nX-ClickHouse-Exception-Code: 516", true),
            ("HTTP/1.1 200 OK\r\nX-ClickHouse-Query-Id: tg-10", false),
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html", false),
            ("HTTP/1.1 200 OK\r\nX-ClickHouse-Exception-Code: 0", false),
            ("HTTP/1.1 204 No Content", false),
            ("HTTP/1.1 301 Moved Permanently\r\nLocation: https://elsewhere", false),
            ("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0", false),
            ("nonsense", false),
        ] {
            assert_eq!(judge(head.as_bytes(), ASKED).is_ok(), is_own, "{head}");
        }
        let error = judge(b"HTTP/1.1 413 Request Entity Too Large\r\nServer: nginx", ASKED).unwrap_err();
        assert_eq!(error.status, 413);
        assert!(error.to_string().contains("413 Request Entity Too Large"), "{error}");
        assert!(judge(b"HTTP/1.1 200 OK\r\nX-ClickHouse-Query-Id: ", b"POST / HTTP/1.1\r\n").is_err());
    }

    #[test]
    fn a_question_begins_with_its_method_and_the_rest_of_a_body_is_none() {
        let mut turn = Turn::Theirs;
        turn.note(b"1f4\r\nPOST in a body");
        assert!(matches!(turn, Turn::Theirs));
        turn.note(b"POST /?query");
        turn.note(b"_id=tg-1 HTTP/1.1\r\n");
        let Turn::Ours { asked, .. } = &turn else { panic!("{turn:?}") };
        assert_eq!(asked, b"POST /?query_id=tg-1 HTTP/1.1\r\n");
    }
}
