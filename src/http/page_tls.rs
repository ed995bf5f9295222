//! TLS before the page: handshakes, and certificates that are renewed while it runs.
//!
//! Whether the files have changed is looked at as a connection comes: it costs four looks at the file system, needs no task, and
//! whoever has renewed a certificate and tries it sees the new one. What cannot be used leaves the one from before in force.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::{CertificateError, ServerConfig};
use tokio::{
    io::AsyncWriteExt as _,
    time::{self, Instant},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::either::Either;

use super::{
    course::{Line, linger},
    peer::{PeerCertificate, PeerTls},
    stamp::{FileStamp, stamp},
};
use crate::{
    domain::time::Millis,
    metrics,
    tls::{Certificate, ServerFiles, Unusable, fingerprint, read},
};

/// A handshake takes two turns of the network; whoever needs longer would not read a page either.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Of one kind of refusal, so that a reader who tries again and again does not fill the log.
const SAID_EVERY: Duration = Duration::from_secs(60);
/// How every TLS connection begins; a request in plain HTTP begins with a letter.
const TLS_RECORD: u8 = 0x16;
const NOT_TLS: &[u8] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 85\r\nConnection: close\r\n\r\n\
    此端口只接受 https，请改用 https:// 访问。 This port speaks https only.\n"
    .as_bytes();

/// What requests come over. TLS lies over the watched line, so that the course sees what really leaves and what really stalls.
pub(super) type Wire = Either<Line, Box<TlsStream<Line>>>;

/// The files of the page's port, and what was made of them.
#[derive(Debug)]
pub struct PageTls {
    files: ServerFiles,
    now: fn() -> Millis,
    held: Mutex<HeldTls>,
}

#[derive(Debug)]
struct HeldTls {
    stamps: Vec<Option<FileStamp>>,
    config: Arc<ServerConfig>,
    said: [Option<Instant>; REFUSALS.len()],
}

/// Why a reader's certificate is not taken.
const REFUSALS: [&str; 4] =
    ["it has ended", "it is of a CA that we do not trust", "it has been revoked", "it cannot be used"];

impl PageTls {
    pub fn open(files: ServerFiles, now: fn() -> Millis) -> Result<Self, Unusable> {
        // Looked at before they are read: what changes meanwhile is read again.
        let stamps = stamps(&files);
        let config = Arc::new(files.server(now().0)?);
        metrics::tls_renewal_broken(false);
        Ok(Self { files, now, held: Mutex::new(HeldTls { stamps, config, said: Default::default() }) })
    }

    /// Of now. What is wrong with renewed files is said once.
    fn config(&self) -> Arc<ServerConfig> {
        let stamps = stamps(&self.files);
        let mut held = self.held();
        if held.stamps != stamps {
            held.stamps = stamps;
            let made = self.files.server((self.now)().0);
            metrics::tls_renewal_broken(made.is_err());
            match made {
                Ok(config) => {
                    held.config = Arc::new(config);
                    self.show_end();
                    tracing::info!("the certificates of the page are read anew");
                }
                Err(error) => {
                    let todo = error.remedy();
                    tracing::error!(%error, todo, "the page's renewed certificate cannot be used; the one from before stays in force");
                }
            }
        }
        Arc::clone(&held.config)
    }

    fn show_end(&self) {
        let paths = [Some(&self.files.own.certificate), self.files.client.as_ref().map(|client| &client.ca)];
        for path in paths.into_iter().flatten() {
            if let Some(ends) = read(path).ok().and_then(|all| all.iter().map(|one| one.ends).min()) {
                metrics::certificate_ends(&path.display().to_string(), ends);
            }
        }
    }

    /// None: it came to nothing, and the other side was told as far as it listens.
    pub(super) async fn greet(&self, line: Line) -> Option<(Wire, PeerTls)> {
        let until = line.course.until().min(Instant::now() + HANDSHAKE);
        time::timeout_at(until, self.handshake(line, until)).await.ok().flatten()
    }

    async fn handshake(&self, mut line: Line, until: Instant) -> Option<(Wire, PeerTls)> {
        let mut first = [0];
        if line.stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first[0] != TLS_RECORD {
            // Who typed `http://`, or a program that is set up so.
            line.write_all(NOT_TLS).await.ok()?;
            linger(line, until).await;
            return None;
        }
        match TlsAcceptor::from(self.config()).accept(line).into_fallible().await {
            Ok(stream) => {
                let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let certificate = shown.map(|der| PeerCertificate::of(der));
                Some((Wire::Right(Box::new(stream)), PeerTls { certificate }))
            }
            // The other side is told why, and may have sent its request already.
            Err((error, line)) => {
                self.say(&error);
                linger(line, until).await;
                None
            }
        }
    }

    /// Who runs the service is asked why somebody's certificate is not taken; anything else is a stranger's noise.
    fn say(&self, error: &io::Error) {
        let why = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
        let Some(rustls::Error::InvalidCertificate(why)) = why else {
            tracing::debug!(%error, "a handshake came to nothing");
            return;
        };
        let (kind, now) = (refusal(why), Instant::now());
        let mut held = self.held();
        let said = &mut held.said[kind];
        if said.is_none_or(|at| at + SAID_EVERY <= now) {
            *said = Some(now);
            tracing::warn!(%why, "a reader's certificate was refused: {}", REFUSALS[kind]);
        }
    }

    fn held(&self) -> MutexGuard<'_, HeldTls> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PeerCertificate {
    fn of(der: &[u8]) -> Self {
        let ends = Certificate::of(der).map(|certificate| Millis(certificate.ends.as_millisecond()));
        Self { fingerprint: fingerprint(der), ends }
    }
}

fn refusal(why: &CertificateError) -> usize {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => 0,
        CertificateError::UnknownIssuer | CertificateError::BadSignature => 1,
        CertificateError::Revoked => 2,
        _ => 3,
    }
}

fn stamps(files: &ServerFiles) -> Vec<Option<FileStamp>> {
    files.paths().map(stamp).collect()
}
