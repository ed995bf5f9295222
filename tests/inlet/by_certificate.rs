//! Over TLS, by a client certificate instead of a key.

use std::{fs, path::PathBuf};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde_json::Value;
use tongguan::tls;

use crate::{
    certificates::Authority,
    client::EVENTS,
    events::{SOURCE, changed, event},
    inlet::{Feeders, Inlet},
    keys::said,
    signed::private,
    tls_reader::{TlsAnswer, TlsReader},
};

/// The inlet goes first: one that is left would make the topics again.
struct Secure {
    inlet: Inlet,
    feeders: Feeders,
    authority: Authority,
    key: String,
}

impl Secure {
    fn new() -> Self {
        let feeders = Feeders::new();
        let authority = Authority::new("feeders");
        let folder = feeders.0.folder.path().to_owned();
        authority.write_ca(&folder.join("ca.pem"));
        let [certificate, own] = authority.sign(&folder, "inlet", "127.0.0.1", 2100);
        private(own.to_str().unwrap());
        let [feeder, _] = authority.sign(&folder, "feeder", "127.0.0.1", 2100);
        let file = feeders.path("keys.toml");
        let key = crate::keys::added(&feeders, &file, "by-key", &["--source", SOURCE, "--stream", "hotline"]);
        let der = CertificateDer::from_pem_file(&feeder).unwrap();
        let fingerprint: String = tls::fingerprint(&der).iter().map(|byte| format!("{byte:02x}")).collect();
        let by = |id, certificate| {
            ["add", "--id", id, "--source", SOURCE, "--stream", "hotline", "--certificate", certificate]
        };
        said(&feeders, &file, &by("by-file", feeder.to_str().unwrap()));
        assert!(fs::read_to_string(&file).unwrap().to_lowercase().contains(&fingerprint));
        let inlet = feeders.inlet(&[
            ("INLET__KEYS_FILE", file.as_str()),
            ("INLET__CLIENT_CA_FILE", &feeders.path("ca.pem")),
            ("HTTP__TLS__CERT_FILE", certificate.to_str().unwrap()),
            ("HTTP__TLS__KEY_FILE", own.to_str().unwrap()),
        ]);
        Self { inlet, feeders, authority, key }
    }

    fn files(&self, name: &str) -> [PathBuf; 2] {
        ["pem", "key"].map(|end| self.feeders.0.folder.path().join(format!("{name}.{end}")))
    }

    fn post(&self, own: Option<&str>, more: &str, event: &Value) -> std::io::Result<TlsAnswer> {
        let ca = self.feeders.0.folder.path().join("ca.pem");
        let reader = TlsReader::new(&ca, own.map(|name| self.files(name)).as_ref());
        let headers = format!("Content-Type: application/json\r\n{more}");
        reader.asked(&self.inlet.address, "POST", EVENTS, &headers, &event.to_string())
    }
}

#[test]
fn a_certificate_that_an_entry_names_is_as_good_as_a_key_and_another_is_not() {
    let secure = Secure::new();
    let status = |own: Option<&str>, more: &str, event: &Value| secure.post(own, more, event).unwrap().status;
    assert_eq!(status(Some("feeder"), "", &event("T", 1)), 202);
    let bearer = format!("Authorization: Bearer {}\r\n", secure.key);
    assert_eq!(status(None, &bearer, &event("T", 2)), 202, "a key does over TLS, too");
    assert_eq!(status(None, "", &event("T", 3)), 401);
    let foreign = changed(event("T", 3), |event| event["source"] = "grid.example".into());
    assert_eq!(status(Some("feeder"), "", &foreign), 403);
    // Signed by the same, and in no entry.
    secure.authority.sign(secure.feeders.0.folder.path(), "unnamed", "127.0.0.1", 2100);
    assert_eq!(status(Some("unnamed"), "", &event("T", 3)), 401);
    // Signed by somebody else: it does not get through the handshake, or is nobody.
    Authority::new("others").sign(secure.feeders.0.folder.path(), "foreign", "127.0.0.1", 2100);
    let answer = secure.post(Some("foreign"), "", &event("T", 3));
    assert!(answer.as_ref().map_or(true, |answer| answer.status == 401), "{answer:?}");
    assert_eq!(secure.feeders.stood("hotline").len(), 2);
}
