//! The areas of a town as they are drawn: flat, on a grid of whole numbers.
//!
//! A degree of longitude is shortened by the cosine of the middle latitude, and nothing else is done. Over a town or a city that differs
//! from any projection by less than a line is wide. What would not be seen is left out by the grid and not by the shape: a border
//! that two areas share falls on the same points for both, so that no gap opens between them.

use std::collections::BTreeMap;

/// The picture, in its own units; about what a wall of 1,080 lines has for it.
pub const MAP_WIDTH: i32 = 1_060;
pub const MAP_HEIGHT: i32 = 800;
/// A line at the edge is drawn whole.
const MARGIN: i32 = 3;

/// From east to west and from south to north (degrees). Wider is no town, and flat no longer right.
pub const SPAN_MAX: f64 = 5.0;
/// Points that are drawn, of all areas: what is sent to each wall when a figure changes.
pub const POINTS_MAX: usize = 20_000;

/// A place on the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Degrees {
    pub longitude: f64,
    pub latitude: f64,
}

/// An area as a file gives it: by what it is known, and its rings; what lies within an odd number of them belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// The code of the area, as cases name it.
    pub key: String,
    /// Each of them closed; holes are rings as well.
    pub rings: Vec<Vec<Degrees>>,
}

/// From the left and from above.
pub type GridPoint = (i32, i32);

/// What a wall draws: areas on the grid of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct TownMap {
    /// One for each key, in the order in which keys first came.
    pub areas: Vec<MapArea>,
}

/// An area, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct MapArea {
    /// As the outline had it.
    pub key: String,
    /// Each of three points or more, the first not repeated at the end.
    pub rings: Vec<Vec<GridPoint>>,
}

/// Why it cannot be drawn.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::enum_variant_names, reason = "each says of what there is too much or too little")]
pub enum TownMapFault {
    /// So many degrees.
    TooWide(f64),
    /// This area is smaller than a point.
    TooSmall(String),
    /// So many points would be drawn.
    TooFine(usize),
}

impl TownMap {
    /// Outlines of the same key are one area.
    pub fn of(outlines: &[Outline]) -> Result<Self, TownMapFault> {
        let grid = Grid::around(outlines)?;
        let mut places = BTreeMap::new();
        let mut areas: Vec<MapArea> = Vec::new();
        for Outline { key, rings } in outlines {
            let place = *places.entry(key).or_insert(areas.len());
            if place == areas.len() {
                areas.push(MapArea { key: key.clone(), rings: Vec::new() });
            }
            areas[place].rings.extend(rings.iter().map(|ring| grid.ring(ring)).filter(|ring| ring.len() > 2));
        }
        if let Some(area) = areas.iter().find(|area| area.rings.is_empty()) {
            return Err(TownMapFault::TooSmall(area.key.clone()));
        }
        let points = areas.iter().flat_map(|area| &area.rings).map(Vec::len).sum();
        if points > POINTS_MAX {
            return Err(TownMapFault::TooFine(points));
        }
        Ok(Self { areas })
    }
}

/// Where a place on the earth lies in the picture.
struct Grid {
    west: f64,
    north: f64,
    /// Units a degree.
    across: f64,
    down: f64,
    left: f64,
    top: f64,
}

impl Grid {
    /// As large as the picture has room, and in its middle.
    fn around(outlines: &[Outline]) -> Result<Self, TownMapFault> {
        let all = || outlines.iter().flat_map(|outline| &outline.rings).flatten();
        let least = |of: fn(&Degrees) -> f64| all().map(of).fold(f64::MAX, f64::min);
        let most = |of: fn(&Degrees) -> f64| all().map(of).fold(f64::MIN, f64::max);
        let (west, east) = (least(|at| at.longitude), most(|at| at.longitude));
        let (south, north) = (least(|at| at.latitude), most(|at| at.latitude));
        let span = (east - west).max(north - south);
        if span > SPAN_MAX {
            return Err(TownMapFault::TooWide(span));
        }
        let shorter = f64::midpoint(south, north).to_radians().cos();
        let room = |size: i32| f64::from(size - 2 * MARGIN);
        let (wide, high) = ((east - west) * shorter, north - south);
        // Nothing but a point has no size; whatever it is drawn at, it is too small.
        let down = (room(MAP_WIDTH) / wide).min(room(MAP_HEIGHT) / high).min(1e9);
        let beside = |size: i32, taken: f64| (f64::from(size) - taken * down) / 2.0;
        let (left, top) = (beside(MAP_WIDTH, wide), beside(MAP_HEIGHT, high));
        Ok(Self { west, north, across: down * shorter, down, left, top })
    }

    fn point(&self, at: &Degrees) -> GridPoint {
        let x = self.left + (at.longitude - self.west) * self.across;
        let y = self.top + (self.north - at.latitude) * self.down;
        (x.round() as i32, y.round() as i32)
    }

