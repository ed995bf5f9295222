//! What each event type says: the `data` of a CloudEvent.

mod handling;
mod intake;
mod light;
mod review;
mod satisfaction;
mod snapshot;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::{handling::*, intake::*, light::*, review::*, satisfaction::Satisfaction, snapshot::*};
use crate::domain::fact::FactKind;

type Text = Option<SmolStr>;

/// The data of one event, by type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Data {
    Reported(Intake),
    Accepted(Intake),
    Tallied(Box<Tallied>),
    Rejected(Reason),
    VerificationRequested(OfUnit),
    Verified(Verified),
    Filed(Filed),
    NotFiled(Reason),
    Dispatched(Dispatched),
    Signed(Signed),
    Returned(OfUnit),
    ReturnDecided(ReturnDecided),
    Withdrawn(OfUnit),
    Contacted(Contacted),
    Supervised(Pressure),
    Urged(Pressure),
    ExtensionRequested(ExtensionRequested),
    ExtensionDecided(ExtensionDecided),
    SuspensionRequested(Reason),
    Suspended(Reason),
    Resumed(Resumed),
    Submitted(Submitted),
    CheckRequested(OfUnit),
    Checked(Checked),
    ReworkOrdered(OfUnit),
    Closed(Closed),
    Reopened(Reopened),
    Revisited(Revisited),
    Reviewed(Corrected),
    AppealDecided(AppealDecided),
    DuplicateLinked(DuplicateLinked),
    DuplicateUnlinked(Reason),
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
            FactKind::Tallied => Self::Tallied(Box::new(read(json, unknown)?)),
            FactKind::Rejected => Self::Rejected(read(json, unknown)?),
            FactKind::VerificationRequested => Self::VerificationRequested(read(json, unknown)?),
            FactKind::Verified => Self::Verified(read(json, unknown)?),
            FactKind::Filed => Self::Filed(read(json, unknown)?),
            FactKind::NotFiled => Self::NotFiled(read(json, unknown)?),
            FactKind::Dispatched => Self::Dispatched(read(json, unknown)?),
            FactKind::Signed => Self::Signed(read(json, unknown)?),
            FactKind::Returned => Self::Returned(read(json, unknown)?),
            FactKind::ReturnDecided => Self::ReturnDecided(read(json, unknown)?),
            FactKind::Withdrawn => Self::Withdrawn(read(json, unknown)?),
            FactKind::Contacted => Self::Contacted(read(json, unknown)?),
            FactKind::Supervised => Self::Supervised(read(json, unknown)?),
            FactKind::Urged => Self::Urged(read(json, unknown)?),
            FactKind::ExtensionRequested => Self::ExtensionRequested(read(json, unknown)?),
            FactKind::ExtensionDecided => Self::ExtensionDecided(read(json, unknown)?),
            FactKind::SuspensionRequested => Self::SuspensionRequested(read(json, unknown)?),
            FactKind::Suspended => Self::Suspended(read(json, unknown)?),
            FactKind::Resumed => Self::Resumed(read(json, unknown)?),
            FactKind::Submitted => Self::Submitted(read(json, unknown)?),
            FactKind::CheckRequested => Self::CheckRequested(read(json, unknown)?),
            FactKind::Checked => Self::Checked(read(json, unknown)?),
            FactKind::ReworkOrdered => Self::ReworkOrdered(read(json, unknown)?),
            FactKind::Closed => Self::Closed(read(json, unknown)?),
            FactKind::Reopened => Self::Reopened(read(json, unknown)?),
            FactKind::Revisited => Self::Revisited(read(json, unknown)?),
            FactKind::Reviewed => Self::Reviewed(read(json, unknown)?),
            FactKind::AppealDecided => Self::AppealDecided(read(json, unknown)?),
            FactKind::DuplicateLinked => Self::DuplicateLinked(read(json, unknown)?),
            FactKind::DuplicateUnlinked => Self::DuplicateUnlinked(read(json, unknown)?),
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
            Self::Tallied(_) => FactKind::Tallied,
            Self::Rejected(_) => FactKind::Rejected,
            Self::VerificationRequested(_) => FactKind::VerificationRequested,
            Self::Verified(_) => FactKind::Verified,
            Self::Filed(_) => FactKind::Filed,
            Self::NotFiled(_) => FactKind::NotFiled,
            Self::Dispatched(_) => FactKind::Dispatched,
            Self::Signed(_) => FactKind::Signed,
            Self::Returned(_) => FactKind::Returned,
            Self::ReturnDecided(_) => FactKind::ReturnDecided,
            Self::Withdrawn(_) => FactKind::Withdrawn,
            Self::Contacted(_) => FactKind::Contacted,
            Self::Supervised(_) => FactKind::Supervised,
            Self::Urged(_) => FactKind::Urged,
            Self::ExtensionRequested(_) => FactKind::ExtensionRequested,
            Self::ExtensionDecided(_) => FactKind::ExtensionDecided,
            Self::SuspensionRequested(_) => FactKind::SuspensionRequested,
            Self::Suspended(_) => FactKind::Suspended,
            Self::Resumed(_) => FactKind::Resumed,
            Self::Submitted(_) => FactKind::Submitted,
            Self::CheckRequested(_) => FactKind::CheckRequested,
            Self::Checked(_) => FactKind::Checked,
            Self::ReworkOrdered(_) => FactKind::ReworkOrdered,
            Self::Closed(_) => FactKind::Closed,
            Self::Reopened(_) => FactKind::Reopened,
            Self::Revisited(_) => FactKind::Revisited,
            Self::Reviewed(_) => FactKind::Reviewed,
            Self::AppealDecided(_) => FactKind::AppealDecided,
            Self::DuplicateLinked(_) => FactKind::DuplicateLinked,
            Self::DuplicateUnlinked(_) => FactKind::DuplicateUnlinked,
            Self::Voided(_) => FactKind::Voided,
            Self::VoidRevoked(_) => FactKind::VoidRevoked,
            Self::Corrected(_) => FactKind::Corrected,
            Self::Snapshot(_) => FactKind::Snapshot,
        }
    }
}
