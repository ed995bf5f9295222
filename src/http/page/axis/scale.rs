//! Time as a place on the axis: linear, but for idle spans that would squash everything else, which are drawn shorter and marked as
//! a break. docs/page.md says why.

use crate::domain::time::Millis;

/// Where the axis begins and ends.
pub(super) const LEFT: f64 = 158.0;
pub(super) const RIGHT: f64 = 1180.0;

/// A part of the axis that is linear in itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) from: Millis,
    pub(super) until: Millis,
    pub(super) left: f64,
    pub(super) right: f64,
    /// Drawn shorter than the rest.
    pub(super) is_broken: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// From the first instant to the last without gap; never none.
    pieces: Vec<Piece>,
}

/// A span in which nothing happens is shortened if it is more than so many hundredths of itself and all shorter ones.
const SQUASHES: i64 = 80;
/// Its share of the axis then, in hundredths, and how many there may be.
const SHARE: f64 = 18.0;
const BREAKS_MAX: usize = 3;
/// The shortest axis, and the least that is worth a break.
const MINUTE: i64 = 60_000;

impl Scale {
    /// Over instants at which something happens, between two places.
    pub(super) fn over(instants: &[Millis], (left, right): (f64, f64)) -> Self {
        let spans = spans(instants);
        let broken = broken(&spans);
        let width = right - left;
        let share = width * SHARE / 100.0;
        let count = broken.iter().filter(|is| **is).count();
        let lengths = || spans.iter().zip(&broken).filter(|(_, is)| !**is).map(|(span, _)| span.1.since(span.0));
        let each = (width - share * count as f64) / lengths().sum::<i64>().max(1) as f64;
        let mut at = left;
        let piece = |((from, until), is_broken): (&(Millis, Millis), &bool)| {
            let long = if *is_broken { share } else { until.since(*from) as f64 * each };
            let piece = Piece { from: *from, until: *until, left: at, right: at + long, is_broken: *is_broken };
            at = piece.right;
            piece
        };
        Self { pieces: joined(spans.iter().zip(&broken).map(piece).collect()) }
    }

    /// What lies before the axis stands at its beginning, what lies behind it at its end.
    pub(super) fn x(&self, at: Millis) -> f64 {
        let (first, last) = (&self.pieces[0], &self.pieces[self.pieces.len() - 1]);
        if at <= first.from {
            return first.left;
        }
        let piece = self.pieces.iter().find(|piece| at < piece.until).unwrap_or(last);
        let share = at.since(piece.from) as f64 / piece.until.since(piece.from).max(1) as f64;
        piece.left + (piece.right - piece.left) * share.clamp(0.0, 1.0)
    }

    /// Neighbours of one scale are one piece.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The first instant and the last.
    pub(super) fn ends(&self) -> (Millis, Millis) {
        (self.pieces[0].from, self.pieces[self.pieces.len() - 1].until)
    }
}

/// Between each instant and the next; at least a minute in all.
fn spans(instants: &[Millis]) -> Vec<(Millis, Millis)> {
    let mut all = instants.to_vec();
    let first = all.iter().min().copied().unwrap_or_default();
    all.push(first);
    all.sort_unstable();
    let shortest = first.plus(MINUTE);
    if all.last().is_none_or(|last| *last < shortest) {
        all.push(shortest);
    }
    all.dedup();
    all.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// As many of the longest as there may be, down to one that would leave too little to all that are shorter: two long spans may each be
/// no more than half of the whole, and squash everything else together.
fn broken(spans: &[(Millis, Millis)]) -> Vec<bool> {
    let mut longest: Vec<(i64, usize)> = spans.iter().enumerate().map(|(n, span)| (span.1.since(span.0), n)).collect();
    longest.sort_unstable_by(|one, other| other.cmp(one));
    let mut count = 0;
    let mut left: i64 = longest.iter().map(|(length, _)| length).sum();
    for (place, (length, _)) in longest.iter().take(BREAKS_MAX).enumerate() {
        let squashes = i128::from(*length) * 100 > i128::from(left) * i128::from(SQUASHES);
        left -= length;
        if squashes && left >= MINUTE {
            count = place + 1;
        }
    }
    let mut broken = vec![false; spans.len()];
    longest.iter().take(count).for_each(|(_, place)| broken[*place] = true);
    broken
}

fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        match all.last_mut() {
            Some(last) if !last.is_broken && !piece.is_broken => (last.until, last.right) = (piece.until, piece.right),
            _ => all.push(piece),
        }
    }
    all
}

