//! Certificates good and bad, made here, and handshakes over them.

use std::{
    io::Write as _, net::TcpListener, os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc, thread,
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    AlertDescription, CertificateError, InvalidMessage, RootCertStore, ServerConfig, ServerConnection,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tempfile::TempDir;

use super::{certificate::ders, *};

struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let new = Self { folder: tempfile::tempdir().unwrap(), issuer };
        new.write("ca.pem", &new.issuer.pem());
        new
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// For one name, until the first day of a year.
    fn signed(&self, name: &str, until: i32) -> Own {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let certificate = self.write(&format!("{name}-{until}.pem"), &certificate.pem());
        Own { certificate, key: self.write(&format!("{name}-{until}.key"), &key.serialize_pem()) }
    }

    fn trusting(&self) -> Files {
        Files { ca: Some(self.ca()), own: None }
    }
}

/// A server that takes one connection to its first byte; where it listens.
fn served(own: &Own, wants: Option<&Authority>) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let builder = match wants {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(ders(&authority.ca()).unwrap().remove(0)).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::from_pem_file(&own.key).unwrap();
    let config = Arc::new(builder.with_single_cert(ders(&own.certificate).unwrap(), key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut tls = ServerConnection::new(config).unwrap();
        while tls.is_handshaking() && tls.complete_io(&mut line).is_ok() {}
        while tls.wants_write() && tls.write_tls(&mut line).is_ok() {}
    });
    address
}

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_handshake_says_which_certificate_is_wrong_and_how() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let good = ours.signed("127.0.0.1", 2100);
    assert_eq!(ask(&served(&good, None), &ours.trusting(), PATIENCE), Ok(()));
    for (own, trusting, trouble) in [
        (good.clone(), theirs.trusting(), TlsTrouble::UnknownCa),
        (ours.signed("127.0.0.1", 2021), ours.trusting(), TlsTrouble::Expired),
        (ours.signed("kafka.example", 2100), ours.trusting(), TlsTrouble::WrongHost(vec!["kafka.example".into()])),
    ] {
        assert_eq!(ask(&served(&own, None), &trusting, PATIENCE), Err(trouble));
    }
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    thread::spawn(move || silent.accept().unwrap().0.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n"));
    assert_eq!(ask(&address, &ours.trusting(), PATIENCE), Err(TlsTrouble::NoTls));
}

#[test]
fn who_shows_a_certificate_that_the_server_trusts_is_let_in() {
    let ours = Authority::new();
    let address = served(&ours.signed("127.0.0.1", 2100), Some(&ours));
    let own = Some(ours.signed("tongguan", 2100));
    assert_eq!(ask(&address, &Files { own, ..ours.trusting() }, PATIENCE), Ok(()));
}

#[test]
fn each_error_of_tls_has_its_trouble() {
    let refused = |word: &str| TlsTrouble::CertificateRefused(word.to_owned());
    for (error, trouble) in [
        (rustls::Error::InvalidCertificate(CertificateError::Expired), TlsTrouble::Expired),
        (rustls::Error::InvalidCertificate(CertificateError::NotValidYet), TlsTrouble::NotYetValid),
        (rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer), TlsTrouble::UnknownCa),
        (rustls::Error::InvalidCertificate(CertificateError::BadSignature), TlsTrouble::UnknownCa),
        (rustls::Error::InvalidCertificate(CertificateError::NotValidForName), TlsTrouble::WrongHost(Vec::new())),
        (rustls::Error::InvalidCertificate(CertificateError::Revoked), TlsTrouble::Revoked),
        (rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType), TlsTrouble::NoTls),
        (rustls::Error::AlertReceived(AlertDescription::CertificateRequired), TlsTrouble::CertificateMissing),
        (rustls::Error::AlertReceived(AlertDescription::BadCertificate), refused("bad certificate")),
        (rustls::Error::AlertReceived(AlertDescription::UnknownCA), refused("unknown CA")),
        (rustls::Error::AlertReceived(AlertDescription::CertificateExpired), refused("expired")),
    ] {
        assert_eq!(TlsTrouble::of(&error), trouble, "{error}");
        assert_eq!(TlsTrouble::within(&std::io::Error::other(error)), Some(trouble));
    }
    assert!(matches!(TlsTrouble::of(&rustls::Error::DecryptError), TlsTrouble::Other(_)));
    assert_eq!(TlsTrouble::within(&std::io::Error::other("the line is cut")), None);
}

