//! Texts beside and above each other: none over another, none longer than its room.

use crate::report::table::width;

/// A place of a terminal, in pixels of the small text of the axis.
const PLACE: f64 = 6.3;

pub(super) fn long(text: &str) -> f64 {
    width(text) as f64 * PLACE
}

/// Cut where it does not fit; nothing where not even two characters would.
pub(super) fn fitted(text: &str, room: f64) -> String {
    if long(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let more = format!("{cut}{c}");
        if long(&more) + PLACE * 2.0 > room {
            break;
        }
        cut = more;
    }
    if cut.chars().count() < 2 { String::new() } else { format!("{cut}…") }
}

/// For texts from the left to the right, the row of each: the first in which it stands clear of the one before.
pub(super) fn rows(texts: &[(f64, f64)]) -> Vec<usize> {
    const APART: f64 = 8.0;
    let mut ends: Vec<f64> = Vec::new();
    let mut row_of = |(left, right): &(f64, f64)| {
        let free = ends.iter().position(|end| end + APART <= *left);
        let row = free.unwrap_or(ends.len());
        match ends.get_mut(row) {
            Some(end) => *end = *right,
            None => ends.push(*right),
        }
        row
    };
    texts.iter().map(&mut row_of).collect()
}

/// Marks of one line that would touch are one mark: the first and the last of each, and where it stands.
pub(super) fn clusters(places: &[f64], size: impl Fn(usize, usize) -> f64, right: f64) -> Vec<(usize, usize, f64)> {
    let mut all: Vec<(usize, usize, f64)> = Vec::new();
    for (place, x) in places.iter().enumerate() {
        all.push((place, place, *x));
        // A mark that grows may touch the one before it.
        while let [.., before, last] = all[..] {
            let (half, other) = (size(last.0, last.1) / 2.0, size(before.0, before.1) / 2.0);
            if before.2 + other < last.2 - half {
                break;
            }
            let middle = (places[before.0] + places[last.1]) / 2.0;
            let half = size(before.0, last.1) / 2.0;
            all.truncate(all.len() - 2);
            all.push((before.0, last.1, middle.min(right - half)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_would_touch_go_into_another_row() {
        assert_eq!(rows(&[(0.0, 50.0), (20.0, 70.0), (60.0, 90.0), (61.0, 99.0), (100.0, 120.0)]), [0, 1, 0, 2, 0]);
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        assert_eq!(fitted("处置 DISPOSE", 200.0), "处置 DISPOSE");
        assert_eq!(fitted("城市管理行政执法中队", 70.0), "城市管理…");
        assert_eq!(fitted("城管", 20.0), "");
        assert_eq!(fitted("", 0.0), "");
    }

    #[test]
    fn three_hundred_events_in_a_minute_are_marks_that_do_not_touch() {
        let size = |first: usize, last: usize| if first == last { 18.0 } else { 44.0 };
        let places: Vec<f64> =
            (0..300).map(|n| 200.0 + f64::from(n) * 0.7 + f64::from((n - 280).max(0)) * 30.0).collect();
        let all = clusters(&places, size, 1100.0);
        assert_eq!((all[0].0, all[all.len() - 1].1), (0, 299), "each is in one of them");
        for pair in all.windows(2) {
            let ((_, last, x), (first, end, next)) = (pair[0], pair[1]);
            assert_eq!(last + 1, first);
            assert!(x + size(pair[0].0, last) / 2.0 < next - size(first, end) / 2.0, "{pair:?}");
        }
        assert!(all.iter().any(|(first, last, _)| first == last) && all.len() < 50, "{}", all.len());
    }
}
