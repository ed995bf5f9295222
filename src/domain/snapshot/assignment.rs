//! A child row: one assignment of the case to one unit.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::restate::{restate, restate_text};
use crate::domain::time::{Due, Millis};

/// 处置子表: where this assignment stands. What is not stated stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentStatus {
    /// With the unit, or not signed for yet.
    Open,
    /// Submitted; without a time of its own, when the row was written.
    Done,
    /// 退单, and the return was accepted.
    Returned,
    /// 撤回派遣.
    Withdrawn,
}

impl AssignmentStatus {
    /// In the order by which rows of one instant are sorted.
    pub const ALL: [Self; 4] = [Self::Open, Self::Done, Self::Returned, Self::Withdrawn];
}

/// 子表行: what a row says of one assignment; every field but the key may be left out, and says nothing then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotAssignment {
    /// What tells the case's assignments apart in the source; empty: the unit does.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id: SmolStr,
    /// 责任单位: its code, and the key where there is no id.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    /// As it is called.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    /// 派遣级别: the larger, the lower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// `lead` 主责 or `support` 协办.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub role: SmolStr,
    /// Where it stands. None: not stated, or of a table that does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AssignmentStatus>,
    /// 派遣时间; a later one is another dispatch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Millis>,
    /// 签收时间.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Millis>,
    /// 反馈时间; a later one is another answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Millis>,
    /// When it was returned or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Millis>,
    /// The unit's own due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

impl SnapshotAssignment {
    pub(super) fn key(&self) -> &SmolStr {
        if self.id.is_empty() { &self.unit } else { &self.id }
    }

    /// The unit does not have the case any more.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.status, Some(AssignmentStatus::Returned | AssignmentStatus::Withdrawn))
    }

    /// Takes over everything that the later row states.
    pub(super) fn restate(&mut self, later: &Self) {
        restate_text(&mut self.id, &later.id);
        restate_text(&mut self.unit, &later.unit);
        restate_text(&mut self.unit_name, &later.unit_name);
        restate_text(&mut self.role, &later.role);
        restate(&mut self.level, later.level);
        restate(&mut self.status, later.status);
        restate(&mut self.dispatched_at, later.dispatched_at);
        restate(&mut self.signed_at, later.signed_at);
        restate(&mut self.submitted_at, later.submitted_at);
        restate(&mut self.ended_at, later.ended_at);
        restate(&mut self.due, later.due);
    }

    /// How much the row says; see `Snapshot::progress`.
    pub(super) fn progress(&self) -> usize {
        [self.dispatched_at, self.signed_at, self.submitted_at, self.ended_at].iter().flatten().count()
            + self.status.map_or(0, |status| status as usize)
    }
}
