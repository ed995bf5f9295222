//! 计数: work that is counted and not handled: a lecture, a leaflet, a call. Each makes a case of its own, so that it can be
//! corrected, voided and led back to its message like any other.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::domain::attributes::Attributes;

/// One message for each thing that is counted, with how many of it there were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Of which kind, and where.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// 数量: how many the case counts for in K19; 1 where it is not stated.
    pub quantity: u32,
    /// The unit that did it; empty: not stated.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    /// As it is called; empty: not stated.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    /// 标题, scrubbed.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub title: SmolStr,
}

impl Default for Tally {
    /// Whoever tells of a thing without a number tells of one.
    fn default() -> Self {
        Self {
            attributes: Attributes::default(),
            quantity: 1,
            unit: SmolStr::default(),
            unit_name: SmolStr::default(),
            title: SmolStr::default(),
        }
    }
}
