//! `[kafka.extra]`: keys of the client library that have no setting here. Whether it knows them, it says itself; which
//! may not stand there, and why, is this table.

use toml::Value;

use super::{Problem, rule};

const SECTION: &str = "kafka.extra";
const VARIABLE: &str = "TONGGUAN__KAFKA__EXTRA__";

const NOTHING_LOST: &str =
    "is decided by the program: positions are committed after the rows are written, or messages would be lost";
const ONE_ORDER: &str = "is decided by the program: instances could not share the partitions";
const WHOLE: &str = "is decided by the program: what is sent is acknowledged by all replicas, in order, none twice";
const TUNED: &str = "is set by the program, to a value that was measured";
const SHARED: &str = "is a share of memory.max_mb";
const TRUST: &str = "would let anybody pose as the broker. Name its CA in kafka.ca_file";

/// The key and what it is, or where it is set.
#[rustfmt::skip]
const REFUSED: &[(&str, &str)] = &[
    ("bootstrap.servers", "is kafka.brokers"),
    ("metadata.broker.list", "is kafka.brokers"),
    ("security.protocol", "is kafka.security"),
    ("ssl.ca.location", "is kafka.ca_file"),
    ("ssl.certificate.location", "is kafka.certificate_file"),
    ("ssl.key.location", "is kafka.certificate_key_file"),
    ("ssl.key.password", "is kafka.certificate_key_password_file"),
    ("sasl.mechanism", "is kafka.sasl_mechanism"),
    ("sasl.mechanisms", "is kafka.sasl_mechanism"),
    ("sasl.username", "is kafka.user"),
    ("sasl.password", "is kafka.password_file"),
    ("group.id", "is kafka.group"),
    ("group.instance.id", "is kafka.instance_id"),
    ("session.timeout.ms", "is kafka.session_timeout_ms"),
    ("max.poll.interval.ms", "follows from kafka.session_timeout_ms"),
    ("fetch.queue.backoff.ms", "is kafka.fetch_queue_backoff_ms"),
    ("queued.min.messages", SHARED),
    ("queued.max.messages.kbytes", SHARED),
    ("fetch.max.bytes", SHARED),
    ("receive.message.max.bytes", SHARED),
    ("enable.auto.commit", NOTHING_LOST),
    ("auto.commit.enable", NOTHING_LOST),
    ("enable.auto.offset.store", NOTHING_LOST),
    ("auto.offset.reset", NOTHING_LOST),
    ("check.crcs", NOTHING_LOST),
    ("isolation.level", NOTHING_LOST),
    ("enable.partition.eof", NOTHING_LOST),
    ("partition.assignment.strategy", ONE_ORDER),
    ("group.protocol", ONE_ORDER),
    ("enable.idempotence", WHOLE),
    ("enable.gapless.guarantee", WHOLE),
    ("transactional.id", WHOLE),
    ("acks", WHOLE),
    ("request.required.acks", WHOLE),
    ("max.in.flight.requests.per.connection", WHOLE),
    ("max.in.flight", WHOLE),
    ("compression.type", TUNED),
    ("compression.codec", TUNED),
    ("linger.ms", TUNED),
    ("queue.buffering.max.ms", TUNED),
    ("queue.buffering.max.messages", TUNED),
    ("fetch.wait.max.ms", TUNED),
    ("statistics.interval.ms", TUNED),
    ("topic.metadata.refresh.interval.ms", TUNED),
    ("enable.ssl.certificate.verification", TRUST),
];

/// The library's own name of a key that stands there.
pub(super) fn name(key: &str) -> Option<&str> {
    key.strip_prefix(SECTION)?.strip_prefix('.')
}

pub(super) fn is_one(key: &str) -> bool {
    name(key).is_some()
}

/// The section itself too.
pub(super) fn is_part(key: &str) -> bool {
    key == SECTION || is_one(key)
}

/// A variable cannot have dots; the library's keys, but for `ssl_…` handles, have no `_`.
pub(super) fn key_of(variable: &str) -> Option<String> {
    let rest = variable.strip_prefix(VARIABLE).filter(|rest| !rest.is_empty())?;
    Some(format!("{SECTION}.{}", rest.to_lowercase().replace('_', ".")))
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(on) => Some(on.to_string()),
        _ => None,
    }
}

pub(super) fn fault(key: &str, origin: &str) -> Option<Problem> {
    let (_, what) = REFUSED.iter().find(|(refused, _)| Some(*refused) == name(key))?;
    Some(Problem::new(rule::place(key, origin), *what, "leave it out of [kafka.extra]"))
}

pub(super) fn wrong_type(key: &str, origin: &str) -> Problem {
    Problem::new(rule::place(key, origin), "is no single value", "write a text in quotes, a number, true or false")
}

/// Rather one too many is masked than one too few.
pub(super) fn is_secret(name: &str) -> bool {
    let parts = ["password", "passphrase", "secret", "pem", "private", "oauthbearer.config", "token", "jaas"];
    parts.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::REFUSED;
    use crate::config::{Loaded, Settings};

    fn load(file: &str, env: &[(&str, &str)]) -> Result<Loaded, String> {
        let mut written = tempfile::NamedTempFile::new().unwrap();
        written.write_all(file.as_bytes()).unwrap();
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::load(Some(written.path()), env).map_err(|error| error.to_string())
    }

    #[test]
    fn keys_of_the_library_are_taken_in_every_spelling_and_the_environment_wins() {
        let file = "[kafka.extra]\n\"socket.keepalive.enable\" = true\nsocket.timeout.ms = 5000\nclient.rack = \"a\"\n";
        let Loaded { settings, origins } = load(file, &[("TONGGUAN__KAFKA__EXTRA__CLIENT_RACK", "b")]).unwrap();
        let extra: Vec<_> = settings.kafka.extra.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(extra, [("client.rack", "b"), ("socket.keepalive.enable", "true"), ("socket.timeout.ms", "5000")]);
        assert_eq!(origins["kafka.extra.client.rack"], "env:TONGGUAN__KAFKA__EXTRA__CLIENT_RACK");
        assert!(origins["kafka.extra.socket.timeout.ms"].starts_with("file:"));
    }

    #[test]
    fn what_the_program_decides_is_refused_with_the_reason() {
        for (name, reason) in REFUSED {
            let file = format!("[kafka.extra]\n\"{name}\" = \"hunter2\"\n");
            let variable = format!("TONGGUAN__KAFKA__EXTRA__{}", name.to_uppercase().replace('.', "_"));
            for refusal in [load(&file, &[]).unwrap_err(), load("", &[(&variable, "hunter2")]).unwrap_err()] {
                assert!(refusal.contains(&format!("kafka.extra.{name} (")) && refusal.contains(reason), "{refusal}");
                assert!(!refusal.contains("hunter2"), "{refusal}");
            }
        }
        for file in ["[kafka]\nextra = 3\n", "[kafka.extra]\nclient.rack = [1]\n"] {
            assert!(load(file, &[]).is_err(), "{file}");
        }
    }

    #[test]
    fn secrets_among_them_are_masked() {
        let file = "[kafka.extra]\nssl.keystore.password = \"hunter2\"\nclient.rack = \"seen\"\n";
        let loaded = load(file, &[]).unwrap();
        let entries = loaded.entries().unwrap();
        let shown = |key: &str| entries.iter().find(|entry| entry.key == key).unwrap().value.clone();
        assert_eq!(shown("kafka.extra.ssl.keystore.password"), "***");
        assert_eq!(shown("kafka.extra.client.rack"), "seen");
        assert!(!format!("{loaded:?}").contains("hunter2"));
    }
}
