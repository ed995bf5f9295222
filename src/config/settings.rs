//! Every setting as a typed value. What each means, and why its default is what it is, stands in
//! `config/default.toml`, which a test holds equal to these structs, key by key.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{AlertSettings, InletSettings, Memory, Secret, blank};

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub timezone: TimeZone,
    pub memory: Memory,
    pub kafka: KafkaSettings,
    pub clickhouse: ClickHouseSettings,
    pub batch: BatchSettings,
    pub sweep: SweepSettings,
    pub retry: RetrySettings,
    pub shutdown: ShutdownSettings,
    pub ingest: IngestSettings,
    pub privacy: PrivacySettings,
    pub http: HttpSettings,
    pub page: PageSettings,
    pub inlet: InletSettings,
    pub alerts: AlertSettings,
    pub log: LogSettings,
    pub streams: StreamsSettings,
    pub figures: FiguresSettings,
    pub calendar: CalendarSettings,
    pub policy: PolicySettings,
    pub names: NamesSettings,
    pub report: ReportSettings,
}

impl Settings {
    /// The zone by its IANA name, which the rules of the settings ask for.
    pub fn zone_name(&self) -> &str {
        self.timezone.iana_name().unwrap_or("Asia/Shanghai")
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSettings {
    pub brokers: String,
    pub security: Security,
    #[serde(with = "blank::path")]
    pub ca_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub certificate_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub certificate_key_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub certificate_key_password_file: Option<PathBuf>,
    /// What the file above holds.
    #[serde(skip)]
    pub certificate_key_password: Secret,
    /// Under which name this program puts messages there. Empty: under none.
    pub feeder: String,
    /// Where it is told what was refused. Empty: nowhere.
    pub rejected_topic: String,
    pub sasl_mechanism: SaslMechanism,
    #[serde(with = "blank::text")]
    pub user: Option<String>,
    #[serde(with = "blank::path")]
    pub password_file: Option<PathBuf>,
    /// What the file above holds.
    #[serde(skip)]
    pub password: Secret,
    /// Any other key of librdkafka; which may not stand here is in `extra.rs`.
    #[serde(skip)]
    pub extra: Extra,
    pub group: String,
    pub topic_prefix: String,
    pub create_topics: bool,
    pub partitions: i32,
    /// -1: as the broker says.
    pub replication: i32,
    #[serde(with = "blank::text")]
    pub instance_id: Option<String>,
    pub session_timeout_ms: u64,
    pub stuck_after_s: u64,
    pub fetch_queue_backoff_ms: u64,
}

/// Values may be secrets, so they are not shown.
#[derive(Clone, Default)]
pub struct Extra(pub BTreeMap<String, String>);

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    Plaintext,
    Tls,
    SaslPlaintext,
    SaslTls,
}

impl Security {
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Tls | Self::SaslTls)
    }

    pub fn is_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslTls)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum SaslMechanism {
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
    #[serde(rename = "PLAIN")]
    Plain,
}

