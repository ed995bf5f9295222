//! 送数自查: what became of what somebody sends (docs/own-feed.md). Kafka is read and nothing else; every message is judged by the
//! function by which the service decodes it.

mod case_course;
mod judged;
mod reading;
mod report;
mod tally;
mod told;

use std::{ops::ControlFlow, time::Duration};

use jiff::tz::TimeZone;
use smol_str::SmolStr;
use tokio::time::Instant;

use self::{
    judged::judge,
    reading::{Reading, ReadingEnd},
    tally::FeedTally,
};
pub use self::{
    judged::{FeedPlace, FeedVerdict, JudgedMessage},
    reading::FeedFrom,
    report::{FeedReport, ReportedPlace, ReportedReason, ReportedSplit},
    told::ToldMessage,
};
use super::{consumer::Connection, decode::TimeLimits, door::Door, privacy::Key, topics::TopicError};
use crate::domain::{stream::Stream, time::Millis};

/// Whose messages are looked at, and in which report they are counted. None: not at all.
pub type InReport<'a> = &'a dyn Fn(&str) -> Option<SmolStr>;

/// A look at a stream.
#[derive(Debug)]
pub struct FeedLook<'a> {
    pub connection: &'a Connection,
    pub stream: &'a Stream,
    pub limits: TimeLimits,
    /// With it a message is read as the service will read it, and nothing that it makes is kept.
    pub key: &'a Key,
    pub zone: &'a TimeZone,
    pub now: fn() -> Millis,
}

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct FeedWindow {
    pub from: Millis,
    /// As it is told.
    pub to: Millis,
    /// The newest, at most.
    pub messages: i64,
    pub within: Duration,
}

impl FeedLook<'_> {
    /// The reports, by their names. None: there is no such topic.
    pub fn check(&self, window: FeedWindow, in_report: InReport<'_>) -> Result<Option<Vec<FeedReport>>, TopicError> {
        let from = FeedFrom::Time { at: window.from, newest: window.messages };
        let Some(mut reading) = Reading::open(self.connection, &self.stream.topic, &from)? else { return Ok(None) };
        let mut door = Door::new(self.key.clone());
        let mut tally = FeedTally::default();
        let until = Instant::now() + window.within;
        let ended = reading.each(&|| Instant::now() < until, true, |taken| {
            let judged = judge(taken, self, &mut door);
            if let Some(name) = in_report(&judged.source) {
                tally.add(name, judged);
            }
            ControlFlow::Continue(())
        });
        let is_whole = ended == ReadingEnd::AtEnd && reading.cut().is_none() && !reading.is_damaged();
        let from = reading.cut().unwrap_or(window.from);
        let all = tally.ended().into_iter();
        Ok(Some(all.map(|(name, found)| FeedReport::of(name, found, self, (from, window.to, is_whole))).collect()))
    }

    /// Hands each message of a report to `each`, as long as it `goes_on`, or until `each` has enough. None: there is no such topic.
    /// What is given back is where to go on.
    pub fn follow(
        &self,
        from: &FeedFrom,
        goes_on: &dyn Fn() -> bool,
        in_report: InReport<'_>,
        mut each: impl FnMut(JudgedMessage) -> ControlFlow<()>,
    ) -> Result<Option<FeedFrom>, TopicError> {
        let Some(mut reading) = Reading::open(self.connection, &self.stream.topic, from)? else { return Ok(None) };
        let mut door = Door::new(self.key.clone());
        reading.each(goes_on, false, |taken| {
            let judged = judge(taken, self, &mut door);
            if in_report(&judged.source).is_some() { each(judged) } else { ControlFlow::Continue(()) }
        });
        Ok(Some(reading.goes_on()))
    }
}