pub(super) fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn over(instants: &[i64]) -> Scale {
        let instants: Vec<Millis> = instants.iter().map(|at| Millis(*at)).collect();
        Scale::over(&instants, (100.0, 1100.0))
    }

    fn shown(scale: &Scale) -> Vec<(i64, i64, i64, i64, bool)> {
        let round = |x: f64| x.round() as i64;
        let one = |piece: &Piece| (piece.from.0, piece.until.0, round(piece.left), round(piece.right), piece.is_broken);
        scale.pieces().iter().map(one).collect()
    }

    #[test]
    fn a_life_without_long_idle_spans_is_linear_from_end_to_end() {
        for instants in [&[0, 2 * DAY, 5 * DAY, 7 * DAY][..], &[0, MINUTE, 5 * MINUTE], &[0, 1, 3 * 365 * DAY]] {
            let end = instants[instants.len() - 1];
            assert_eq!(shown(&over(instants)), [(0, end, 100, 1100, false)], "{instants:?}");
            assert_eq!(over(instants).x(Millis(end / 2)).round(), 600.0);
        }
    }

    #[test]
    fn an_idle_span_that_would_squash_the_rest_is_shortened_to_a_share_of_the_axis() {
        // Ninety days of 92: the two days around it get what it leaves.
        let scale = over(&[0, DAY, 91 * DAY, 92 * DAY]);
        let wanted =
            [(0, DAY, 100, 510, false), (DAY, 91 * DAY, 510, 690, true), (91 * DAY, 92 * DAY, 690, 1100, false)];
        assert_eq!(shown(&scale), wanted);
        // In the middle of the break stands the middle of its time.
        assert_eq!(scale.x(Millis(46 * DAY)).round(), 600.0);
    }

    #[test]
    fn two_idle_spans_that_squash_the_rest_together_are_both_shortened() {
        let is_broken =
            |instants: &[i64]| over(instants).pieces().iter().map(|piece| piece.is_broken).collect::<Vec<_>>();
        assert_eq!(is_broken(&[0, DAY, 121 * DAY, 122 * DAY, 182 * DAY]), [false, true, false, true]);
        // Four long ones are the life itself.
        assert_eq!(is_broken(&[0, 30 * DAY, 60 * DAY, 90 * DAY, 120 * DAY, 121 * DAY]), [false]);
    }

    #[test]
    fn there_are_at_most_three_breaks_and_none_for_the_sake_of_less_than_a_minute() {
        let lengths = [HOUR, 10 * HOUR, 100 * HOUR, 1_000 * HOUR, 10_000 * HOUR, 100_000 * HOUR];
        let mut at = 0;
        let mut instants = vec![0];
        for length in lengths {
            at += length;
            instants.push(at);
        }
        let broken = |scale: &Scale| scale.pieces().iter().filter(|piece| piece.is_broken).count();
        assert_eq!(broken(&over(&instants)), 3);
        assert_eq!(broken(&over(&[0, 59_999, DAY])), 0);
        assert_eq!(broken(&over(&[0, 60_000, DAY])), 1);
    }

    #[test]
    fn later_is_never_further_left_and_nothing_lies_outside() {
        let scale = over(&[0, HOUR, 90 * DAY, 90 * DAY + HOUR, 400 * DAY]);
        let mut before = 0.0;
        for at in (-DAY..=410 * DAY).step_by(HOUR as usize / 2) {
            let x = scale.x(Millis(at));
            assert!((100.0..=1100.0).contains(&x) && x >= before, "{at}: {x} after {before}");
            before = x;
        }
        assert_eq!((scale.x(Millis(i64::MIN)), scale.x(Millis(i64::MAX)).round()), (100.0, 1100.0));
    }

    #[test]
    fn a_life_of_one_instant_has_an_axis_of_a_minute() {
        assert_eq!(shown(&over(&[5])), [(5, 5 + MINUTE, 100, 1100, false)]);
        assert_eq!(shown(&over(&[])), [(0, MINUTE, 100, 1100, false)]);
    }
}
