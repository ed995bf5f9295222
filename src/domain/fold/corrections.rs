//! Values put right: from the correction on the case is as if they had never been otherwise.

use smol_str::SmolStr;

use super::folding::Folding;
use crate::domain::{fact::Correction, time::Millis};

impl Folding<'_> {
    pub(super) fn correct(&mut self, at: Millis, correction: &Correction) {
        let case = &mut self.case;
        case.counts.corrections += 1;
        match correction {
            Correction::Attribute(attribute, value) => case.attributes.set(*attribute, value.clone()),
            Correction::Unit(unit) => {
                case.unit = unit.clone();
                case.unit_name = SmolStr::default();
            }
            Correction::FilingCondition(condition) => case.filing_condition = condition.clone(),
            Correction::ReceivedAt(right) => {
                self.received = Some(*right);
                case.milestones.received_at = Some(*right);
            }
            // Reckoned once more, it was closed at its right time from the start.
            Correction::ClosedAt(_) if self.is_again => {}
            Correction::ClosedAt(right) if case.milestones.closed_at.is_some() && self.told.may_have_closed(*right) => {
                if case.milestones.first_closed_at == case.milestones.closed_at {
                    case.milestones.first_closed_at = Some(*right);
                }
                case.milestones.closed_at = Some(*right);
                self.original = None;
            }
            Correction::ClosedAt(_) => case.counts.irregular += 1,
            Correction::DueAt(due) => self.correct_due(at, *due),
            Correction::Result(result) => case.result = result.clone(),
            Correction::FirstContact(value) => self.review(at, |answer| answer.first_contact = Some(*value)),
            Correction::Solved(value) => self.review(at, |answer| answer.solved = Some(*value)),
            Correction::Satisfaction(value) => self.review(at, |answer| answer.satisfaction = Some(*value)),
            Correction::Quantity(quantity) => case.quantity = *quantity,
            Correction::Assessed(value) => case.is_assessed = Some(*value),
        }
    }
}
