//! The steps of a life, one function an event type. What they have in common is that only free text is personal.

use smol_str::SmolStr;

use super::{Door, correction, due, satisfaction, what_and_where};
use crate::{
    domain::{
        attributes::Attributes,
        fact::{Correction, Dispatch, Fact, OfUnit, Pressure, Reason, Revisit, Tally},
        stream::Stream,
    },
    feed::{
        contract::{data, envelope::case_id_fault},
        rejection::Rejection,
    },
};

impl Door {
    pub(super) fn tally(&mut self, tallied: data::Tallied) -> Tally {
        Tally {
            attributes: Attributes {
                kind: tallied.kind.unwrap_or_default(),
                channel: tallied.channel.unwrap_or_default(),
                external_no: tallied.external_no.unwrap_or_default(),
                ..what_and_where(tallied.category, tallied.place)
            },
            quantity: tallied.quantity.unwrap_or(1),
            unit: tallied.unit.unwrap_or_default(),
            unit_name: tallied.unit_name.unwrap_or_default(),
            title: self.text(tallied.title, &[]),
        }
    }

    pub(super) fn of_unit(&mut self, of: data::OfUnit) -> OfUnit {
        OfUnit { unit: of.unit.unwrap_or_default(), reason: self.reason(of.reason_code, of.reason) }
    }

    pub(super) fn verified(&mut self, verified: data::Verified) -> Fact {
        Fact::Verified { confirmed: verified.confirmed, reason: self.reason(verified.reason_code, verified.reason) }
    }

    pub(super) fn return_decided(&mut self, decided: data::ReturnDecided) -> Fact {
        Fact::ReturnDecided {
            accepted: decided.accepted,
            of: OfUnit {
                unit: decided.unit.unwrap_or_default(),
                reason: self.reason(decided.reason_code, decided.reason),
            },
        }
    }

    pub(super) fn contacted(&mut self, contacted: data::Contacted) -> Fact {
        Fact::Contacted {
            contacted: contacted.contacted,
            unit: contacted.unit.unwrap_or_default(),
            reason: self.reason(contacted.reason_code, contacted.reason),
        }
    }

    /// `by` should name an office; a person with a number stands there often enough to be scrubbed like free text.
    pub(super) fn pressure(&mut self, pressure: data::Pressure) -> Pressure {
        Pressure {
            by: self.text(pressure.by, &[]),
            level: pressure.level.unwrap_or_default(),
            reason: self.reason(pressure.reason_code, pressure.reason),
        }
    }

    pub(super) fn extension_requested(
        &mut self,
        wanted: data::ExtensionRequested,
        stream: &Stream,
    ) -> Result<Fact, Rejection> {
        Ok(Fact::ExtensionRequested {
            due: due(wanted.due_at, stream, "/data/due_at")?,
            reason: self.reason(wanted.reason_code, wanted.reason),
        })
    }

    pub(super) fn extension_decided(
        &mut self,
        decided: data::ExtensionDecided,
        stream: &Stream,
    ) -> Result<Fact, Rejection> {
        Ok(Fact::ExtensionDecided {
            approved: decided.approved,
            due: due(decided.due_at, stream, "/data/due_at")?,
            reason: self.reason(decided.reason_code, decided.reason),
        })
    }

    pub(super) fn submitted(&mut self, submitted: data::Submitted) -> Fact {
        Fact::Submitted {
            unit: submitted.unit.unwrap_or_default(),
            result: submitted.result.unwrap_or_default(),
            note: self.text(submitted.note, &[]),
        }
    }

    pub(super) fn reopened(&mut self, reopened: data::Reopened, stream: &Stream) -> Result<Fact, Rejection> {
        Ok(Fact::Reopened {
            due: due(reopened.due_at, stream, "/data/due_at")?,
            reason: self.reason(reopened.reason_code, reopened.reason),
        })
    }

    pub(super) fn revisit(&mut self, revisited: data::Revisited) -> Revisit {
        Revisit {
            channel: revisited.channel.unwrap_or_default(),
            reached: revisited.reached,
            first_contact: revisited.first_contact,
            solved: revisited.solved,
            satisfaction: revisited.satisfaction.map(satisfaction),
            reason: self.reason(revisited.reason_code, revisited.reason),
        }
    }

    pub(super) fn correction(
        &mut self,
        corrected: data::Corrected,
        stream: &Stream,
    ) -> Result<(Correction, SmolStr, Reason), Rejection> {
        let correction = correction::read(&corrected.field, &corrected.value, stream)?;
        let reason = self.reason(corrected.reason_code, corrected.reason);
        Ok((correction, corrected.old_value.unwrap_or_default(), reason))
    }
}

pub(super) fn filed(filed: data::Filed, stream: &Stream) -> Result<Fact, Rejection> {
    Ok(Fact::Filed {
        condition: filed.filing_condition.unwrap_or_default(),
        urgency: filed.urgency.unwrap_or_default(),
        due: due(filed.due_at, stream, "/data/due_at")?,
    })
}

pub(super) fn dispatch(dispatched: data::Dispatched, stream: &Stream) -> Result<Dispatch, Rejection> {
    if dispatched.unit.is_empty() {
        return Err(Rejection::missing("/data/unit"));
    }
    Ok(Dispatch {
        unit: dispatched.unit,
        unit_name: dispatched.unit_name.unwrap_or_default(),
        level: dispatched.level.unwrap_or(0),
        role: dispatched.role.unwrap_or_default(),
        due: due(dispatched.due_at, stream, "/data/due_at")?,
    })
}

/// A case number like that of the envelope: what could not be one there cannot be one here.
pub(super) fn parent(linked: data::DuplicateLinked) -> Result<SmolStr, Rejection> {
    if linked.parent.trim().is_empty() {
        return Err(Rejection::missing("/data/parent"));
    }
    match case_id_fault(&linked.parent) {
        Some(fault) => Err(Rejection::invalid("/data/parent", fault)),
        None => Ok(linked.parent),
    }
}
