//! The lists that a case has, each as columns of arrays of one length.

use smol_str::SmolStr;

use crate::{
    domain::{
        assignment::Assignment,
        attributes::{Attribute, Attributes},
        case::{Case, Check, CitizenAnswer, Earlier},
        history::History,
        span::Span,
        time::Millis,
    },
    store::native::{
        Block,
        Type::{Bools, Dimensions, Outcomes, Stages, Standings, U8s},
    },
};

pub(super) fn steps(block: &mut Block, history: &History) {
    let steps = &history.0;
    block.times(steps.iter().map(|step| step.at));
    block.bytes(Standings, steps.iter().map(|step| step.standing as u8));
    block.maybe_times(steps.iter().map(|step| step.received_at));
    block.maybe_times(steps.iter().map(|step| step.closed_at));
    block.maybe_times(steps.iter().map(|step| step.finished_at));
    block.maybe_times(steps.iter().map(|step| step.due.map(|due| due.at)));
    block.maybe_times(steps.iter().map(|step| step.original_due.map(|due| due.at)));
    block.maybe_times(steps.iter().map(|step| step.yellow_from));
    block.maybe_i64s(steps.iter().map(|step| step.worked_ms));
    block.u32s(steps.iter().map(|step| step.quantity));
    block.u16s(steps.iter().map(|step| step.marks.0));
    block.maybe_times(steps.iter().map(|step| step.suspended_since));
    block.i64s(steps.iter().map(|step| step.paused_ms / 1000));
    block.i64s(steps.iter().map(|step| step.longest_pause_ms / 1000));
}

pub(super) fn assignments(block: &mut Block, all: &[Assignment]) {
    block.texts(all.iter().map(|one| one.unit.as_str()));
    block.texts(all.iter().map(|one| one.unit_name.as_str()));
    block.bytes(U8s, all.iter().map(|one| one.level));
    block.bytes(Bools, all.iter().map(|one| u8::from(one.is_support)));
    block.times(all.iter().map(|one| one.at));
    block.maybe_times(all.iter().map(|one| one.signed_at));
    block.maybe_times(all.iter().map(|one| one.submitted_at));
    block.maybe_times(all.iter().map(|one| one.ended_at));
    block.bytes(Outcomes, all.iter().map(|one| one.outcome as u8));
}

pub(super) fn clocks(block: &mut Block, spans: &[Span]) {
    block.bytes(Stages, spans.iter().map(|span| span.stage as u8 + 1));
    block.u16s(spans.iter().map(|span| span.assignment));
    block.times(spans.iter().map(|span| span.since));
    block.maybe_times(spans.iter().map(|span| span.until));
    block.times(spans.iter().map(|span| span.started_at));
    block.times(spans.iter().map(|span| span.due.at));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.due.is_exclusive)));
    block.maybe_times(spans.iter().map(|span| span.stopped_at));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.is_paused)));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.is_unjudged)));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.was_red)));
}

/// One entry for each value that was another one until then; copies of all the others would be most of a case's row.
pub(super) fn earlier(block: &mut Block, case: &Case) {
    let changes = changes(case);
    block.times(changes.iter().map(|change| change.until));
    block.bytes(Dimensions, changes.iter().map(|change| change.dimension));
    block.texts(changes.iter().map(|change| change.value));
}

struct Change<'a> {
    until: Millis,
    /// Counted from 1, in the order of the attributes; then the unit, its name, how the case was closed and the result.
    dimension: u8,
    value: &'a str,
}

fn changes(case: &Case) -> Vec<Change<'_>> {
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
    changes
}

fn standing(earlier: &Earlier) -> (&Attributes, [&SmolStr; 4]) {
    (&earlier.attributes, [&earlier.unit, &earlier.unit_name, &earlier.how, &earlier.result])
}

pub(super) fn answers(block: &mut Block, all: &[CitizenAnswer]) {
    use crate::store::native::Type::I8s;
    block.times(all.iter().map(|answer| answer.since));
    block.u32s(all.iter().map(|answer| answer.attempts));
    block.u32s(all.iter().map(|answer| answer.reached));
    block.bytes(I8s, all.iter().map(|answer| said(answer.first_contact)));
    block.bytes(I8s, all.iter().map(|answer| said(answer.solved)));
    block.bytes(U8s, all.iter().map(|answer| answer.satisfaction.map_or(0, |said| said as u8)));
}

pub(super) fn checks(block: &mut Block, all: &[Check]) {
    block.times(all.iter().map(|check| check.at));
    block.bytes(Bools, all.iter().map(|check| u8::from(check.passed)));
}

/// Int8 in two's complement: 1 yes, 0 no, -1 not said.
fn said(answer: Option<bool>) -> u8 {
    answer.map_or(0xff, u8::from)
}
