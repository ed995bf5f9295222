//! Connections that contradict themselves, and files that cannot be what they should be: refused before anything is tried.

use std::{collections::BTreeMap, path::Path};

use super::{
    AuthMode, ConfigError, Problem, Settings, inlet,
    rule::{Rule, place},
};
use crate::domain::time::Millis;
use crate::tls::{self, ClientCa, Files, Own, ServerFiles, Unusable};

/// Settings of Kafka, ClickHouse and the page that are right alone and wrong together.
pub(super) fn rules(settings: &Settings) -> Vec<Rule> {
    let mut rules = of_kafka(settings).to_vec();
    rules.extend(of_clickhouse(settings));
    rules.extend(of_page(settings));
    rules.extend(inlet::rules(&settings.inlet, settings.http.tls.cert_file.is_some()));
    rules
}

#[rustfmt::skip]
fn of_kafka(settings: &Settings) -> [Rule; 11] {
    const NO_TLS: &str = "is set, but kafka.security encrypts nothing";
    const NO_LOGIN: &str = "is set, but kafka.security lets nobody log in";
    const USE_TLS: &str = "set kafka.security to tls or sasl_tls, or leave it empty";
    const USE_SASL: &str = "set kafka.security to sasl_tls or sasl_plaintext, or leave it empty";
    let kafka = &settings.kafka;
    let (tls, sasl) = (kafka.security.is_tls(), kafka.security.is_sasl());
    let (certificate, key) = (kafka.certificate_file.is_some(), kafka.certificate_key_file.is_some());
    let (user, password) = (kafka.user.is_some(), kafka.password_file.is_some());
    [
        (!tls && kafka.ca_file.is_some(), "kafka.ca_file", NO_TLS, USE_TLS),
        (!tls && certificate, "kafka.certificate_file", NO_TLS, USE_TLS),
        (!tls && key, "kafka.certificate_key_file", NO_TLS, USE_TLS),
        (tls && certificate && !key, "kafka.certificate_file", "has no key", "set kafka.certificate_key_file as well"),
        (tls && key && !certificate, "kafka.certificate_key_file", "has no certificate", "set kafka.certificate_file as well"),
        (
            kafka.certificate_key_password_file.is_some() && !key,
            "kafka.certificate_key_password_file",
            "is set without a key that it could open",
            "set kafka.certificate_key_file, or leave it empty",
        ),
        (sasl && !user, "kafka.user", "is empty, but kafka.security wants a login", "write the user, or set kafka.security to tls or plaintext"),
        (sasl && !password, "kafka.password_file", "is empty, but kafka.security wants a login", "name the file with the password of kafka.user"),
        (sasl && password && kafka.password.is_empty(), "kafka.password_file", "holds no password", "write the password into the file"),
        (!sasl && user, "kafka.user", NO_LOGIN, USE_SASL),
        (!sasl && password, "kafka.password_file", NO_LOGIN, USE_SASL),
    ]
}

#[rustfmt::skip]
fn of_clickhouse(settings: &Settings) -> [Rule; 5] {
    const NO_TLS: &str = "is set, but clickhouse.url encrypts nothing";
    const USE_TLS: &str = "write clickhouse.url with https://, or leave it empty";
    let clickhouse = &settings.clickhouse;
    let tls = clickhouse.url.starts_with("https://");
    let (certificate, key) = (clickhouse.certificate_file.is_some(), clickhouse.certificate_key_file.is_some());
    [
        (!tls && clickhouse.ca_file.is_some(), "clickhouse.ca_file", NO_TLS, USE_TLS),
        (!tls && certificate, "clickhouse.certificate_file", NO_TLS, USE_TLS),
        (!tls && key, "clickhouse.certificate_key_file", NO_TLS, USE_TLS),
        (tls && certificate && !key, "clickhouse.certificate_file", "has no key", "set clickhouse.certificate_key_file as well"),
        (tls && key && !certificate, "clickhouse.certificate_key_file", "has no certificate", "set clickhouse.certificate_file as well"),
    ]
}

