//! Connections as they are in a government network: TLS with certificates on both sides and logins, to the real servers (before
//! ClickHouse, whose engine here listens for HTTP only, stands a terminator), each way that they go wrong, and right.
#![allow(dead_code, reason = "the page's tests use more of the certificates")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod certificates;
mod pair;
mod program;
#[path = "../it/tested.rs"]
mod tested;

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, thread};

use crate::{certificates::Authority, pair::Pair, program::Program};

/// One pair for all of it, in turn: a broker takes its time to start.
#[test]
fn every_connection_is_encrypted_logged_in_and_says_what_is_wrong_with_it() {
    let pair = Pair::start();
    let program = Program::new(&pair);
    everything_works(&pair, &program);
    commands_say_what_is_wrong_with_kafka(&pair, &program);
    commands_say_what_is_wrong_with_clickhouse(&pair, &program);
    the_service_waits_and_says_for_what(&pair, &program);
    expired_certificates_are_waited_out(&pair, &program);
}

/// As the accounts of docs/security.md: one migrates, another writes, a third reads.
fn everything_works(pair: &Pair, program: &Program<'_>) {
    let password = pair.certificates().join("clickhouse-migrate.password").display().to_string();
    let migrates = [("CLICKHOUSE__USER", "migrate"), ("CLICKHOUSE__PASSWORD_FILE", password.as_str())];
    assert!(program.succeeds(&["migrate"], &migrates).contains("schema of `tongguan`"));
    let shown = program.succeeds(&["config", "check"], &[]);
    assert!(shown.contains("CN=tongguan until 2100-01-01T00:00:00Z"), "{shown}");
    program.succeeds(&["generate", "--cases", "0.01", "--malformed", "3"], &[]);
    let ran = program.succeeds(&["run", "--until-caught-up"], &[]);
    assert!(ran.contains("everything taken is written and committed"), "{ran}");
    assert!(!ran.contains("\"messages\":0,"), "{ran}");
    let waiting = program.succeeds(&["quarantine", "list"], &[]);
    assert!(waiting.contains('3'), "{waiting}");
    let password = pair.certificates().join("clickhouse-analyst.password").display().to_string();
    let analyst = [("CLICKHOUSE__USER", "analyst"), ("CLICKHOUSE__PASSWORD_FILE", password.as_str())];
    let figure = program.succeeds(&["kpi", "K01", "--from", "2021-01-01", "--to", "2022-01-01"], &analyst);
    assert!(figure.contains("accepted"), "{figure}");
    // Who may not read the tables asks the views of the mart, and gets the same.
    for line in [
        "closure --group-by town,month",
        "K06c --cases --limit 5",
        "K08 --group-by unit",
        "K09c",
        "K11i",
        "explain K06a",
    ] {
        let mut words: Vec<&str> = std::iter::once("kpi").chain(line.split(' ')).collect();
        words.extend(["--from", "2021-01-01", "--to", "2022-01-01", "--as-of", "2022-01-05"]);
        assert_eq!(program.succeeds(&words, &analyst), program.succeeds(&words, &[]), "{line}");
    }
    program.fails(&["quarantine", "list"], &analyst, 1, &["refuses this account", "497"]);
}

fn commands_say_what_is_wrong_with_kafka(pair: &Pair, program: &Program<'_>) {
    let folder = program.folder.path();
    let wrong_password = folder.join("wrong.password").display().to_string();
    std::fs::write(&wrong_password, "wrong\n").unwrap();
    let stranger = folder.join("stranger.pem").display().to_string();
    Authority::new("another CA").write_ca(stranger.as_ref());
    let by_name = pair.setting("KAFKA__BROKERS").replace("127.0.0.1", "localhost");
    let no_certificate = [("KAFKA__CERTIFICATE_FILE", ""), ("KAFKA__CERTIFICATE_KEY_FILE", "")];
    let no_login = [("KAFKA__USER", ""), ("KAFKA__PASSWORD_FILE", "")];
    let plaintext =
        [&no_certificate[..], &no_login, &[("KAFKA__CA_FILE", ""), ("KAFKA__SECURITY", "plaintext")]].concat();
    let only_tls = [&no_login[..], &[("KAFKA__SECURITY", "tls")]].concat();
    let password = [("KAFKA__PASSWORD_FILE", wrong_password.as_str())];
    let (host, authority) = ([("KAFKA__BROKERS", by_name.as_str())], [("KAFKA__CA_FILE", stranger.as_str())]);
    type Settings<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Settings<'_>, &[&str]); 7] = [
        (&password, &["wrong user or password", "kafka.password_file"]),
        (&[("KAFKA__SASL_MECHANISM", "PLAIN")], &["kafka.sasl_mechanism", "SCRAM-SHA-512"]),
        (&host, &["wrong host name", "127.0.0.1"]),
        (&authority, &["unknown CA", "kafka.ca_file"]),
        (&no_certificate, &["client certificate missing", "kafka.certificate_file"]),
        (&plaintext, &["may want TLS", "kafka.security"]),
        (&only_tls, &["may want a login", "kafka.security"]),
    ];
    // Each waits for its time to be over, so all of them wait at once.
    thread::scope(|scope| {
        for (changes, parts) in cases {
            scope.spawn(move || program.fails(&["generate", "--cases", "0.01"], changes, 4, parts));
        }
    });
}

