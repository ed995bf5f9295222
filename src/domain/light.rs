//! 灯: how a clock stands, as one colour.

use serde::{Deserialize, Serialize};

/// 灯.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Light {
    /// In time so far, or stopped in time.
    Green,
    /// So much of the limit is used that it is time to hurry.
    Yellow,
    /// Late, now or at any time before.
    Red,
    /// Not assessed.
    Grey,
    /// Paused.
    Blue,
}

impl Light {
    /// On the wire (`light` of a row snapshot) and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Yellow => "YELLOW",
            Self::Red => "RED",
            Self::Grey => "GREY",
            Self::Blue => "BLUE",
        }
    }
}
