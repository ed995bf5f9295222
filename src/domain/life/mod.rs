//! The life of a case in one line, as worked examples tell it: `accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00`.
//! docs/figures.md has the words.

mod expected;
mod said;
mod word;

use jiff::{civil::DateTime, tz::TimeZone};

pub use self::expected::{Differs, Expected};
use self::said::Said;
use super::{
    event::{Envelope, Event, Place},
    stream::Stream,
    time::Millis,
};

/// Where and when the case of an example lives.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Whose meanings the events have, and whose clock their times are of.
    pub stream: &'a Stream,
    /// Of no meaning: it tells the lives of one example apart.
    pub case_id: &'a str,
    /// Of days that do not say theirs.
    pub year: i16,
}

/// What is written wrong in a life. The text is the author's, so that it may be repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// Not of the form `closed 03-08 10:00 (…)`; with it.
    #[error("{0:?} is no event: write what happened and when, such as `closed 03-08 10:00`")]
    NoEvent(String),
    /// No event begins with this word; with it. [`words`] has all.
    #[error("there is no event {0:?}")]
    NoWord(String),
    /// With what was written.
    #[error(
        "{0:?} is no time: write month, day and time, such as 03-08 10:00, with the year before where it is another"
    )]
    NoTime(String),
    /// Stands in the brackets, and this event does not say such a thing.
    #[error("{what}: {said:?} is not understood")]
    NotSaid {
        /// The word of the event.
        what: String,
        /// What stands in the brackets.
        said: String,
    },
}

/// The words that an event may begin with.
pub fn words() -> impl Iterator<Item = &'static str> {
    word::WORDS.iter().map(|(name, _)| *name)
}

impl Setting<'_> {
    /// The messages, each recorded when it happened.
    pub fn events(&self, life: &str) -> Result<Vec<Event>, LifeError> {
        life.split(", ").enumerate().map(|(number, words)| self.event(number, words)).collect()
    }

    /// `03-08 10:00` of the year, or with another before it; a date alone is its midnight. By the stream's clock.
    pub fn instant(&self, text: &str) -> Result<Millis, LifeError> {
        instant(text, self.year, &self.stream.zone).ok_or_else(|| LifeError::NoTime(text.to_owned()))
    }

    fn event(&self, number: usize, words: &str) -> Result<Event, LifeError> {
        let (words, said) = match words.strip_suffix(')').and_then(|words| words.split_once(" (")) {
            Some((words, said)) => (words, said),
            None => (words, ""),
        };
        let (what, at) = words.trim().split_once(' ').ok_or_else(|| LifeError::NoEvent(words.to_owned()))?;
        let at = self.instant(at)?;
        let (stream, case_id) = (self.stream.name.clone(), self.case_id.into());
        Ok(Event {
            place: Place { topic: stream.clone(), partition: 0, offset: number as i64 },
            envelope: Envelope::Bare,
            ingested_at: at,
            stream,
            case_id,
            source: "urn:tongguan:example".into(),
            id: number.to_string().into(),
            occurred_at: at,
            recorded_at: None,
            seq: number as u64,
            fact: word::fact(what, Said::new(said, self))?,
        })
    }
}

const DAY_AND_TIME: usize = "03-08 10:00".len();
const DATE: usize = "2021-03-08".len();

fn instant(text: &str, year: i16, zone: &TimeZone) -> Option<Millis> {
    let text = match text.len() {
        DAY_AND_TIME => format!("{year:04}-{text}"),
        DATE => format!("{text} 00:00"),
        _ => text.to_owned(),
    };
    let at = DateTime::strptime("%Y-%m-%d %H:%M", &text).ok()?;
    at.to_zoned(zone.clone()).ok().map(|at| Millis(at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Fact;

    fn events(life: &str) -> Result<Vec<Event>, LifeError> {
        let stream = Stream::usual("hotline", TimeZone::get("Asia/Shanghai").unwrap());
        Setting { stream: &stream, case_id: "A", year: 2021 }.events(life)
    }

    #[test]
    fn what_happened_when_and_what_was_said_of_it() {
        let life = events("accepted 03-03 09:00 (due 03-10 00:00; kind 投诉), closed 2022-01-02 10:00 (result solved)")
            .unwrap();
        assert_eq!(life[0].occurred_at, Millis::parse("2021-03-03T09:00:00+08:00").unwrap());
        assert_eq!(life[1].occurred_at, Millis::parse("2022-01-02T10:00:00+08:00").unwrap());
        let Fact::Accepted(intake) = &life[0].fact else { panic!("{life:?}") };
        assert!(intake.due.is_some_and(|due| due.is_exclusive) && intake.attributes.kind == "投诉");
        assert_eq!(life[1].fact, Fact::Closed { how: "".into(), result: "solved".into() });
    }

    #[test]
    fn what_is_not_understood_is_refused_and_named() {
        let said = |life: &str| events(life).unwrap_err().to_string();
        assert!(said("accepted").starts_with("\"accepted\" is no event"));
        assert_eq!(said("acepted 03-03 09:00"), "there is no event \"acepted\"");
        assert!(said("accepted 3-3 9:00").starts_with("\"3-3 9:00\" is no time"));
        assert_eq!(said("closed 03-03 09:00 (due 03-04 09:00)"), "closed: \"due 03-04 09:00\" is not understood");
        assert!(said("accepted 02-30 09:00").contains("is no time"));
        assert!(said("accepted 03-03 09:00 (due soon)").starts_with("\"soon\" is no time"));
    }
}