fn commands_say_what_is_wrong_with_clickhouse(pair: &Pair, program: &Program<'_>) {
    let folder = program.folder.path();
    let wrong_password = folder.join("wrong.password").display().to_string();
    let stranger = folder.join("stranger.pem").display().to_string();
    let url = pair.setting("CLICKHOUSE__URL");
    let (by_name, in_clear) = (url.replace("127.0.0.1", "localhost"), url.replace("https", "http"));
    let no_certificate = [("CLICKHOUSE__CERTIFICATE_FILE", ""), ("CLICKHOUSE__CERTIFICATE_KEY_FILE", "")];
    let no_tls = [&no_certificate[..], &[("CLICKHOUSE__CA_FILE", ""), ("CLICKHOUSE__URL", in_clear.as_str())]].concat();
    for (changes, code, parts) in [
        (&[("CLICKHOUSE__PASSWORD_FILE", wrong_password.as_str())][..], 1, &["refuses this account", "516"][..]),
        (&[("CLICKHOUSE__URL", by_name.as_str())], 4, &["wrong host name", "127.0.0.1", "[clickhouse]"]),
        (&[("CLICKHOUSE__CA_FILE", stranger.as_str())], 4, &["unknown CA", "clickhouse.ca_file"]),
        (&no_certificate, 4, &["client certificate missing", "clickhouse.certificate_file"]),
        (&no_tls, 4, &["cannot reach ClickHouse"]),
    ] {
        program.fails(&["quarantine", "list"], changes, code, parts);
    }
}

fn the_service_waits_and_says_for_what(_: &Pair, program: &Program<'_>) {
    let stranger = program.folder.path().join("stranger.pem").display().to_string();
    let wrong_password = program.folder.path().join("wrong.password").display().to_string();
    for (changes, text) in [
        (&[("CLICKHOUSE__CA_FILE", stranger.as_str())][..], "unknown CA"),
        (&[("KAFKA__CA_FILE", stranger.as_str())], "unknown CA"),
        (&[("KAFKA__PASSWORD_FILE", wrong_password.as_str())], "wrong user or password"),
    ] {
        let service = program.start(changes);
        service.says("/readyz", text);
        assert!(service.log().contains(text), "{}", service.log());
    }
    // A file that others may read is said at the start, and when certificates end is a metric.
    std::fs::set_permissions(program.folder.path().join("privacy.key"), Permissions::from_mode(0o644)).unwrap();
    let service = program.start(&[]);
    service.says("/readyz", "200 OK");
    service.says("/metrics", "tongguan_certificate_end_timestamp_seconds{file=");
    assert!(service.log().contains("privacy.key_file: ") && service.log().contains("(mode 0644)"), "{}", service.log());
}

/// The servers' certificates have ended: nobody trusts them, until they are renewed; then the service goes on by itself.
fn expired_certificates_are_waited_out(pair: &Pair, program: &Program<'_>) {
    pair.show_certificate_until(2021);
    program.fails(&["quarantine", "list"], &[], 4, &["the server's certificate has expired"]);
    program.fails(&["generate", "--cases", "0.01"], &[], 4, &["the server's certificate has expired"]);
    let service = program.start(&[]);
    service.says("/readyz", "the server's certificate has expired");
    assert!(service.log().contains("the server's certificate has expired"), "{}", service.log());
    pair.show_certificate_until(2100);
    service.says("/readyz", "200 OK");
}
