//! 计数: work that is counted and not handled: a lecture, a leaflet, a call. Each makes a case of its own, so that it can be
//! corrected, voided and led back to its message like any other.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::domain::attributes::Attributes;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    #[serde(flatten)]
    pub attributes: Attributes,
    pub quantity: u32,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
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
