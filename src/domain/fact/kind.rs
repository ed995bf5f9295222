//! The one list of event types.

use super::Fact;

macro_rules! event_types {
    ($($kind:ident $name:literal,)*) => {
        /// The event types, in the order in which a full life usually has them; ties in time are broken by this order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum FactKind {
            $(#[doc = concat!("`case.", $name, ".v1`")] $kind,)*
        }

        impl FactKind {
            /// The name on the wire is `case.<name>.v1`.
            pub const ALL: [(Self, &'static str); 36] = [$((Self::$kind, $name),)*];
        }

        impl Fact {
            /// Of which type it is.
            pub fn kind(&self) -> FactKind {
                match self {
                    $(Self::$kind { .. } => FactKind::$kind,)*
                }
            }
        }
    };
}

event_types! {
    Reported "reported",
    Accepted "accepted",
    Tallied "tallied",
    Rejected "rejected",
    VerificationRequested "verification_requested",
    Verified "verified",
    Filed "filed",
    NotFiled "not_filed",
    Dispatched "dispatched",
    Signed "signed",
    Returned "returned",
    ReturnDecided "return_decided",
    Withdrawn "withdrawn",
    Contacted "contacted",
    Supervised "supervised",
    Urged "urged",
    ExtensionRequested "extension_requested",
    ExtensionDecided "extension_decided",
    SuspensionRequested "suspension_requested",
    Suspended "suspended",
    Resumed "resumed",
    Submitted "submitted",
    CheckRequested "check_requested",
    Checked "checked",
    ReworkOrdered "rework_ordered",
    Closed "closed",
    Reopened "reopened",
    Revisited "revisited",
    Reviewed "reviewed",
    AppealDecided "appeal_decided",
    DuplicateLinked "duplicate_linked",
    DuplicateUnlinked "duplicate_unlinked",
    Voided "voided",
    VoidRevoked "void_revoked",
    Corrected "corrected",
    Snapshot "snapshot",
}

impl FactKind {
    /// The middle of the name on the wire: `closed` of `case.closed.v1`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// By [`Self::name`]. None: there is no such type.
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

    /// On the wire, without a prefix: `case.closed.v1`.
    pub fn type_name(self) -> String {
        format!("case.{}.v1", self.name())
    }
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
