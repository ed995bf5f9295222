//! What a value may be, beyond its type. A rule has its reason in the message it gives.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use config::ValueKind;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    AuthMode, Problem, Settings, alerts,
    rule::{is_topic, place, told},
    security,
};

/// Smallest and largest sensible number; a test finds a number without a row here.
pub(super) const RANGES: &[(&str, i64, i64)] = &[
    // Below the least, one message of Kafka's usual megabyte, as it comes, decoded, sealed, encoded and looked at, would not fit.
    ("memory.max_mb", 128, 65_536),
    ("memory.cached_max_kb", 0, 67_108_864),
    ("kafka.partitions", 1, 10_000),
    ("kafka.replication", -1, 100),
    ("kafka.session_timeout_ms", 1_000, 1_800_000),
    ("kafka.stuck_after_s", 1, 3_600),
    ("kafka.fetch_queue_backoff_ms", 1, 10_000),
    ("clickhouse.insert_timeout_s", 1, 3_600),
    ("clickhouse.query_timeout_s", 1, 86_400),
    ("clickhouse.lookup_timeout_s", 1, 3_600),
    ("batch.rows_max", 1, 1_048_576),
    ("batch.wait_max_ms", 1, 60_000),
    ("sweep.interval_s", 1, 86_400),
    ("sweep.grace_s", 0, 3_600),
    ("retry.backoff_min_ms", 1, 60_000),
    ("retry.backoff_max_ms", 1, 3_600_000),
    ("shutdown.drain_timeout_s", 1, 3_600),
    ("http.connections_max", 4, 65_536),
    ("http.request_timeout_s", 1, 600),
    ("http.stuck_after_s", 1, 86_400),
    ("http.auth.idle_timeout_s", 60, 86_400),
    ("http.auth.session_max_s", 300, 604_800),
    ("page.connections_max", 4, 65_536),
    ("page.request_timeout_s", 1, 600),
    ("page.idle_timeout_s", 1, 600),
    ("page.questions_max", 1, 64),
    ("page.live_max", 1, 10_000),
    ("page.stale_after_s", 60, 604_800),
    ("page.whatif_cases_max", 1, 100_000_000),
    ("page.waiting_max", 1, 10_000),
    ("page.export_rows_max", 1, 10_000_000),
    ("page.upload_mb", 1, 4_096),
    ("inlet.per_minute", 0, 100_000_000),
    ("inlet.remembered", 1_000, 1_000_000_000),
    ("inlet.in_flight_mb", 1, 65_536),
    ("inlet.ack_timeout_s", 1, 600),
    ("inlet.connections_max", 4, 65_536),
    ("inlet.request_timeout_s", 2, 1_200),
    ("inlet.idle_timeout_s", 1, 600),
    ("alerts.interval_s", 1, 3_600),
    ("alerts.late_after_s", 1, 604_800),
    ("alerts.old_after_h", 1, 8_760),
    ("alerts.take_over_after_s", 2, 3_600),
    ("alerts.hook_timeout_s", 1, 300),
    ("alerts.hook_tries_max", 1, 1_000),
    ("ingest.future_max_s", 0, 31_536_000),
];

/// The fault of one value, if it has one.
pub(super) fn fault(key: &str, value: &ValueKind, origin: &str) -> Option<Problem> {
    let (what, remedy) = match value {
        ValueKind::I64(number) => {
            let (_, least, most) = RANGES.iter().find(|(known, ..)| *known == key)?;
            if (least..=most).contains(&number) {
                return None;
            }
            (format!("{number} is out of range"), format!("choose from {least} to {most}"))
        }
        ValueKind::String(text) => {
            let remedy = wanted_text(key, text)?;
            (format!("{:?} cannot be used", without_secrets(text)), remedy.to_owned())
        }
        _ => return None,
    };
    Some(Problem::new(place(key, origin), what, remedy))
}

