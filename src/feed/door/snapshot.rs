//! A task row and its child rows.

use super::{Door, due, moment, satisfaction};
use crate::{
    domain::{
        light::Light,
        snapshot::{AssignmentStatus, Snapshot, SnapshotAssignment, Status},
        stream::Stream,
        time::Millis,
    },
    feed::{
        contract::{WireTime, data, envelope::case_id_fault},
        rejection::{RejectReason, Rejection},
    },
};

pub(super) fn read(door: &mut Door, row: data::Snapshot, stream: &Stream) -> Result<Snapshot, Rejection> {
    states_enough(&row)?;
    let assignments = row.assignments.into_iter().enumerate();
    Ok(Snapshot {
        status: row.status.map(status),
        light: row.light.map(light),
        unit: row.unit.unwrap_or_default(),
        unit_name: row.unit_name.unwrap_or_default(),
        filing_condition: row.filing_condition.unwrap_or_default(),
        how: row.how.unwrap_or_default(),
        result: row.result.unwrap_or_default(),
        reported_at: time(row.reported_at, "/data/reported_at")?,
        accepted_at: time(row.accepted_at, "/data/accepted_at")?,
        filed_at: time(row.filed_at, "/data/filed_at")?,
        dispatched_at: time(row.dispatched_at, "/data/dispatched_at")?,
        signed_at: time(row.signed_at, "/data/signed_at")?,
        contacted_at: time(row.contacted_at, "/data/contacted_at")?,
        submitted_at: time(row.submitted_at, "/data/submitted_at")?,
        closed_at: time(row.closed_at, "/data/closed_at")?,
        revisited_at: time(row.revisited_at, "/data/revisited_at")?,
        contacted: row.contacted,
        reached: row.reached,
        first_contact: row.first_contact,
        solved: row.solved,
        satisfaction: row.satisfaction.map(satisfaction),
        duplicate_of: row.duplicate_of,
        assignments: assignments.map(|(n, row)| assignment(n, row, stream)).collect::<Result<_, _>>()?,
        intake: door.intake(row.details.unwrap_or_default(), stream, "/data/details")?,
    })
}

/// What the types alone cannot state. Forgetting the status would leave every case open for ever, so that a row without one has to say so.
pub(super) fn states_enough(row: &data::Snapshot) -> Result<(), Rejection> {
    if row.status.is_none() && row.partial != Some(true) {
        return Err(Rejection::new(RejectReason::MissingField, "/data/status", "required, unless the row is partial"));
    }
    match row.duplicate_of.as_deref().and_then(case_id_fault) {
        Some(fault) => Err(Rejection::invalid("/data/duplicate_of", fault)),
        None => Ok(()),
    }
}

fn assignment(n: usize, row: data::Assignment, stream: &Stream) -> Result<SnapshotAssignment, Rejection> {
    let at = |field: &str| format!("/data/assignments/{n}/{field}");
    if row.unit.is_empty() {
        return Err(Rejection::missing(&at("unit")));
    }
    Ok(SnapshotAssignment {
        id: row.id.unwrap_or_default(),
        unit: row.unit,
        unit_name: row.unit_name.unwrap_or_default(),
        level: row.level,
        role: row.role.unwrap_or_default(),
        status: row.status.map(|status| match status {
            data::AssignmentStatus::Open => AssignmentStatus::Open,
            data::AssignmentStatus::Done => AssignmentStatus::Done,
            data::AssignmentStatus::Returned => AssignmentStatus::Returned,
            data::AssignmentStatus::Withdrawn => AssignmentStatus::Withdrawn,
        }),
        dispatched_at: time(row.dispatched_at, &at("dispatched_at"))?,
        signed_at: time(row.signed_at, &at("signed_at"))?,
        submitted_at: time(row.submitted_at, &at("submitted_at"))?,
        ended_at: time(row.ended_at, &at("ended_at"))?,
        due: due(row.due_at, stream, &at("due_at"))?,
    })
}

fn status(status: data::Status) -> Status {
    match status {
        data::Status::Open => Status::Open,
        data::Status::Suspended => Status::Suspended,
        data::Status::Closed => Status::Closed,
        data::Status::Void => Status::Void,
        data::Status::Rejected => Status::Rejected,
        data::Status::NotFiled => Status::NotFiled,
    }
}

fn light(light: data::Light) -> Light {
    match light {
        data::Light::Green => Light::Green,
        data::Light::Yellow => Light::Yellow,
        data::Light::Red => Light::Red,
    }
}

fn time(wire: Option<WireTime>, field: &str) -> Result<Option<Millis>, Rejection> {
    wire.map(|wire| moment(wire, field)).transpose()
}
