//! Why Kafka cannot be reached: librdkafka's words, turned into a cause and what to do about it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    ClientConfig, ClientContext,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, ConsumerContext},
    error::KafkaError,
};

use super::cluster::Cluster;
use crate::tls;

/// By this word the library's log tells of a connection that came to nothing.
const FAILED: &str = "FAIL";
/// A handshake is a matter of milliseconds; whoever takes longer does not answer.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Login,
    Mechanism,
    NoLogin,
    LoginWanted,
    TlsWanted,
    NoTls,
    /// The library does not say what is wrong with the broker's certificate.
    Unverified,
    OwnCertificate,
    Name,
    Refused,
}

/// The first row that fits. The words are those of librdkafka 2.12 and of OpenSSL 1.1 and 3.
#[rustfmt::skip]
const CAUSES: &[(&str, Cause)] = &[
    ("Unsupported SASL mechanism", Cause::Mechanism),
    ("SASL authentication error", Cause::Login),
    ("SASL SCRAM authentication failed", Cause::Login),
    ("Authentication failed", Cause::Login),
    ("Request not valid in current SASL state", Cause::NoLogin),
    ("broker might require SASL authentication", Cause::LoginWanted),
    ("connecting to a SSL listener?", Cause::TlsWanted),
    ("connecting to a PLAINTEXT broker listener?", Cause::NoTls),
    ("wrong version number", Cause::NoTls),
    ("packet length too long", Cause::NoTls),
    ("certificate verify failed", Cause::Unverified),
    ("alert bad certificate", Cause::OwnCertificate),
    ("alert certificate required", Cause::OwnCertificate),
    ("alert certificate expired", Cause::OwnCertificate),
    ("alert certificate unknown", Cause::OwnCertificate),
    ("alert unknown ca", Cause::OwnCertificate),
    ("client SSL authentication might be required", Cause::OwnCertificate),
    ("Failed to resolve", Cause::Name),
    ("Connection refused", Cause::Refused),
];

fn cause(reason: &str, cluster: &Cluster) -> Option<Cause> {
    let said = CAUSES.iter().find(|(words, _)| reason.contains(words)).map(|(_, cause)| *cause);
    said.or_else(|| hung_up(reason, cluster))
}

/// A broker that hears something else than it expects says nothing and hangs up, at once.
fn hung_up(reason: &str, cluster: &Cluster) -> Option<Cause> {
    let (_, rest) = reason.split_once("Disconnected")?;
    let (after_ms, state) = rest.split_once("(after ")?.1.split_once("ms in state ")?;
    let at_once = after_ms.parse::<u64>().is_ok_and(|ms| ms < 2_000);
    match state.split([')', ',']).next()? {
        "APIVERSION_QUERY" if cluster.tls.is_none() => Some(Cause::TlsWanted),
        "UP" if at_once && cluster.login.is_none() => Some(Cause::LoginWanted),
        _ => None,
    }
}

/// `host:port` out of `[thrd:…]: sasl_ssl://host:port/1: SASL authentication error: …`.
fn broker(reason: &str) -> Option<&str> {
    let said = reason.split_once("]: ").filter(|(thread, _)| thread.starts_with('[')).map_or(reason, |(_, said)| said);
    let (name, _) = said.split_once(": ")?;
    let (address, _) = name.rsplit_once('/')?;
    Some(address.rsplit_once("://").map_or(address, |(_, address)| address))
}

impl Cause {
    fn told(self, cluster: &Cluster, reason: &str) -> String {
        match self {
            Self::Login => {
                "wrong user or password: the broker refuses the login. Look at kafka.user, kafka.password_file and kafka.sasl_mechanism".to_owned()
            }
            Self::Mechanism => format!("the broker does not offer this way to log in. Look at kafka.sasl_mechanism: {reason}"),
            Self::NoLogin => "the broker lets nobody log in at this port. Look at kafka.brokers and kafka.security".to_owned(),
            Self::LoginWanted => "the broker ends the connection at once: it may want a login. Look at kafka.security".to_owned(),
            Self::TlsWanted => "the broker ends the connection at once: it may want TLS. Look at kafka.security".to_owned(),
            Self::NoTls => tls::TlsTrouble::NoTls.told("kafka"),
            Self::OwnCertificate => own_certificate(cluster, reason).told("kafka"),
            Self::Unverified => unverified(cluster, reason),
            Self::Name => "the broker's name is not known here. Look at kafka.brokers, and at what the brokers call themselves".to_owned(),
            Self::Refused => "nobody listens there. Is Kafka running, and is kafka.brokers right?".to_owned(),
        }
    }
}

