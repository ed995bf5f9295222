//! Goes through a text once, from left to right, and lists what is to be replaced.
//!
//! Scrubbing twice must be scrubbing once, so no rule may depend on what another match takes away: what was found
//! before counts as gone (`floor`), and what may be found later must not decide.

use super::{
    email,
    known::{self, Known},
    labelled, number, plate,
    view::{Span, View},
};

/// Known strings go first and e-mail addresses second: both are told without a look at anything else.
pub(super) fn all(view: &mut View, known: &[Known]) -> Vec<Span> {
    let mut spans = known::all(view, known);
    view.hide(&spans);
    let emails = email::all(view);
    view.hide(&emails);
    spans.extend(emails);
    spans.extend(numbers_and_names(view));
    spans.sort_unstable_by_key(|span| span.from);
    spans
}

fn numbers_and_names(view: &View) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut announced = None;
    let (mut place, mut floor) = (0, 0);
    while place < view.len() {
        if let Some(end) = view.token_end(place) {
            place = end;
            continue;
        }
        let awaited = announced.filter(|span: &Span| span.from == place);
        let span = awaited.or_else(|| number::at(view, place, floor)).or_else(|| plate::at(view, place));
        if let Some(span) = span {
            spans.push(span);
            (place, floor) = (span.to, span.to);
        } else {
            announced = labelled::after(view, place, floor).or(announced);
            place = after_group(view, place);
        }
    }
    spans
}

/// Digits are looked at where their group begins and nowhere inside it.
fn after_group(view: &View, place: usize) -> usize {
    if view.get(place).is_ascii_digit() { view.run_end(place, |letter| letter.is_ascii_digit()) } else { place + 1 }
}
