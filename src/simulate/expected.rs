//! The figures that the synthetic year must lead to, counted from its own plan while it is made up.

use std::collections::BTreeMap;

use jiff::tz;
use serde::{Deserialize, Serialize};

use super::{
    affairs::{self, AffairExpected},
    life::PlannedOutcome,
    profile::{Profile, Track},
    working,
};
use crate::domain::{
    kpi::Figure,
    time::{Due, Millis},
};

/// The figures that the plan of the year knows by heart.
pub const PLANNED: [&str; 7] = ["K01", "K05a", "K05b", "K06a", "K06b", "K06c", "K06d"];

/// Those, from the catalogue.
pub fn planned() -> impl Iterator<Item = &'static Figure> {
    PLANNED.iter().filter_map(|id| Figure::by_id(id))
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearExpected {
    pub profile: String,
    pub seed: u64,
    /// The period [from, to) and the instant at which the figures are taken.
    pub from: String,
    pub to: String,
    pub as_of: String,
    /// On all topics.
    pub messages: u64,
    pub streams: Vec<StreamExpected>,
    /// Of the other streams, where the profile has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affairs: Vec<AffairExpected>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamExpected {
    pub stream: String,
    pub messages: u64,
    /// Events, each counted once.
    pub events: u64,
    pub duplicates: u64,
    pub out_of_order: u64,
    /// Messages that are no events, by the reason for which they are refused.
    pub quarantined: BTreeMap<String, u64>,
    /// Cases that count and were received in the year, open ones included.
    pub received: u64,
    pub voided: u64,
    /// In the order of `PLANNED`.
    pub figures: Vec<FigureExpected>,
    /// K05a by the month in which the case was received.
    pub by_month: Vec<MonthExpected>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureExpected {
    pub kpi: String,
    pub convention: String,
    pub numerator: u64,
    pub denominator: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthExpected {
    /// `2021-03`
    pub month: String,
    pub numerator: u64,
    pub denominator: u64,
}

/// Counts one stream.
#[derive(Clone, Debug, Default)]
pub struct SimulatedTally {
    pub events: u64,
    pub duplicates: u64,
    pub out_of_order: u64,
    pub quarantined: BTreeMap<&'static str, u64>,
    received: u64,
    voided: u64,
    figures: [(u64, u64); PLANNED.len()],
    months: BTreeMap<String, (u64, u64)>,
}

impl SimulatedTally {
    pub fn case(&mut self, profile: &Profile, outcome: &PlannedOutcome) {
        let is_of_year = profile.holds(outcome.received_at);
        if outcome.is_void {
            self.voided += u64::from(is_of_year);
            return;
        }
        self.received += u64::from(is_of_year);
        for (figure, (numerator, denominator)) in self.figures.iter_mut().zip(parts(profile, outcome)) {
            figure.0 += u64::from(numerator);
            figure.1 += u64::from(denominator);
        }
        if is_of_year {
            let month = self.months.entry(month_of(outcome.received_at)).or_default();
            month.0 += u64::from(outcome.closed_at.is_some());
            month.1 += 1;
        }
    }

    pub fn finish(self, track: Track) -> StreamExpected {
        let quarantined: BTreeMap<String, u64> =
            self.quarantined.into_iter().map(|(reason, n)| (reason.to_owned(), n)).collect();
        StreamExpected {
            stream: track.stream().to_owned(),
            messages: self.events + self.duplicates + quarantined.values().sum::<u64>(),
            events: self.events,
            duplicates: self.duplicates,
            out_of_order: self.out_of_order,
            quarantined,
            received: self.received,
            voided: self.voided,
            figures: planned()
                .zip(self.figures)
                .map(|(figure, (numerator, denominator))| FigureExpected {
                    kpi: figure.id.clone(),
                    convention: figure.convention.clone(),
                    numerator,
                    denominator,
                })
                .collect(),
            by_month: self
                .months
                .into_iter()
                .map(|(month, (numerator, denominator))| MonthExpected { month, numerator, denominator })
                .collect(),
        }
    }
}

impl YearExpected {
    /// `affairs` are the messages of the other streams.
    pub fn new(profile: &Profile, seed: u64, tallies: [SimulatedTally; 2], affairs: u64) -> Self {
        let streams: Vec<StreamExpected> =
            Track::ALL.into_iter().zip(tallies).map(|(track, tally)| tally.finish(track)).collect();
        let zone = tz::Offset::from_seconds(working::OFFSET_S).map_or(tz::TimeZone::UTC, tz::TimeZone::fixed);
        Self {
            profile: profile.name.to_owned(),
            seed,
            from: profile.from().rfc3339(&zone),
            to: profile.to().rfc3339(&zone),
            as_of: profile.as_of().rfc3339(&zone),
            messages: affairs + streams.iter().map(|stream| stream.messages).sum::<u64>(),
            streams,
            affairs: if profile.has_affairs { affairs::expected::all() } else { Vec::new() },
        }
    }
}

/// Of one case that counts: is it in numerator and denominator of each planned figure, in their order?
fn parts(profile: &Profile, outcome: &PlannedOutcome) -> [(bool, bool); PLANNED.len()] {
    let received = profile.holds(outcome.received_at);
    let closed = outcome.closed_at.is_some();
    let in_time = outcome.closed_at.is_some_and(|at| is_in_time(outcome.due, at));
    let is_overdue = !closed && !is_in_time(outcome.due, profile.as_of());
    let should_be_closed = received && (closed || is_overdue);
    let fell_due = profile.holds(outcome.due.at) && outcome.due.at <= profile.as_of();
    let closed_within = outcome.closed_at.is_some_and(|at| profile.holds(at));
    [
        (received, false),
        (received && closed, received),
        (should_be_closed && closed, should_be_closed),
        (received && in_time, received),
        (should_be_closed && in_time, should_be_closed),
        (fell_due && in_time, fell_due),
        (closed_within && in_time, closed_within),
    ]
}

fn is_in_time(due: Due, done: Millis) -> bool {
    if due.is_exclusive { done < due.at } else { done <= due.at }
}

fn month_of(at: Millis) -> String {
    let date = working::date(working::local_day(at));
    format!("{:04}-{:02}", date.year(), date.month())
}
