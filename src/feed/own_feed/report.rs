//! The report as it is given away, over HTTP and as JSON.

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    FeedExtent, FeedLook,
    judged::FeedPlace,
    tally::{Finding, Found, FoundAt, FoundCases},
};
use crate::domain::time::Millis;

/// The most frequent of each are shown.
const REASONS: usize = 50;
const FIELDS: usize = 20;

/// 送到一个业务流的怎么样了 What became of what a source sent to a stream.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "FeedReport")]
pub struct FeedReport {
    /// 来源系统 The sources that it is about
    pub sources: Vec<String>,
    /// 业务流 The stream
    pub stream: String,
    /// 主题 Its topic
    pub topic: String,
    /// 时段起 Since when
    pub from: String,
    /// 时段止 Until when
    pub to: String,
    /// 时段是否读全 Whether the window was read whole
    pub complete: bool,
    /// 更早的是否因为太多而没读 Whether the older part was left out, because more lies there than is read
    pub cut: bool,
    /// 是否读到了末尾 False: the time was over before the newer part was read
    pub read_to_end: bool,
    /// 是否多到有编号或案件被忘掉 Whether so much went by that identities or cases were forgotten
    pub forgotten: bool,
    /// 消息数 How many messages
    pub messages: u64,
    /// 收下 The service takes them
    pub taken: u64,
    /// 收下的之中，重复的 Of those taken: the same event again
    pub known: u64,
    /// 收下的之中，同编号不同内容的 Of those taken: the same id with another content
    pub conflicting: u64,
    /// 拒收 The service puts them into the quarantine
    pub refused: u64,
    /// 拒收原因，最多 50 种 Why, the most frequent 50
    pub reasons: Vec<ReportedReason>,
    /// 不在其中的拒收数 Refused for a reason that is not among those
    pub other_reasons: u64,
    /// 约定里没有的字段，最多 20 个 Fields that the contract does not name, the most frequent 20
    pub unknown_fields: Vec<ReportedField>,
    /// 不在其中的字段次数 How often there were fields that are not among those
    pub other_fields: u64,
    /// 时间超前的 Those that happened after they arrived
    pub ahead: ReportedPlaces,
    /// 先后颠倒的 Those that happened before an earlier one of their case
    pub late: ReportedPlaces,
    /// 序号断档的案件 Cases whose `sequence` leaves out numbers
    pub gaps: ReportedGaps,
    /// 散在几个分区的案件 Cases on more than one partition
    pub split: ReportedSplits,
    /// 最后到达的一条 The one that arrived last
    pub last: Option<ReportedPlace>,
}

/// 一种拒收原因 A reason, and what it was said of
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedReason {
    /// 原因 The reason
    pub reason: String,
    /// 出错位置 A JSON pointer into the event, or the name of a header
    pub pointer: String,
    /// 说明 What is wrong, of the first example
    pub detail: String,
    /// 条数 How many
    pub count: u64,
    /// 前三条 The first three
    pub examples: Vec<ReportedPlace>,
}

/// 约定里没有的字段 A field that the contract does not name
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedField {
    /// 字段，后面是最像的正确名称 The field, with the nearest name of the contract
    pub field: String,
    /// 条数 How many
    pub count: u64,
}

/// 多少条，例子在哪 How many, and where the first are
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedPlaces {
    /// 条数 How many
    pub count: u64,
    /// 前三条 The first three
    pub examples: Vec<ReportedPlace>,
}

/// 一条消息 A message that something is said of
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedPlace {
    /// 分区 Partition
    pub partition: i32,
    /// 位移 Offset
    pub offset: i64,
    /// 到达时间 When it arrived
    pub at: String,
    /// 事件编号 Its id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// 案件编号 Its case
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// 发生时间 When it happened
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
}

/// 断档的案件 Cases that lack numbers
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedGaps {
    /// 案件数 How many cases
    pub count: u64,
    /// 前三件 The first three
    pub examples: Vec<ReportedGap>,
}

/// 一个案件缺的序号 A case and the numbers that it lacks
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedGap {
    /// 案件编号 The case
    pub case_id: String,
    /// 缺的序号或区间，最多十个 The numbers or ranges that it lacks, the first ten
    pub missing: Vec<String>,
}

