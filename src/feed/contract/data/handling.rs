//! What happens to a case while it is handled. One struct a type; field comments become the schema's text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::Text;
use crate::feed::contract::WireTime;

/// 原因 Why: for 不予受理, 不予立案, 挂账申请, 挂账, 解除重复, 作废, 撤销作废.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reason {
    /// 原因代码 The reason, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 立案
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Filed {
    /// 立案条件
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filing_condition: Text,
    /// 紧急程度 How urgent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Text,
    /// 应结时间 By when it must be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
}

/// 派遣 / 派单
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dispatched {
    /// 责任单位 The unit's code.
    pub unit: SmolStr,
    /// 单位名称 Name of the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Text,
    /// 级别 2, 3 or 4, the larger the lower. A dispatch to a lower level takes the case from the unit above (转派).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// 主责 `lead` or 协办 `support`. Who is named the lead takes the case from who led; a supporting unit does not become the
    /// case's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Text,
    /// Only the first due stated for a case becomes the case's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
}

/// 签收
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Signed {
    /// 责任单位 The unit, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Text,
}

/// 先行联系
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contacted {
    /// Was the citizen reached?
    pub contacted: bool,
    /// 责任单位 The unit, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Text,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 延期审批
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExtensionDecided {
    /// 是否同意
    pub approved: bool,
    /// 新时限 The new due. Left out when approved: as the time-limit rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 恢复 The due moves by the length of the pause, unless a new one is stated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Resumed {
    /// 应结时间 By when it must be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_at: Option<WireTime>,
}

/// 处置反馈 / 办理回复
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Submitted {
    /// 责任单位 The unit, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Text,
    /// 办理结果: 实际解决, 解释说明 …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Text,
    /// 办理情况 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Text,
}

/// 核查
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// A check that is not passed means rework (返工).
    pub passed: bool,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 结案 / 办结
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Closed {
    /// 结案方式: normal, direct_answer, patrol_dealt, or duplicate_auto: a duplicate that its source closes with the parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Text,
    /// 结案评判: 实际解决, 解释说明 …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Text,
}

/// 重新打开
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reopened {
    /// Absent: the old due goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_at: Option<WireTime>,
    /// 原因代码 The reason, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Text,
}

/// 更正 / 复核 One value put right. In `value` a time is RFC 3339, and a yes or no `true` or `false`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// 字段 An attribute (`kind`, `channel`, `category_code`, `town`, …), `unit`, `filing_condition`, `received_at`,
    /// `closed_at`, `due_at`, `result`, `quantity`, `first_contact`, `solved`, `satisfaction` or `assessed`.
    pub field: SmolStr,
    /// 更正后的值 Its right value.
    pub value: SmolStr,
    /// 更正前的值
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_value: Text,
    /// 原因代码 The reason, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}
