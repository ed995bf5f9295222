//! The lists that a case has, each as columns of arrays of one length.

use crate::{
    domain::{
        assignment::Assignment,
        attributes::Attribute,
        case::{CitizenAnswer, Earlier},
        history::History,
        span::Span,
        time::Due,
    },
    store::native::{
        Block,
        Type::{Bools, Outcomes, Stages, Standings, U8s},
    },
};

/// Between the values of one `Earlier`: U+001F, the unit separator, which no feeder writes.
const SEPARATOR: char = '\u{1f}';

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
    block.u16s(steps.iter().map(|step| step.marks.0));
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
    block.times(spans.iter().map(|span| Due::on_time_until(span.due)));
    block.maybe_times(spans.iter().map(|span| span.stopped_at));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.is_paused)));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.is_unjudged)));
    block.bytes(Bools, spans.iter().map(|span| u8::from(span.was_red)));
}

pub(super) fn earlier(block: &mut Block, all: &[Earlier]) {
    block.times(all.iter().map(|one| one.until));
    let values: Vec<String> = all.iter().map(joined).collect();
    block.texts(values.iter().map(String::as_str));
}

/// The attributes in the order of their list, then unit and its name.
fn joined(earlier: &Earlier) -> String {
    let mut text = String::new();
    for (attribute, _) in Attribute::ALL {
        text.push_str(earlier.attributes.get(attribute));
        text.push(SEPARATOR);
    }
    text.push_str(&earlier.unit);
    text.push(SEPARATOR);
    text.push_str(&earlier.unit_name);
    text
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

/// Int8 in two's complement: 1 yes, 0 no, -1 not said.
fn said(answer: Option<bool>) -> u8 {
    answer.map_or(0xff, u8::from)
}
