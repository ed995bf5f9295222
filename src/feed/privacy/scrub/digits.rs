//! Digits as people write a number: in groups, with spaces, dashes or brackets between them.

use super::view::View;

const MOST: usize = 24;
/// ` - ` is the widest gap that people leave inside a number.
const WIDEST_GAP: usize = 3;

/// The groups of digits from one place on, as far as they could be one number.
pub(super) struct Digits {
    values: [u8; MOST],
    /// Where the digit stands in the view.
    places: [usize; MOST],
    /// The digit is the first of its group.
    begins: [bool; MOST],
    /// A dot stands before the digit: a decimal point, unless the groups say otherwise.
    dotted: [bool; MOST],
    len: usize,
}

/// The lengths of the groups that make up a number.
pub(super) struct Shape {
    lengths: [usize; MOST],
    groups: usize,
    is_dotted: bool,
}

impl Digits {
    pub(super) fn read(view: &View, from: usize) -> Self {
        let mut digits =
            Self { values: [0; MOST], places: [0; MOST], begins: [false; MOST], dotted: [false; MOST], len: 0 };
        let mut next = Some((from, false));
        while let Some((start, dotted)) = next {
            let end = view.run_end_within(start, MOST + 1, |letter| letter.is_ascii_digit());
            if end == start || digits.len + (end - start) > MOST {
                break; // the last group is not known to its end: it is no part of what was read
            }
            digits.begins[digits.len] = true;
            digits.dotted[digits.len] = dotted;
            for place in start..end {
                digits.values[digits.len] = view.get(place) as u8 - b'0';
                digits.places[digits.len] = place;
                digits.len += 1;
            }
            next = after_gap(view, end);
        }
        digits
    }

    pub(super) fn values(&self) -> &[u8] {
        &self.values[..self.len]
    }

    /// Where the text goes on after the first `count` digits.
    pub(super) fn end(&self, count: usize) -> usize {
        self.places[count - 1] + 1
    }

    /// A new group begins at this digit.
    pub(super) fn begins(&self, digit: usize) -> bool {
        digit == self.len || self.begins[digit]
    }

    /// The groups of the digits `from..to`; `None` when the number would end inside a group.
    pub(super) fn shape(&self, from: usize, to: usize) -> Option<Shape> {
        if from >= to || to > self.len || !self.begins(to) {
            return None;
        }
        let mut shape = Shape { lengths: [0; MOST], groups: 1, is_dotted: false };
        for digit in from..to {
            if digit > from && self.begins[digit] {
                shape.groups += 1;
                shape.is_dotted |= self.dotted[digit];
            }
            shape.lengths[shape.groups - 1] += 1;
        }
        Some(shape)
    }
}

impl Shape {
    pub(super) fn groups(&self) -> &[usize] {
        &self.lengths[..self.groups]
    }

    pub(super) fn is_solid(&self) -> bool {
        self.groups == 1
    }

    pub(super) fn is_dotted(&self) -> bool {
        self.is_dotted
    }

    pub(super) fn every_group_has(&self, digits: usize) -> bool {
        self.groups().iter().all(|length| *length >= digits)
    }
}

/// Where the next group begins, and whether a dot stands before it.
fn after_gap(view: &View, end: usize) -> Option<(usize, bool)> {
    let next = view.run_end_within(end, WIDEST_GAP + 1, |letter| matches!(letter, ' ' | '-' | '_' | '.' | '(' | ')'));
    let is_gap = next > end && next - end <= WIDEST_GAP && view.get(next).is_ascii_digit();
    is_gap.then(|| (next, view.slice(end, next).contains(&'.')))
}
