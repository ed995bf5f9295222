//! What is checked, decided and asked about a case. One struct a type; field comments become the schema's text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Satisfaction, Text};
use crate::feed::contract::WireTime;

/// 核实 Is what was reported true (属实)?
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verified {
    /// 是否属实
    pub(crate) confirmed: bool,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 发核实 / 退单 / 撤回派遣 / 发核查 / 返工 What a unit does or has done to it. Without `unit`: the one that has the case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OfUnit {
    /// 单位 The unit's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Text,
    /// 原因代码; for a return: 属地, 职责, 权属, 信息不足, 其他.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 退单审批
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnDecided {
    /// 是否同意 Refused: the unit keeps the case and its clock runs on (签派).
    pub(crate) accepted: bool,
    /// 责任单位 The unit, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Text,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 督办 / 催办 Somebody above presses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Pressure {
    /// 督办部门 The office that presses, not a person; scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Text,
    /// 级别: city, district, town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Text,
    /// 原因代码 The reason, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 延期申请
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExtensionRequested {
    /// 申请延至 Until when it is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_at: Option<WireTime>,
    /// 原因代码 The reason, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 回访 What the citizen says after the case was handled. What was not said is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Revisited {
    /// 回访方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Text,
    /// 是否回访成功 Was the citizen reached?
    pub(crate) reached: bool,
    /// 先行联系 Had the unit been in touch first? Left out: 未评价.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_contact: Option<bool>,
    /// 是否解决
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) solved: Option<bool>,
    /// 满意度, as either word of a pair. Left out: 未评价.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) satisfaction: Option<Satisfaction>,
    /// 不满意原因
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 申诉
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppealDecided {
    /// 是否通过 Upheld: the case is not assessed any more.
    pub(crate) upheld: bool,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 重复工单
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DuplicateLinked {
    /// 原单号 The case that this one repeats.
    #[schemars(length(min = 1, max = 128))]
    pub(crate) parent: SmolStr,
}
