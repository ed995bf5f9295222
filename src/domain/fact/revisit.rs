//! 回访: what the citizen says after the case was closed.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::reason::Reason;

/// 满意度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Satisfaction {
    /// 满意.
    Satisfied = 1,
    /// 基本满意.
    BasicallySatisfied = 2,
    /// 一般.
    Neutral = 3,
    /// 不满意.
    Dissatisfied = 4,
}

impl Satisfaction {
    /// Name, Chinese name, and weight in hundredths for 市民满意率.
    pub const ALL: [(Self, &'static str, &'static str, u32); 4] = [
        (Self::Satisfied, "satisfied", "满意", 100),
        (Self::BasicallySatisfied, "basically_satisfied", "基本满意", 80),
        (Self::Neutral, "neutral", "一般", 60),
        (Self::Dissatisfied, "dissatisfied", "不满意", 0),
    ];

    /// From either name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, en, zh, _)| *en == name || *zh == name).map(|(satisfaction, ..)| *satisfaction)
    }

    /// On the wire and in the column; the Chinese word is taken as well.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize - 1].1
    }

    /// Hundredths of a full satisfaction: 100, 80, 60 or 0 (K15, docs/kpi.md).
    pub fn weight(self) -> u32 {
        Self::ALL[self as usize - 1].3
    }
}

/// One attempt to ask the citizen. What was not said is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Revisit {
    /// By phone, message or app; as it came.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub channel: SmolStr,
    /// 回访成功: the citizen was reached.
    pub reached: bool,
    /// 先行联系: was he called before the work began?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<bool>,
    /// 是否解决.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// 满意度.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// Why nobody was reached, or why nothing was said.
    #[serde(flatten)]
    pub reason: Reason,
}
