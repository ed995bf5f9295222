//! The facts that events state about a case, and the one list of event types.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    attributes::{Attribute, Attributes},
    snapshot::Snapshot,
    time::{Due, Millis},
};

/// The event types, in the order in which a full life usually has them; ties in time are broken by this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum FactKind {
    Reported,
    Accepted,
    Rejected,
    Filed,
    NotFiled,
    Dispatched,
    Signed,
    Contacted,
    ExtensionDecided,
    Suspended,
    Resumed,
    Submitted,
    Checked,
    Closed,
    Reopened,
    Voided,
    VoidRevoked,
    Corrected,
    Snapshot,
}

impl FactKind {
    /// The one list: the name on the wire is `case.<name>.v1`.
    pub const ALL: [(Self, &'static str); 19] = [
        (Self::Reported, "reported"),
        (Self::Accepted, "accepted"),
        (Self::Rejected, "rejected"),
        (Self::Filed, "filed"),
        (Self::NotFiled, "not_filed"),
        (Self::Dispatched, "dispatched"),
        (Self::Signed, "signed"),
        (Self::Contacted, "contacted"),
        (Self::ExtensionDecided, "extension_decided"),
        (Self::Suspended, "suspended"),
        (Self::Resumed, "resumed"),
        (Self::Submitted, "submitted"),
        (Self::Checked, "checked"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
        (Self::Voided, "voided"),
        (Self::VoidRevoked, "void_revoked"),
        (Self::Corrected, "corrected"),
        (Self::Snapshot, "snapshot"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// From the CloudEvents type, for example `case.closed.v1`. A reverse-DNS prefix is allowed:
    /// `cn.gov.shanghai.case.closed.v1`.
    pub fn from_type(text: &str) -> Option<Self> {
        let name = text.strip_suffix(".v1")?;
        let name = match name.strip_prefix("case.") {
            Some(name) => name,
            None => name.rsplit_once(".case.")?.1,
        };
        Self::from_name(name)
    }

    pub fn type_name(self) -> String {
        format!("case.{}.v1", self.name())
    }
}

/// Why, as a code and in words (scrubbed).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reason {
    #[serde(rename = "reason_code", skip_serializing_if = "SmolStr::is_empty")]
    pub code: SmolStr,
    #[serde(rename = "reason", skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    #[serde(flatten)]
    pub attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Found and put right on the spot by the patrol (自行处置): closed when reported, and on time.
    #[serde(rename = "patrol_dealt", skip_serializing_if = "is_default")]
    pub is_patrol_dealt: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub media_count: u32,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub title: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub description: SmolStr,
    #[serde(skip_serializing_if = "Reporter::is_unknown")]
    pub reporter: Reporter,
}

/// Keyed pseudonyms; equal under one key means the same person. Empty: not given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reporter {
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub name: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub phone: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_number: SmolStr,
    /// The region part of an ID number, the only part kept in clear.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub id_region: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub key_id: SmolStr,
}

impl Reporter {
    fn is_unknown(&self) -> bool {
        [&self.name, &self.phone, &self.id_number, &self.id_region, &self.key_id].iter().all(|text| text.is_empty())
    }
}

impl PartialEq for Reporter {
    /// Under different keys the same person has different pseudonyms, so that nothing can be said: equal.
    fn eq(&self, other: &Self) -> bool {
        self.key_id != other.key_id
            || (&self.name, &self.phone, &self.id_number) == (&other.name, &other.phone, &other.id_number)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispatch {
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit_name: SmolStr,
    #[serde(skip_serializing_if = "is_default")]
    pub level: u8,
    /// 主责 lead or 协办 support.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub role: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    Attribute(Attribute, SmolStr),
    Unit(SmolStr),
    ReceivedAt(Millis),
    ClosedAt(Millis),
    DueAt(Due),
}

/// What one event states. As JSON, which the ledger keeps: `{"<type>": {…}}`, what is empty left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    Reported(Box<Intake>),
    Accepted(Box<Intake>),
    Rejected(Reason),
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
    Contacted {
        contacted: bool,
        #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
        unit: SmolStr,
        #[serde(flatten)]
        reason: Reason,
    },
    ExtensionDecided {
        approved: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        #[serde(flatten)]
        reason: Reason,
    },
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
    Checked {
        passed: bool,
        #[serde(flatten)]
        reason: Reason,
    },
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
    pub fn kind(&self) -> FactKind {
        match self {
            Self::Reported(_) => FactKind::Reported,
            Self::Accepted(_) => FactKind::Accepted,
            Self::Rejected(_) => FactKind::Rejected,
            Self::Filed { .. } => FactKind::Filed,
            Self::NotFiled(_) => FactKind::NotFiled,
            Self::Dispatched(_) => FactKind::Dispatched,
            Self::Signed { .. } => FactKind::Signed,
            Self::Contacted { .. } => FactKind::Contacted,
            Self::ExtensionDecided { .. } => FactKind::ExtensionDecided,
            Self::Suspended { .. } => FactKind::Suspended,
            Self::Resumed { .. } => FactKind::Resumed,
            Self::Submitted { .. } => FactKind::Submitted,
            Self::Checked { .. } => FactKind::Checked,
            Self::Closed { .. } => FactKind::Closed,
            Self::Reopened { .. } => FactKind::Reopened,
            Self::Voided(_) => FactKind::Voided,
            Self::VoidRevoked(_) => FactKind::VoidRevoked,
            Self::Corrected { .. } => FactKind::Corrected,
            Self::Snapshot(_) => FactKind::Snapshot,
        }
    }
}

/// For what a kept fact leaves out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_name_leads_back_to_its_kind() {
        for (kind, _) in FactKind::ALL {
            assert_eq!(FactKind::from_type(&kind.type_name()), Some(kind));
            assert_eq!(FactKind::from_type(&format!("cn.gov.shanghai.{}", kind.type_name())), Some(kind));
            assert_eq!(FactKind::ALL[kind as usize].0, kind);
        }
    }

    #[test]
    fn another_version_or_name_is_unknown() {
        for text in ["case.closed.v2", "closed.v1", "case.closed", "case.praised.v1", "", "xcase.closed.v1"] {
            assert_eq!(FactKind::from_type(text), None, "{text}");
        }
    }
}
