//! Why a calendar, its hours or a limit cannot be.

use jiff::civil::Date;
use thiserror::Error;

use super::{
    hours::Window,
    limit::{Convention, Unit},
};

/// For whoever writes the calendar's files: each says what to put right there. Nothing is counted by a calendar that has one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// `covers_until` is before `covers_from`.
    #[error("it covers the days from {from} until {until}, which is before")]
    CoverReversed {
        /// The first day that it says it covers.
        from: Date,
        /// The last one.
        until: Date,
    },
    /// A list names a day outside of the covered ones: the cover is too short, or the date a slip.
    #[error("{0} is not between the first and the last day that the calendar covers")]
    NotCovered(Date),
    /// Hours that every unit without its own keeps have to be there.
    #[error("there are no hours named `default`")]
    NoDefault,
    /// With the name.
    #[error("two sets of hours are named `{0}`")]
    NameTwice(String),
    /// A unit can keep only one set of hours.
    #[error("unit `{unit}` has the hours `{one}` and also `{other}`")]
    UnitTwice {
        /// Its code.
        unit: String,
        /// The set that names it first.
        one: String,
        /// The set that names it as well.
        other: String,
    },
}

/// For whoever writes working hours, in the calendar's file or as `--windows`; with the text as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Not of the form `08:00-12:00`.
    #[error("`{0}` is no working window")]
    NotHours(String),
    /// A window over midnight is two windows: `22:00-24:00` and `00:00-06:00`.
    #[error("the working window {0} does not end after it begins")]
    Reversed(String),
    /// Time in both would count twice.
    #[error("the working windows {0} and {1} overlap")]
    Overlap(Window, Window),
    /// Without working time nothing in it would ever be due.
    #[error("there is no working window")]
    None,
}

/// Why so many of a unit, counted so, are no limit; said where a policy or a question states one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LimitError {
    /// Only days have a convention.
    #[error("a limit in {} has no day convention, it ends at its minute", .0.name())]
    NoConvention(Unit),
    /// A day that runs day and night has no working seconds (docs/calendar.md, "Day conventions").
    #[error("a limit in {} runs day and night, so {} does not fit it", .0.name(), Convention::WorkSeconds.name())]
    NoWorkSeconds(Unit),
    /// 当日: nothing but a day that ends at its 24:00 can be the day itself.
    #[error("only a limit in days that ends with the day (END_OF_DAY) can be 0, which is the day itself")]
    Zero,
    /// A slip of the pen: more than a million of any unit.
    #[error("{0} is longer than any limit")]
    TooLong(u32),
}
