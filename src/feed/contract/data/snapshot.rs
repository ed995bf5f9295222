//! The task row of a platform that has no events, and its child rows. Field comments become the schema's text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Intake, Light, Satisfaction, Text};
use crate::feed::contract::WireTime;

/// Where the row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    #[default]
    Open,
    Suspended,
    Closed,
    Void,
    Rejected,
    NotFiled,
}

/// Where one assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AssignmentStatus {
    Open,
    /// 已反馈
    Done,
    /// 退单, and the return was accepted.
    Returned,
    /// 撤回派遣
    Withdrawn,
}

/// 处置子表的一行 One assignment of the case to one unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Assignment {
    /// 子表主键或序号 What tells the case's assignments apart. Left out: the unit does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Text,
    /// 承办单位 The unit's code.
    pub(crate) unit: SmolStr,
    /// 单位名称 Name of the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit_name: Text,
    /// 级别 2, 3 or 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<u8>,
    /// 主责 `lead` or 协办 `support`; a supporting unit does not become the case's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Text,
    /// Left out: as the row before said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<AssignmentStatus>,
    /// 派遣时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dispatched_at: Option<WireTime>,
    /// 签收时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signed_at: Option<WireTime>,
    /// 反馈时间 The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) submitted_at: Option<WireTime>,
    /// 退单或撤回的时间 Left out: the row's own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<WireTime>,
    /// 应结时间 By when it must be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due_at: Option<WireTime>,
}

/// 行快照 The task row as it stands at the event's time; rows of a case are compared with each other. What a row leaves
/// out says nothing, and what an earlier row said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// Needed, unless the row is `partial`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
    /// 部分行 A row of another table (assignments, revisits) that does not say where the case stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) partial: Option<bool>,
    /// 总灯 The overall light.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) light: Option<Light>,
    /// 责任单位 Not read once the case has `assignments`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Text,
    /// 单位名称 Name of the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit_name: Text,
    /// 立案条件
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filing_condition: Text,
    /// 结案方式: normal, direct_answer, patrol_dealt, or duplicate_auto: a duplicate that its source closes with the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) how: Text,
    /// 结案评判: 实际解决, 解释说明 …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) result: Text,
    /// 上报时间 When it was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reported_at: Option<WireTime>,
    /// 受理时间 When it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) accepted_at: Option<WireTime>,
    /// 立案时间 When it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filed_at: Option<WireTime>,
    /// Not read once the case has `assignments`; the same holds for `signed_at` and `submitted_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dispatched_at: Option<WireTime>,
    /// 签收时间 When it was signed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signed_at: Option<WireTime>,
    /// 先行联系时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contacted_at: Option<WireTime>,
    /// 办理反馈时间 When the answer was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) submitted_at: Option<WireTime>,
    /// 结案时间 When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) closed_at: Option<WireTime>,
    /// 回访时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revisited_at: Option<WireTime>,
    /// 是否先行联系, as the unit says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contacted: Option<bool>,
    /// 是否回访成功 Left out: yes, if the citizen answered anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reached: Option<bool>,
    /// 先行联系, as the citizen says. Left out: 未评价.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_contact: Option<bool>,
    /// 是否解决
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) solved: Option<bool>,
    /// 满意度 Left out: 未评价.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) satisfaction: Option<Satisfaction>,
    /// 重复工单的原单号 The case that this one repeats; an empty text: none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate_of: Text,
    /// 处置子表 The assignments that this row tells of; those that it leaves out stay as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) assignments: Vec<Assignment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) details: Option<Intake>,
}
