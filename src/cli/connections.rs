//! From the settings to Kafka, and whether its client library can work with them.

use std::collections::BTreeMap;

use crate::{
    config::{ConfigError, KafkaSettings, Problem, Settings},
    feed::{
        cluster::{Cluster, Login, Tls},
        connection::Connection,
        fit::{self, Unfit},
    },
    pipeline::ahead,
};

/// How the service reads from Kafka.
pub fn reader(settings: &Settings) -> Connection {
    let kafka = &settings.kafka;
    Connection {
        cluster: cluster(kafka),
        group: kafka.group.clone(),
        instance_id: kafka.instance_id.clone(),
        session_timeout_ms: kafka.session_timeout_ms,
        fetch_queue_backoff_ms: kafka.fetch_queue_backoff_ms,
        messages_ahead: ahead::MOST,
        fetched_bytes: settings.memory.shares().fetched,
    }
}

pub fn cluster(kafka: &KafkaSettings) -> Cluster {
    let tls = || Tls { files: kafka.tls(), key_password: kafka.certificate_key_password.expose().to_owned() };
    let login = || Login {
        mechanism: kafka.sasl_mechanism.name(),
        user: kafka.user.clone().unwrap_or_default(),
        password: kafka.password.expose().to_owned(),
    };
    Cluster {
        brokers: kafka.brokers.clone(),
        tls: kafka.security.is_tls().then(tls),
        login: kafka.security.is_sasl().then(login),
        extra: kafka.extra.0.clone(),
        feeder: kafka.feeder.clone(),
    }
}

/// Whether the library knows the keys and values of [kafka.extra].
pub fn check_keys(settings: &Settings, origins: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    fit::keys(&cluster(&settings.kafka)).map_err(|unfit| refusal(unfit, origins))
}

/// Also its certificates and keys, and whether everything goes together. Nobody is connected to.
pub fn check(settings: &Settings, origins: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    fit::all(&reader(settings)).map_err(|unfit| refusal(unfit, origins))
}

/// What Kafka's client library does not like is a fault of the configuration like any other.
fn refusal(unfit: Unfit, origins: &BTreeMap<String, String>) -> ConfigError {
    let Unfit { key, what } = unfit;
    let extra = key.map(|key| format!("kafka.extra.{key}")).filter(|key| origins.contains_key(key));
    let (place, remedy) = match extra {
        Some(key) => {
            let origin = origins.get(&key).map_or("", String::as_str);
            (format!("{key} ({origin})"), "look it up in the library's CONFIGURATION.md, or leave it out")
        }
        None => ("[kafka]".to_owned(), "look at the files and passwords that it names"),
    };
    ConfigError::Invalid(vec![Problem::new(place, format!("Kafka's client library says: {}", what.trim()), remedy)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that the program starts to set must not be one that somebody can set besides.
    #[test]
    fn what_the_program_sets_nobody_else_may_set() {
        let mut settings = Settings::load(None, [].into_iter()).unwrap().settings;
        settings.kafka.security = crate::config::Security::SaslTls;
        settings.kafka.instance_id = Some("one".to_owned());
        for name in fit::keys_set(&reader(&settings)).iter().filter(|name| *name != "client.id") {
            let variable = format!("TONGGUAN__KAFKA__EXTRA__{}", name.to_uppercase().replace('.', "_"));
            assert!(Settings::load(None, [(variable, "x".to_owned())].into_iter()).is_err(), "{name}");
        }
    }

    #[test]
    fn what_the_library_does_not_know_is_a_fault_of_the_configuration_with_its_key() {
        let env = [("TONGGUAN__KAFKA__EXTRA__SOCKET_KEPALIVE_ENABLE".to_owned(), "hunter2".to_owned())];
        let loaded = Settings::load(None, env.into_iter()).unwrap();
        let refusal = check(&loaded.settings, &loaded.origins).unwrap_err().to_string();
        assert!(
            refusal.contains("kafka.extra.socket.kepalive.enable (env:") && !refusal.contains("hunter2"),
            "{refusal}"
        );
        let defaults = Settings::load(None, [].into_iter()).unwrap();
        check(&defaults.settings, &defaults.origins).unwrap();
    }
}
