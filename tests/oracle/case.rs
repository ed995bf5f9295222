//! Everything that is said of a case at an instant.

use super::{line::Line, message::Message, units::Units};

#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub as_of: i64,
    pub is_grid: bool,
    pub first_event_at: Option<i64>,
    pub reported_at: Option<i64>,
    pub accepted_at: Option<i64>,
    pub received_at: Option<i64>,
    pub filed_at: Option<i64>,
    pub is_void: bool,
    pub is_excluded: bool,
    pub suspended_since: Option<i64>,
    pub closed_at: Option<i64>,
    pub first_closed_at: Option<i64>,
    /// What closed it, and what opened it again last.
    pub closer: Option<Message>,
    pub reopener: Option<Message>,
    /// A due that an event states, met by the close.
    pub stated: Option<Line>,
    /// What a dispatch stated while the case was closed: it counts if the case is opened again without a due.
    pub told_when_closed: Option<i64>,
    /// Of the last approval: did it move the due? None where there was none to move.
    pub last_extension: Option<bool>,
    /// Sent to a unit that leads while it was closed.
    pub was_sent_when_closed: bool,
    /// The due of the rule, met by the answer.
    pub ruled: Line,
    /// 先行联系, and each round of 核查: clocks that the close does not answer.
    pub contact: Line,
    pub checking: Vec<Line>,
    pub worked_ms: i64,
    pub units: Units,
    pub counts: Counts,
    pub is_assessed: Option<bool>,
    pub is_exempt: bool,
    pub parent: Option<String>,
    pub is_direct: bool,
    pub was_dispatched: bool,
    pub is_patrol_dealt: bool,
    pub result: String,
    pub quantity: i64,
    pub reworks: Vec<i64>,
    pub checks: Vec<(i64, bool)>,
    pub revisits: Revisits,
    pub received_corrected: Option<i64>,
    pub is_worked_on: bool,
    /// Sent back to work, and nothing was answered since.
    pub is_sent_back: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub events: i64,
    pub duplicates: i64,
    pub conflicts: i64,
    pub extensions: i64,
    pub late_extensions: i64,
    pub suspensions: i64,
    pub paused_ms: i64,
    pub longest_pause_ms: i64,
    pub reopens: i64,
    pub dispatches: i64,
    pub returns: i64,
    pub refused_returns: i64,
    pub supervisions: i64,
    pub urges: i64,
    pub corrections: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Revisits {
    pub first_at: Option<i64>,
    pub attempts: i64,
    pub first_contact: Option<bool>,
    pub solved: Option<bool>,
    pub satisfaction: Option<&'static str>,
}