impl SaslMechanism {
    pub fn name(self) -> &'static str {
        match self {
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
            Self::Plain => "PLAIN",
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClickHouseSettings {
    pub url: String,
    #[serde(with = "blank::path")]
    pub ca_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub certificate_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub certificate_key_file: Option<PathBuf>,
    pub database: String,
    pub user: String,
    /// What `password_file` holds, when that is set.
    pub password: Secret,
    #[serde(with = "blank::path")]
    pub password_file: Option<PathBuf>,
    pub insert_timeout_s: u64,
    pub query_timeout_s: u64,
    pub lookup_timeout_s: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BatchSettings {
    pub rows_max: usize,
    pub wait_max_ms: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SweepSettings {
    pub interval_s: u64,
    pub grace_s: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RetrySettings {
    pub backoff_min_ms: u64,
    pub backoff_max_ms: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ShutdownSettings {
    pub drain_timeout_s: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IngestSettings {
    pub future_max_s: u64,
    pub earliest: Timestamp,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PrivacySettings {
    /// Set by hand, so it must exist: making a new key here would silently change all pseudonyms.
    #[serde(with = "blank::path")]
    pub key_file: Option<PathBuf>,
    /// Where a key is created once when none is set; unknown when there is no home folder.
    #[serde(skip)]
    pub default_key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    #[serde(with = "blank::text")]
    pub listen: Option<SocketAddr>,
    pub connections_max: usize,
    pub request_timeout_s: u64,
    pub stuck_after_s: u64,
    pub tls: HttpTlsSettings,
    pub auth: AuthSettings,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTlsSettings {
    #[serde(with = "blank::path")]
    pub cert_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    pub mode: AuthMode,
    #[serde(with = "blank::path")]
    pub accounts_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub audit_dir: Option<PathBuf>,
    pub idle_timeout_s: u64,
    pub session_max_s: u64,
    pub assessment: Assessment,
    /// Separated by commas.
    pub proxies: String,
    pub proxy_name_header: String,
    pub proxy_roles_header: String,
    #[serde(with = "blank::path")]
    pub client_ca_file: Option<PathBuf>,
    #[serde(with = "blank::path")]
    pub client_crl_file: Option<PathBuf>,
    /// Where both are when they are not named; unknown when there is no home folder.
    #[serde(skip)]
    pub state_dir: Option<PathBuf>,
}

impl AuthSettings {
    pub fn accounts(&self) -> Option<PathBuf> {
        self.accounts_file.clone().or_else(|| Some(self.state_dir.as_ref()?.join("accounts.toml")))
    }

    /// Where nobody is asked, only where it is named.
    pub fn audit(&self) -> Option<PathBuf> {
        let by_default = self.state_dir.as_ref().filter(|_| self.mode != AuthMode::None);
        self.audit_dir.clone().or_else(|| Some(by_default?.join("audit")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    None,
    Accounts,
    Proxy,
    Certificates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Assessment {
    Nist,
    Dengbao3,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PageSettings {
    /// Whether `run` serves it too; `serve` always does.
    pub enabled: bool,
    pub listen: SocketAddr,
    /// Of the town or the centre.
    pub title: String,
    pub connections_max: usize,
    pub request_timeout_s: u64,
    pub idle_timeout_s: u64,
    pub questions_max: usize,
    pub live_max: usize,
    pub stale_after_s: u64,
    /// Where `serve` asks how the service is; empty: at `http.listen`.
    pub service: String,
    /// Of a trial of other limits.
    pub whatif_cases_max: u64,
    pub waiting_max: usize,
    pub export_rows_max: u64,
    /// Of the town, for the wall.
    #[serde(with = "blank::path")]
    pub map_file: Option<PathBuf>,
    /// The property by which its areas are known, and what they are.
    pub map_key: String,
    pub map_by: MapBy,
    /// Whether files are taken.
    pub upload: bool,
    pub upload_mb: u64,
    /// Empty: in the state folder.
    #[serde(with = "blank::path")]
    pub upload_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MapBy {
    Community,
    Town,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    pub level: LogLevel,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Pretty at a terminal, JSON elsewhere.
    Auto,
    Pretty,
    Json,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StreamsSettings {
    pub built_in: String,
    #[serde(with = "blank::path")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresSettings {
    #[serde(with = "blank::path")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSettings {
    #[serde(with = "blank::path")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySettings {
    #[serde(with = "blank::path")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamesSettings {
    #[serde(with = "blank::path")]
    pub file: Option<PathBuf>,
}

/// What stands over and under a printed report.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSettings {
    #[serde(with = "blank::text")]
    pub issuer: Option<String>,
    pub number: String,
    #[serde(with = "blank::text")]
    pub date: Option<String>,
    /// Separated by commas.
    pub community_endings: String,
}
