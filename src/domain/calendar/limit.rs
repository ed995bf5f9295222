//! A time limit: how many of which unit, and for days how they are counted.

use thiserror::Error;

/// 时限单位, as in the conditions of filing and closing of city management (CJ/T 315, GB/T 30428.8). Only three of them know holidays:
/// docs/calendar.md has a table.
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
    /// In the order of the table in docs/calendar.md.
    pub const ALL: [Self; 6] =
        [Self::Minute, Self::UrgentHour, Self::WorkHour, Self::WorkDay, Self::UrgentDay, Self::NaturalDay];

    /// In a policy file and on the command line: `WORK_DAY`.
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

    /// As the page and reports call it.
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

    /// By [`Self::name`]. None: no unit is called so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// Only days have a convention; minutes and hours end at their minute.
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
    /// In the order of the table in docs/calendar.md.
    pub const ALL: [Self; 4] = [Self::EndOfDay, Self::CloseOfBusiness, Self::SameClock, Self::WorkSeconds];

    /// In a policy file and on the command line: `END_OF_DAY`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EndOfDay => "END_OF_DAY",
            Self::CloseOfBusiness => "CLOSE_OF_BUSINESS",
            Self::SameClock => "SAME_CLOCK",
            Self::WorkSeconds => "WORK_SECONDS",
        }
    }

    /// 日的算法, as the page and reports call it.
    pub fn title_zh(self) -> &'static str {
        match self {
            Self::EndOfDay => "至当日24时",
            Self::CloseOfBusiness => "至当日下班",
            Self::SameClock => "至同一钟点",
            Self::WorkSeconds => "折算工作时长",
        }
    }

    /// By [`Self::name`]. None: no convention is called so.
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

    /// How many of the unit; 0 only for the day itself (当日).
    pub fn count(self) -> i64 {
        i64::from(self.count)
    }

    /// What is counted.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// None for minutes and hours.
    pub fn convention(self) -> Option<Convention> {
        self.convention
    }
}
