//! The page over TLS, as the program itself speaks it: certificates good, bad and renewed, and readers who stall.
#![allow(clippy::disallowed_methods, reason = "how long another process takes, in real time")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use crate::{
    accounts::PASSWORD,
    certificates::Authority,
    messages::lives,
    served::Served,
    service::{Service, http},
    tls_reader::{TlsReader, again},
    town::Town,
};

/// A town whose page has a certificate of a CA of its own.
pub struct SecureTown {
    pub town: Town,
    pub authority: Authority,
}

pub type Settings = Vec<(String, String)>;

impl SecureTown {
    pub fn new(town: Town) -> Self {
        let new = Self { town, authority: Authority::new("our CA") };
        new.authority.write_ca(&new.path("ca.pem"));
        new.signed("page");
        new
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.town.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// `NAME.pem` and `NAME.key`, for its owner only.
    pub fn signed(&self, name: &str) -> [PathBuf; 2] {
        self.signed_by(&self.authority, name, 2100)
    }

    pub fn signed_by(&self, authority: &Authority, name: &str, until: i32) -> [PathBuf; 2] {
        let files = authority.sign(self.town.folder.path(), name, "127.0.0.1", until);
        fs::set_permissions(&files[1], fs::Permissions::from_mode(0o600)).unwrap();
        files
    }

    fn tls(&self) -> Settings {
        vec![
            ("HTTP__TLS__CERT_FILE".to_owned(), self.text("page.pem")),
            ("HTTP__TLS__KEY_FILE".to_owned(), self.text("page.key")),
        ]
    }

    /// With accounts, known in one way or another.
    pub fn known_by(&self, mode: &str) -> Settings {
        let mut all = self.tls();
        for (name, value) in [
            ("MODE", mode.to_owned()),
            ("ACCOUNTS_FILE", self.text("accounts.toml")),
            ("AUDIT_DIR", self.text("audit")),
        ] {
            all.push((format!("HTTP__AUTH__{name}"), value));
        }
        if mode == "certificates" {
            all.push(("HTTP__AUTH__CLIENT_CA_FILE".to_owned(), self.text("ca.pem")));
        }
        all
    }

    pub fn served(&self, settings: &Settings) -> Served {
        Served::with(&self.town, &by_ref(settings))
    }

    pub fn say(&self, args: &[&str], settings: &Settings) -> String {
        let mut command = self.town.command(args);
        command.envs(settings.iter().map(|(name, value)| (format!("TONGGUAN__{name}"), value)));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn reader(&self, own: Option<&[PathBuf; 2]>) -> TlsReader {
        TlsReader::new(&self.path("ca.pem"), own)
    }
}

pub fn by_ref(settings: &Settings) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// `page.pem` and the like in a value are files of the town.
fn named(secure: &SecureTown, settings: &[(&str, &str)]) -> Settings {
    let value =
        |text: &str| if text.contains('.') && !text.contains('/') { secure.text(text) } else { text.to_owned() };
    settings.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect()
}

#[test]
#[rustfmt::skip]
fn files_that_cannot_be_used_and_settings_that_contradict_each_other_are_refused_at_the_start() {
    const CERT: &str = "HTTP__TLS__CERT_FILE";
    const KEY: &str = "HTTP__TLS__KEY_FILE";
    const MODE: (&str, &str) = ("HTTP__AUTH__MODE", "certificates");
    const CA: &str = "HTTP__AUTH__CLIENT_CA_FILE";
    const CRL: &str = "HTTP__AUTH__CLIENT_CRL_FILE";
    let secure = SecureTown::new(Town::without_schema());
    secure.signed("other");
    secure.signed_by(&secure.authority, "ended", 2021);
    let [_, open] = secure.signed("open");
    fs::set_permissions(open, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(secure.path("empty.pem"), "").unwrap();
    fs::write(secure.path("garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let own = [(CERT, "page.pem"), (KEY, "page.key")];
    let by_certificate = [own[0], own[1], MODE];
    for (settings, parts) in [
        (vec![(CERT, "absent.pem"), own[1]], &["http.tls.cert_file (env:", "absent.pem", "check that the file exists"][..]),
        (vec![(CERT, "empty.pem"), own[1]], &["http.tls.cert_file (env:", "empty.pem holds no certificate"]),
        (vec![(CERT, "garbage.pem"), own[1]], &["http.tls.cert_file (env:", "garbage.pem", "cannot be read"]),
        (vec![(CERT, "ended.pem"), (KEY, "ended.key")], &["http.tls.cert_file (env:", "has ended (2021-01-01", "renewed"]),
        (vec![own[0], (KEY, "absent.key")], &["http.tls.key_file (env:", "absent.key", "check that the file exists"]),
        (vec![own[0], (KEY, "ca.pem")], &["http.tls.key_file (env:", "ca.pem"]),
        (vec![own[0], (KEY, "other.key")], &["http.tls.key_file (env:", "does not belong to the certificate"]),
        (vec![(CERT, "open.pem"), (KEY, "open.key")], &["http.tls.key_file (env:", "everybody", "0644", "chmod 0600"]),
        (vec![own[0]], &["http.tls.cert_file (env:", "set http.tls.key_file"]),
        (vec![own[1]], &["http.tls.key_file (env:", "set http.tls.cert_file"]),
        (vec![MODE, (CA, "ca.pem")], &["http.auth.mode (env:", "over TLS only"]),
        (by_certificate.to_vec(), &["http.auth.client_ca_file (default)", "nobody could come in"]),
        ([&by_certificate[..], &[(CA, "absent.pem")]].concat(), &["http.auth.client_ca_file (env:", "absent.pem"]),
        ([&by_certificate[..], &[(CA, "other.key")]].concat(), &["http.auth.client_ca_file (env:", "holds no certificate"]),
        ([&by_certificate[..], &[(CA, "ca.pem"), (CRL, "other.key")]].concat(), &["http.auth.client_crl_file (env:", "X509 CRL"]),
        ([&by_certificate[..], &[(CA, "ca.pem"), ("HTTP__AUTH__PROXIES", "10.0.0.0/8")]].concat(), &["http.auth.proxies (env:", "mode to proxy"]),
        ([&own[..], &[(CA, "ca.pem")]].concat(), &["http.auth.client_ca_file (env:", "set http.auth.mode"]),
        ([&own[..], &[(CRL, "ca.pem")]].concat(), &["http.auth.client_crl_file (env:", "set http.auth.mode"]),
    ] {
        let settings = named(&secure, &settings);
        let settings = by_ref(&settings);
        for args in [&["serve"][..], &["config", "check"]] {
            let ended = secure.town.tongguan(args, &settings);
            assert_eq!(ended.code, Some(3), "{args:?} {settings:?}: {}", ended.stderr);
            assert!(parts.iter().all(|part| ended.stderr.contains(part)), "{args:?} {parts:?} in: {}", ended.stderr);
        }
    }
    // Who serves no page is not held up by its certificate; who serves it with the data is.
    let ended = named(&secure, &[(CERT, "ended.pem"), (KEY, "ended.key")]);
    let mut ended = by_ref(&ended);
    assert_eq!(secure.town.tongguan(&["streams", "list"], &ended).code, Some(0));
    ended.push(("PAGE__ENABLED", "true"));
    let run = secure.town.tongguan(&["run"], &ended);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains("has ended"), "{}", run.stderr);
}

#[test]
fn a_page_its_cookie_and_a_long_list_come_whole_by_each_version_of_tls() {
    const LIST: &str = "/figures/K01/cases.csv?from=2021-03-01&to=2021-04-01&as-of=2021-04-01";
    let secure = SecureTown::new(Town::new());
    secure.town.send("grid", &lives("n", 1_500));
    secure.town.run_until_caught_up();
    let settings = secure.known_by("accounts");
    secure.say(&["account", "add", "li", "--role", "analyst", "--ask"], &settings);
    let by_http = Served::of(&secure.town);
    let wanted = String::from_utf8(http(&by_http.address, "GET", LIST, b"").1).unwrap();
    assert!(wanted.lines().count() > 1_500 && wanted.len() > 100_000, "{} bytes", wanted.len());
    let served = secure.served(&settings);
    let form = format!("name=li&password={}", PASSWORD.replace(' ', "+"));
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let reader = TlsReader::with(&secure.path("ca.pem"), None, &[version]);
        let origin = format!("Origin: https://{}\r\n", served.address);
        let answer = reader.asked(&served.address, "POST", "/login", &origin, &form).unwrap();
        let head = answer.head.to_lowercase();
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().to_owned();
        assert!(cookie.contains("; secure") && cookie.contains("httponly"), "{cookie}");
        assert!(!head.contains("strict-transport-security"), "{head}");
        let cookie = answer.head.split("ookie: ").nth(1).unwrap().split(';').next().unwrap();
        let cookie = format!("Cookie: {cookie}\r\n");
        let page = reader.asked(&served.address, "GET", "/figures", &cookie, "").unwrap();
        assert!(page.status == 200 && page.text().trim_end().ends_with("</html>"), "{}", page.head);
        let list = reader.asked(&served.address, "GET", LIST, &cookie, "").unwrap();
        assert_eq!(list.status, 200, "{}", list.head);
        assert!(list.text() == wanted, "{} bytes of {}", list.body.len(), wanted.len());
    }
    let by_http = Served::with(&secure.town, &by_ref(&settings[2..].to_vec()));
    let (head, _) = by_http.asked("POST", "/login", "", &form);
    assert!(head.contains("tongguan_session=") && !head.contains("Secure"), "{head}");
}

#[test]
fn live_numbers_come_through_tls_as_they_change() {
    let secure = SecureTown::new(Town::new());
    let mut settings = secure.tls();
    settings.extend([("PAGE__ENABLED", "true"), ("PAGE__LISTEN", "127.0.0.1:0")].map(owned));
    let service = Service::start(&secure.town, &by_ref(&settings));
    service.wait_until_ready();
    let address = page_of(&service);
    let mut line = secure.reader(None).connect(&address).unwrap();
    write!(line, "GET /events?view=running HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut seen = String::new();
    until(&mut line, &mut seen, "\ndata: ");
    assert!(seen.starts_with("HTTP/1.1 200") && seen.contains("text/event-stream"), "{seen}");
    seen.clear();
    secure.town.send("hotline", &lives("n", 1));
    until(&mut line, &mut seen, "\ndata: ");
}

pub fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn until(line: &mut impl std::io::Read, seen: &mut String, text: &str) {
    let mut bytes = [0; 4096];
    while !seen.contains(text) {
        let read = line.read(&mut bytes).unwrap();
        assert!(read > 0, "it ended: {seen}");
        seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
}

fn page_of(service: &Service) -> String {
    service.wait_for_log("the page is listening");
    let log = service.stderr();
    let line = log.lines().find(|line| line.contains("the page is listening")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["tls"], true, "{line}");
    line["address"].as_str().unwrap().to_owned()
}

/// Address of the style sheet, as every page says it.
pub fn style(reader: &TlsReader, address: &str) -> String {
    let page = reader.get(address, "/figures").text();
    let path = page.split("href=\"/static/page").nth(1).and_then(|rest| rest.split('"').next());
    format!("/static/page{}", path.unwrap())
}

#[test]
fn who_stalls_in_the_handshake_blocks_nobody_and_who_speaks_no_tls_is_told() {
    let secure = SecureTown::new(Town::without_schema());
    let mut settings = secure.tls();
    settings.push(owned(("PAGE__CONNECTIONS_MAX", "64")));
    let served = secure.served(&settings);
    let reader = secure.reader(None);
    let begun = Instant::now();
    // The beginning of a record that never comes, or nothing at all; more of them than there are places.
    let stalled: Vec<TcpStream> = (0..100)
        .map(|n| {
            let mut stream = TcpStream::connect(&served.address).unwrap();
            stream.write_all(if n % 2 == 0 { b"\x16\x03\x01\x02" } else { b"" }).unwrap();
            stream
        })
        .collect();
    let style = style(&reader, &served.address);
    for _ in 0..5 {
        let asked = Instant::now();
        assert_eq!(reader.get(&served.address, &style).status, 200);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    }
    for mut stream in stalled {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(15), "a handshake has ten seconds: {took:?}");

    let (head, body) = served.get("/figures");
    assert!(head.starts_with("HTTP/1.1 400") && body.contains("https") && body.contains("请改用"), "{head}\n{body}");
    let mut noise = TcpStream::connect(&served.address).unwrap();
    noise.write_all(&[0x16; 300]).unwrap();
    let _ = noise.read_to_end(&mut Vec::new());
    assert_eq!(reader.get(&served.address, &style).status, 200);
}

#[test]
fn a_renewed_certificate_is_taken_at_once_and_a_broken_one_never() {
    const BROKEN: &str = "tongguan_page_tls_renewal_broken";
    let secure = SecureTown::new(Town::new());
    let mut settings = secure.tls();
    settings.extend([("PAGE__ENABLED", "true"), ("PAGE__LISTEN", "127.0.0.1:0")].map(owned));
    let service = Service::start(&secure.town, &by_ref(&settings));
    // The port of the service stays what it is: probes and Prometheus need no certificate.
    service.wait_until_ready();
    assert_eq!(service.get("/livez").0, 200);
    assert_eq!(service.metric(BROKEN), 0.0);
    let ends = format!("tongguan_certificate_end_timestamp_seconds{{file=\"{}\"}}", secure.text("page.pem"));
    assert_eq!(service.metric(&ends), 4_102_444_800.0, "2100-01-01");
    let (address, reader) = (page_of(&service), secure.reader(None));
    let first = reader.met(&address);
    let style = style(&reader, &address);
    let mut kept = reader.connect(&address).unwrap();
    assert_eq!(again(&mut kept, &address, &style), 200);

    let put = |name: &str| {
        for end in ["pem", "key"] {
            fs::rename(secure.path(&format!("{name}.{end}")), secure.path(&format!("page.{end}"))).unwrap();
        }
    };
    secure.signed_by(&secure.authority, "renewed", 2090);
    put("renewed");
    let second = reader.met(&address);
    assert_ne!(first, second);
    assert_eq!(service.metric(&ends), 3_786_912_000.0, "2090-01-01");
    assert_eq!(again(&mut kept, &address, &style), 200, "what is open stays");

    secure.signed_by(&secure.authority, "ended", 2021);
    put("ended");
    assert_eq!(reader.met(&address), second, "one that has ended");
    fs::write(secure.path("page.pem"), "nonsense").unwrap();
    assert_eq!(reader.met(&address), second, "none at all");
    fs::remove_file(secure.path("page.key")).unwrap();
    assert_eq!(reader.met(&address), second, "no file");
    assert_eq!(service.metric(BROKEN), 1.0);
    assert_eq!(service.metric(&ends), 3_786_912_000.0, "of the one in force");
    service.wait_for_log("the one from before stays in force");

    secure.signed("last");
    put("last");
    let third = reader.met(&address);
    assert!(third != first && third != second);
    assert_eq!(service.metric(BROKEN), 0.0);
}