/// What should stand there, when the text cannot be used. No message repeats a secret, because no
/// secret has a rule.
fn wanted_text(key: &str, text: &str) -> Option<&'static str> {
    let (is_right, wanted) = match key {
        "timezone" => (is_zone(text), "write the IANA name of a time zone, such as Asia/Shanghai"),
        "kafka.brokers" => (
            text.split(',').all(|broker| is_host_and_port(broker.trim())),
            "write host:port, several separated by commas (user and password have keys of their own)",
        ),
        "kafka.security" => (
            ["plaintext", "tls", "sasl_plaintext", "sasl_tls"].contains(&text),
            "write plaintext, tls, sasl_plaintext or sasl_tls",
        ),
        "kafka.sasl_mechanism" => {
            (["SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"].contains(&text), "write SCRAM-SHA-256, SCRAM-SHA-512 or PLAIN")
        }
        "kafka.group" | "clickhouse.user" => (!text.is_empty(), "write a name"),
        "kafka.topic_prefix" | "kafka.rejected_topic" => (
            text.is_empty() || is_topic(text),
            "use only letters, digits, `.`, `_` and `-`, which Kafka allows in a topic",
        ),
        "clickhouse.url" => {
            (is_http(text), "write http://host:port or https://host:port (user and password have keys of their own)")
        }
        "clickhouse.database" => (is_identifier(text), "use only letters, digits and `_`, not a digit first"),
        "ingest.earliest" => {
            (text.parse::<Timestamp>().is_ok(), "write an instant with its offset, such as 1990-01-01T00:00:00+08:00")
        }
        "http.listen" => (
            text.is_empty() || text.parse::<SocketAddr>().is_ok(),
            "write an address and a port, such as 127.0.0.1:9600 or [::]:9600",
        ),
        "page.listen" => {
            (text.parse::<SocketAddr>().is_ok(), "write an address and a port, such as 127.0.0.1:9601 or [::1]:9601")
        }
        "inlet.listen" => {
            (text.parse::<SocketAddr>().is_ok(), "write an address and a port, such as 127.0.0.1:9602 or [::1]:9602")
        }
        _ if key.starts_with("alerts.") => alerts::wanted(key, text)?,
        "http.auth.mode" => (
            ["none", "accounts", "proxy", "certificates"].contains(&text),
            "write none, accounts, proxy or certificates",
        ),
        "http.auth.assessment" => (["nist", "dengbao3"].contains(&text), "write nist or dengbao3"),
        "http.auth.proxies" => (
            text.split(',').all(|one| one.trim().is_empty() || is_network(one.trim())),
            "write addresses or networks with commas between them, such as 10.0.0.5, 10.1.0.0/24",
        ),
        "page.service" => (
            text.is_empty() || text.starts_with("http://") && is_http(text),
            "write the service's own address, such as http://127.0.0.1:9600, or nothing for http.listen",
        ),
        "page.map_by" => (["community", "town"].contains(&text), "write community or town"),
        "page.map_key" => (!text.is_empty(), "write the name of a property of the map's areas, such as code"),
        "http.auth.proxy_name_header" | "http.auth.proxy_roles_header" => {
            (is_header(text), "write the name of a header, of letters, digits and `-`")
        }
        "log.level" => {
            (["error", "warn", "info", "debug", "trace"].contains(&text), "write error, warn, info, debug or trace")
        }
        "report.date" => {
            (text.is_empty() || text.parse::<jiff::civil::Date>().is_ok(), "write a day, such as 2021-07-06")
        }
        "log.format" => (["auto", "pretty", "json"].contains(&text), "write auto, pretty or json"),
        _ => return None,
    };
    (!is_right).then_some(wanted)
}

/// Values that are right alone and wrong together.
pub(super) fn faults_between(settings: &Settings, origins: &BTreeMap<String, String>) -> Vec<Problem> {
    let Settings { kafka, clickhouse, retry, http, page, .. } = settings;
    let auth = &http.auth;
    // Three inserts, each sent and then acknowledged, and a look-up.
    let batch_s = 6 * clickhouse.insert_timeout_s + clickhouse.query_timeout_s;
    let rules = [
        (
            kafka.replication == 0,
            "kafka.replication",
            "a topic without a replica cannot exist",
            "write -1 to let the broker decide",
        ),
        (
            clickhouse.password_file.is_some() && !clickhouse.password.is_empty(),
            "clickhouse.password_file",
            "clickhouse.password is set as well",
            "leave one of the two empty",
        ),
        (
            clickhouse.lookup_timeout_s > clickhouse.query_timeout_s,
            "clickhouse.lookup_timeout_s",
            "longer than clickhouse.query_timeout_s, which is the longest that a look-up may take",
            "make it shorter",
        ),
        (
            retry.backoff_max_ms < retry.backoff_min_ms,
            "retry.backoff_max_ms",
            "less than retry.backoff_min_ms",
            "make it at least as long",
        ),
        (
            auth.mode == AuthMode::None && !page.listen.ip().is_loopback(),
            "page.listen",
            "others can reach it, and nobody is asked who he is",
            "set http.auth.mode, or write a loopback address such as 127.0.0.1:9601",
        ),
        (
            auth.mode == AuthMode::Proxy && auth.proxies.trim().is_empty(),
            "http.auth.proxies",
            "is empty, so that anybody would be believed",
            "write the addresses of the proxies",
        ),
        (
            auth.proxy_name_header.eq_ignore_ascii_case(&auth.proxy_roles_header),
            "http.auth.proxy_roles_header",
            "is the header of the name",
            "write the header of the roles",
        ),
        (
            auth.session_max_s < auth.idle_timeout_s,
            "http.auth.session_max_s",
            "shorter than http.auth.idle_timeout_s",
            "make it at least as long",
        ),
        (
            http.stuck_after_s <= batch_s,
            "http.stuck_after_s",
            "a batch may take as long, by clickhouse.insert_timeout_s and clickhouse.query_timeout_s",
            "make it longer than six times the first and the second together",
        ),
    ];
    told(&rules, origins)
        .chain(told(&security::rules(settings), origins))
        .chain(told(&alerts::rules(&settings.alerts, &settings.timezone), origins))
        .collect()
}

/// Only IANA names: the zone is also handed to ClickHouse, which knows no others.
pub(super) fn is_zone(text: &str) -> bool {
    TimeZone::get(text).is_ok_and(|zone| zone.iana_name().is_some())
}

/// An address may carry a password before its `@` or behind its `?`, by mistake; a message must not repeat it.
fn without_secrets(text: &str) -> String {
    let (address, query) = text.split_once('?').map_or((text, ""), |(address, _)| (address, "?***"));
    let address = address.rsplit_once('@').map_or_else(|| address.to_owned(), |(_, host)| format!("***@{host}"));
    format!("{address}{query}")
}

fn is_network(text: &str) -> bool {
    let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
    let most = |address: IpAddr| if address.is_ipv4() { 32 } else { 128 };
    base.parse().is_ok_and(|address| bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most(address))))
}

fn is_header(text: &str) -> bool {
    !text.is_empty() && text.len() <= 100 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_host_and_port(text: &str) -> bool {
    let is_host = |host: &str| !host.is_empty() && !host.contains(['@', '/', '?', ' ']);
    text.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok_and(|p| p > 0))
}

/// A password in the address would be printed with it.
fn is_http(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(['@', '?', '#']))
}
