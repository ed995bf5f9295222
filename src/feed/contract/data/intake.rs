//! What is known of a case when it comes in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::feed::contract::WireTime;

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
    #[expect(missing_docs, reason = "the schema shows what its type says")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[expect(missing_docs, reason = "the schema shows what its type says")]
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
    /// 是否考核 Does the case count in figures of assessment? Not stated means yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessed: Option<bool>,
    /// 附件数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_count: Option<u32>,
    /// 标题 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Text,
    /// 描述 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Text,
    #[expect(missing_docs, reason = "the schema shows what its type says")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Reporter>,
}

/// 计数 So many of a kind, done when told: lectures, leaflets, calls. It makes a case that is closed at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Tallied {
    /// 项目 What is counted, in the words of the stream: 法律咨询, 宣传活动, 安全隐患 …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Text,
    /// 数量 How many; not stated means one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<u32>,
    /// 来源渠道
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    /// 单位 The code of the unit that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Text,
    /// 单位名称 Name of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit_name: Text,
    /// 外部编号 The number under which another system knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_no: Text,
    /// 标题 Scrubbed at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Text,
}
