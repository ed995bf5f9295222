//! The one list of event types.

/// The event types, in the order in which a full life usually has them; ties in time are broken by this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum FactKind {
    Reported,
    Accepted,
    Tallied,
    Rejected,
    VerificationRequested,
    Verified,
    Filed,
    NotFiled,
    Dispatched,
    Signed,
    Returned,
    ReturnDecided,
    Withdrawn,
    Contacted,
    Supervised,
    Urged,
    ExtensionRequested,
    ExtensionDecided,
    SuspensionRequested,
    Suspended,
    Resumed,
    Submitted,
    CheckRequested,
    Checked,
    ReworkOrdered,
    Closed,
    Reopened,
    Revisited,
    Reviewed,
    AppealDecided,
    DuplicateLinked,
    DuplicateUnlinked,
    Voided,
    VoidRevoked,
    Corrected,
    Snapshot,
}

impl FactKind {
    /// The name on the wire is `case.<name>.v1`.
    pub const ALL: [(Self, &'static str); 36] = [
        (Self::Reported, "reported"),
        (Self::Accepted, "accepted"),
        (Self::Tallied, "tallied"),
        (Self::Rejected, "rejected"),
        (Self::VerificationRequested, "verification_requested"),
        (Self::Verified, "verified"),
        (Self::Filed, "filed"),
        (Self::NotFiled, "not_filed"),
        (Self::Dispatched, "dispatched"),
        (Self::Signed, "signed"),
        (Self::Returned, "returned"),
        (Self::ReturnDecided, "return_decided"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Contacted, "contacted"),
        (Self::Supervised, "supervised"),
        (Self::Urged, "urged"),
        (Self::ExtensionRequested, "extension_requested"),
        (Self::ExtensionDecided, "extension_decided"),
        (Self::SuspensionRequested, "suspension_requested"),
        (Self::Suspended, "suspended"),
        (Self::Resumed, "resumed"),
        (Self::Submitted, "submitted"),
        (Self::CheckRequested, "check_requested"),
        (Self::Checked, "checked"),
        (Self::ReworkOrdered, "rework_ordered"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
        (Self::Revisited, "revisited"),
        (Self::Reviewed, "reviewed"),
        (Self::AppealDecided, "appeal_decided"),
        (Self::DuplicateLinked, "duplicate_linked"),
        (Self::DuplicateUnlinked, "duplicate_unlinked"),
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
