//! A case as the fold leaves it: where it stands, its milestones, its counts, its flags.

use smol_str::SmolStr;

use super::{
    attributes::Attributes,
    fact::Reporter,
    history::{History, Standing},
    lifecycle::Phase,
    time::{Due, Millis},
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub stream: SmolStr,
    pub case_id: SmolStr,
    pub attributes: Attributes,
    pub title: SmolStr,
    pub reporter: Reporter,
    /// The unit that has the case now (责任单位); the last one dispatched to.
    pub unit: SmolStr,
    pub unit_name: SmolStr,
    pub result: SmolStr,
    pub phase: Phase,
    pub milestones: Milestones,
    pub due: Option<Due>,
    /// Before any extension or pause.
    pub original_due: Option<Due>,
    pub is_suspended: bool,
    pub is_void: bool,
    pub is_patrol_dealt: bool,
    pub contacted: Option<bool>,
    pub counts: Counts,
    pub history: History,
}

/// First times, except where the name says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// The time that puts the case in a period (受理时间).
    pub received_at: Option<Millis>,
    pub reported_at: Option<Millis>,
    pub accepted_at: Option<Millis>,
    pub filed_at: Option<Millis>,
    pub dispatched_at: Option<Millis>,
    pub signed_at: Option<Millis>,
    pub contacted_at: Option<Millis>,
    pub last_submitted_at: Option<Millis>,
    pub first_closed_at: Option<Millis>,
    /// The close that stands; none while the case is open or open again.
    pub closed_at: Option<Millis>,
    pub voided_at: Option<Millis>,
    pub last_event_at: Option<Millis>,
    pub last_ingested_at: Option<Millis>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages in the ledger; the version of the row rests on it.
    pub rows: u32,
    /// Events among them.
    pub events: u32,
    /// Messages that said again what another had said.
    pub duplicates: u32,
    /// Messages that said something else under an identity already used; the first place wins.
    pub conflicts: u32,
    /// Messages that happened before one already sent on the same partition.
    pub out_of_order: u32,
    /// Facts that the table of moves did not expect.
    pub irregular: u32,
    /// Recorded before they happened.
    pub clock_skew: u32,
    pub dispatches: u32,
    pub extensions: u32,
    /// Granted after the due had passed: they cure nothing.
    pub late_extensions: u32,
    pub suspensions: u32,
    pub paused_ms: i64,
    pub reworks: u32,
    pub reopens: u32,
    pub corrections: u32,
}

impl Case {
    /// Where the case stands after everything known; none before it is received.
    pub fn standing(&self) -> Option<Standing> {
        self.history.0.last().map(|step| step.standing)
    }

    /// Closed without ever having been received in so many words, or the like.
    pub fn is_incomplete(&self) -> bool {
        self.milestones.received_at.is_some()
            && self.milestones.accepted_at.is_none()
            && self.milestones.reported_at.is_none()
    }
}
