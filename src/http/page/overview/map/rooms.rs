//! Where in an area there is room for a text: found once, when the page begins, because neither areas nor sizes of texts change.

use crate::domain::town_map::GridPoint;

/// Sizes in units of the picture; the wall shows about a unit a line of its 1,080.
pub(super) const TEXT: f64 = 28.0;
/// From line to line.
pub(super) const LINE: f64 = 34.0;
/// For most names; what is wider is not worth a place at the edge.
const ENOUGH: f64 = 180.0;
/// A text does not touch the border.
const BESIDE: f64 = 10.0;

/// The middle of a place in an area, and how wide a text may be there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Room {
    pub(super) x: f64,
    pub(super) y: f64,
    width: f64,
}

impl Room {
    pub(super) fn holds(&self, text: &str) -> bool {
        width(text) + 2.0 * BESIDE <= self.width
    }

    /// The widest that is so high, or as wide as any text and nearest to the middle.
    pub(super) fn of(rings: &[Vec<GridPoint>], height: f64) -> Self {
        let ys = || rings.iter().flatten().map(|(_, y)| *y);
        let (Some(top), Some(bottom)) = (ys().min(), ys().max()) else { return Self::default() };
        let middle = f64::from(top + bottom) / 2.0;
        let rank = |room: &Self| (room.width.min(ENOUGH), -(room.y - middle).abs());
        let step = usize::try_from((bottom - top) / 64).unwrap_or(1).max(1);
        let rows = (top..bottom).step_by(step).map(|y| f64::from(y) + 0.5);
        let rooms = rows.flat_map(|y| {
            let [above, at, below] = [y - height / 2.0, y, y + height / 2.0].map(|y| spans(rings, y));
            let free = common(&common(&above, &at), &below);
            free.into_iter().map(move |(from, to)| Self { x: f64::midpoint(from, to), y, width: to - from })
        });
        rooms
            .max_by(|a, b| {
                let ((wide, near), (other_wide, other_near)) = (rank(a), rank(b));
                wide.total_cmp(&other_wide).then(near.total_cmp(&other_near))
            })
            .unwrap_or_default()
    }
}

/// About as wide as it is drawn: a letter of Chinese is as wide as high.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.6 * TEXT } else { TEXT }).sum()
}

/// Where a level line lies inside, from the left.
fn spans(rings: &[Vec<GridPoint>], y: f64) -> Vec<(f64, f64)> {
    // Never through a point.
    let y = y.floor() + 0.5;
    let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let mut crossed: Vec<f64> = edges
        .filter_map(|(a, b)| {
            let (ay, by) = (f64::from(a.1), f64::from(b.1));
            let share = (y - ay) / (by - ay);
            ((ay < y) != (by < y)).then(|| f64::from(a.0) + share * f64::from(b.0 - a.0))
        })
        .collect();
    crossed.sort_by(f64::total_cmp);
    crossed.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

fn common(a: &[(f64, f64)], b: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let both = a.iter().flat_map(|one| b.iter().map(move |other| (one.0.max(other.0), one.1.min(other.1))));
    both.filter(|(from, to)| from < to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_where_its_whole_height_is_inside() {
        // An L: 100 wide above, 300 wide below the height of 200, and a hole in its foot.
        let l = vec![(0, 0), (100, 0), (100, 200), (300, 200), (300, 300), (0, 300)];
        let room = Room::of(std::slice::from_ref(&l), 60.0);
        assert_eq!((room.x, room.width), (150.0, 300.0));
        assert!((230.0..=270.0).contains(&room.y), "{room:?}");
        assert!(room.holds("98.67") && !room.holds(&"长".repeat(12)));
        let hole = vec![(120, 210), (280, 210), (280, 290), (120, 290)];
        let room = Room::of(&[l, hole], 60.0);
        assert_eq!((room.x, room.width), (60.0, 120.0));
        let narrow = vec![(0, 0), (400, 0), (400, 20), (0, 20)];
        assert_eq!(Room::of(std::slice::from_ref(&narrow), 34.0), Room::default(), "too low");
        assert_eq!(Room::of(&[narrow], 0.0).width, 400.0);
    }
}
