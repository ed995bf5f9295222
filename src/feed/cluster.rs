//! Where Kafka is and how to speak to it: what every client of ours begins with.

use std::{collections::BTreeMap, fmt};

use rdkafka::ClientConfig;

use crate::tls::Files;

/// Made from the configuration by the caller.
#[derive(Clone, Default)]
pub struct Cluster {
    pub(crate) brokers: String,
    /// None: nothing is encrypted.
    pub(crate) tls: Option<Tls>,
    /// None: nobody logs in.
    pub(crate) login: Option<Login>,
    /// Other keys of librdkafka, by name.
    pub(crate) extra: BTreeMap<String, String>,
    /// Under which name we put messages there. Empty: under none.
    pub(crate) feeder: String,
}

#[derive(Clone, Default)]
pub(crate) struct Tls {
    pub(crate) files: Files,
    /// Empty: the key is not encrypted.
    pub(crate) key_password: String,
}

#[derive(Clone)]
pub(crate) struct Login {
    /// Kafka's name for it.
    pub(crate) mechanism: &'static str,
    pub(crate) user: String,
    pub(crate) password: String,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Cluster");
        shown.field("brokers", &self.brokers).field("tls", &self.tls).field("login", &self.login);
        shown.field("extra", &self.extra.keys()).finish()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("mechanism", &self.mechanism).field("user", &self.user).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Without encryption or login.
    pub fn plain(brokers: &str) -> Self {
        Self { brokers: brokers.to_owned(), ..Self::default() }
    }

    /// What is ours comes after `extra`, so that nothing there can undo it.
    pub(super) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("client.id", "tongguan");
        config.extend(self.extra.clone());
        config.set("bootstrap.servers", &self.brokers).set("security.protocol", self.protocol());
        if let Some(Tls { files, key_password }) = &self.tls {
            // `probe` looks where the distributions keep their CAs, whatever OpenSSL was built for.
            let ca = files.ca.as_ref().map_or("probe".into(), |path| path.to_string_lossy());
            config.set("ssl.ca.location", ca);
            if let Some(own) = &files.own {
                config.set("ssl.certificate.location", own.certificate.to_string_lossy());
                config.set("ssl.key.location", own.key.to_string_lossy());
            }
            if !key_password.is_empty() {
                config.set("ssl.key.password", key_password);
            }
        }
        if let Some(Login { mechanism, user, password }) = &self.login {
            config.set("sasl.mechanism", *mechanism).set("sasl.username", user).set("sasl.password", password);
        }
        config
    }

    fn protocol(&self) -> &'static str {
        match (&self.tls, &self.login) {
            (None, None) => "plaintext",
            (Some(_), None) => "ssl",
            (None, Some(_)) => "sasl_plaintext",
            (Some(_), Some(_)) => "sasl_ssl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::Own;

    #[test]
    fn each_way_to_connect_is_told_to_the_library() {
        let login = Login { mechanism: "SCRAM-SHA-512", user: "tongguan".into(), password: "hunter2".into() };
        let own = Own { certificate: "c.pem".into(), key: "k.pem".into() };
        let tls = Tls { files: Files { ca: Some("ca.pem".into()), own: Some(own) }, key_password: "open".into() };
        let cluster = |tls, login| Cluster { tls, login, ..Cluster::plain("a:1") };
        for (cluster, wanted) in [
            (cluster(None, None), "plaintext"),
            (cluster(Some(Tls::default()), None), "ssl"),
            (cluster(None, Some(login.clone())), "sasl_plaintext"),
            (cluster(Some(tls), Some(login)), "sasl_ssl"),
        ] {
            let config = cluster.client();
            assert_eq!(config.get("security.protocol"), Some(wanted));
            assert_eq!(config.get("sasl.password"), cluster.login.as_ref().map(|_| "hunter2"));
            let ca = cluster.tls.as_ref().map(|tls| if tls.files.ca.is_some() { "ca.pem" } else { "probe" });
            assert_eq!(config.get("ssl.ca.location"), ca);
            let own = cluster.tls.as_ref().and_then(|tls| tls.files.own.as_ref());
            assert_eq!(config.get("ssl.key.location"), own.map(|_| "k.pem"));
            assert_eq!(config.get("ssl.certificate.location"), own.map(|_| "c.pem"));
            assert_eq!(config.get("ssl.key.password"), own.map(|_| "open"));
            assert!(!format!("{cluster:?}").contains("hunter2") && !format!("{cluster:?}").contains("\"open\""));
        }
    }

    #[test]
    fn other_keys_reach_the_library_and_undo_nothing() {
        let extra = [("client.id", "mine"), ("bootstrap.servers", "b:2"), ("socket.keepalive.enable", "true")];
        let extra = extra.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let config = Cluster { extra, ..Cluster::plain("a:1") }.client();
        assert_eq!(config.get("client.id"), Some("mine"));
        assert_eq!(config.get("socket.keepalive.enable"), Some("true"));
        assert_eq!(config.get("bootstrap.servers"), Some("a:1"));
        assert!(
            !format!(
                "{:?}",
                Cluster { extra: [("ssl.key.pem".to_owned(), "hunter2".to_owned())].into(), ..Cluster::plain("a:1") }
            )
            .contains("hunter2")
        );
    }
}
