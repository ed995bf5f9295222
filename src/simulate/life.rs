//! One case's life: what happened, when, and how it stands when the figures are taken.

use super::{case::PlannedCase, categories::PlannedCategory, town::TownUnit};
use crate::domain::{
    fact::FactKind,
    time::{Due, Millis},
};

/// What happened; together with the case it says everything that the event's data needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedAct {
    Reported,
    Accepted,
    Filed,
    Dispatched { unit: &'static TownUnit, level: u8, is_support: bool },
    Signed(&'static TownUnit),
    Returned(&'static TownUnit),
    ReturnAccepted(&'static TownUnit),
    Contacted { reached: bool },
    ExtensionApproved { due: Millis },
    ExtensionRefused,
    Suspended,
    Resumed { due: Option<Millis> },
    Submitted(&'static TownUnit),
    Checked { passed: bool },
    Closed,
    Reopened { due: Option<Millis> },
    Revisited(Voice),
    Voided,
    CategoryCodeCorrected(&'static PlannedCategory),
    CategoryNameCorrected(&'static PlannedCategory),
    UrgencyCorrected,
}

/// What the citizen says when the hotline calls back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    pub reached: bool,
    pub first_contact: Option<bool>,
    pub solved: Option<bool>,
    /// 1 satisfied to 4 dissatisfied.
    pub satisfaction: Option<u8>,
}

impl PlannedAct {
    pub fn kind(self) -> FactKind {
        match self {
            Self::Reported => FactKind::Reported,
            Self::Accepted => FactKind::Accepted,
            Self::Filed => FactKind::Filed,
            Self::Dispatched { .. } => FactKind::Dispatched,
            Self::Signed(_) => FactKind::Signed,
            Self::Returned(_) => FactKind::Returned,
            Self::ReturnAccepted(_) => FactKind::ReturnDecided,
            Self::Contacted { .. } => FactKind::Contacted,
            Self::ExtensionApproved { .. } | Self::ExtensionRefused => FactKind::ExtensionDecided,
            Self::Suspended => FactKind::Suspended,
            Self::Resumed { .. } => FactKind::Resumed,
            Self::Submitted(_) => FactKind::Submitted,
            Self::Checked { .. } => FactKind::Checked,
            Self::Closed => FactKind::Closed,
            Self::Reopened { .. } => FactKind::Reopened,
            Self::Revisited(_) => FactKind::Revisited,
            Self::Voided => FactKind::Voided,
            Self::CategoryCodeCorrected(_) | Self::CategoryNameCorrected(_) | Self::UrgencyCorrected => {
                FactKind::Corrected
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct PlannedStep {
    pub act: PlannedAct,
    pub at: Millis,
    /// When the source system wrote it down; never before an earlier step's.
    pub recorded_at: Millis,
}

/// What the figures need to know of the case; decided when the life is made up, never read off the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedOutcome {
    pub received_at: Millis,
    pub due: Due,
    /// The close that stands; none while the case is open.
    pub closed_at: Option<Millis>,
    pub is_void: bool,
}

#[derive(Debug)]
pub struct Life {
    pub case: PlannedCase,
    pub steps: Vec<PlannedStep>,
    /// The due that the first event to state one states; extensions and pauses come later.
    pub stated_due: Millis,
    pub outcome: PlannedOutcome,
}
