//! Why something was done.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Why, as a code and in words (scrubbed).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reason {
    /// 原因代码, as it came; the fold knows `wrong_unit` (派遣错误) alone.
    #[serde(rename = "reason_code", skip_serializing_if = "SmolStr::is_empty")]
    pub code: SmolStr,
    /// In words, scrubbed.
    #[serde(rename = "reason", skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
}