/// Ours is not shown, since the broker's comes first; its key may be of a kind that only OpenSSL knows.
fn unverified(cluster: &Cluster, reason: &str) -> String {
    let files = tls::Files { own: None, ..files(cluster) };
    match broker(reason).map(|address| tls::ask(address, &files, HANDSHAKE_WITHIN)) {
        Some(Err(trouble)) => trouble.told("kafka"),
        _ => "the broker's certificate cannot be verified. Look at kafka.ca_file".to_owned(),
    }
}

fn own_certificate(cluster: &Cluster, reason: &str) -> tls::TlsTrouble {
    match &files(cluster).own {
        None => tls::TlsTrouble::CertificateMissing,
        Some(_) => {
            let word = reason.split_once("alert ").map_or(reason, |(_, word)| word);
            let end = word.find([':', '(']).unwrap_or(word.len());
            tls::TlsTrouble::CertificateRefused(word[..end].trim().to_owned())
        }
    }
}

fn files(cluster: &Cluster) -> tls::Files {
    cluster.tls.as_ref().map(|tls| tls.files.clone()).unwrap_or_default()
}

/// What a client's connections last failed over. Clones are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Troubles {
    cluster: Arc<Cluster>,
    last: Arc<Mutex<Option<String>>>,
    said: Arc<Mutex<Option<String>>>,
}

impl Troubles {
    pub(super) fn of(cluster: &Cluster) -> Self {
        Self { cluster: Arc::new(cluster.clone()), ..Self::default() }
    }

    /// A line of the library's log, which tells more than its errors do. From inside a poll, so that it never waits: to look at a certificate takes a thread of its own. The library repeats the
    /// same trouble at most every half a minute.
    pub(super) fn note(&self, facility: &str, reason: &str) {
        if facility != FAILED {
            return;
        }
        let Some(cause) = cause(reason, &self.cluster) else { return };
        let (troubles, reason) = (self.clone(), reason.to_owned());
        let found = move || {
            let place = broker(&reason).unwrap_or(&troubles.cluster.brokers);
            let told = format!("{place}: {}", cause.told(&troubles.cluster, &reason));
            *troubles.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        };
        match cause {
            Cause::Unverified => {
                if let Err(error) = std::thread::Builder::new().name("kafka-tls".to_owned()).spawn(found) {
                    tracing::warn!(%error, "cannot look at the broker's certificate");
                }
            }
            _ => found(),
        }
    }

    /// Kafka is reached again.
    pub(super) fn forget(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The last trouble, if it was not asked for here before.
    pub(super) fn news(&self) -> Option<String> {
        let last = self.last();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = last.is_some() && *said != last;
        said.clone_from(&last);
        last.filter(|_| is_news)
    }

    pub(super) fn last(&self) -> Option<String> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The context of a client that is made to ask questions, and is told why none is answered.
#[derive(Debug)]
pub(super) struct Listener(pub(super) Troubles);

impl ClientContext for Listener {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.note(facility, message);
    }

    /// The same is in the log.
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka connection");
    }
}

impl ConsumerContext for Listener {}

impl Listener {
    pub(super) fn client(self, config: &mut ClientConfig) -> Result<BaseConsumer<Self>, KafkaError> {
        listening(config).create_with_context(self)
    }
}

