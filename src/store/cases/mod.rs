//! The rows of `cases`: one column list, and the function that fills a row in its order.

mod nested;

use super::{
    client::Store,
    error::StoreError,
    native::{
        Block, Body,
        Type::{
            Bool, Bools, Dimensions, I8s, I64, I64s, Low, MaybeBool, MaybeI64, MaybeI64s, MaybeTime, MaybeTimes,
            Outcomes, Stages, Standings, Text, Texts, Times, U8s, U16, U16s, U32, U32s, U64,
        },
    },
};
use crate::domain::{attributes::Attributes, case::Case, fact::Reporter};

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
    ("filing_condition", Low),
    ("how", Low),
    ("result", Low),
    ("quantity", U32),
    ("phase", Low),
    ("standing", Low),
    ("stated_light", Low),
    ("policy", Low),
    ("policy_rule", Low),
    ("calendar", Low),
    ("first_event_at", MaybeTime),
    ("received_at", MaybeTime),
    ("reported_at", MaybeTime),
    ("accepted_at", MaybeTime),
    ("verified_at", MaybeTime),
    ("filed_at", MaybeTime),
    ("unit_since", MaybeTime),
    ("dispatched_at", MaybeTime),
    ("signed_at", MaybeTime),
    ("contacted_at", MaybeTime),
    ("last_submitted_at", MaybeTime),
    ("last_passed_at", MaybeTime),
    ("first_closed_at", MaybeTime),
    ("closed_at", MaybeTime),
    ("voided_at", MaybeTime),
    ("extended_at", MaybeTime),
    ("suspended_at", MaybeTime),
    ("suspended_since", MaybeTime),
    ("returned_at", MaybeTime),
    ("reworked_at", MaybeTime),
    ("reopened_at", MaybeTime),
    ("supervised_at", MaybeTime),
    ("misdispatched_at", MaybeTime),
    ("last_event_at", MaybeTime),
    ("last_recorded_at", MaybeTime),
    ("last_ingested_at", MaybeTime),
    ("finished_at", MaybeTime),
    ("due_at", MaybeTime),
    ("original_due_at", MaybeTime),
    ("policy_due_at", MaybeTime),
    ("yellow_from", MaybeTime),
    ("worked_ms", MaybeI64),
    ("marks", U16),
    ("is_incomplete", Bool),
    ("contacted", MaybeBool),
    ("rows", U32),
    ("events", U32),
    ("duplicates", U32),
    ("conflicts", U32),
    ("out_of_order", U32),
    ("irregular", U32),
    ("gaps", U32),
    ("clock_skew", U32),
    ("unknown_codes", U32),
    ("dispatches", U32),
    ("returns", U32),
    ("refused_returns", U32),
    ("extensions", U32),
    ("late_extensions", U32),
    ("suspensions", U32),
    ("paused_s", I64),
    ("longest_pause_s", I64),
    ("reworks", U32),
    ("reopens", U32),
    ("supervisions", U32),
    ("urges", U32),
    ("corrections", U32),
    ("steps.at", Times),
    ("steps.standing", Standings),
    ("steps.received_at", MaybeTimes),
    ("steps.closed_at", MaybeTimes),
    ("steps.finished_at", MaybeTimes),
    ("steps.due_at", MaybeTimes),
    ("steps.original_due_at", MaybeTimes),
    ("steps.yellow_from", MaybeTimes),
    ("steps.worked_ms", MaybeI64s),
    ("steps.quantity", U32s),
    ("steps.marks", U16s),
    ("steps.suspended_since", MaybeTimes),
    ("steps.paused_s", I64s),
    ("steps.longest_pause_s", I64s),
    ("assignments.unit", Texts),
    ("assignments.unit_name", Texts),
    ("assignments.level", U8s),
    ("assignments.is_support", Bools),
    ("assignments.at", Times),
    ("assignments.signed_at", MaybeTimes),
    ("assignments.submitted_at", MaybeTimes),
    ("assignments.ended_at", MaybeTimes),
    ("assignments.outcome", Outcomes),
    ("clocks.stage", Stages),
    ("clocks.assignment", U16s),
    ("clocks.since", Times),
    ("clocks.until", MaybeTimes),
    ("clocks.started_at", Times),
    ("clocks.due_at", Times),
    ("clocks.due_is_exclusive", Bools),
    ("clocks.stopped_at", MaybeTimes),
    ("clocks.is_paused", Bools),
    ("clocks.is_unjudged", Bools),
    ("clocks.was_red", Bools),
    ("earlier.until", Times),
    ("earlier.dimension", Dimensions),
    ("earlier.value", Texts),
    ("answers.since", Times),
    ("answers.attempts", U32s),
    ("answers.reached", U32s),
    ("answers.first_contact", I8s),
    ("answers.solved", I8s),
    ("answers.satisfaction", U8s),
    ("checks.at", Times),
    ("checks.passed", Bools),
    ("reworks_at", Times),
];

