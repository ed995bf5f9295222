//! What is said of a case when it comes in, and when it goes to a unit.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::is_default;
use crate::domain::{attributes::Attributes, time::Due};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    #[serde(flatten)]
    pub attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Found and put right on the spot by the patrol (自行处置): closed when reported, and on time.
    #[serde(rename = "patrol_dealt", skip_serializing_if = "is_default")]
    pub is_patrol_dealt: bool,
    /// 是否考核; not stated means yes.
    #[serde(rename = "assessed", skip_serializing_if = "Option::is_none")]
    pub is_assessed: Option<bool>,
    #[serde(skip_serializing_if = "is_default")]
    pub media_count: u32,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub title: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub description: SmolStr,
    #[serde(skip_serializing_if = "Reporter::is_unknown")]
    pub reporter: Reporter,
}

/// Keyed pseudonyms; equal under one key means the same person. Empty: not given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reporter {
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub name: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub phone: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_number: SmolStr,
    /// The region part of an ID number, the only part kept in clear.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_region: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub key_id: SmolStr,
}

impl Reporter {
    fn is_unknown(&self) -> bool {
        [&self.name, &self.phone, &self.id_number, &self.id_region, &self.key_id].iter().all(|text| text.is_empty())
    }
}

impl PartialEq for Reporter {
    /// Under different keys the same person has different pseudonyms, so that nothing can be said: equal.
    fn eq(&self, other: &Self) -> bool {
        self.key_id != other.key_id
            || (&self.name, &self.phone, &self.id_number) == (&other.name, &other.phone, &other.id_number)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispatch {
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    #[serde(skip_serializing_if = "is_default")]
    pub level: u8,
    /// 主责 lead or 协办 support.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub role: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}
