//! A chart as its data: what stands along the axis, and one or more series of values.

use super::Text;

/// Drawn by each renderer in its own way: SVG, Excel's own charts, characters.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Stable, for programs: `by_day`.
    pub key: String,
    pub title: Text,
    pub kind: ChartKind,
    /// As many as each series has values.
    pub labels: Vec<Text>,
    pub series: Vec<Series>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// One bar a label, lying, for names that are long; the first label on top.
    Bars,
    /// One column a label, standing, for times.
    Columns,
    /// A line a series, for a course over time.
    Line,
    /// Parts of a whole; of the first series only.
    Pie,
}

/// One thing that is measured along the axis.
#[derive(Clone, Debug)]
pub struct Series {
    /// In the legend, where there are several.
    pub name: Text,
    /// Counts. None: nothing is known there.
    pub values: Vec<Option<u64>>,
}
