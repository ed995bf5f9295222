//! The rows of `cases`: one column list, and the function that fills a row in its order.

use bytes::Bytes;

use super::{
    client::Store,
    error::StoreError,
    native::{
        Block,
        Type::{Bool, I64, Low, MaybeBool, MaybeTime, MaybeTimes, Standings, Text, Times, U32, U64},
    },
};
use crate::domain::{attributes::Attributes, case::Case, fact::Reporter, time::Due};

const COLUMNS: &[(&str, super::native::Type)] = &[
    ("stream", Low),
    ("case_id", Text),
    ("version", U64),
    ("kind", Low),
    ("channel", Low),
    ("category_standard", Low),
    ("category_code", Low),
    ("category_name", Low),
    ("area", Low),
    ("town", Low),
    ("community", Low),
    ("cell", Low),
    ("duty_grid", Low),
    ("urgency", Low),
    ("external_no", Text),
    ("repeat_of", Text),
    ("title", Text),
    ("reporter_name", Text),
    ("reporter_phone", Text),
    ("reporter_id_number", Text),
    ("reporter_id_region", Low),
    ("key_id", Low),
    ("unit", Low),
    ("unit_name", Low),
    ("result", Low),
    ("phase", Low),
    ("standing", Low),
    ("received_at", MaybeTime),
    ("reported_at", MaybeTime),
    ("accepted_at", MaybeTime),
    ("filed_at", MaybeTime),
    ("dispatched_at", MaybeTime),
    ("signed_at", MaybeTime),
    ("contacted_at", MaybeTime),
    ("last_submitted_at", MaybeTime),
    ("first_closed_at", MaybeTime),
    ("closed_at", MaybeTime),
    ("voided_at", MaybeTime),
    ("last_event_at", MaybeTime),
    ("last_ingested_at", MaybeTime),
    ("due_at", MaybeTime),
    ("due_is_exclusive", Bool),
    ("original_due_at", MaybeTime),
    ("is_suspended", Bool),
    ("is_void", Bool),
    ("is_patrol_dealt", Bool),
    ("is_incomplete", Bool),
    ("contacted", MaybeBool),
    ("rows", U32),
    ("events", U32),
    ("duplicates", U32),
    ("conflicts", U32),
    ("out_of_order", U32),
    ("irregular", U32),
    ("clock_skew", U32),
    ("dispatches", U32),
    ("extensions", U32),
    ("late_extensions", U32),
    ("suspensions", U32),
    ("paused_s", I64),
    ("reworks", U32),
    ("reopens", U32),
    ("corrections", U32),
    ("steps.at", Times),
    ("steps.standing", Standings),
    ("steps.received_at", Times),
    ("steps.closed_at", MaybeTimes),
    ("steps.due_at", MaybeTimes),
    ("steps.on_time_until", MaybeTimes),
];

/// The version of a row: a later generation wins, and within one the row that knew more messages.
pub fn version(generation: u32, rows: u32) -> u64 {
    u64::from(generation) << 32 | u64::from(rows)
}

pub fn encode<'a>(cases: impl Iterator<Item = &'a Case>, generation: u32) -> Bytes {
    let mut block = Block::new(COLUMNS);
    for case in cases {
        row(&mut block, case, generation);
    }
    block.encode()
}

pub async fn insert(store: &Store, body: Bytes) -> Result<(), StoreError> {
    store.insert_native("cases", body).await
}

fn row(block: &mut Block, case: &Case, generation: u32) {
    block.low(&case.stream);
    block.text(&case.case_id);
    block.u64(version(generation, case.counts.rows));
    attributes(block, &case.attributes);
    block.text(&case.title);
    reporter(block, &case.reporter);
    for text in [&case.unit, &case.unit_name, &case.result] {
        block.low(text);
    }
    block.low(case.phase.name());
    block.low(case.standing().map_or("", |standing| standing.name()));
    milestones(block, case);
    block.maybe_time(case.due.map(|due| due.at));
    block.bool(case.due.is_some_and(|due| due.is_exclusive));
    block.maybe_time(case.original_due.map(|due| due.at));
    for flag in [case.is_suspended, case.is_void, case.is_patrol_dealt, case.is_incomplete()] {
        block.bool(flag);
    }
    block.maybe_bool(case.contacted);
    counts(block, case);
    history(block, case);
    block.end_row();
}

fn attributes(block: &mut Block, attributes: &Attributes) {
    for text in [
        &attributes.kind,
        &attributes.channel,
        &attributes.category_standard,
        &attributes.category_code,
        &attributes.category_name,
        &attributes.area,
        &attributes.town,
        &attributes.community,
        &attributes.cell,
        &attributes.duty_grid,
        &attributes.urgency,
    ] {
        block.low(text);
    }
    block.text(&attributes.external_no);
    block.text(&attributes.repeat_of);
}

fn reporter(block: &mut Block, reporter: &Reporter) {
    for pseudonym in [&reporter.name, &reporter.phone, &reporter.id_number] {
        block.text(pseudonym);
    }
    block.low(&reporter.id_region);
    block.low(&reporter.key_id);
}

fn milestones(block: &mut Block, case: &Case) {
    let marks = &case.milestones;
    for at in [
        marks.received_at,
        marks.reported_at,
        marks.accepted_at,
        marks.filed_at,
        marks.dispatched_at,
        marks.signed_at,
        marks.contacted_at,
        marks.last_submitted_at,
        marks.first_closed_at,
        marks.closed_at,
        marks.voided_at,
        marks.last_event_at,
        marks.last_ingested_at,
    ] {
        block.maybe_time(at);
    }
}

fn counts(block: &mut Block, case: &Case) {
    let counts = &case.counts;
    for count in [
        counts.rows,
        counts.events,
        counts.duplicates,
        counts.conflicts,
        counts.out_of_order,
        counts.irregular,
        counts.clock_skew,
        counts.dispatches,
        counts.extensions,
        counts.late_extensions,
        counts.suspensions,
    ] {
        block.u32(count);
    }
    block.i64(counts.paused_ms / 1000);
    for count in [counts.reworks, counts.reopens, counts.corrections] {
        block.u32(count);
    }
}

fn history(block: &mut Block, case: &Case) {
    let steps = &case.history.0;
    block.times(steps.iter().map(|step| step.at));
    block.standings(steps.iter().map(|step| step.standing as u8));
    block.times(steps.iter().map(|step| step.received_at));
    block.maybe_times(steps.iter().map(|step| step.closed_at));
    block.maybe_times(steps.iter().map(|step| step.due.map(|due| due.at)));
    block.maybe_times(steps.iter().map(|step| step.due.map(Due::on_time_until)));
}
