//! Which type was meant.

use super::NEAR;
use crate::{
    document::most_alike,
    domain::fact::FactKind,
    feed::rejection::{RejectReason, Rejection},
};

/// What people write for a type in Chinese.
#[rustfmt::skip]
const CHINESE: &[(&str, FactKind)] = &[
    ("上报", FactKind::Reported), ("诉求登记", FactKind::Reported), ("登记", FactKind::Reported),
    ("受理", FactKind::Accepted), ("不予受理", FactKind::Rejected),
    ("立案", FactKind::Filed), ("不予立案", FactKind::NotFiled),
    ("发核实", FactKind::VerificationRequested), ("核实", FactKind::Verified),
    ("派遣", FactKind::Dispatched), ("派单", FactKind::Dispatched), ("转办", FactKind::Dispatched), ("交办", FactKind::Dispatched),
    ("签收", FactKind::Signed), ("接单", FactKind::Signed), ("退单", FactKind::Returned), ("退回", FactKind::Returned),
    ("退单审批", FactKind::ReturnDecided), ("撤回", FactKind::Withdrawn), ("撤单", FactKind::Withdrawn),
    ("先行联系", FactKind::Contacted), ("联系", FactKind::Contacted), ("督办", FactKind::Supervised), ("催单", FactKind::Urged), ("催办", FactKind::Urged),
    ("延期申请", FactKind::ExtensionRequested), ("延期", FactKind::ExtensionDecided), ("延期审批", FactKind::ExtensionDecided),
    ("挂账申请", FactKind::SuspensionRequested), ("挂账", FactKind::Suspended), ("恢复", FactKind::Resumed), ("解挂", FactKind::Resumed),
    ("处置", FactKind::Submitted), ("处置反馈", FactKind::Submitted), ("办结反馈", FactKind::Submitted), ("答复", FactKind::Submitted),
    ("发核查", FactKind::CheckRequested), ("核查", FactKind::Checked), ("返工", FactKind::ReworkOrdered),
    ("结案", FactKind::Closed), ("办结", FactKind::Closed), ("归档", FactKind::Closed), ("重开", FactKind::Reopened), ("回访", FactKind::Revisited),
    ("审核", FactKind::Reviewed), ("申诉", FactKind::AppealDecided), ("重复件", FactKind::DuplicateLinked), ("作废", FactKind::Voided),
    ("撤销作废", FactKind::VoidRevoked), ("更正", FactKind::Corrected), ("快照", FactKind::Snapshot), ("计数", FactKind::Tallied),
];

/// The nearest type to one that is none.
pub fn kind(text: &str, field: &str) -> Rejection {
    let detail = match nearest(text) {
        Some(kind) => format!("not an event type of the contract; {}?", kind.type_name()),
        None => "not an event type of the contract; expected case.<name>.v1, such as case.accepted.v1".to_owned(),
    };
    Rejection::new(RejectReason::UnknownType, field, detail)
}

fn nearest(text: &str) -> Option<FactKind> {
    let word = text.trim();
    let chinese = CHINESE.iter().filter(|(name, _)| word.contains(name)).max_by_key(|(name, _)| name.len());
    if let Some((_, kind)) = chinese {
        return Some(*kind);
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', ' ', '.'], "_");
    let word = plain(word.trim_end_matches(".v1").rsplit("case.").next().unwrap_or_default());
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(name, &word);
    most_alike(FactKind::ALL.map(|(_, name)| name), likeness, NEAR).and_then(FactKind::from_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_named() {
        for (text, name) in [
            ("case.accept.v1", "accepted"),
            ("受理", "accepted"),
            ("不予受理", "rejected"),
            ("已办结", "closed"),
            ("case.Closed.v2", "closed"),
            ("dispatch", "dispatched"),
            ("case.rework-ordered.v1", "rework_ordered"),
            ("cn.gov.case.submit.v1", "submitted"),
        ] {
            assert_eq!(nearest(text).map(FactKind::name), Some(name), "{text}");
        }
        for text in ["", "?", "order.paid.v1", "13800138000"] {
            assert_eq!(nearest(text), None, "{text}");
        }
    }
}
