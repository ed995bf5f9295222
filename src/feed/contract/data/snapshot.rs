//! The task row of a platform that has no events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Intake, Text};
use crate::feed::contract::WireTime;

/// Where the row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Open,
    Suspended,
    Closed,
    Void,
    Rejected,
    NotFiled,
}

/// 行快照 The task row as it stands at the event's time; rows of a case are compared with each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Intake>,
}
