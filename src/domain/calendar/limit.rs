//! A time limit: how many of which unit, and for days how they are counted.

use super::error::LimitError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Day and night.
    Minute,
    /// 紧急工作时: an hour of the clock, day and night, holidays too.
    UrgentHour,
    /// 工作时: an hour inside the working windows.
    WorkHour,
    /// 工作日.
    WorkDay,
    /// 紧急工作日: every day counts, as a natural day.
    UrgentDay,
    /// 自然日.
    NaturalDay,
}

impl Unit {
    pub const ALL: [Self; 6] =
        [Self::Minute, Self::UrgentHour, Self::WorkHour, Self::WorkDay, Self::UrgentDay, Self::NaturalDay];

    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "MINUTE",
            Self::UrgentHour => "URGENT_HOUR",
            Self::WorkHour => "WORK_HOUR",
            Self::WorkDay => "WORK_DAY",
            Self::UrgentDay => "URGENT_DAY",
            Self::NaturalDay => "NATURAL_DAY",
        }
    }

    pub fn title_zh(self) -> &'static str {
        match self {
            Self::Minute => "分钟",
            Self::UrgentHour => "紧急工作时",
            Self::WorkHour => "工作时",
            Self::WorkDay => "工作日",
            Self::UrgentDay => "紧急工作日",
            Self::NaturalDay => "自然日",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    pub fn is_days(self) -> bool {
        matches!(self, Self::WorkDay | Self::UrgentDay | Self::NaturalDay)
    }
}

/// How days are counted. The day of the start never counts, except with `WorkSeconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Convention {
    /// Through the last day: due at the midnight that ends it.
    EndOfDay,
    /// Until the last working window of the last day ends.
    CloseOfBusiness,
    /// At the clock time of the start; a start outside working time counts from the next working window.
    SameClock,
    /// As many working seconds as so many days have.
    WorkSeconds,
}

impl Convention {
    pub const ALL: [Self; 4] = [Self::EndOfDay, Self::CloseOfBusiness, Self::SameClock, Self::WorkSeconds];

    pub fn name(self) -> &'static str {
        match self {
            Self::EndOfDay => "END_OF_DAY",
            Self::CloseOfBusiness => "CLOSE_OF_BUSINESS",
            Self::SameClock => "SAME_CLOCK",
            Self::WorkSeconds => "WORK_SECONDS",
        }
    }

    pub fn title_zh(self) -> &'static str {
        match self {
            Self::EndOfDay => "至当日24时",
            Self::CloseOfBusiness => "至当日下班",
            Self::SameClock => "至同一钟点",
            Self::WorkSeconds => "折算工作时长",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|convention| convention.name() == name)
    }
}

/// Any limit that a rule can state is shorter; a longer one is a slip of the pen.
const COUNT_MAX: u32 = 1_000_000;

/// A limit that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    count: u32,
    unit: Unit,
    convention: Option<Convention>,
}

impl Limit {
    /// `convention` is for days, where none stated means `END_OF_DAY`.
    pub fn new(count: u32, unit: Unit, convention: Option<Convention>) -> Result<Self, LimitError> {
        if count > COUNT_MAX {
            return Err(LimitError::TooLong(count));
        }
        if convention.is_some() && !unit.is_days() {
            return Err(LimitError::NoConvention(unit));
        }
        let convention = unit.is_days().then(|| convention.unwrap_or(Convention::EndOfDay));
        if convention == Some(Convention::WorkSeconds) && unit != Unit::WorkDay {
            return Err(LimitError::NoWorkSeconds(unit));
        }
        if count == 0 && convention != Some(Convention::EndOfDay) {
            return Err(LimitError::Zero);
        }
        Ok(Self { count, unit, convention })
    }

    pub fn count(self) -> i64 {
        i64::from(self.count)
    }

    pub fn unit(self) -> Unit {
        self.unit
    }

    /// None for minutes and hours.
    pub fn convention(self) -> Option<Convention> {
        self.convention
    }
}
