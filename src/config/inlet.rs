//! 接入口: what the inlet is set to, and what of it does not go together.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{blank, rule::Rule};

/// Events by HTTP.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct InletSettings {
    /// Whether `serve` opens it too; `inlet` always does.
    pub enabled: bool,
    pub listen: SocketAddr,
    #[serde(with = "blank::path")]
    pub keys_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub client_ca_file: Option<PathBuf>,
    /// 0: no bound.
    pub per_minute: u64,
    pub remembered: usize,
    pub in_flight_mb: usize,
    pub ack_timeout_s: u64,
    pub connections_max: usize,
    pub request_timeout_s: u64,
    pub idle_timeout_s: u64,
}

/// Its certificate is the page's.
pub(super) fn rules(inlet: &InletSettings, has_certificate: bool) -> [Rule; 4] {
    [
        (
            inlet.keys_file.is_none() && !inlet.listen.ip().is_loopback(),
            "inlet.listen",
            "others can reach it, and nobody is asked who he is",
            "set inlet.keys_file, or write a loopback address such as 127.0.0.1:9602",
        ),
        (
            inlet.client_ca_file.is_some() && !has_certificate,
            "inlet.client_ca_file",
            "certificates are shown over TLS only",
            "set http.tls.cert_file and http.tls.key_file",
        ),
        (
            inlet.client_ca_file.is_some() && inlet.keys_file.is_none(),
            "inlet.client_ca_file",
            "is set, but no file says whose the certificates are",
            "set inlet.keys_file as well",
        ),
        (
            inlet.request_timeout_s <= inlet.ack_timeout_s,
            "inlet.request_timeout_s",
            "no longer than inlet.ack_timeout_s, so that nobody would be told what became of his events",
            "make it longer",
        ),
    ]
}