/// Why a broker hung up is said at this level and nowhere else.
pub(super) fn listening(config: &mut ClientConfig) -> &mut ClientConfig {
    config.set_log_level(RDKafkaLogLevel::Info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        feed::cluster::{Login, Tls},
        tls::{Files, Own},
    };

    fn secured(own: Option<Own>) -> Cluster {
        Cluster {
            tls: Some(Tls { files: Files { ca: None, own }, key_password: String::new() }),
            login: Some(Login { mechanism: "PLAIN", user: "u".into(), password: "p".into() }),
            ..Cluster::plain("127.0.0.1:1")
        }
    }

    /// Each was seen from librdkafka 2.12.1 with OpenSSL 3.0 before Kafka 4.3.
    #[test]
    #[rustfmt::skip]
    fn what_the_library_says_has_its_cause() {
        let plain = Cluster::plain("127.0.0.1:1");
        for (reason, cluster, wanted) in [
            ("sasl_ssl://127.0.0.1:29092/bootstrap: SASL authentication error: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512 (after 504ms in state AUTH_REQ)", secured(None), Some(Cause::Login)),
            ("sasl_ssl://127.0.0.1:29092/bootstrap: SASL PLAIN mechanism handshake failed: Broker: Unsupported SASL mechanism: broker's supported mechanisms: SCRAM-SHA-512,SCRAM-SHA-256 (after 340ms in state AUTH_HANDSHAKE)", secured(None), Some(Cause::Mechanism)),
            ("sasl_plaintext://127.0.0.1:9092/bootstrap: SASL SCRAM-SHA-512 mechanism handshake failed: Broker: Request not valid in current SASL state: broker's supported mechanisms:  (after 20ms in state AUTH_HANDSHAKE)", secured(None), Some(Cause::NoLogin)),
            ("sasl_ssl://127.0.0.1:29092/bootstrap: SSL handshake failed: error:0A000086:SSL routines::certificate verify failed: broker certificate could not be verified, verify that ssl.ca.location is correctly configured or root CA certificates are installed (install ca-certificates package) (after 106ms in state SSL_HANDSHAKE)", secured(None), Some(Cause::Unverified)),
            ("sasl_ssl://127.0.0.1:29092/bootstrap: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42 (after 44ms in state APIVERSION_QUERY)", secured(None), Some(Cause::OwnCertificate)),
            ("sasl_ssl://127.0.0.1:9092/bootstrap: SSL handshake failed: Disconnected: SSL connection closed by peer: connecting to a PLAINTEXT broker listener? (after 101ms in state SSL_HANDSHAKE)", secured(None), Some(Cause::NoTls)),
            ("sasl_ssl://127.0.0.1:8123/bootstrap: SSL handshake failed: error:0A00010B:SSL routines::wrong version number (after 3ms in state SSL_HANDSHAKE)", secured(None), Some(Cause::NoTls)),
            ("[thrd:127.0.0.1:29092/bootstrap]: 127.0.0.1:29092/bootstrap: Disconnected: connection closed by peer: receive 0 after POLLIN (after 11ms in state APIVERSION_QUERY)", plain.clone(), Some(Cause::TlsWanted)),
            ("[thrd:ssl://127.0.0.1:29092/bootstrap]: ssl://127.0.0.1:29092/bootstrap: Disconnected: SSL connection closed by peer (after 4ms in state UP, 1 identical error(s) suppressed)", plain.clone(), Some(Cause::LoginWanted)),
            ("ssl://127.0.0.1:29092/1: Disconnected: SSL connection closed by peer (after 600000ms in state UP)", plain.clone(), None),
            ("sasl_ssl://127.0.0.1:29092/1: Disconnected: SSL connection closed by peer (after 4ms in state UP)", secured(None), None),
            ("no.such.host:9092/bootstrap: Failed to resolve 'no.such.host:9092': Name or service not known (after 0ms in state CONNECT)", plain.clone(), Some(Cause::Name)),
            ("127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)", plain.clone(), Some(Cause::Refused)),
            ("1/1 brokers are down", plain, None),
        ] {
            assert_eq!(cause(reason, &cluster), wanted, "{reason}");
        }
    }

    #[test]
    fn the_broker_is_named_by_its_address() {
        for (reason, address) in [
            ("sasl_ssl://10.0.0.1:9093/bootstrap: SSL handshake failed", Some("10.0.0.1:9093")),
            ("[thrd:ssl://[::1]:9093/2]: ssl://[::1]:9093/2: Receive failed", Some("[::1]:9093")),
            ("kafka.example:9092/bootstrap: Connect to ipv4#1.2.3.4:9092 failed", Some("kafka.example:9092")),
            ("1/1 brokers are down", None),
        ] {
            assert_eq!(broker(reason), address, "{reason}");
        }
    }

    #[test]
    fn what_is_told_says_where_what_and_which_setting() {
        let bad = "ssl://a:1/1: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42";
        let own = Own { certificate: "c".into(), key: "k".into() };
        for (cluster, reason, parts) in [
            (secured(None), bad, &["a:1: client certificate missing", "kafka.certificate_file"][..]),
            (secured(Some(own)), bad, &["a:1: the server refuses our client certificate (bad certificate)"]),
            (
                secured(None),
                "ssl://a:1/1: SASL authentication error: no",
                &["a:1: wrong user or password", "kafka.password_file"],
            ),
        ] {
            let troubles = Troubles::of(&cluster);
            troubles.note(FAILED, "1/1 brokers are down");
            assert_eq!(troubles.last(), None);
            troubles.note(FAILED, reason);
            let told = troubles.last().unwrap();
            assert_eq!((troubles.news(), troubles.news()), (Some(told.clone()), None), "it is news once");
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
    }
}
