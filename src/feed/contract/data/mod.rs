//! What each event type says: the `data` of a CloudEvent.

mod handling;
mod intake;
mod light;
mod review;
mod satisfaction;
mod snapshot;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;

pub use self::{handling::*, intake::*, light::*, review::*, satisfaction::Satisfaction, snapshot::*};
use super::schema;
use crate::domain::fact::FactKind;

type Text = Option<SmolStr>;

macro_rules! data_of_event_types {
    ($($kind:ident($data:ty),)*) => {
        /// The data of one event, by type.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Data {
            $(
                /// Of the event type of this name.
                $kind($data),
            )*
        }

        impl Data {
            /// Reads the data of the given type; `unknown` is called for every field that the contract does not name.
            pub(crate) fn parse(kind: FactKind, json: &str, mut unknown: impl FnMut(&str)) -> Result<Self, serde_json::Error> {
                let unknown = &mut unknown;
                Ok(match kind {
                    $(FactKind::$kind => Self::$kind(read(json, unknown)?),)*
                })
            }

            /// Which event type has it.
            pub fn kind(&self) -> FactKind {
                match self {
                    $(Self::$kind(_) => FactKind::$kind,)*
                }
            }

            /// Its JSON Schema.
            pub fn schema(kind: FactKind) -> Value {
                match kind {
                    $(FactKind::$kind => schema::root::<$data>(),)*
                }
            }
        }
    };
}

data_of_event_types! {
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

fn read<'de, T: Deserialize<'de>>(json: &'de str, unknown: &mut dyn FnMut(&str)) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = serde_ignored::deserialize(&mut reader, |path| unknown(&path.to_string()))?;
    reader.end()?;
    Ok(value)
}