#[rustfmt::skip]
fn of_page(settings: &Settings) -> [Rule; 7] {
    const NOT_ASKED: &str = "is set, but http.auth.mode asks for no certificates";
    const ASK: &str = "set http.auth.mode to certificates, or leave it empty";
    let (tls, auth) = (&settings.http.tls, &settings.http.auth);
    let is_by_certificate = auth.mode == AuthMode::Certificates;
    let (certificate, key) = (tls.cert_file.is_some(), tls.key_file.is_some());
    [
        (certificate && !key, "http.tls.cert_file", "has no key", "set http.tls.key_file as well"),
        (key && !certificate, "http.tls.key_file", "has no certificate", "set http.tls.cert_file as well"),
        (
            is_by_certificate && !certificate,
            "http.auth.mode",
            "certificates are shown over TLS only",
            "set http.tls.cert_file and http.tls.key_file",
        ),
        (
            is_by_certificate && auth.client_ca_file.is_none(),
            "http.auth.client_ca_file",
            "is empty, so that nobody could come in",
            "name the file with the CA that signs the readers' certificates",
        ),
        (
            is_by_certificate && !auth.proxies.trim().is_empty(),
            "http.auth.proxies",
            "is set, but readers show their certificates to a proxy and not to us",
            "leave it empty, or set http.auth.mode to proxy",
        ),
        (!is_by_certificate && auth.client_ca_file.is_some(), "http.auth.client_ca_file", NOT_ASKED, ASK),
        (!is_by_certificate && auth.client_crl_file.is_some(), "http.auth.client_crl_file", NOT_ASKED, ASK),
    ]
}

/// What the named files hold. Kafka's private key is left to its client library, which knows more kinds than rustls.
pub(super) fn faults_in_files(settings: &Settings, origins: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut check = |key: &str, found: Result<(), Unusable>| {
        let Err(error) = found else { return };
        let place = place(key, origins.get(key).map_or("default", String::as_str));
        problems.push(Problem::new(place, error.to_string(), "docs/security.md shows how such a file is made"));
    };
    for (key, path) in settings.certificates() {
        check(key, tls::read(path).map(|_| ()));
    }
    if let Some(own) = settings.clickhouse.tls().own {
        check("clickhouse.certificate_key_file", Files { ca: None, own: Some(own) }.key_fits());
    }
    problems
}

/// The files of the page's TLS, for who serves it: no other command ends over them.
pub fn page_files_fit(settings: &Settings, origins: &BTreeMap<String, String>, now: Millis) -> Result<(), ConfigError> {
    let Some(files) = settings.page_tls() else { return Ok(()) };
    files.server(now.0).map(|_| ()).map_err(|error| page_unfit(settings, origins, &error))
}

/// What is wrong with one of them, and which setting named it.
pub fn page_unfit(settings: &Settings, origins: &BTreeMap<String, String>, error: &Unusable) -> ConfigError {
    let key = settings.page_key_of(error);
    let place = place(key, origins.get(key).map_or("default", String::as_str));
    ConfigError::Invalid(vec![Problem::new(place, error.to_string(), error.remedy())])
}

impl Settings {
    /// Of the page; none: it speaks plain HTTP.
    pub fn page_tls(&self) -> Option<ServerFiles> {
        let auth = &self.http.auth;
        let client = || Some(ClientCa { ca: auth.client_ca_file.clone()?, crl: auth.client_crl_file.clone() });
        Some(ServerFiles {
            own: Own { certificate: self.http.tls.cert_file.clone()?, key: self.http.tls.key_file.clone()? },
            client: if auth.mode == AuthMode::Certificates { client() } else { None },
        })
    }

