//! A case as the fold leaves it: where it stands, its milestones, its counts, its clocks, its flags.

use smol_str::SmolStr;

use super::{
    assignment::Assignment,
    attributes::Attributes,
    clock::Light,
    fact::{Reporter, Satisfaction},
    history::{History, Standing},
    lifecycle::Phase,
    policy::Subject,
    span::Span,
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
    pub filing_condition: SmolStr,
    /// 结案方式.
    pub how: SmolStr,
    /// 办理结果、结案评判.
    pub result: SmolStr,
    /// 数量: how many the case counts for; one, unless a tally says otherwise.
    pub quantity: u32,
    pub phase: Phase,
    pub milestones: Milestones,
    /// The due in force: what events state, or else what the policy says.
    pub due: Option<Due>,
    /// Before any extension, pause or rework.
    pub original_due: Option<Due>,
    /// What the policy says, kept beside a due that an event states.
    pub policy_due: Option<Due>,
    pub judged_by: JudgedBy,
    pub is_suspended: bool,
    pub suspended_since: Option<Millis>,
    pub is_void: bool,
    pub is_patrol_dealt: bool,
    /// 是否考核; not stated means yes.
    pub is_assessed: Option<bool>,
    /// 申诉通过.
    pub is_exempt: bool,
    /// More was said of it than the fold follows.
    pub is_history_limited: bool,
    /// The light that the source shows, where it hands over rows (总体灯).
    pub stated_light: Option<Light>,
    /// By the unit's own word.
    pub contacted: Option<bool>,
    pub counts: Counts,
    pub history: History,
    pub assignments: Vec<Assignment>,
    pub clocks: Vec<Span>,
    /// What the case stood under until it was changed, oldest first; a unit named for the first time is no change.
    pub earlier: Vec<Earlier>,
    /// What citizens said, each standing until the next.
    pub answers: Vec<CitizenAnswer>,
    /// 核查, in the order of time.
    pub checks: Vec<Check>,
    /// 返工: when the case was sent back to work, each time.
    pub reworks: Vec<Millis>,
}

/// The rule that judges the case, and the versions of policy and calendar. Empty: none does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgedBy {
    pub policy: SmolStr,
    pub rule: SmolStr,
    pub calendar: SmolStr,
    /// The due rests on days that no notice covers yet.
    pub is_provisional: bool,
}

/// Where the case stood towards every dimension until an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    pub until: Millis,
    pub attributes: Attributes,
    pub unit: SmolStr,
    pub unit_name: SmolStr,
    pub how: SmolStr,
    pub result: SmolStr,
}

/// 回访 and what reviews made of it, from an instant on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CitizenAnswer {
    pub since: Millis,
    /// Calls so far, and those that reached the citizen.
    pub attempts: u32,
    pub reached: u32,
    pub first_contact: Option<bool>,
    pub solved: Option<bool>,
    pub satisfaction: Option<Satisfaction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    pub at: Millis,
    pub passed: bool,
}

/// First times, except where the name says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// The first fact of all.
    pub first_event_at: Option<Millis>,
    /// The time that puts the case in a period (受理时间).
    pub received_at: Option<Millis>,
    pub reported_at: Option<Millis>,
    pub accepted_at: Option<Millis>,
    pub verified_at: Option<Millis>,
    pub filed_at: Option<Millis>,
    /// Since when a unit is named.
    pub unit_since: Option<Millis>,
    pub dispatched_at: Option<Millis>,
    pub signed_at: Option<Millis>,
    pub contacted_at: Option<Millis>,
    pub last_submitted_at: Option<Millis>,
    /// The last check that was passed.
    pub last_passed_at: Option<Millis>,
    pub first_closed_at: Option<Millis>,
    /// The close that stands; none while the case is open or open again.
    pub closed_at: Option<Millis>,
    pub voided_at: Option<Millis>,
    /// The first of each that counted.
    pub extended_at: Option<Millis>,
    pub suspended_at: Option<Millis>,
    pub returned_at: Option<Millis>,
    pub reworked_at: Option<Millis>,
    pub reopened_at: Option<Millis>,
    pub supervised_at: Option<Millis>,
    /// Sent to the wrong unit: a return that was accepted, or a rework that says so.
    pub misdispatched_at: Option<Millis>,
    pub last_event_at: Option<Millis>,
    pub last_recorded_at: Option<Millis>,
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
    /// Of those, facts before which something must be missing.
    pub gaps: u32,
    /// Recorded before they happened.
    pub clock_skew: u32,
    /// Values that are not in the lists of codes; kept as they came.
    pub unknown_codes: u32,
    pub dispatches: u32,
    pub returns: u32,
    pub refused_returns: u32,
    pub extensions: u32,
    /// Granted after the due had passed, or beyond what the policy allows: they cure nothing.
    pub late_extensions: u32,
    pub suspensions: u32,
    pub paused_ms: i64,
    pub longest_pause_ms: i64,
    pub reopens: u32,
    pub supervisions: u32,
    pub urges: u32,
    pub corrections: u32,
}

impl Case {
    /// What a policy asks of it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            filing_condition: &self.filing_condition,
            category_standard: &self.attributes.category_standard,
            category_code: &self.attributes.category_code,
            urgency: &self.attributes.urgency,
            kind: &self.attributes.kind,
            unit: &self.unit,
            town: &self.attributes.town,
            channel: &self.attributes.channel,
            stream: &self.stream,
        }
    }

    /// Where the case stands after everything known.
    pub fn standing(&self) -> Option<Standing> {
        self.history.0.last().map(|step| step.standing)
    }

    /// Taken in without ever having been reported or received in so many words.
    pub fn is_incomplete(&self) -> bool {
        self.milestones.received_at.is_some()
            && self.milestones.accepted_at.is_none()
            && self.milestones.reported_at.is_none()
    }
}
