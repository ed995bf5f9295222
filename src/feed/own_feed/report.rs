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

/// What became of what a source sent to a stream.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "FeedReport")]
pub struct FeedReport {
    pub sources: Vec<String>,
    pub stream: String,
    pub topic: String,
    pub from: String,
    pub to: String,
    /// Whether the window was read whole
    pub complete: bool,
    /// Whether the older part was left out, because more lies there than is read
    pub cut: bool,
    /// False: the time was over before the newer part was read
    pub read_to_end: bool,
    /// Whether so much went by that identities or cases were forgotten
    pub forgotten: bool,
    pub messages: u64,
    pub taken: u64,
    /// Of those taken: the same event again
    pub known: u64,
    /// Of those taken: the same id with another content
    pub conflicting: u64,
    pub refused: u64,
    pub reasons: Vec<ReportedReason>,
    /// Refused for a reason that is not among those
    pub other_reasons: u64,
    pub unknown_fields: Vec<ReportedField>,
    /// How often there were fields that are not among those
    pub other_fields: u64,
    pub ahead: ReportedPlaces,
    pub late: ReportedPlaces,
    pub gaps: ReportedGaps,
    pub split: ReportedSplits,
    pub last: Option<ReportedPlace>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedReason {
    pub reason: String,
    pub pointer: String,
    pub detail: String,
    pub count: u64,
    pub examples: Vec<ReportedPlace>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedField {
    pub field: String,
    pub count: u64,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedPlaces {
    pub count: u64,
    pub examples: Vec<ReportedPlace>,
}

/// A message that something is said of
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedPlace {
    pub partition: i32,
    pub offset: i64,
    /// When it arrived
    pub at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedGaps {
    pub count: u64,
    pub examples: Vec<ReportedGap>,
}

/// A case and the numbers that it lacks
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedGap {
    pub case_id: String,
    pub missing: Vec<String>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedSplits {
    pub count: u64,
    pub examples: Vec<ReportedSplit>,
}

/// A case and the partitions that it lies on
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedSplit {
    pub case_id: String,
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
