//! What each event type says: the `data` of a CloudEvent. One struct a type; field comments become the schema's text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::WireTime;
use crate::domain::fact::FactKind;

type Text = Option<SmolStr>;

/// 分类 Category. Codes are versioned and overlap between standards: always name the standard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Category {
    /// 标准 The code set, for example `GB/T 47678.5-2026`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard: Text,
    /// 代码
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Text,
    /// 名称
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Text,
}

/// 地点 Place, by codes. An address is not kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Place {
    /// 区 District, 6 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Text,
    /// 街镇 Town, 9 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Text,
    /// 村居 Community, 12 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community: Text,
    /// 单元网格 Grid cell, 15 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Text,
    /// 责任网格 Duty grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty_grid: Text,
    /// 地址 Address: accepted, and dropped at the door (personal data).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Text,
}

/// 诉求人 Reporter: personal data, kept only as keyed pseudonyms.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reporter {
    /// 姓名
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Text,
    /// 电话
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Text,
    /// 身份证号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Text,
}

impl std::fmt::Debug for Reporter {
    /// Personal data must not reach a log by way of `{:?}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reporter(***)")
    }
}

/// 上报 / 受理 What is known when a case comes in. The first statement of a value stands; later ones are corrections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Intake {
    /// 类型: 部件, 事件, 投诉, 求助, 咨询, 建议, 表扬 …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Text,
    /// 来源渠道: PATROL, HOTLINE, PUBLIC, WECHAT, VILLAGE, VIDEO_AI …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// 紧急程度
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Text,
    /// 外部编号 The number under which another system knows the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_no: Text,
    /// 重复工单的原单号 The case that this one repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_of: Text,
    /// 应结时间 By when the whole case must be closed. Midnight means through the day before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
    /// 自行处置 Found and put right on the spot: closed when reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patrol_dealt: Option<bool>,
    /// 附件数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_count: Option<u32>,
    /// 标题 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Text,
    /// 描述 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Reporter>,
}

/// 原因 Why: for 不予受理, 不予立案, 挂账, 作废, 撤销作废.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reason {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
}

/// 派遣 / 派单
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dispatched {
    /// 责任单位 The unit's code.
    pub unit: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Text,
    /// 级别 2, 3 or 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// 主责 `lead` or 协办 `support`; a supporting unit does not become the case's unit.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Text,
}

/// 先行联系
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contacted {
    /// Was the citizen reached?
    pub contacted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 延期审批
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExtensionDecided {
    pub approved: bool,
    /// The new due; required when approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<WireTime>,
}

/// 处置反馈 / 办理回复
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Submitted {
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
    /// 结案方式: normal, direct_answer, duplicate_auto …
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
    pub due_at: Option<WireTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// 更正 One value put right. Times in `value` are RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// An attribute (`kind`, `channel`, `category_code`, `town`, …), `unit`, `received_at`, `closed_at` or `due_at`.
    pub field: SmolStr,
    pub value: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_value: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Text,
    /// Scrubbed at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Text,
}

/// Where the row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Open,
    Suspended,
    Closed,
    Void,
    Rejected,
    NotFiled,
}

/// 行快照 The task row as it stands at the event's time; rows of a case are compared with each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<WireTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Intake>,
}

/// The data of one event, by type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Data {
    Reported(Intake),
    Accepted(Intake),
    Rejected(Reason),
    Filed(Filed),
    NotFiled(Reason),
    Dispatched(Dispatched),
    Signed(Signed),
    Contacted(Contacted),
    ExtensionDecided(ExtensionDecided),
    Suspended(Reason),
    Resumed(Resumed),
    Submitted(Submitted),
    Checked(Checked),
    Closed(Closed),
    Reopened(Reopened),
    Voided(Reason),
    VoidRevoked(Reason),
    Corrected(Corrected),
    Snapshot(Box<Snapshot>),
}

impl Data {
    /// Reads the data of the given type; `unknown` is called for every field that the contract does not name.
    pub fn parse(kind: FactKind, json: &str, mut unknown: impl FnMut(&str)) -> Result<Self, serde_json::Error> {
        fn read<'de, T: Deserialize<'de>>(
            json: &'de str,
            unknown: &mut dyn FnMut(&str),
        ) -> Result<T, serde_json::Error> {
            let mut reader = serde_json::Deserializer::from_str(json);
            let value = serde_ignored::deserialize(&mut reader, |path| unknown(&path.to_string()))?;
            reader.end()?;
            Ok(value)
        }
        let unknown = &mut unknown;
        Ok(match kind {
            FactKind::Reported => Self::Reported(read(json, unknown)?),
            FactKind::Accepted => Self::Accepted(read(json, unknown)?),
            FactKind::Rejected => Self::Rejected(read(json, unknown)?),
            FactKind::Filed => Self::Filed(read(json, unknown)?),
            FactKind::NotFiled => Self::NotFiled(read(json, unknown)?),
            FactKind::Dispatched => Self::Dispatched(read(json, unknown)?),
            FactKind::Signed => Self::Signed(read(json, unknown)?),
            FactKind::Contacted => Self::Contacted(read(json, unknown)?),
            FactKind::ExtensionDecided => Self::ExtensionDecided(read(json, unknown)?),
            FactKind::Suspended => Self::Suspended(read(json, unknown)?),
            FactKind::Resumed => Self::Resumed(read(json, unknown)?),
            FactKind::Submitted => Self::Submitted(read(json, unknown)?),
            FactKind::Checked => Self::Checked(read(json, unknown)?),
            FactKind::Closed => Self::Closed(read(json, unknown)?),
            FactKind::Reopened => Self::Reopened(read(json, unknown)?),
            FactKind::Voided => Self::Voided(read(json, unknown)?),
            FactKind::VoidRevoked => Self::VoidRevoked(read(json, unknown)?),
            FactKind::Corrected => Self::Corrected(read(json, unknown)?),
            FactKind::Snapshot => Self::Snapshot(Box::new(read(json, unknown)?)),
        })
    }

    pub fn kind(&self) -> FactKind {
        match self {
            Self::Reported(_) => FactKind::Reported,
            Self::Accepted(_) => FactKind::Accepted,
            Self::Rejected(_) => FactKind::Rejected,
            Self::Filed(_) => FactKind::Filed,
            Self::NotFiled(_) => FactKind::NotFiled,
            Self::Dispatched(_) => FactKind::Dispatched,
            Self::Signed(_) => FactKind::Signed,
            Self::Contacted(_) => FactKind::Contacted,
            Self::ExtensionDecided(_) => FactKind::ExtensionDecided,
            Self::Suspended(_) => FactKind::Suspended,
            Self::Resumed(_) => FactKind::Resumed,
            Self::Submitted(_) => FactKind::Submitted,
            Self::Checked(_) => FactKind::Checked,
            Self::Closed(_) => FactKind::Closed,
            Self::Reopened(_) => FactKind::Reopened,
            Self::Voided(_) => FactKind::Voided,
            Self::VoidRevoked(_) => FactKind::VoidRevoked,
            Self::Corrected(_) => FactKind::Corrected,
            Self::Snapshot(_) => FactKind::Snapshot,
        }
    }
}
