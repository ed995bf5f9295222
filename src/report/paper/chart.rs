//! A chart as its data: what stands along the axis, and one or more series of values.

use super::Text;

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
    Line,
    /// Parts of a whole; of the first series only.
    Pie,
}

#[derive(Clone, Debug)]
pub struct Series {
    pub name: Text,
    /// Counts. None: nothing is known there.
    pub values: Vec<Option<u64>>,
}