    /// Without points that fall on another or into the middle of a straight line.
    fn ring(&self, ring: &[Degrees]) -> Vec<GridPoint> {
        let mut kept: Vec<GridPoint> = Vec::new();
        for at in ring.iter().map(|at| self.point(at)) {
            while let [.., before, last] = kept[..] {
                if !is_straight(before, last, at) {
                    break;
                }
                kept.pop();
            }
            if kept.last() != Some(&at) {
                kept.push(at);
            }
        }
        // The same where its end meets its beginning.
        let mut first = 0;
        while let [start, next, .., before, last] = kept[first..] {
            if start == last || is_straight(before, last, start) {
                kept.pop();
            } else if is_straight(last, start, next) {
                first += 1;
            } else {
                break;
            }
        }
        kept.split_off(first)
    }
}

/// Also there and back again.
fn is_straight(a: GridPoint, b: GridPoint, c: GridPoint) -> bool {
    let side = |from: i32, to: i32| i64::from(to) - i64::from(from);
    side(a.0, b.0) * side(b.1, c.1) == side(a.1, b.1) * side(b.0, c.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(key: &str, ring: &[(f64, f64)]) -> Outline {
        let at = |(longitude, latitude): &(f64, f64)| Degrees { longitude: *longitude, latitude: *latitude };
        Outline { key: key.to_owned(), rings: vec![ring.iter().map(at).collect()] }
    }

    fn square(key: &str, west: f64, south: f64, size: f64) -> Outline {
        let (east, north) = (west + size, south + size);
        outline(key, &[(west, south), (east, south), (east, north), (west, north), (west, south)])
    }

    #[test]
    fn at_sixty_degrees_a_degree_of_longitude_is_half_as_long_as_one_of_latitude() {
        let map = TownMap::of(&[square("a", 10.0, 59.5, 1.0)]).unwrap();
        let ring = &map.areas[0].rings[0];
        let (xs, ys): (Vec<i32>, Vec<i32>) = ring.iter().copied().unzip();
        let size = |all: &[i32]| all.iter().max().unwrap() - all.iter().min().unwrap();
        assert_eq!((ring.len(), size(&ys)), (4, MAP_HEIGHT - 2 * MARGIN));
        assert!((size(&xs) * 2 - size(&ys)).abs() <= 2, "{ring:?}");
        assert_eq!(ys[0], MAP_HEIGHT - MARGIN, "the south is below");
        assert_eq!(xs[0] + xs[1], MAP_WIDTH, "in the middle");
    }

    #[test]
    fn a_border_that_two_areas_share_is_the_same_for_both_however_fine_it_is() {
        let wave = |n: i32| (121.45 + 0.0004 * f64::from(n % 7), 31.30 + 0.00001 * f64::from(n));
        let border: Vec<(f64, f64)> = (0..4_000).map(wave).collect();
        let west: Vec<_> = border.iter().copied().chain([(121.40, 31.34), (121.40, 31.30)]).collect();
        let east: Vec<_> = border.iter().rev().copied().chain([(121.50, 31.30), (121.50, 31.34)]).collect();
        let map = TownMap::of(&[outline("west", &west), outline("east", &east)]).unwrap();
        let shared = |area: &MapArea| {
            let mut points: Vec<_> = area.rings[0].iter().copied().filter(|(x, _)| (400..660).contains(x)).collect();
            points.sort_unstable();
            points
        };
        let (a, b) = (shared(&map.areas[0]), shared(&map.areas[1]));
        assert!(a.len() > 100 && a.len() < 4_000, "{}", a.len());
        assert_eq!(a, b);
    }

    #[test]
    fn what_cannot_be_seen_is_left_out_and_what_lies_on_a_line_too() {
        let with_middle = outline(
            "a",
            &[(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0), (0.0, 1.0), (0.0, 0.5), (0.0, 0.0)],
        );
        let speck = square("a", 0.5, 0.5, 1e-7);
        let map = TownMap::of(&[with_middle, speck, square("b", 1.0, 0.0, 0.5)]).unwrap();
        let sizes: Vec<Vec<usize>> = map.areas.iter().map(|area| area.rings.iter().map(Vec::len).collect()).collect();
        assert_eq!(sizes, [vec![4], vec![4]], "two outlines of one key are one area");
    }

    #[test]
    fn what_is_no_town_is_refused() {
        let fault = |outlines: &[Outline]| TownMap::of(outlines).unwrap_err();
        assert_eq!(fault(&[square("a", 100.0, 30.0, 6.0)]), TownMapFault::TooWide(6.0));
        assert_eq!(
            fault(&[square("a", 1.0, 1.0, 1.0), square("b", 1.5, 1.5, 1e-7)]),
            TownMapFault::TooSmall("b".into())
        );
        assert_eq!(fault(&[square("a", 1.0, 1.0, 0.0)]), TownMapFault::TooSmall("a".into()));
        assert_eq!(fault(&[outline("a", &[(1.0, 1.0), (2.0, 1.0), (1.0, 1.0)])]), TownMapFault::TooSmall("a".into()));
        let teeth =
            |n: i32| (f64::from(n) / 50_000.0, if n % 2 == 0 { 0.0 } else { f64::from(n % 500) / 1_000.0 + 0.1 });
        let many: Vec<Outline> = (0..30)
            .map(|n| {
                let ring: Vec<_> = (0..50_000).map(teeth).map(|(x, y)| (x, y + f64::from(n) / 1_000.0)).collect();
                outline(&n.to_string(), &ring)
            })
            .collect();
        assert!(matches!(fault(&many), TownMapFault::TooFine(points) if points > POINTS_MAX));
    }
}
