//! The row as a source states it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    assignment::SnapshotAssignment,
    restate::{restate, restate_text},
};
use crate::domain::{
    attributes::Attribute,
    fact::{Intake, Satisfaction},
    light::Light,
    time::Millis,
};

/// 状态: the row's one word for several things that lie across each other. The last that is known counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 在办, or open again.
    #[default]
    Open,
    /// 挂账.
    Suspended,
    /// 结案; its time is `closed_at`, else that of the row.
    Closed,
    /// 作废.
    Void,
    /// 不予受理.
    Rejected,
    /// 不予立案.
    NotFiled,
}

impl Status {
    /// In the order by which rows of one instant are sorted.
    pub const ALL: [Self; 6] = [Self::Open, Self::Suspended, Self::Closed, Self::Void, Self::Rejected, Self::NotFiled];
}

/// Everything but the event's time is optional; what is not stated says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// None: a partial row, of a table that does not say where the case stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What it is about, as in a report.
    #[serde(flatten)]
    pub intake: Intake,
    /// 灯, as the source shows it. No fact follows from it; the fold reads it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light: Option<Light>,
    /// 责任单位 of the task row; not read once there are child rows.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    /// As it is called; as above.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    /// 立案条件.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub filing_condition: SmolStr,
    /// 上报时间 (`DISCOVERTIME`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Millis>,
    /// 受理时间 (`PERCREATETIME`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Millis>,
    /// 立案时间 (`CREATETIME`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_at: Option<Millis>,
    /// 派遣时间; not read once there are child rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Millis>,
    /// 签收时间; as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Millis>,
    /// 先行联系时间.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Millis>,
    /// 反馈时间; not read once there are child rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Millis>,
    /// 结案时间 (`ENDTIME`); older than the last reopening, it is left over from the close before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// 回访时间; a later one is another revisit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revisited_at: Option<Millis>,
    /// 结案方式.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub how: SmolStr,
    /// 结案评判.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub result: SmolStr,
    /// 先行联系, as the unit says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Was the citizen reached by the revisit?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
    /// 先行联系, as the citizen says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<bool>,
    /// 是否解决, as the citizen says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// 满意度.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// The case that this one repeats; stated and empty: it repeats none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<SmolStr>,
    /// 处置子表: those that this row tells of; the others stay as they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<SnapshotAssignment>,
}

impl Snapshot {
    /// Takes over everything that the later row states. Assignments are kept apart, each by its key.
    pub(super) fn restate(&mut self, later: &Self) {
        restate(&mut self.status, later.status);
        restate(&mut self.light, later.light);
        restate_text(&mut self.unit, &later.unit);
        restate_text(&mut self.unit_name, &later.unit_name);
        restate_text(&mut self.filing_condition, &later.filing_condition);
        restate_text(&mut self.how, &later.how);
        restate_text(&mut self.result, &later.result);
        restate(&mut self.reported_at, later.reported_at);
        restate(&mut self.accepted_at, later.accepted_at);
        restate(&mut self.filed_at, later.filed_at);
        restate(&mut self.dispatched_at, later.dispatched_at);
        restate(&mut self.signed_at, later.signed_at);
        restate(&mut self.contacted_at, later.contacted_at);
        restate(&mut self.submitted_at, later.submitted_at);
        restate(&mut self.closed_at, later.closed_at);
        restate(&mut self.revisited_at, later.revisited_at);
        restate(&mut self.contacted, later.contacted);
        restate(&mut self.reached, later.reached);
        restate(&mut self.first_contact, later.first_contact);
        restate(&mut self.solved, later.solved);
        restate(&mut self.satisfaction, later.satisfaction);
        if later.duplicate_of.is_some() {
            self.duplicate_of = later.duplicate_of.clone();
        }
        restate_intake(&mut self.intake, &later.intake);
    }

    /// How far the row has come, for rows of one instant: the number of times it states, then its status.
    pub(super) fn progress(&self) -> (usize, Option<Status>) {
        let times = [
            self.reported_at,
            self.accepted_at,
            self.filed_at,
            self.dispatched_at,
            self.signed_at,
            self.contacted_at,
            self.submitted_at,
            self.closed_at,
            self.revisited_at,
        ];
        let assigned: usize = self.assignments.iter().map(SnapshotAssignment::progress).sum();
        (times.iter().flatten().count() + assigned, self.status)
    }
}

fn restate_intake(known: &mut Intake, later: &Intake) {
    for (attribute, _) in Attribute::ALL {
        let value = later.attributes.get(attribute);
        if !value.is_empty() {
            known.attributes.set(attribute, value.clone());
        }
    }
    restate(&mut known.due, later.due);
    restate(&mut known.is_assessed, later.is_assessed);
    known.is_patrol_dealt |= later.is_patrol_dealt;
    if later.media_count > 0 {
        known.media_count = later.media_count;
    }
    restate_text(&mut known.title, &later.title);
    restate_text(&mut known.description, &later.description);
    if !later.reporter.key_id.is_empty() {
        known.reporter = later.reporter.clone();
    }
}
