//! What a stream file says.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StreamFile {
    pub name: String,
    /// Without `kafka.topic_prefix`.
    pub topic: String,
    pub title: Title,
    pub source_default: String,
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub timezone: TimeZone,
    /// 计数: what it takes are tallies, each received and closed when told; it needs no other meanings.
    #[serde(default)]
    pub tally: bool,
    #[serde(default)]
    pub means: Means,
    #[serde(default)]
    pub counting: CountingFile,
    #[serde(default)]
    pub results: ResultsFile,
    /// By the name of the dimension.
    #[serde(default)]
    pub dimensions: BTreeMap<String, DimensionName>,
    #[serde(default)]
    pub rates: Vec<RateName>,
    /// Who may speak for which sources; absent: anybody for any.
    #[serde(default)]
    pub producers: Option<BTreeMap<String, Vec<String>>>,
    /// What its messages are, where they are no events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debezium: Option<DebeziumFile>,
}

/// 变更事件: changes of a platform's table, as Debezium puts them on the topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DebeziumFile {
    /// Relative to the stream's file.
    pub mapping: PathBuf,
    /// Types of columns, where the messages have no schema.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

/// Event types, without `case.` and version, by what they mean for the rates.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Means {
    pub received: Vec<String>,
    pub handled: Vec<String>,
    pub closed: Vec<String>,
    pub satisfied: Vec<String>,
    pub void: Vec<String>,
    pub excluded: Vec<String>,
}

/// What the rates ask of a case.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct CountingFile {
    /// What a due is compared with; `auto`: whatever the due is about.
    pub finish: String,
    pub duplicates: bool,
    pub direct_answers: bool,
}

impl CountingFile {
    pub const AUTO: &str = "auto";
    pub const FINISHES: [&str; 4] = [Self::AUTO, "submitted", "check_passed", "closed"];
}

impl Default for CountingFile {
    fn default() -> Self {
        Self { finish: Self::AUTO.to_owned(), duplicates: true, direct_answers: false }
    }
}

/// The results that mean a success, and those that mean the contrary; empty: the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResultsFile {
    pub solved: Vec<String>,
    pub explained: Vec<String>,
}

/// The dimensions that a stream may name in its own words.
pub const DIMENSIONS: [&str; 12] = [
    "kind",
    "channel",
    "category",
    "urgency",
    "area",
    "town",
    "community",
    "cell",
    "duty_grid",
    "unit",
    "how",
    "result",
];

/// A dimension under the name that it has in this stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "struct Dimension")]
pub struct DimensionName {
    pub zh: String,
    pub en: String,
    /// Of `kind`, `channel` and `how`: the values there are; another is kept, and counted as unknown.
    #[serde(default)]
    pub values: Vec<String>,
}

/// A figure of the catalogue under the name that it has in this stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RateName {
    pub figure: String,
    pub zh: String,
    pub en: String,
    /// `dimension = "value"`: of these cases only.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
}
