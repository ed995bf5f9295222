//! One connection in its course: it rests, brings a request, is answered, and rests again; how long each of it may take.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    time::{self, Instant},
};

use super::connections::Place;

/// A browser reads a page and its parts with a handful; whoever brings more connects anew.
const REQUESTS_MAX: u32 = 1_000;
/// As good as never.
const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);

/// How long we go on reading what nobody asked for, so that the answer before it arrives.
const LINGER: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortLimits {
    /// Connections open at once.
    pub connections_max: usize,
    /// From the connection to the last byte of its answer; where it may be kept, from each request.
    pub request_timeout: Duration,
    /// How long a connection may rest before a request and between two. None: one request each.
    pub idle_timeout: Option<Duration>,
}

/// In the extensions of an answer that goes on until one side ends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lasting;

#[derive(Debug)]
pub(super) struct Course {
    pub(super) place: Place,
    limits: PortLimits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    until: Instant,
    /// Since when the other side takes nothing.
    stalled: Option<Instant>,
    requests: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Resting,
    Answering,
    /// Its last byte is ours to send.
    Answered,
    Lasting,
}

impl Course {
    pub(super) fn begin(place: Place, limits: PortLimits, now: Instant) -> Arc<Self> {
        let until = now + limits.idle_timeout.unwrap_or(limits.request_timeout);
        let state = Mutex::new(State { phase: Phase::Resting, until, stalled: None, requests: 0 });
        Arc::new(Self { place, limits, state })
    }

    pub(super) fn is_kept(&self) -> bool {
        self.limits.idle_timeout.is_some()
    }

    /// When it is cut off, if nothing changes before.
    pub(super) fn until(&self) -> Instant {
        let state = self.state();
        match (state.phase, state.stalled) {
            (Phase::Lasting, Some(since)) => since + self.limits.request_timeout,
            (Phase::Lasting, None) => state.until + FAR,
            _ => state.until,
        }
    }

    /// A request has come. True when it is the last of this connection.
    pub(super) fn asks(&self, now: Instant) -> bool {
        self.place.has_asked();
        let mut state = self.state();
        state.phase = Phase::Answering;
        state.requests += 1;
        // Where there is one request, its time began with the connection.
        if self.is_kept() {
            state.until = now + self.limits.request_timeout;
        }
        state.requests >= REQUESTS_MAX
    }

    pub(super) fn lasts(&self) {
        self.place.lasts();
        self.state().phase = Phase::Lasting;
    }

    fn is_answered(&self) {
        let mut state = self.state();
        if state.phase == Phase::Answering {
            state.phase = Phase::Answered;
        }
    }

    /// Everything is sent.
    fn is_sent(&self, now: Instant) {
        let mut state = self.state();
        if let (Phase::Answered, Some(idle)) = (state.phase, self.limits.idle_timeout) {
            (state.phase, state.until) = (Phase::Resting, now + idle);
            drop(state);
            self.place.rests(now);
        }
    }

    fn is_stalled(&self, now: Option<Instant>) {
        let mut state = self.state();
        state.stalled = now.map(|now| state.stalled.unwrap_or(now));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of the connection, watched.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) stream: TcpStream,
    pub(super) course: Arc<Course>,
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.course.is_stalled(written.is_pending().then(Instant::now));
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.course.is_stalled(written.is_pending().then(Instant::now));
        written
    }

    /// Else hyper copies every body behind its head.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked when nothing is left to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.course.is_sent(Instant::now());
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What is answered; when it is dropped, all of it is on its way.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: axum::body::Body,
    pub(super) course: Arc<Course>,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.course.is_answered();
    }
}

/// Closing while bytes come in would reset the connection, and the client might lose the answer.
pub(super) async fn linger(mut wire: impl AsyncRead + AsyncWrite + Unpin, until: Instant) {
    let ending = async {
        wire.shutdown().await?;
        tokio::io::copy(&mut wire, &mut tokio::io::sink()).await
    };
    let _ = time::timeout_at(until.min(Instant::now() + LINGER), ending).await;
}
