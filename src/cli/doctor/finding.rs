//! One line of the doctor's list: what was looked at, yes or no, what was found, and what to do.

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoctorVerdict {
    Yes,
    /// It goes, but somebody should know.
    Warn,
    No,
}

impl DoctorVerdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Warn => "warn",
            Self::No => "no",
        }
    }
}

/// In the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoctorCheck {
    Config,
    Figures,
    Streams,
    Calendar,
    Policy,
    Names,
    Map,
    PrivacyKey,
    Password,
    Descriptors,
    Disk,
    Listen,
    Brokers,
    Topics,
    Group,
    KafkaClock,
    Server,
    Rights,
    Schema,
    Zones,
    Limits,
    ServerClock,
    ServerDisk,
}

impl DoctorCheck {
    /// For scripts, for those who read Chinese, and for those who read English.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Config => ("config", "配置", "configuration"),
            Self::Figures => ("figures", "自定指标", "own figures"),
            Self::Streams => ("streams", "数据流文件", "stream files"),
            Self::Calendar => ("calendar", "工作日历", "calendar"),
            Self::Policy => ("policy", "时限规则", "policy"),
            Self::Names => ("names", "代码名称", "names of codes"),
            Self::Map => ("map", "大屏地图", "map of the wall"),
            Self::PrivacyKey => ("privacy_key", "假名密钥", "privacy key"),
            Self::Password => ("password_file", "密码文件", "password file"),
            Self::Descriptors => ("descriptors", "文件描述符", "open files"),
            Self::Disk => ("disk", "本机磁盘", "disk here"),
            Self::Listen => ("http_listen", "监听端口", "http port"),
            Self::Brokers => ("kafka_brokers", "Kafka 节点", "Kafka brokers"),
            Self::Topics => ("kafka_topics", "Kafka 主题", "Kafka topics"),
            Self::Group => ("kafka_group", "Kafka 消费组", "Kafka group"),
            Self::KafkaClock => ("kafka_clock", "消息时钟", "clock of messages"),
            Self::Server => ("clickhouse", "ClickHouse", "ClickHouse"),
            Self::Rights => ("clickhouse_rights", "账号权限", "rights of the account"),
            Self::Schema => ("clickhouse_schema", "表结构", "schema"),
            Self::Zones => ("clickhouse_zones", "时区", "time zones"),
            Self::Limits => ("clickhouse_limits", "账号限额", "limits of the account"),
            Self::ServerClock => ("clickhouse_clock", "数据库时钟", "clock of ClickHouse"),
            Self::ServerDisk => ("clickhouse_disk", "数据库磁盘", "disk of ClickHouse"),
        }
    }
}

/// What to do, in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Todo {
    pub zh: String,
    pub en: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorFinding {
    pub check: DoctorCheck,
    pub verdict: DoctorVerdict,
    pub found: String,
    pub todo: Option<Todo>,
}

impl DoctorFinding {
    pub fn yes(check: DoctorCheck, found: impl Into<String>) -> Self {
        Self { check, verdict: DoctorVerdict::Yes, found: found.into(), todo: None }
    }

    pub fn warn(check: DoctorCheck, found: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let todo = Some(Todo { zh: zh.into(), en: en.into() });
        Self { check, verdict: DoctorVerdict::Warn, found: found.into(), todo }
    }

    pub fn no(check: DoctorCheck, found: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { verdict: DoctorVerdict::No, ..Self::warn(check, found, zh, en) }
    }

    pub fn json(&self) -> Value {
        let todo = self.todo.clone().unwrap_or_default();
        json!({
            "check": self.check.words().0,
            "verdict": self.verdict.name(),
            "found": self.found,
            "todo_zh": todo.zh,
            "todo_en": todo.en,
        })
    }
}
