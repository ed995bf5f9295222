//! What the report prints.

use crate::{
    ask::span::CalendarSpan,
    domain::kpi::{Figure, Period},
    report::paper::{Letterhead, Text},
    store::kpi::Dimension,
};

/// The report of a year, as a town's file has it, filled with what is to be asked.
#[derive(Clone, Debug)]
pub struct TownOrder {
    /// With `{year}` filled in.
    pub title: Text,
    /// The year, or whatever else is asked for.
    pub span: CalendarSpan,
    /// The same between instants, as of when.
    pub period: Period,
    /// IANA name.
    pub zone: String,
    /// The commands must name the zone, because it is not the configured one.
    pub names_zone: bool,
    pub sections: Vec<TownSection>,
    /// None: neither head nor signature.
    pub letterhead: Option<Letterhead>,
}

#[derive(Clone, Debug)]
pub struct TownSection {
    pub title: Text,
    pub indicators: Vec<Indicator>,
    /// With `{id}` for what an indicator shows.
    pub paragraphs: Vec<Text>,
}

/// 指标 of the report: a figure of the catalogue under a name of the town's own, of some cases.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// By which paragraphs name it; unique within the report.
    pub id: String,
    pub title: Text,
    pub stream: String,
    pub stream_title: Text,
    pub figure: &'static Figure,
    /// What the words of the figure's formula are in this stream, where it has words of its own.
    pub words: Option<Text>,
    /// All of these at once. Empty: every case of the stream.
    pub only: Vec<Only>,
    pub shows: TownShows,
}

/// These cases only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// By which the cases are told apart.
    pub dimension: Dimension,
    /// As the stream calls it.
    pub title: Text,
    /// At which they must stand, as `only` takes it.
    pub value: String,
}

/// What is printed of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TownShows {
    Count,
    Rate,
    /// Of a count, against the year before.
    Change,
}

impl TownOrder {
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.sections.iter().flat_map(|section| &section.indicators)
    }
}
