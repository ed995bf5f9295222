//! The map as a town configures it: its areas as they are drawn, with the room that each has for texts.

use std::fmt::Write as _;

use super::rooms::{LINE, Room};
use crate::{
    domain::town_map::{GridPoint, MapArea, TownMap},
    store::kpi::Dimension,
};

#[derive(Debug)]
pub struct WallMap {
    /// What its areas are.
    pub(in crate::http::page::overview) by: Dimension,
    pub(super) places: Vec<MapPlace>,
}

#[derive(Debug)]
pub(super) struct MapPlace {
    /// The code of a group, or its name.
    pub(super) key: String,
    pub(super) path: String,
    /// For a name above a value, for a value, and for a letter.
    pub(super) two_lines: Room,
    pub(super) line: Room,
    pub(super) point: Room,
}

impl WallMap {
    pub fn new(by: Dimension, map: &TownMap) -> Self {
        let place = |area: &MapArea| MapPlace {
            key: area.key.clone(),
            path: area.rings.iter().map(|ring| path(ring)).collect(),
            two_lines: Room::of(&area.rings, 2.0 * LINE),
            line: Room::of(&area.rings, LINE),
            point: Room::of(&area.rings, 0.0),
        };
        Self { by, places: map.areas.iter().map(place).collect() }
    }
}

/// From point to point, which is half as long as places.
fn path(ring: &[GridPoint]) -> String {
    let mut text = String::new();
    let mut last = (0, 0);
    for (index, at) in ring.iter().enumerate() {
        let verb = if index == 0 { 'M' } else { 'l' };
        // Into a text nothing can fail.
        let _ = write!(text, "{verb}{} {}", at.0 - last.0, at.1 - last.1);
        last = *at;
    }
    text + "z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_drawn_from_point_to_point() {
        assert_eq!(path(&[(10, 20), (13, 20), (13, 16)]), "M10 20l3 0l0 -4z");
    }
}
