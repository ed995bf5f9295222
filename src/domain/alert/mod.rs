//! 提醒: what is to be told of a case, once, and whether it still holds (docs/alerts.md). Pure: rows and now go in, alerts come out.

mod found;
mod identity;
mod quiet;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;

pub use self::{
    found::{AlertCase, AlertFate, AlertRules, AlertSpan, found},
    quiet::{QuietHours, QuietHoursError},
};
use super::{light::Light, time::Millis};

/// 提醒类别: what can be told; the table of docs/alerts.md says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// 临期: so much of the limit is used that its light is yellow.
    DueSoon,
    /// 超期: open behind its due.
    Overdue,
    /// 已答复: what the due is about is done, and the case is not closed yet.
    Answered,
    /// 结案.
    Closed,
    /// 重开: was closed, and is open again.
    Reopened,
    /// 隔离: messages of a stream were set aside, counted by reason and hour.
    Quarantined,
}

impl AlertKind {
    /// The one list, in the order in which those of one instant are told.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::DueSoon, "due_soon"),
        (Self::Overdue, "overdue"),
        (Self::Answered, "answered"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
        (Self::Quarantined, "quarantined"),
    ];

    /// In the table, in lists and in `alerts.kinds`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// None: there is no such kind.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// `alert.due_soon.v1`
    pub fn type_name(self) -> String {
        format!("alert.{}.v1", self.name())
    }

    /// Of the type of an event; None of any other version, and of what is no alert.
    pub fn from_type(name: &str) -> Option<Self> {
        Self::from_name(name.strip_prefix("alert.")?.strip_suffix(".v1")?)
    }
}

/// The clock of the due by which the case is judged; a stage's is called as the stage.
pub const CASE_CLOCK: &str = "case";

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The same facts give the same one (`identity`); by it nothing is told twice.
    pub id: SmolStr,
    /// Which row of the table.
    pub kind: AlertKind,
    /// 业务流, by its name.
    pub stream: SmolStr,
    /// Empty: of no case.
    pub case_id: SmolStr,
    /// Empty: of no clock.
    pub clock: SmolStr,
    /// Of a unit's clock, its number; else 0.
    pub assignment: u16,
    /// 黄灯 or 红灯; None where no clock is told of.
    pub light: Option<Light>,
    /// 轮次: reopenings before it, and of lights reworks too. A new round is told anew.
    pub round: u32,
    /// 责任单位, its code; empty where nobody has the case.
    pub unit: SmolStr,
    /// Its name as the feeder gave it; may be empty.
    pub unit_name: SmolStr,
    /// 时限 that it is about; None where it is about none.
    pub due: Option<Millis>,
    /// When it came to be so: the light's instant, the answer, the close.
    pub arose_at: Millis,
    /// Why messages were set aside, and how many they were when it was sent.
    pub reason: SmolStr,
    /// Count; 0 of a case.
    pub messages: u64,
}

/// Messages of a stream that were set aside for one reason within an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertQuarantine {
    /// 业务流 of the topic on which they came.
    pub stream: SmolStr,
    /// A reason of the contract, as a code.
    pub reason: SmolStr,
    /// Its beginning, by the clock of UTC.
    pub hour: Millis,
    /// When the first of them was taken in.
    pub first_at: Millis,
    /// How many there are by now.
    pub messages: u64,
}

impl AlertQuarantine {
    /// One alert of them all.
    pub fn alert(self) -> Alert {
        let Self { stream, reason, hour, first_at, messages } = self;
        Alert {
            id: identity::of_quarantine(&stream, &reason, hour),
            kind: AlertKind::Quarantined,
            stream,
            case_id: SmolStr::default(),
            clock: SmolStr::default(),
            assignment: 0,
            light: None,
            round: 0,
            unit: SmolStr::default(),
            unit_name: SmolStr::default(),
            due: None,
            arose_at: first_at,
            reason,
            messages,
        }
    }
}

/// As it went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAlert {
    /// What it says.
    pub alert: Alert,
    /// When it was handed to Kafka.
    pub sent_at: Millis,
    /// Whether it could have been sent more than `alerts.late_after_s` before.
    pub is_late: bool,
    /// Working time up to the due.
    pub work_left_min: Option<i64>,
}

/// Where it stands on the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertPlace {
    /// Of `case-alerts`.
    pub partition: i32,
    /// Within the partition.
    pub offset: i64,
}

impl Alert {
    /// What it is about, and the key of its message.
    pub fn subject(&self) -> &str {
        if self.case_id.is_empty() { &self.stream } else { &self.case_id }
    }
}