    /// Which setting named the file that an error is about.
    fn page_key_of(&self, error: &Unusable) -> &'static str {
        let (tls, auth) = (&self.http.tls, &self.http.auth);
        let path = error.path();
        let named = [
            ("http.tls.key_file", &tls.key_file),
            ("http.auth.client_ca_file", &auth.client_ca_file),
            ("http.auth.client_crl_file", &auth.client_crl_file),
            ("inlet.client_ca_file", &self.inlet.client_ca_file),
        ];
        named.into_iter().find(|(_, of)| of.as_deref() == path).map_or("http.tls.cert_file", |(key, _)| key)
    }

    /// The page's, which are read again when they are renewed.
    pub fn page_certificates(&self) -> Vec<(&'static str, &Path)> {
        let named = [
            ("http.tls.cert_file", &self.http.tls.cert_file),
            ("http.auth.client_ca_file", &self.http.auth.client_ca_file),
            ("inlet.client_ca_file", &self.inlet.client_ca_file),
        ];
        named.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?))).collect()
    }

    /// Of the inlet, which has the page's certificate.
    pub fn inlet_tls(&self) -> Option<ServerFiles> {
        let client = self.inlet.client_ca_file.clone().map(|ca| ClientCa { ca, crl: None });
        Some(ServerFiles { client, ..self.page_tls()? })
    }

    /// Files with certificates, by the key that names them.
    pub fn certificates(&self) -> Vec<(&'static str, &Path)> {
        let Self { kafka, clickhouse, .. } = self;
        let named = [
            ("kafka.ca_file", &kafka.ca_file),
            ("kafka.certificate_file", &kafka.certificate_file),
            ("clickhouse.ca_file", &clickhouse.ca_file),
            ("clickhouse.certificate_file", &clickhouse.certificate_file),
        ];
        named.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?))).collect()
    }
}

impl super::KafkaSettings {
    pub fn tls(&self) -> Files {
        files(self.ca_file.as_deref(), self.certificate_file.as_deref(), self.certificate_key_file.as_deref())
    }
}

impl super::ClickHouseSettings {
    pub fn tls(&self) -> Files {
        files(self.ca_file.as_deref(), self.certificate_file.as_deref(), self.certificate_key_file.as_deref())
    }
}

