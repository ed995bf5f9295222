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
use super::{clock::Light, time::Millis};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    DueSoon,
    Overdue,
    Answered,
    Closed,
    Reopened,
    Quarantined,
}

impl AlertKind {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::DueSoon, "due_soon"),
        (Self::Overdue, "overdue"),
        (Self::Answered, "answered"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
        (Self::Quarantined, "quarantined"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// `alert.due_soon.v1`
    pub fn type_name(self) -> String {
        format!("alert.{}.v1", self.name())
    }

    pub fn from_type(name: &str) -> Option<Self> {
        Self::from_name(name.strip_prefix("alert.")?.strip_suffix(".v1")?)
    }
}

/// The clock of the due by which the case is judged; a stage's is called as the stage.
pub const CASE_CLOCK: &str = "case";

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub id: SmolStr,
    pub kind: AlertKind,
    pub stream: SmolStr,
    /// Empty: of no case.
    pub case_id: SmolStr,
    /// Empty: of no clock.
    pub clock: SmolStr,
    /// Of a unit's clock, its number; else 0.
    pub assignment: u16,
    pub light: Option<Light>,
    pub round: u32,
    pub unit: SmolStr,
    pub unit_name: SmolStr,
    pub due: Option<Millis>,
    pub arose_at: Millis,
    /// Why messages were set aside, and how many they were when it was sent.
    pub reason: SmolStr,
    pub messages: u64,
}

/// Messages of a stream that were set aside for one reason within an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertQuarantine {
    pub stream: SmolStr,
    pub reason: SmolStr,
    pub hour: Millis,
    pub first_at: Millis,
    pub messages: u64,
}

impl AlertQuarantine {
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
    pub alert: Alert,
    pub sent_at: Millis,
    pub is_late: bool,
    /// Working time up to the due.
    pub work_left_min: Option<i64>,
}

/// Where it stands on the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertPlace {
    pub partition: i32,
    pub offset: i64,
}

impl Alert {
    /// What it is about, and the key of its message.
    pub fn subject(&self) -> &str {
        if self.case_id.is_empty() { &self.stream } else { &self.case_id }
    }
}
