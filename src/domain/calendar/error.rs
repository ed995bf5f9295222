//! Why a calendar cannot be.

use jiff::civil::Date;
use thiserror::Error;

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
