//! What a fact says, in short. Free text was scrubbed and persons are pseudonyms before anything was stored.

use super::{Shown, words::yes_no};
use crate::domain::{
    attributes::Attributes,
    fact::{Correction, Dispatch, Fact, Intake, OfUnit, Pressure, Reason, Revisit, Satisfaction, Tally},
    time::Due,
};

/// The parts that the fact states, joined by blanks.
pub fn detail(fact: &Fact, shown: &Shown<'_>) -> String {
    let parts = match fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => of_intake(intake, shown),
        Fact::Tallied(tally) => of_tally(tally),
        Fact::Dispatched(dispatch) => of_dispatch(dispatch, shown),
        Fact::Filed { condition, urgency, due } => vec![condition.to_string(), urgency.to_string(), until(*due, shown)],
        Fact::Verified { confirmed, reason } => vec![format!("属实 {}", yes_no(*confirmed)), because(reason)],
        Fact::Signed { unit } => vec![unit.to_string()],
        Fact::ReturnDecided { accepted, of } => vec![granted(*accepted), of_unit(of)],
        Fact::VerificationRequested(of)
        | Fact::Returned(of)
        | Fact::Withdrawn(of)
        | Fact::CheckRequested(of)
        | Fact::ReworkOrdered(of) => vec![of_unit(of)],
        Fact::Contacted { contacted, unit, reason } => {
            vec![format!("联系上 {}", yes_no(*contacted)), unit.to_string(), because(reason)]
        }
        Fact::Supervised(pressure) | Fact::Urged(pressure) => of_pressure(pressure),
        Fact::ExtensionRequested { due, reason } => vec![until(*due, shown), because(reason)],
        Fact::ExtensionDecided { approved, due, reason } => {
            vec![granted(*approved), until(*due, shown), because(reason)]
        }
        Fact::Resumed { due } => vec![until(*due, shown)],
        Fact::Submitted { unit, result, note } => vec![unit.to_string(), result.to_string(), note.to_string()],
        Fact::Checked { passed, reason } => {
            vec![if *passed { "通过 passed" } else { "不通过，返工 failed" }.to_owned(), because(reason)]
        }
        Fact::Closed { how, result } => vec![how.to_string(), result.to_string()],
        Fact::Reopened { due, reason } => vec![until(*due, shown), because(reason)],
        Fact::Revisited(revisit) => of_revisit(revisit),
        Fact::Reviewed { correction, old, reason } | Fact::Corrected { correction, old, reason } => {
            let (field, value) = corrected(correction, shown);
            let old = if old.is_empty() { String::new() } else { format!("{old} ") };
            vec![format!("{field}: {old}→ {value}"), because(reason)]
        }
        Fact::AppealDecided { upheld, reason } => vec![format!("通过 {}", yes_no(*upheld)), because(reason)],
        Fact::DuplicateLinked { parent } => vec![parent.to_string()],
        Fact::Rejected(reason)
        | Fact::NotFiled(reason)
        | Fact::SuspensionRequested(reason)
        | Fact::Suspended { reason }
        | Fact::DuplicateUnlinked(reason)
        | Fact::Voided(reason)
        | Fact::VoidRevoked(reason) => vec![because(reason)],
        Fact::Snapshot(row) => vec![row.light.map_or("", |light| light.name()).to_owned()],
    };
    joined(parts)
}

/// The field as the events name it, and the value that is right.
pub(super) fn corrected(correction: &Correction, shown: &Shown<'_>) -> (&'static str, String) {
    match correction {
        Correction::Attribute(attribute, value) => (attribute.name(), value.to_string()),
        Correction::Unit(unit) => ("unit", unit.to_string()),
        Correction::FilingCondition(condition) => ("filing_condition", condition.to_string()),
        Correction::ReceivedAt(at) => ("received_at", shown.at(*at)),
        Correction::ClosedAt(at) => ("closed_at", shown.at(*at)),
        Correction::DueAt(due) => ("due_at", shown.due(*due)),
        Correction::Result(result) => ("result", result.to_string()),
        Correction::FirstContact(is) => ("first_contact", yes_no(*is).to_owned()),
        Correction::Solved(is) => ("solved", yes_no(*is).to_owned()),
        Correction::Satisfaction(said) => ("satisfaction", satisfaction(*said)),
        Correction::Quantity(quantity) => ("quantity", quantity.to_string()),
        Correction::Assessed(is) => ("assessed", yes_no(*is).to_owned()),
    }
}

pub(super) fn satisfaction(said: Satisfaction) -> String {
    let (_, name, zh, _) = Satisfaction::ALL[said as usize - 1];
    format!("{zh} {name}")
}

fn of_intake(intake: &Intake, shown: &Shown<'_>) -> Vec<String> {
    let Attributes { kind, channel, category_name, category_code, .. } = &intake.attributes;
    let category = if category_name.is_empty() { category_code } else { category_name };
    let dealt = if intake.is_patrol_dealt { "自行处置 put right on the spot" } else { "" };
    vec![channel.to_string(), kind.to_string(), category.to_string(), dealt.to_owned(), until(intake.due, shown)]
}

fn of_tally(tally: &Tally) -> Vec<String> {
    let quantity = format!("数量 quantity {}", tally.quantity);
    vec![tally.attributes.kind.to_string(), quantity, tally.unit_name.to_string(), tally.unit.to_string()]
}

fn of_dispatch(dispatch: &Dispatch, shown: &Shown<'_>) -> Vec<String> {
    let support = if dispatch.role == "support" { "协办 support" } else { "" };
    vec![dispatch.unit_name.to_string(), dispatch.unit.to_string(), support.to_owned(), until(dispatch.due, shown)]
}

fn of_unit(of: &OfUnit) -> String {
    joined(vec![of.unit.to_string(), because(&of.reason)])
}

fn of_pressure(pressure: &Pressure) -> Vec<String> {
    vec![pressure.by.to_string(), pressure.level.to_string(), because(&pressure.reason)]
}

fn of_revisit(revisit: &Revisit) -> Vec<String> {
    let said = |what: &str, is: Option<bool>| is.map_or(String::new(), |is| format!("{what} {}", yes_no(is)));
    vec![
        format!("接通 {}", yes_no(revisit.reached)),
        said("先行联系", revisit.first_contact),
        said("解决", revisit.solved),
        revisit.satisfaction.map_or(String::new(), satisfaction),
    ]
}

fn until(due: Option<Due>, shown: &Shown<'_>) -> String {
    due.map_or(String::new(), |due| format!("时限 {}", shown.due(due)))
}

fn granted(is: bool) -> String {
    if is { "同意 approved" } else { "不同意 refused" }.to_owned()
}

fn because(reason: &Reason) -> String {
    joined(vec![reason.code.to_string(), reason.text.to_string()])
}

fn joined(parts: Vec<String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
