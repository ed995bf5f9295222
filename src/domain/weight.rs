//! How many bytes of memory an event takes, texts and lists among them: what is held is bounded by it.

use std::mem::size_of;

use smol_str::SmolStr;

use super::{
    attributes::{Attribute, Attributes},
    event::Event,
    fact::{Correction, Dispatch, Fact, Intake, OfUnit, Pressure, Reason, Reporter, Revisit, Tally},
    snapshot::{Snapshot, SnapshotAssignment},
};

/// What an allocation costs beside its bytes.
const ALLOCATION: usize = 16;

impl Event {
    /// In bytes: what batches and the memory of recent cases are bounded by.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + texts([&self.case_id, &self.source, &self.id]) + self.fact.weight()
    }
}

impl Fact {
    /// Without the fact itself, which is a part of its event.
    fn weight(&self) -> usize {
        match self {
            Self::Reported(one) | Self::Accepted(one) => boxed::<Intake>() + intake(one),
            Self::Tallied(one) => {
                boxed::<Tally>() + attributes(&one.attributes) + texts([&one.unit, &one.unit_name, &one.title])
            }
            Self::Rejected(why)
            | Self::NotFiled(why)
            | Self::SuspensionRequested(why)
            | Self::DuplicateUnlinked(why)
            | Self::Voided(why)
            | Self::VoidRevoked(why) => reason(why),
            Self::Verified { reason: why, .. }
            | Self::ExtensionRequested { reason: why, .. }
            | Self::ExtensionDecided { reason: why, .. }
            | Self::Suspended { reason: why }
            | Self::Checked { reason: why, .. }
            | Self::Reopened { reason: why, .. }
            | Self::AppealDecided { reason: why, .. } => reason(why),
            Self::VerificationRequested(of)
            | Self::Returned(of)
            | Self::Withdrawn(of)
            | Self::CheckRequested(of)
            | Self::ReworkOrdered(of)
            | Self::ReturnDecided { of, .. } => of_unit(of),
            Self::Filed { condition, urgency, .. } => texts([condition, urgency]),
            Self::Dispatched(one) => boxed::<Dispatch>() + texts([&one.unit, &one.unit_name, &one.role]),
            Self::Signed { unit: text } | Self::DuplicateLinked { parent: text } => texts([text]),
            Self::Contacted { unit, reason: why, .. } => texts([unit]) + reason(why),
            Self::Supervised(one) | Self::Urged(one) => {
                boxed::<Pressure>() + texts([&one.by, &one.level]) + reason(&one.reason)
            }
            Self::Resumed { .. } => 0,
            Self::Submitted { unit, result, note } => texts([unit, result, note]),
            Self::Closed { how, result } => texts([how, result]),
            Self::Revisited(one) => boxed::<Revisit>() + texts([&one.channel]) + reason(&one.reason),
            Self::Reviewed { correction: right, old, reason: why }
            | Self::Corrected { correction: right, old, reason: why } => correction(right) + texts([old]) + reason(why),
            Self::Snapshot(row) => boxed::<Snapshot>() + snapshot(row),
        }
    }
}

fn boxed<T>() -> usize {
    size_of::<T>() + ALLOCATION
}

fn texts<const N: usize>(all: [&SmolStr; N]) -> usize {
    all.iter().filter(|text| text.is_heap_allocated()).map(|text| text.len() + 2 * ALLOCATION).sum()
}

fn reason(why: &Reason) -> usize {
    texts([&why.code, &why.text])
}

fn of_unit(of: &OfUnit) -> usize {
    texts([&of.unit]) + reason(&of.reason)
}

fn attributes(of: &Attributes) -> usize {
    Attribute::ALL.iter().map(|(attribute, _)| texts([of.get(*attribute)])).sum()
}

fn intake(of: &Intake) -> usize {
    let Reporter { name, phone, id_number, id_region, key_id } = &of.reporter;
    attributes(&of.attributes) + texts([&of.title, &of.description, name, phone, id_number, id_region, key_id])
}

fn correction(right: &Correction) -> usize {
    match right {
        Correction::Attribute(_, text)
        | Correction::Unit(text)
        | Correction::FilingCondition(text)
        | Correction::Result(text) => texts([text]),
        _ => 0,
    }
}

fn snapshot(row: &Snapshot) -> usize {
    let Snapshot { unit, unit_name, filing_condition, how, result, duplicate_of, .. } = row;
    let rows: usize = row.assignments.iter().map(assignment).sum();
    let texts =
        texts([unit, unit_name, filing_condition, how, result]) + duplicate_of.as_ref().map_or(0, |text| texts([text]));
    intake(&row.intake) + texts + row.assignments.capacity() * size_of::<SnapshotAssignment>() + rows
}

fn assignment(of: &SnapshotAssignment) -> usize {
    texts([&of.id, &of.unit, &of.unit_name, &of.role])
}