#[test]
fn what_is_told_names_the_settings_to_change() {
    for (trouble, parts) in [
        (TlsTrouble::UnknownCa, &["unknown CA", "kafka.ca_file"][..]),
        (TlsTrouble::Expired, &["expired", "on the server"]),
        (TlsTrouble::WrongHost(vec!["a.example".into()]), &["wrong host name", "a.example", "[kafka]"]),
        (
            TlsTrouble::CertificateMissing,
            &["client certificate missing", "kafka.certificate_file", "kafka.certificate_key_file"],
        ),
        (TlsTrouble::CertificateRefused("expired".into()), &["refuses", "(expired)", "kafka.certificate_file"]),
        (TlsTrouble::NoTls, &["TLS", "[kafka]"]),
    ] {
        let told = trouble.told("kafka");
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
}

#[test]
fn a_file_says_when_its_certificates_end() {
    let ours = Authority::new();
    let own = ours.signed("tongguan", 2031);
    let found = read(&own.certificate).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].ends, "2031-01-01T00:00:00Z".parse().unwrap());
    let both = std::fs::read_to_string(&own.certificate).unwrap() + &ours.issuer.pem();
    assert_eq!(read(&ours.write("both.pem", &both)).unwrap().len(), 2);
}

#[test]
fn a_file_that_holds_something_else_is_refused_by_name() {
    let ours = Authority::new();
    let (one, other) = (ours.signed("one", 2100), ours.signed("other", 2100));
    let half = std::fs::read_to_string(&one.certificate).unwrap();
    let half = ours.write("half.pem", &half[..half.len() / 2]);
    for path in [ours.write("empty.pem", ""), one.key.clone(), half] {
        let error = read(&path).unwrap_err();
        assert!(
            matches!(error, Unusable::NoCertificate { .. }) && error.to_string().contains(path.to_str().unwrap()),
            "{error}"
        );
    }
    let garbage = ours.write("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert!(matches!(read(&garbage), Err(Unusable::Unknown { .. })));
    assert!(matches!(read(std::path::Path::new("/nowhere/ca.pem")), Err(Unusable::Unreadable { .. })));

    let fits = |certificate: &PathBuf, key: &PathBuf| {
        Files { ca: None, own: Some(Own { certificate: certificate.clone(), key: key.clone() }) }.key_fits()
    };
    assert!(fits(&one.certificate, &one.key).is_ok());
    assert!(matches!(fits(&one.certificate, &other.key), Err(Unusable::Strangers { .. })));
    assert!(matches!(fits(&one.certificate, &one.certificate), Err(Unusable::NoKey { .. })));
}

#[test]
fn a_port_is_opened_only_with_what_a_browser_takes_and_with_a_key_of_ours_alone() {
    const IN_2026: i64 = 1_767_225_600_000;
    let ours = Authority::new();
    let own = ours.signed("127.0.0.1", 2031);
    let mode = |mode| std::fs::set_permissions(&own.key, std::fs::Permissions::from_mode(mode)).unwrap();
    let files = |client: Option<ClientCa>| ServerFiles { own: own.clone(), client };
    mode(0o644);
    assert!(matches!(files(None).server(IN_2026), Err(Unusable::OpenKey { mode: 0o644, .. })));
    mode(0o600);
    assert!(files(None).server(IN_2026).is_ok());
    let year = 365 * 86_400_000;
    assert!(matches!(files(None).server(IN_2026 + 5 * year + 2 * 86_400_000), Err(Unusable::Ended { .. })));
    assert!(matches!(files(None).server(IN_2026 - 7 * year), Err(Unusable::NotYet { .. })));

    let client = |ca: PathBuf, crl: Option<PathBuf>| files(Some(ClientCa { ca, crl })).server(IN_2026);
    assert!(client(ours.ca(), None).is_ok());
    assert!(matches!(client(own.key.clone(), None), Err(Unusable::NoCertificate { .. })));
    for list in [ours.write("empty.crl", ""), ours.write("der.crl", "0 is how a list in DER begins"), ours.ca()] {
        let error = client(ours.ca(), Some(list.clone())).unwrap_err();
        assert!(matches!(error, Unusable::NoList { .. }) && error.path() == Some(&*list), "{error}");
    }
    let all = files(Some(ClientCa { ca: ours.ca(), crl: None }));
    assert_eq!(all.paths().collect::<Vec<_>>(), [&*own.certificate, &*own.key, &*ours.ca()]);
}

#[test]
fn a_certificate_without_an_end_has_the_last_one() {
    let mut params = CertificateParams::new(vec!["a".to_owned()]).unwrap();
    params.not_after = date_time_ymd(9999, 12, 31);
    let key = KeyPair::generate().unwrap();
    let certificate = Certificate::of(params.self_signed(&key).unwrap().der()).unwrap();
    assert_eq!(certificate.ends, jiff::Timestamp::MAX);
    assert_eq!(Certificate::of(b"nonsense"), None);
}
