//! What somebody may do, in one word; each word includes those before it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthRole {
    /// Figures; no case, no free text.
    Viewer,
    /// Also the cases of his own units or towns.
    CaseWorker,
    /// All figures, lists, cases and exports.
    Analyst,
    /// Also files, which become events.
    Feeder,
    /// Also the quarantine, publishing, and what keeps the service running.
    Operator,
}

impl AuthRole {
    /// Name, and the word in Chinese.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Viewer, "viewer", "查看"),
        (Self::CaseWorker, "case-worker", "经办"),
        (Self::Analyst, "analyst", "分析"),
        (Self::Feeder, "feeder", "录入"),
        (Self::Operator, "operator", "运维"),
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(role, ..)| *role)
    }

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub fn title_zh(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}
