//! What is said of a case when it comes in, and when it goes to a unit.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::domain::{attributes::Attributes, time::Due};

/// 报案信息: what a case is about. The first statement of each thing stands; only a correction changes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    /// Where and what; empty: not stated.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// The due that the source itself states, which beats the policy. None: it states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Found and put right on the spot by the patrol (自行处置): closed when reported, and on time.
    #[serde(rename = "patrol_dealt", skip_serializing_if = "is_default")]
    pub is_patrol_dealt: bool,
    /// 是否考核; not stated means yes.
    #[serde(rename = "assessed", skip_serializing_if = "Option::is_none")]
    pub is_assessed: Option<bool>,
    /// 附件数; the attachments themselves are not taken in.
    #[serde(skip_serializing_if = "is_default")]
    pub media_count: u32,
    /// 标题, scrubbed.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub title: SmolStr,
    /// 描述, scrubbed.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub description: SmolStr,
    /// 反映人.
    #[serde(skip_serializing_if = "Reporter::is_unknown")]
    pub reporter: Reporter,
}

/// Keyed pseudonyms; equal under one key means the same person. Empty: not given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reporter {
    /// Of the name, normalised first.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub name: SmolStr,
    /// Of the phone number, however it was written.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub phone: SmolStr,
    /// Of the ID number (身份证号).
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_number: SmolStr,
    /// The region part of an ID number, the only part kept in clear.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_region: SmolStr,
    /// 密钥编号: under which key; pseudonyms of different keys cannot be compared.
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

/// 派遣 / 派单: to one unit. To another unit beside it is another event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispatch {
    /// 责任单位: its code.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    /// As it is called now; empty: not stated.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    /// 派遣级别: the larger, the lower; 0: not stated. A dispatch to a lower level passes the case on (转派).
    #[serde(skip_serializing_if = "is_default")]
    pub level: u8,
    /// 主责 lead or 协办 support.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub role: SmolStr,
    /// The unit's own due, and, if none was stated before, the case's. None: as the policy says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// For what a kept fact leaves out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
