//! 送数自查: what became of what somebody sends (docs/own-feed.md). Kafka is read and nothing else; every message is judged by the
//! function by which the service decodes it.

mod case_course;
mod from;
mod judged;
mod reading;
mod report;
mod shown;
mod tally;
mod told;

use std::{ops::ControlFlow, sync::Arc};

use jiff::tz::TimeZone;
use smol_str::SmolStr;

pub use self::{
    from::FeedFrom,
    judged::JudgedMessage,
    report::{FeedReport, ReportedPlace, ReportedReason, ReportedSplit},
    shown::shown,
    told::ToldMessage,
};
use self::{
    judged::{JudgedFor, judge},
    reading::{Reading, ReadingEnd},
    tally::FeedTally,
};
use super::{
    connection::Connection, debezium::ChangeMappings, decode::TimeLimits, door::Door, privacy::Key, topics::TopicError,
};
use crate::domain::{stream::Stream, time::Millis};

/// Whose messages are looked at, and in which report they are counted. None: not at all.
pub(super) type InReport<'a> = &'a dyn Fn(&str) -> Option<SmolStr>;

/// A look at a stream.
#[derive(Debug)]
pub struct FeedLook<'a> {
    pub connection: &'a Connection,
    pub stream: &'a Stream,
    pub limits: TimeLimits,
    /// With it a message is read as the service will read it, and nothing that it makes is kept.
    pub key: &'a Key,
    /// By what the changes of a platform's table are read.
    pub changes: &'a Arc<ChangeMappings>,
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
}

/// What was read of a window.
#[derive(Clone, Copy, Debug)]
pub struct FeedExtent {
    /// Where it was cut, by the stamp of the first message that was read.
    pub from: Millis,
    pub to: Millis,
    /// More lies there than was asked for: the older part was left out.
    pub is_cut: bool,
    /// Else the time was over before the newer part was read.
    pub is_read_to_end: bool,
    /// Bytes lie there that cannot be read.
    pub is_damaged: bool,
}

impl FeedExtent {
    /// Of a window in which nothing can lie.
    pub fn whole(window: FeedWindow) -> Self {
        Self { from: window.from, to: window.to, is_cut: false, is_read_to_end: true, is_damaged: false }
    }

    pub fn is_whole(&self) -> bool {
        !self.is_cut && self.is_read_to_end && !self.is_damaged
    }
}

/// What a look at a window has found.
#[derive(Debug)]
pub struct FeedFindings {
    /// By their names.
    pub reports: Vec<FeedReport>,
    pub extent: FeedExtent,
}

impl FeedLook<'_> {
    fn door(&self) -> Door {
        Door::new(self.key.clone()).knowing(self.changes)
    }

    /// As far as it comes while it `goes_on`, which is asked before each message. None: there is no such topic.
    pub fn check(
        &self,
        window: FeedWindow,
        goes_on: &dyn Fn() -> bool,
        in_report: InReport<'_>,
    ) -> Result<Option<FeedFindings>, TopicError> {
        let from = FeedFrom::Time { at: window.from, newest: window.messages };
        let Some(mut reading) = Reading::open(self.connection, &self.stream.topic, &from)? else { return Ok(None) };
        let mut door = self.door();
        let mut tally = FeedTally::default();
        let wanted = JudgedFor { in_report, is_weighed: true };
        let ended = reading.each(goes_on, true, |taken| {
            if let Some((report, judged)) = judge(taken, self, &mut door, wanted) {
                tally.add(report, judged);
            }
            ControlFlow::Continue(())
        });
        let extent = FeedExtent {
            from: reading.first().filter(|_| reading.is_cut()).unwrap_or(window.from),
            to: window.to,
            is_cut: reading.is_cut(),
            is_read_to_end: ended == ReadingEnd::AtEnd,
            is_damaged: reading.is_damaged(),
        };
        let all = tally.ended().into_iter();
        let reports = all.map(|(name, found)| FeedReport::of(name, found, self, &extent)).collect();
        Ok(Some(FeedFindings { reports, extent }))
    }

    /// Hands each message of a report to `each`, as long as it `goes_on`, or until `each` has enough, or Kafka does not have the place
    /// any more. None: there is no such topic. What is given back is where to go on.
    pub fn follow(
        &self,
        from: &FeedFrom,
        goes_on: &dyn Fn() -> bool,
        in_report: InReport<'_>,
        mut each: impl FnMut(JudgedMessage) -> ControlFlow<()>,
    ) -> Result<Option<FeedFrom>, TopicError> {
        let Some(mut reading) = Reading::open(self.connection, &self.stream.topic, from)? else { return Ok(None) };
        let mut door = self.door();
        let wanted = JudgedFor { in_report, is_weighed: false };
        reading.each(goes_on, false, |taken| match judge(taken, self, &mut door, wanted) {
            Some((_, judged)) => each(judged),
            None => ControlFlow::Continue(()),
        });
        Ok(Some(reading.goes_on()))
    }
}
