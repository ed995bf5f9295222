//! The life of a case on one time axis: `case explain` as a picture. What is drawn is decided in times (`lanes`), where it stands in
//! places (`scale`, `ticks`, `labels`), and `draw` puts the two together. docs/page.md says how it is read.

mod draw;
mod events;
mod labels;
mod lanes;
mod scale;
mod ticks;

pub(super) use self::draw::axis;

use super::part::Key;

/// An SVG of so many units, and what stands around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Axis {
    pub(super) label: String,
    pub(super) w: i64,
    pub(super) h: f64,
    pub(super) keys: Vec<Key>,
    pub(super) notes: Vec<String>,
    pub(super) bands: Vec<AxisBar>,
    pub(super) rules: Vec<AxisLine>,
    pub(super) texts: Vec<AxisText>,
    pub(super) lanes: Vec<AxisLane>,
    /// Above all lanes.
    pub(super) over: Vec<AxisLine>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct AxisLane {
    pub(super) texts: Vec<AxisText>,
    pub(super) links: Vec<AxisLink>,
}

/// What leads to one place.
#[derive(Clone, Debug, Default)]
pub(super) struct AxisLink {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) bars: Vec<AxisBar>,
    pub(super) lines: Vec<AxisLine>,
    pub(super) dots: Vec<AxisDot>,
    pub(super) texts: Vec<AxisText>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct AxisBar {
    pub(super) cls: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
    pub(super) title: String,
    /// Milliseconds of working time, of a bar of a clock.
    pub(super) worked: Option<i64>,
    pub(super) is_hatched: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct AxisLine {
    pub(super) cls: String,
    pub(super) d: String,
    pub(super) title: String,
    /// The due that it stands for, in milliseconds.
    pub(super) due: Option<i64>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct AxisDot {
    pub(super) cls: String,
    pub(super) x: f64,
    pub(super) y: f64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct AxisText {
    pub(super) cls: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) anchor: &'static str,
    pub(super) text: String,
}