/// The version of a row: a later generation wins, and within one the row that knew more messages.
pub fn version(generation: u32, rows: u32) -> u64 {
    u64::from(generation) << 32 | u64::from(rows)
}

pub fn encode<'a>(cases: impl Iterator<Item = &'a Case>, generation: u32) -> Body {
    let mut rows = Rows::new(generation);
    cases.for_each(|case| rows.push(case));
    rows.encode()
}

/// Rows under construction: a case is written down as soon as it is folded, and need not be kept. Encoded, they are empty
/// again and keep their memory.
#[derive(Debug)]
pub struct Rows {
    block: Block,
    generation: u32,
}

impl Rows {
    pub fn new(generation: u32) -> Self {
        Self { block: Block::new(COLUMNS), generation }
    }

    /// Under which the rows after this one are written.
    pub fn set_generation(&mut self, generation: u32) {
        self.generation = generation;
    }

    pub fn push(&mut self, case: &Case) {
        row(&mut self.block, case, self.generation);
    }

    pub fn count(&self) -> usize {
        self.block.rows()
    }

    pub fn encode(&mut self) -> Body {
        self.block.encode()
    }

    /// Takes back a body that was sent, for the memory that it is in.
    pub fn give_back(&mut self, body: Body) {
        self.block.give_back(body);
    }
}

pub async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("cases", &body).await
}

fn row(block: &mut Block, case: &Case, generation: u32) {
    block.low(&case.stream);
    block.text(&case.case_id);
    block.u64(version(generation, case.counts.rows));
    attributes(block, &case.attributes);
    block.text(&case.title);
    reporter(block, &case.reporter);
    for text in [&case.unit, &case.unit_name, &case.filing_condition, &case.how, &case.result] {
        block.low(text);
    }
    block.u32(case.quantity);
    block.low(case.phase.name());
    block.low(case.standing().map_or("", |standing| standing.name()));
    block.low(case.stated_light.map_or("", |light| light.name()));
    for text in [&case.judged_by.policy, &case.judged_by.rule, &case.judged_by.calendar] {
        block.low(text);
    }
    milestones(block, case);
    last_step(block, case);
    block.bool(case.is_incomplete());
    block.maybe_bool(case.contacted);
    counts(block, case);
    nested::steps(block, &case.history);
    nested::assignments(block, &case.assignments);
    nested::clocks(block, &case.clocks);
    nested::earlier(block, case);
    nested::answers(block, &case.answers);
    nested::checks(block, &case.checks);
    block.times(case.reworks.iter().copied());
    block.end_row();
}

/// What holds now, in plain columns: most questions are about now.
fn last_step(block: &mut Block, case: &Case) {
    let step = case.history.0.last();
    block.maybe_time(step.and_then(|step| step.finished_at));
    for due in [case.due, case.original_due, case.policy_due] {
        block.maybe_time(due.map(|due| due.at));
    }
    block.maybe_time(step.and_then(|step| step.yellow_from));
    block.maybe_i64(step.and_then(|step| step.worked_ms));
    block.u16(step.map_or(0, |step| step.marks.0));
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
        marks.first_event_at,
        marks.received_at,
        marks.reported_at,
        marks.accepted_at,
        marks.verified_at,
        marks.filed_at,
        marks.unit_since,
        marks.dispatched_at,
        marks.signed_at,
        marks.contacted_at,
        marks.last_submitted_at,
        marks.last_passed_at,
        marks.first_closed_at,
        marks.closed_at,
        marks.voided_at,
        marks.extended_at,
        marks.suspended_at,
        case.suspended_since,
        marks.returned_at,
        marks.reworked_at,
        marks.reopened_at,
        marks.supervised_at,
        marks.misdispatched_at,
        marks.last_event_at,
        marks.last_recorded_at,
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
        counts.gaps,
        counts.clock_skew,
        counts.unknown_codes,
        counts.dispatches,
        counts.returns,
        counts.refused_returns,
        counts.extensions,
        counts.late_extensions,
        counts.suspensions,
    ] {
        block.u32(count);
    }
    block.i64(counts.paused_ms / 1000);
    block.i64(counts.longest_pause_ms / 1000);
    for count in [case.reworks.len() as u32, counts.reopens, counts.supervisions, counts.urges, counts.corrections] {
        block.u32(count);
    }
}
