//! Why a calendar, its hours or a limit cannot be.

use jiff::civil::Date;
use thiserror::Error;

use super::{
    hours::Window,
    limit::{Convention, Unit},
};

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    #[error("it covers the days from {from} until {until}, which is before")]
    CoverReversed { from: Date, until: Date },
    #[error("{0} is not between the first and the last day that the calendar covers")]
    NotCovered(Date),
    #[error("there are no hours named `default`")]
    NoDefault,
    #[error("two sets of hours are named `{0}`")]
    NameTwice(String),
    #[error("unit `{unit}` has the hours `{one}` and also `{other}`")]
    UnitTwice { unit: String, one: String, other: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    #[error("`{0}` is no working window")]
    NotHours(String),
    #[error("the working window {0} does not end after it begins")]
    Reversed(String),
    #[error("the working windows {0} and {1} overlap")]
    Overlap(Window, Window),
    #[error("there is no working window")]
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LimitError {
    #[error("a limit in {} has no day convention, it ends at its minute", .0.name())]
    NoConvention(Unit),
    #[error("a limit in {} runs day and night, so {} does not fit it", .0.name(), Convention::WorkSeconds.name())]
    NoWorkSeconds(Unit),
    #[error("only a limit in days that ends with the day (END_OF_DAY) can be 0, which is the day itself")]
    Zero,
    #[error("{0} is longer than any limit")]
    TooLong(u32),
}
