//! The facts that events state about a case.

mod correction;
mod intake;
mod kind;
mod reason;
mod revisit;
mod tally;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::{
    correction::Correction,
    intake::{Dispatch, Intake, Reporter},
    kind::FactKind,
    reason::Reason,
    revisit::{Revisit, Satisfaction},
    tally::Tally,
};
use super::{snapshot::Snapshot, time::Due};

/// What a unit did, or had done to it, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfUnit {
    /// Empty: the unit that has the case.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    /// Why; empty: not stated.
    #[serde(flatten)]
    pub reason: Reason,
}

/// 督办、催办: who presses, and at which level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pressure {
    /// Which office presses, by name.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub by: SmolStr,
    /// 级别: city, district, town; as it came.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub level: SmolStr,
    /// Why; empty: not stated.
    #[serde(flatten)]
    pub reason: Reason,
}

/// What one event states. As JSON, which the ledger keeps: `{"<type>": {…}}`, what is empty left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 上报: somebody, or a patrol, tells of it.
    Reported(Box<Intake>),
    /// 受理: the centre takes it in; in most streams the receipt from which the case counts.
    Accepted(Box<Intake>),
    /// 计数: so many of a kind, done when told.
    Tallied(Box<Tally>),
    /// 不予受理: out of the base, but not out of 受理率.
    Rejected(Reason),
    /// 发核实.
    VerificationRequested(OfUnit),
    /// 核实: is it true (属实)?
    Verified {
        /// 属实; false: there was nothing of the kind.
        confirmed: bool,
        /// What was found, or why not.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 立案: it is a case, and its limit depends on the condition.
    Filed {
        /// 立案条件, as the standard words or numbers it.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "filing_condition")]
        condition: SmolStr,
        /// 紧急程度, where the report did not state it.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        urgency: SmolStr,
        /// The due that the filing states. None: as the policy says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// 不予立案: out of the base, but not out of 立案率.
    NotFiled(Reason),
    /// 派遣 / 派单: a unit is given the case.
    Dispatched(Box<Dispatch>),
    /// 签收: the unit has seen it.
    Signed {
        /// Empty: the unit that has the case.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
    },
    /// 退单: the unit wants to be rid of the case.
    Returned(OfUnit),
    /// 退单审批: may it?
    ReturnDecided {
        /// False: the unit keeps the case (签派), and nothing of it changes.
        accepted: bool,
        /// Whom it is about, and why.
        #[serde(flatten)]
        of: OfUnit,
    },
    /// 撤回派遣: the centre takes an assignment back.
    Withdrawn(OfUnit),
    /// 先行联系: before it works on it, the unit calls the citizen.
    Contacted {
        /// Was the citizen reached? A call that reached nobody stops no clock.
        contacted: bool,
        /// Empty: the unit that has the case.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
        /// Why nobody was reached.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 督办: an office watches over it; counted, and starts the clock of its stage.
    Supervised(Box<Pressure>),
    /// 催办: somebody asks for it again; counted.
    Urged(Box<Pressure>),
    /// 延期申请: in time, it may make a later approval count (`must_request_before_due`).
    ExtensionRequested {
        /// Until when it is wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        /// Why it is wanted.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 延期: granted or refused.
    ExtensionDecided {
        /// False: everything stays as it was.
        approved: bool,
        /// None: as the policy says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        /// Why, or why not.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 挂账申请: changes nothing until it is granted.
    SuspensionRequested(Reason),
    /// 挂账 / 缓办: the case waits for something that nobody here can do, and its dues stand still.
    Suspended {
        /// Why it has to wait.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 恢复: the pause ends.
    Resumed {
        /// The due that holds from now on. None: the old one moves by the pause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// 处置反馈: a unit says that it has done its part.
    Submitted {
        /// Empty: the unit that has the case.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
        /// 办理结果, as the stream's `results` know it; empty: not stated.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        result: SmolStr,
        /// 办理情况: what was done, scrubbed.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        note: SmolStr,
    },
    /// 发核查.
    CheckRequested(OfUnit),
    /// 核查: did the unit do it?
    Checked {
        /// False: back to work (返工).
        passed: bool,
        /// Why it was not passed; the code `wrong_unit` (派遣错误) counts against the dispatch.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 返工、重办, ordered without a failed check before it.
    ReworkOrdered(OfUnit),
    /// 结案 / 办结. A second one changes nothing.
    Closed {
        /// 结案方式, such as `direct_answer` (直接答复) or `duplicate_auto` (随原单结案).
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        how: SmolStr,
        /// 办理结果 / 结案评判; empty: as it was submitted.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        result: SmolStr,
    },
    /// 重新打开: the close does not stand any more.
    Reopened {
        /// The due that holds from now on, if the old one had been met. None: the old one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        /// Why it is taken up again.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 回访: the citizen was asked, or somebody tried to.
    Revisited(Box<Revisit>),
    /// 复核: a value overturned.
    Reviewed {
        /// What is right.
        correction: Correction,
        /// As it was; for people only.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "old_value")]
        old: SmolStr,
        /// Why.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 申诉: upheld means that the case is not assessed.
    AppealDecided {
        /// 申诉通过; false: nothing changes.
        upheld: bool,
        /// Why.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 关联重复工单: out of closure and timeliness, where the stream says so.
    DuplicateLinked {
        /// The case that this one repeats.
        parent: SmolStr,
    },
    /// 解除重复: it is a case of its own after all.
    DuplicateUnlinked(Reason),
    /// 作废: out of every figure from now on.
    Voided(Reason),
    /// 撤销作废: back in all of them.
    VoidRevoked(Reason),
    /// 更正: the source was wrong.
    Corrected {
        /// What is right.
        correction: Correction,
        /// As it was; for people only.
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "old_value")]
        old: SmolStr,
        /// Why.
        #[serde(flatten)]
        reason: Reason,
    },
    /// 行快照: how the case stood when the row was written; `domain::snapshot` makes facts of what changed.
    Snapshot(Box<Snapshot>),
}

impl Fact {
    /// 自行处置: found and done in one.
    pub fn is_patrol_dealt(&self) -> bool {
        matches!(self, Self::Reported(intake) | Self::Accepted(intake) if intake.is_patrol_dealt)
    }
}
