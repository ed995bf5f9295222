//! The columns of `cases`, each with what a case says in it.

use smol_str::SmolStr;

use crate::{
    domain::{
        attributes::{Attribute, Attributes},
        case::{Case, Earlier},
        history::Step,
        time::Millis,
    },
    store::native::{
        Column,
        Type::{
            Bool, Bools, Dimensions, I8s, I64, I64s, Low, MaybeBool, MaybeI64, MaybeI64s, MaybeTime, MaybeTimes,
            Outcomes, Stages, Standings, Text, Texts, Times, U8s, U16, U16s, U32, U32s, U64,
        },
    },
};

/// Under one generation.
#[rustfmt::skip]
pub(super) const COLUMNS: &[Column<Case, u32>] = &[
    Column("stream", Low, |row, case, _| row.low(&case.stream)),
    Column("case_id", Text, |row, case, _| row.text(&case.case_id)),
    Column("version", U64, |row, case, generation| row.u64(version(*generation, case.counts.rows))),
    Column("kind", Low, |row, case, _| row.low(&case.attributes.kind)),
    Column("channel", Low, |row, case, _| row.low(&case.attributes.channel)),
    Column("category_standard", Low, |row, case, _| row.low(&case.attributes.category_standard)),
    Column("category_code", Low, |row, case, _| row.low(&case.attributes.category_code)),
    Column("category_name", Low, |row, case, _| row.low(&case.attributes.category_name)),
    Column("area", Low, |row, case, _| row.low(&case.attributes.area)),
    Column("town", Low, |row, case, _| row.low(&case.attributes.town)),
    Column("community", Low, |row, case, _| row.low(&case.attributes.community)),
    Column("cell", Low, |row, case, _| row.low(&case.attributes.cell)),
    Column("duty_grid", Low, |row, case, _| row.low(&case.attributes.duty_grid)),
    Column("urgency", Low, |row, case, _| row.low(&case.attributes.urgency)),
    Column("external_no", Text, |row, case, _| row.text(&case.attributes.external_no)),
    Column("repeat_of", Text, |row, case, _| row.text(&case.attributes.repeat_of)),
    Column("title", Text, |row, case, _| row.text(&case.title)),
    Column("reporter_name", Text, |row, case, _| row.text(&case.reporter.name)),
    Column("reporter_phone", Text, |row, case, _| row.text(&case.reporter.phone)),
    Column("reporter_id_number", Text, |row, case, _| row.text(&case.reporter.id_number)),
    Column("reporter_id_region", Low, |row, case, _| row.low(&case.reporter.id_region)),
    Column("key_id", Low, |row, case, _| row.low(&case.reporter.key_id)),
    Column("unit", Low, |row, case, _| row.low(&case.unit)),
    Column("unit_name", Low, |row, case, _| row.low(&case.unit_name)),
    Column("filing_condition", Low, |row, case, _| row.low(&case.filing_condition)),
    Column("how", Low, |row, case, _| row.low(&case.how)),
    Column("result", Low, |row, case, _| row.low(&case.result)),
    Column("quantity", U32, |row, case, _| row.u32(case.quantity)),
    Column("phase", Low, |row, case, _| row.low(case.phase.name())),
    Column("standing", Low, |row, case, _| row.low(case.standing().map_or("", |standing| standing.name()))),
    Column("stated_light", Low, |row, case, _| row.low(case.stated_light.map_or("", |light| light.name()))),
    Column("policy", Low, |row, case, _| row.low(&case.judged_by.policy)),
    Column("policy_rule", Low, |row, case, _| row.low(&case.judged_by.rule)),
    Column("calendar", Low, |row, case, _| row.low(&case.judged_by.calendar)),
    Column("first_event_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.first_event_at)),
    Column("received_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.received_at)),
    Column("reported_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.reported_at)),
    Column("accepted_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.accepted_at)),
    Column("verified_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.verified_at)),
    Column("filed_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.filed_at)),
    Column("unit_since", MaybeTime, |row, case, _| row.maybe_time(case.milestones.unit_since)),
    Column("dispatched_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.dispatched_at)),
    Column("signed_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.signed_at)),
    Column("contacted_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.contacted_at)),
    Column("last_submitted_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.last_submitted_at)),
    Column("last_passed_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.last_passed_at)),
    Column("first_closed_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.first_closed_at)),
    Column("closed_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.closed_at)),
    Column("voided_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.voided_at)),
    Column("extended_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.extended_at)),
    Column("suspended_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.suspended_at)),
    Column("suspended_since", MaybeTime, |row, case, _| row.maybe_time(case.suspended_since)),
    Column("returned_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.returned_at)),
    Column("reworked_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.reworked_at)),
    Column("reopened_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.reopened_at)),
    Column("supervised_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.supervised_at)),
    Column("misdispatched_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.misdispatched_at)),
    Column("last_event_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.last_event_at)),
    Column("last_recorded_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.last_recorded_at)),
    Column("last_ingested_at", MaybeTime, |row, case, _| row.maybe_time(case.milestones.last_ingested_at)),
    Column("finished_at", MaybeTime, |row, case, _| row.maybe_time(last(case).and_then(|step| step.finished_at))),
    Column("due_at", MaybeTime, |row, case, _| row.maybe_time(case.due.map(|due| due.at))),
    Column("original_due_at", MaybeTime, |row, case, _| row.maybe_time(case.original_due.map(|due| due.at))),
    Column("policy_due_at", MaybeTime, |row, case, _| row.maybe_time(case.policy_due.map(|due| due.at))),
    Column("yellow_from", MaybeTime, |row, case, _| row.maybe_time(last(case).and_then(|step| step.yellow_from))),
    Column("worked_ms", MaybeI64, |row, case, _| row.maybe_i64(last(case).and_then(|step| step.worked_ms))),
    Column("marks", U16, |row, case, _| row.u16(last(case).map_or(0, |step| step.marks.0))),
    Column("is_incomplete", Bool, |row, case, _| row.bool(case.is_incomplete())),
    Column("contacted", MaybeBool, |row, case, _| row.maybe_bool(case.contacted)),
    Column("rows", U32, |row, case, _| row.u32(case.counts.rows)),
    Column("events", U32, |row, case, _| row.u32(case.counts.events)),
    Column("duplicates", U32, |row, case, _| row.u32(case.counts.duplicates)),
    Column("conflicts", U32, |row, case, _| row.u32(case.counts.conflicts)),
    Column("out_of_order", U32, |row, case, _| row.u32(case.counts.out_of_order)),
    Column("irregular", U32, |row, case, _| row.u32(case.counts.irregular)),
    Column("gaps", U32, |row, case, _| row.u32(case.counts.gaps)),
    Column("clock_skew", U32, |row, case, _| row.u32(case.counts.clock_skew)),
    Column("unknown_codes", U32, |row, case, _| row.u32(case.counts.unknown_codes)),
    Column("dispatches", U32, |row, case, _| row.u32(case.counts.dispatches)),
    Column("returns", U32, |row, case, _| row.u32(case.counts.returns)),
    Column("refused_returns", U32, |row, case, _| row.u32(case.counts.refused_returns)),
    Column("extensions", U32, |row, case, _| row.u32(case.counts.extensions)),
    Column("late_extensions", U32, |row, case, _| row.u32(case.counts.late_extensions)),
    Column("suspensions", U32, |row, case, _| row.u32(case.counts.suspensions)),
    Column("paused_s", I64, |row, case, _| row.i64(case.counts.paused_ms / 1000)),
    Column("longest_pause_s", I64, |row, case, _| row.i64(case.counts.longest_pause_ms / 1000)),
    Column("reworks", U32, |row, case, _| row.u32(case.reworks.len() as u32)),
    Column("reopens", U32, |row, case, _| row.u32(case.counts.reopens)),
    Column("supervisions", U32, |row, case, _| row.u32(case.counts.supervisions)),
    Column("urges", U32, |row, case, _| row.u32(case.counts.urges)),
    Column("corrections", U32, |row, case, _| row.u32(case.counts.corrections)),
    Column("steps.at", Times, |row, case, _| row.times(steps(case).map(|step| step.at))),
    Column("steps.standing", Standings, |row, case, _| row.bytes(Standings, steps(case).map(|step| step.standing as u8))),
    Column("steps.received_at", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.received_at))),
    Column("steps.closed_at", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.closed_at))),
    Column("steps.finished_at", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.finished_at))),
    Column("steps.due_at", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.due.map(|due| due.at)))),
    Column("steps.original_due_at", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.original_due.map(|due| due.at)))),
    Column("steps.yellow_from", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.yellow_from))),
    Column("steps.worked_ms", MaybeI64s, |row, case, _| row.maybe_i64s(steps(case).map(|step| step.worked_ms))),
    Column("steps.quantity", U32s, |row, case, _| row.u32s(steps(case).map(|step| step.quantity))),
    Column("steps.marks", U16s, |row, case, _| row.u16s(steps(case).map(|step| step.marks.0))),
    Column("steps.suspended_since", MaybeTimes, |row, case, _| row.maybe_times(steps(case).map(|step| step.suspended_since))),
    Column("steps.paused_s", I64s, |row, case, _| row.i64s(steps(case).map(|step| step.paused_ms / 1000))),
    Column("steps.longest_pause_s", I64s, |row, case, _| row.i64s(steps(case).map(|step| step.longest_pause_ms / 1000))),
    Column("assignments.unit", Texts, |row, case, _| row.texts(case.assignments.iter().map(|one| one.unit.as_str()))),
    Column("assignments.unit_name", Texts, |row, case, _| row.texts(case.assignments.iter().map(|one| one.unit_name.as_str()))),
    Column("assignments.level", U8s, |row, case, _| row.bytes(U8s, case.assignments.iter().map(|one| one.level))),
    Column("assignments.is_support", Bools, |row, case, _| row.bytes(Bools, case.assignments.iter().map(|one| u8::from(one.is_support)))),
    Column("assignments.at", Times, |row, case, _| row.times(case.assignments.iter().map(|one| one.at))),
    Column("assignments.signed_at", MaybeTimes, |row, case, _| row.maybe_times(case.assignments.iter().map(|one| one.signed_at))),
    Column("assignments.submitted_at", MaybeTimes, |row, case, _| row.maybe_times(case.assignments.iter().map(|one| one.submitted_at))),
    Column("assignments.ended_at", MaybeTimes, |row, case, _| row.maybe_times(case.assignments.iter().map(|one| one.ended_at))),
    Column("assignments.outcome", Outcomes, |row, case, _| row.bytes(Outcomes, case.assignments.iter().map(|one| one.outcome as u8))),
    Column("clocks.stage", Stages, |row, case, _| row.bytes(Stages, case.clocks.iter().map(|span| span.stage as u8 + 1))),
    Column("clocks.assignment", U16s, |row, case, _| row.u16s(case.clocks.iter().map(|span| span.assignment))),
    Column("clocks.since", Times, |row, case, _| row.times(case.clocks.iter().map(|span| span.since))),
    Column("clocks.until", MaybeTimes, |row, case, _| row.maybe_times(case.clocks.iter().map(|span| span.until))),
    Column("clocks.started_at", Times, |row, case, _| row.times(case.clocks.iter().map(|span| span.started_at))),
    Column("clocks.due_at", Times, |row, case, _| row.times(case.clocks.iter().map(|span| span.due.at))),
    Column("clocks.due_is_exclusive", Bools, |row, case, _| row.bytes(Bools, case.clocks.iter().map(|span| u8::from(span.due.is_exclusive)))),
    Column("clocks.stopped_at", MaybeTimes, |row, case, _| row.maybe_times(case.clocks.iter().map(|span| span.stopped_at))),
    Column("clocks.is_paused", Bools, |row, case, _| row.bytes(Bools, case.clocks.iter().map(|span| u8::from(span.is_paused)))),
    Column("clocks.is_unjudged", Bools, |row, case, _| row.bytes(Bools, case.clocks.iter().map(|span| u8::from(span.is_unjudged)))),
    Column("clocks.was_red", Bools, |row, case, _| row.bytes(Bools, case.clocks.iter().map(|span| u8::from(span.was_red)))),
    Column("earlier.until", Times, |row, case, _| row.times(changes(case).map(|change| change.until))),
    Column("earlier.dimension", Dimensions, |row, case, _| row.bytes(Dimensions, changes(case).map(|change| change.dimension))),
    Column("earlier.value", Texts, |row, case, _| row.texts(changes(case).map(|change| change.value))),
    Column("answers.since", Times, |row, case, _| row.times(case.answers.iter().map(|answer| answer.since))),
    Column("answers.attempts", U32s, |row, case, _| row.u32s(case.answers.iter().map(|answer| answer.attempts))),
    Column("answers.reached", U32s, |row, case, _| row.u32s(case.answers.iter().map(|answer| answer.reached))),
    Column("answers.first_contact", I8s, |row, case, _| row.bytes(I8s, case.answers.iter().map(|answer| said(answer.first_contact)))),
    Column("answers.solved", I8s, |row, case, _| row.bytes(I8s, case.answers.iter().map(|answer| said(answer.solved)))),
    Column("answers.satisfaction", U8s, |row, case, _| row.bytes(U8s, case.answers.iter().map(|answer| answer.satisfaction.map_or(0, |said| said as u8)))),
    Column("checks.at", Times, |row, case, _| row.times(case.checks.iter().map(|check| check.at))),
    Column("checks.passed", Bools, |row, case, _| row.bytes(Bools, case.checks.iter().map(|check| u8::from(check.passed)))),
    Column("reworks_at", Times, |row, case, _| row.times(case.reworks.iter().copied())),
];

/// The version of a row: a later generation wins, and within one the row that knew more messages.
pub(crate) fn version(generation: u32, rows: u32) -> u64 {
    u64::from(generation) << 32 | u64::from(rows)
}

/// What holds now, in plain columns: most questions are about now.
fn last(case: &Case) -> Option<&Step> {
    case.history.0.last()
}

fn steps(case: &Case) -> impl Iterator<Item = &Step> {
    case.history.0.iter()
}

struct Change<'a> {
    until: Millis,
    /// Counted from 1, in the order of the attributes; then the unit, its name, how the case was closed and the result.
    dimension: u8,
    value: &'a str,
}

/// One entry for each value that was another one until then; copies of all the others would be most of a case's row.
fn changes(case: &Case) -> impl Iterator<Item = Change<'_>> {
    let now = (&case.attributes, [&case.unit, &case.unit_name, &case.how, &case.result]);
    let mut changes = Vec::new();
    for (place, earlier) in case.earlier.iter().enumerate() {
        let next = case.earlier.get(place + 1).map_or(now, standing);
        let (attributes, others) = standing(earlier);
        let pairs = Attribute::ALL.iter().map(|(one, _)| (attributes.get(*one), next.0.get(*one)));
        for (dimension, (value, then)) in (1u8..).zip(pairs.chain(others.into_iter().zip(next.1))) {
            if value != then {
                changes.push(Change { until: earlier.until, dimension, value });
            }
        }
    }
    changes.into_iter()
}

fn standing(earlier: &Earlier) -> (&Attributes, [&SmolStr; 4]) {
    (&earlier.attributes, [&earlier.unit, &earlier.unit_name, &earlier.how, &earlier.result])
}

/// Int8 in two's complement: 1 yes, 0 no, -1 not said.
fn said(answer: Option<bool>) -> u8 {
    answer.map_or(0xff, u8::from)
}
