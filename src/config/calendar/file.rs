//! The shape of a calendar file. What its texts may be is checked where they are read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::{ConfigError, Problem};

pub(super) const REMEDY: &str = "see config/calendar/calendar.toml for a complete file";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarFile {
    pub id: String,
    pub published: String,
    pub source: String,
    pub covers_from: String,
    pub covers_until: String,
    pub timezone: String,
    /// Empty: the built-in list.
    #[serde(default)]
    pub days: String,
    /// Empty: none.
    #[serde(default)]
    pub local: String,
    pub windows: BTreeMap<String, WindowsTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowsTable {
    pub hours: Vec<String>,
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default)]
    pub changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub from: String,
    pub hours: Vec<String>,
}

pub(super) fn parse(place: &str, text: &str) -> Result<CalendarFile, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::Invalid(vec![Problem::of_toml(place, text, &error, REMEDY)]))
}