fn files(ca: Option<&Path>, certificate: Option<&Path>, key: Option<&Path>) -> Files {
    let own = certificate.zip(key);
    Files {
        ca: ca.map(Path::to_owned),
        own: own.map(|(certificate, key)| Own { certificate: certificate.to_owned(), key: key.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use crate::config::{Loaded, Security, Settings};

    /// A CA, a certificate with its key, and a password.
    struct Folder(TempDir);

    impl Folder {
        fn new() -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            let key = rcgen::KeyPair::generate().unwrap();
            let own = rcgen::CertificateParams::new(vec!["tongguan".to_owned()]).unwrap().self_signed(&key).unwrap();
            for (name, text) in [
                ("own.pem", own.pem()),
                ("own.key", key.serialize_pem()),
                ("password", "hunter2\n".to_owned()),
                ("empty", "\n".to_owned()),
            ] {
                std::fs::write(folder.path(name), text).unwrap();
            }
            folder
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// `own.pem` in a value is the path of the file.
        fn load(&self, settings: &[(&str, &str)]) -> Result<Loaded, String> {
            let value = |text: &str| match self.path(text) {
                path if !text.is_empty() && path.exists() => path.display().to_string(),
                _ => text.to_owned(),
            };
            let env = settings.iter().map(|(key, text)| (format!("TONGGUAN__{key}"), value(text)));
            Settings::load(None, env).map_err(|error| error.to_string())
        }
    }

    const LOGIN: [(&str, &str); 3] =
        [("KAFKA__SECURITY", "sasl_tls"), ("KAFKA__USER", "tongguan"), ("KAFKA__PASSWORD_FILE", "password")];
    const OWN: [(&str, &str); 2] = [("KAFKA__CERTIFICATE_FILE", "own.pem"), ("KAFKA__CERTIFICATE_KEY_FILE", "own.key")];

    #[test]
    fn a_connection_with_all_that_belongs_to_it_is_taken() {
        let folder = Folder::new();
        let all = [
            &LOGIN[..],
            &OWN,
            &[("KAFKA__CA_FILE", "own.pem"), ("CLICKHOUSE__URL", "https://a:8443"), ("CLICKHOUSE__CA_FILE", "own.pem")],
        ];
        let loaded = folder.load(&all.concat()).unwrap();
        let kafka = &loaded.settings.kafka;
        assert_eq!((kafka.security, kafka.password.expose()), (Security::SaslTls, "hunter2"));
        assert_eq!(kafka.tls().own.unwrap().key, folder.path("own.key"));
        assert_eq!(loaded.settings.clickhouse.tls().ca, Some(folder.path("own.pem")));
        let shown = format!("{loaded:?} {:?}", loaded.entries().unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    #[rustfmt::skip]
    fn contradictions_name_the_key_where_it_stands_and_what_to_do() {
        let folder = Folder::new();
        for (settings, key, remedy) in [
            (&[("KAFKA__CA_FILE", "own.pem")][..], "KAFKA__CA_FILE", "kafka.security to tls"),
            (&OWN[..1], "KAFKA__CERTIFICATE_FILE", "kafka.security to tls"),
            (&OWN[1..], "KAFKA__CERTIFICATE_KEY_FILE", "kafka.security to tls"),
            (&[("KAFKA__SECURITY", "tls"), OWN[0]], "KAFKA__CERTIFICATE_FILE", "set kafka.certificate_key_file"),
            (&[("KAFKA__SECURITY", "tls"), OWN[1]], "KAFKA__CERTIFICATE_KEY_FILE", "set kafka.certificate_file"),
            (&[("KAFKA__SECURITY", "tls"), ("KAFKA__CERTIFICATE_KEY_PASSWORD_FILE", "password")], "KAFKA__CERTIFICATE_KEY_PASSWORD_FILE", "set kafka.certificate_key_file"),
            (&[LOGIN[0], LOGIN[2]], "kafka.user (default)", "write the user"),
            (&LOGIN[..2], "kafka.password_file (default)", "name the file"),
            (&[LOGIN[0], LOGIN[1], ("KAFKA__PASSWORD_FILE", "empty")], "KAFKA__PASSWORD_FILE", "write the password"),
            (&[("KAFKA__SECURITY", "tls"), LOGIN[1]], "KAFKA__USER", "sasl_tls"),
            (&[LOGIN[2]], "KAFKA__PASSWORD_FILE", "sasl_tls"),
            (&[("CLICKHOUSE__CA_FILE", "own.pem")], "CLICKHOUSE__CA_FILE", "https://"),
            (&[("CLICKHOUSE__CERTIFICATE_FILE", "own.pem")], "CLICKHOUSE__CERTIFICATE_FILE", "https://"),
            (&[("CLICKHOUSE__CERTIFICATE_KEY_FILE", "own.key")], "CLICKHOUSE__CERTIFICATE_KEY_FILE", "https://"),
            (&[("CLICKHOUSE__URL", "https://a:1"), ("CLICKHOUSE__CERTIFICATE_FILE", "own.pem")], "CLICKHOUSE__CERTIFICATE_FILE", "set clickhouse.certificate_key_file"),
            (&[("CLICKHOUSE__URL", "https://a:1"), ("CLICKHOUSE__CERTIFICATE_KEY_FILE", "own.key")], "CLICKHOUSE__CERTIFICATE_KEY_FILE", "set clickhouse.certificate_file"),
        ] {
            let refusal = folder.load(settings).unwrap_err();
            assert!(refusal.contains(key) && refusal.contains(remedy), "{settings:?}: {refusal}");
            assert_eq!(refusal.lines().count(), 2, "{refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn a_file_that_is_no_certificate_or_key_is_refused_before_it_is_needed() {
        let folder = Folder::new();
        let https = ("CLICKHOUSE__URL", "https://a:1");
        for (settings, key) in [
            (&[("KAFKA__SECURITY", "tls"), ("KAFKA__CA_FILE", "password")][..], "kafka.ca_file"),
            (&[("KAFKA__SECURITY", "tls"), ("KAFKA__CA_FILE", "/nowhere/ca.pem")], "kafka.ca_file"),
            (&[https, ("CLICKHOUSE__CA_FILE", "own.key")], "clickhouse.ca_file"),
            (
                &[https, ("CLICKHOUSE__CERTIFICATE_FILE", "own.pem"), ("CLICKHOUSE__CERTIFICATE_KEY_FILE", "own.pem")],
                "clickhouse.certificate_key_file",
            ),
        ] {
            let refusal = folder.load(settings).unwrap_err();
            assert!(refusal.contains(&format!("{key} (env:")), "{refusal}");
            assert!(refusal.contains("docs/security.md") && !refusal.contains("hunter2"), "{refusal}");
        }
    }
}
