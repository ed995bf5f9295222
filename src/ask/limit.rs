//! A time limit that somebody asks for.

use super::unclear::Unclear;
use crate::domain::calendar::{Convention, Limit, LimitError, Unit};

/// So many of a unit, if there is such a limit.
pub fn limit(limit: u32, of: Unit, days_end: Option<Convention>) -> Result<Limit, Unclear> {
    Limit::new(limit, of, days_end).map_err(|error| {
        let (unit, unit_zh, said) = (of.name(), of.title_zh(), error.to_string());
        match error {
            LimitError::NoConvention(_) => Unclear::LimitInMinutes { limit, unit, unit_zh, said },
            LimitError::NoWorkSeconds(_) => Unclear::LimitDayAndNight { limit, unit, unit_zh, said },
            LimitError::Zero => Unclear::LimitOfZero { unit, said },
            LimitError::TooLong(_) => Unclear::LimitTooLong { limit, unit, said },
        }
    })
}
