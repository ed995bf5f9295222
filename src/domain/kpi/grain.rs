//! Of what a figure is a number.

use serde::Deserialize;

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// 案件.
    #[default]
    Case,
    /// 计时: of one stage, of the case or of a unit.
    Clock,
    /// 派遣: one dispatch to one unit.
    Assignment,
    /// 核查: one check.
    Check,
}

impl Grain {
    /// As the queries and messages about a figure's file call it: `case`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Clock => "clock",
            Self::Assignment => "assignment",
            Self::Check => "check",
        }
    }
}
