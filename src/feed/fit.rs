//! Whether librdkafka can work with what it is given. It looks at keys, values, certificates and keys of certificates, and
//! connects to nobody.

use rdkafka::{
    ClientConfig, config::RDKafkaLogLevel, consumer::BaseConsumer, error::KafkaError, producer::BaseProducer,
};

use super::{
    cluster::Cluster,
    connection::{self, Connection},
    producer,
};

/// What it does not like. Its own text can repeat the value, so that is left out where the value is one of `extra`.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The library's key, where one is at fault.
    pub key: Option<String>,
    pub what: String,
}

/// Names and values of `extra`; a matter of microseconds.
pub fn keys(cluster: &Cluster) -> Result<(), Unfit> {
    for (name, value) in &cluster.extra {
        let mut config = ClientConfig::new();
        config.set(name, value);
        config.create_native_config().map_err(|error| unfit(error, value))?;
    }
    Ok(())
}

/// Everything, by making the clients, with nobody to call.
pub fn all(connection: &Connection) -> Result<(), Unfit> {
    keys(&connection.cluster)?;
    let alone = |mut config: ClientConfig| {
        config.remove("bootstrap.servers").set_log_level(RDKafkaLogLevel::Emerg);
        config
    };
    let reader = alone(connection::settings(connection)).create::<BaseConsumer>();
    reader.map_err(|error| unfit(error, ""))?;
    let writer = alone(producer::settings(&connection.cluster)).create::<BaseProducer>();
    writer.map_err(|error| unfit(error, ""))?;
    Ok(())
}

/// The keys that our clients set, with nothing in `extra`.
#[cfg(test)]
pub fn keys_set(connection: &Connection) -> Vec<String> {
    let all = [connection::settings(connection), producer::settings(&connection.cluster)];
    all.iter().flat_map(|config| config.config_map().into_keys().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn unfit(error: KafkaError, value: &str) -> Unfit {
    match error {
        KafkaError::ClientConfig(_, what, key, _) => {
            let what = if value.is_empty() { what } else { what.replace(value, "…") };
            Unfit { key: Some(key), what }
        }
        KafkaError::ClientCreation(what) => Unfit { key: None, what },
        other => Unfit { key: None, what: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Cluster {
        Cluster { extra: [(name.to_owned(), value.to_owned())].into(), ..Cluster::plain("127.0.0.1:1") }
    }

    #[test]
    fn the_library_knows_its_keys_and_values_and_no_value_is_repeated() {
        assert_eq!(keys(&with("socket.keepalive.enable", "true")), Ok(()));
        for (name, value) in [
            ("socket.kepalive.enable", "true"),
            ("socket.keepalive.enable", "hunter2"),
            ("socket.timeout.ms", "hunter2"),
            ("broker.address.family", "hunter2"),
        ] {
            let unfit = keys(&with(name, value)).unwrap_err();
            assert_eq!(unfit.key.as_deref(), Some(name));
            assert!(!unfit.what.is_empty() && !unfit.what.contains("hunter2"), "{unfit:?}");
        }
    }
}
