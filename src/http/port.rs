//! The port: who may connect, how many at once, and how long each may take. `axum::serve` sets no limit to any of it.
//!
//! A connection brings one request, small and soon, and takes its answer: then it is closed. Where browsers come it may rest and
//! bring another (`idle_timeout`). So whoever is slow, silent or greedy costs one place for one deadline, and nothing that Kafka and
//! ClickHouse need.

use std::{
    future::poll_fn,
    io,
    net::IpAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use axum::Router;
use hyper::{
    body::Incoming,
    header::{CONNECTION, HeaderValue},
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use super::{
    connections::Connections,
    course::{Answer, Course, Lasting, Line, PortLimits, linger},
    page_tls::{PageTls, Wire},
    peer::Peer,
};

/// Request line and headers together; no client of ours sends a tenth of it.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Longest wait for answers under way after the stop: a client that stays must not hold us.
pub(super) const LAST_ANSWERS: Duration = Duration::from_secs(1);
/// Before the next try when the system gives us no connection, for example for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What stands behind a port: what answers, and TLS where it is spoken.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) router: Router,
    pub(super) tls: Option<Arc<PageTls>>,
}

/// Until `stop`; then answers under way may end. `shown` is told how many connections are open.
pub(super) async fn listen(
    listener: TcpListener,
    service: Service,
    limits: PortLimits,
    shown: fn(usize),
    stop: CancellationToken,
) {
    let connections = Connections::new(limits.connections_max, shown);
    let mut said = None;
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => {
                let place = tokio::select! {
                    biased;
                    () = stop.cancelled() => break,
                    place = connections.place() => place,
                };
                let course = Course::begin(place, limits, Instant::now());
                tokio::spawn(attend((stream, address.ip()), course, service.clone(), stop.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                say(&error, &mut said);
                time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.end(false);
    if time::timeout(LAST_ANSWERS, connections.all_gone()).await.is_err() {
        connections.end(true);
    }
}

/// The client was gone before we took it; the next one is not concerned.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Once a minute while it lasts.
fn say(error: &io::Error, said: &mut Option<Instant>) {
    let now = Instant::now();
    if said.is_none_or(|at| at + Duration::from_secs(60) <= now) {
        *said = Some(now);
        tracing::warn!(%error, "http can take no connection just now, going on; are descriptors short (ulimit -n)?");
    }
}

async fn attend(stream: (TcpStream, IpAddr), course: Arc<Course>, service: Service, stop: CancellationToken) {
    let end = course.place.end.clone();
    tokio::select! {
        biased;
        () = end.cancelled() => {}
        () = meet(stream, &course, service, stop) => {}
    }
}

/// A handshake, where there is one, is part of the connection: it has its place, and its end.
async fn meet((stream, address): (TcpStream, IpAddr), course: &Arc<Course>, service: Service, stop: CancellationToken) {
    let line = Line { stream, course: Arc::clone(course) };
    let met = match &service.tls {
        None => Some((Wire::Left(line), None)),
        Some(tls) => tls.greet(line).await.map(|(wire, tls)| (wire, Some(tls))),
    };
    if let Some((wire, tls)) = met {
        answer((wire, Peer { address, tls }), course, service.router, stop).await;
    }
}

/// Requests and their answers. What goes wrong here is the client's, who is told as far as it listens.
async fn answer((wire, peer): (Wire, Peer), course: &Arc<Course>, router: Router, stop: CancellationToken) {
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        let is_last = course.asks(Instant::now());
        let answer = TowerToHyperService::new(router.clone()).call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            let lasts = response.extensions().get::<Lasting>().is_some();
            if lasts {
                course.lasts();
            }
            // What lasts has left its place, and asks no more.
            if is_last || lasts {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, std::convert::Infallible>(response.map(|body| Answer { body, course: Arc::clone(course) }))
        })
    });
    let mut connection = http1::Builder::new()
        .keep_alive(course.is_kept())
        .max_header_size(HEAD_BYTES_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(wire), service);
    let mut stopping = pin!(stop.cancelled());
    let (mut is_stopping, mut sleep) = (false, pin!(time::sleep_until(course.until())));
    let is_over = poll_fn(|context| {
        if !is_stopping && stopping.as_mut().poll(context).is_ready() {
            is_stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        if connection.poll_without_shutdown(context).is_ready() {
            return Poll::Ready(true);
        }
        // What happened meanwhile may have moved it.
        if sleep.deadline() != course.until() {
            sleep.as_mut().reset(course.until());
        }
        sleep.as_mut().poll(context).map(|()| false)
    });
    if is_over.await {
        linger(connection.into_parts().io.into_inner(), course.until()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_concerns_one_client_is_passed_over_at_once() {
        for (raw, is_so) in [(103, true), (104, true), (4, true), (24, false), (23, false), (12, false), (105, false)] {
            // ECONNABORTED, ECONNRESET, EINTR; EMFILE, ENFILE, ENOMEM, ENOBUFS of Linux.
            assert_eq!(is_of_one_connection(&io::Error::from_raw_os_error(raw)), is_so, "{raw}");
        }
    }
}
