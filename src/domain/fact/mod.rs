//! The facts that events state about a case.

mod correction;
mod intake;
mod kind;
mod revisit;
mod tally;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::{
    correction::Correction,
    intake::{Dispatch, Intake, Reporter},
    kind::FactKind,
    revisit::{Revisit, Satisfaction},
    tally::Tally,
};
use super::{snapshot::Snapshot, time::Due};

/// Why, as a code and in words (scrubbed).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reason {
    #[serde(rename = "reason_code", skip_serializing_if = "SmolStr::is_empty")]
    pub code: SmolStr,
    #[serde(rename = "reason", skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
}

/// What a unit did, or had done to it, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfUnit {
    /// Empty: the unit that has the case.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    #[serde(flatten)]
    pub reason: Reason,
}

/// 督办、催办: who presses, and at which level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pressure {
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub by: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub level: SmolStr,
    #[serde(flatten)]
    pub reason: Reason,
}

/// What one event states. As JSON, which the ledger keeps: `{"<type>": {…}}`, what is empty left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    Reported(Box<Intake>),
    Accepted(Box<Intake>),
    /// 计数: so many of a kind, done when told.
    Tallied(Box<Tally>),
    Rejected(Reason),
    /// 发核实.
    VerificationRequested(OfUnit),
    /// 核实: is it true (属实)?
    Verified {
        confirmed: bool,
        #[serde(flatten)]
        reason: Reason,
    },
    Filed {
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "filing_condition")]
        condition: SmolStr,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        urgency: SmolStr,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    NotFiled(Reason),
    Dispatched(Box<Dispatch>),
    Signed {
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
    },
    /// 退单: the unit wants to be rid of the case.
    Returned(OfUnit),
    /// 退单审批: may it?
    ReturnDecided {
        accepted: bool,
        #[serde(flatten)]
        of: OfUnit,
    },
    /// 撤回派遣: the centre takes an assignment back.
    Withdrawn(OfUnit),
    Contacted {
        contacted: bool,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
        #[serde(flatten)]
        reason: Reason,
    },
    Supervised(Box<Pressure>),
    Urged(Box<Pressure>),
    ExtensionRequested {
        /// Until when it is wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        #[serde(flatten)]
        reason: Reason,
    },
    ExtensionDecided {
        approved: bool,
        /// None: as the policy says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        #[serde(flatten)]
        reason: Reason,
    },
    SuspensionRequested(Reason),
    Suspended {
        #[serde(flatten)]
        reason: Reason,
    },
    Resumed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    Submitted {
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        result: SmolStr,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        note: SmolStr,
    },
    /// 发核查.
    CheckRequested(OfUnit),
    Checked {
        passed: bool,
        #[serde(flatten)]
        reason: Reason,
    },
    /// 返工、重办, ordered without a failed check before it.
    ReworkOrdered(OfUnit),
    Closed {
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        how: SmolStr,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        result: SmolStr,
    },
    Reopened {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        #[serde(flatten)]
        reason: Reason,
    },
    Revisited(Box<Revisit>),
    /// 复核: a value overturned.
    Reviewed {
        correction: Correction,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "old_value")]
        old: SmolStr,
        #[serde(flatten)]
        reason: Reason,
    },
    /// 申诉: upheld means that the case is not assessed.
    AppealDecided {
        upheld: bool,
        #[serde(flatten)]
        reason: Reason,
    },
    DuplicateLinked {
        /// The case that this one repeats.
        parent: SmolStr,
    },
    DuplicateUnlinked(Reason),
    Voided(Reason),
    VoidRevoked(Reason),
    Corrected {
        correction: Correction,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty", rename = "old_value")]
        old: SmolStr,
        #[serde(flatten)]
        reason: Reason,
    },
    Snapshot(Box<Snapshot>),
}

impl Fact {
    /// 自行处置: found and done in one.
    pub fn is_patrol_dealt(&self) -> bool {
        matches!(self, Self::Reported(intake) | Self::Accepted(intake) if intake.is_patrol_dealt)
    }
}

/// For what a kept fact leaves out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