/// 散开的案件 Cases on more than one partition
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedSplits {
    /// 案件数 How many cases
    pub count: u64,
    /// 前三件 The first three
    pub examples: Vec<ReportedSplit>,
}

/// 一个案件所在的分区 A case and the partitions that it lies on
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedSplit {
    /// 案件编号 The case
    pub case_id: String,
    /// 所在分区 The partitions that it lies on
    pub partitions: Vec<i32>,
}

impl FeedReport {
    pub(super) fn of(name: SmolStr, found: Found, look: &FeedLook<'_>, extent: &FeedExtent) -> Self {
        let time = |at: Millis| at.rfc3339(look.zone);
        let place = |found: &FoundAt| ReportedPlace::of(found, &time);
        let places = |finding: &Finding| ReportedPlaces {
            count: finding.count,
            examples: finding.examples.iter().map(place).collect(),
        };
        let mut reasons: Vec<_> = found.reasons.into_iter().collect();
        reasons.sort_by(|(one, (_, a)), (other, (_, b))| b.count.cmp(&a.count).then_with(|| one.cmp(other)));
        let mut fields: Vec<_> = found.unknown_fields.into_iter().collect();
        fields.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
        let more_reasons: u64 = reasons.iter().skip(REASONS).map(|(_, (_, finding))| finding.count).sum();
        let more_fields: u64 = fields.iter().skip(FIELDS).map(|(_, count)| count).sum();
        let reason = |((reason, pointer), (detail, finding)): ((&'static str, String), (String, Finding))| {
            let ReportedPlaces { count, examples } = places(&finding);
            ReportedReason { reason: reason.to_owned(), pointer, detail, count, examples }
        };
        let FoundCases { count: gaps, examples: lacking } = found.gaps;
        let FoundCases { count: splits, examples: split } = found.split;
        Self {
            sources: vec![name.to_string()],
            stream: look.stream.name.to_string(),
            topic: look.stream.topic.to_string(),
            from: time(extent.from),
            to: time(extent.to),
            complete: extent.is_whole(),
            cut: extent.is_cut,
            read_to_end: extent.is_read_to_end,
            forgotten: found.forgotten,
            messages: found.taken + found.refused,
            taken: found.taken,
            known: found.known,
            conflicting: found.conflicting,
            refused: found.refused,
            reasons: reasons.into_iter().take(REASONS).map(reason).collect(),
            other_reasons: found.other_reasons + more_reasons,
            other_fields: found.other_fields + more_fields,
            unknown_fields: fields
                .into_iter()
                .take(FIELDS)
                .map(|(field, count)| ReportedField { field, count })
                .collect(),
            ahead: places(&found.ahead),
            late: places(&found.late),
            gaps: ReportedGaps {
                count: gaps,
                examples: lacking
                    .into_iter()
                    .map(|(case_id, missing)| ReportedGap { case_id: case_id.into(), missing })
                    .collect(),
            },
            split: ReportedSplits {
                count: splits,
                examples: split
                    .into_iter()
                    .map(|(case_id, partitions)| ReportedSplit { case_id: case_id.into(), partitions })
                    .collect(),
            },
            // What is newest was not read.
            last: found.last.as_ref().filter(|_| extent.is_read_to_end).map(place),
        }
    }

    /// Of nothing that came.
    pub fn empty(name: SmolStr, look: &FeedLook<'_>, extent: &FeedExtent) -> Self {
        Self::of(name, Found::default(), look, extent)
    }
}

impl ReportedPlace {
    fn of(found: &FoundAt, time: &dyn Fn(Millis) -> String) -> Self {
        let FoundAt { place: FeedPlace { partition, offset }, at, id, case_id, occurred_at } = found;
        Self {
            partition: *partition,
            offset: *offset,
            at: time(*at),
            id: id.as_ref().map(SmolStr::to_string),
            case_id: case_id.as_ref().map(SmolStr::to_string),
            occurred_at: occurred_at.map(time),
        }
    }
}
