//! A case as the fold leaves it: where it stands, its milestones, its counts, its clocks, its flags.

use smol_str::SmolStr;

use super::{
    assignment::Assignment,
    attributes::Attributes,
    fact::{Reporter, Satisfaction},
    history::{History, Standing},
    lifecycle::Phase,
    light::Light,
    policy::Subject,
    span::Span,
    time::{Due, Millis},
};

/// What the row of `cases` is made of, and what every figure is asked of. Nothing of it depends on when it is asked: what holds at an
/// instant is in `history`, `clocks`, `earlier` and `answers`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// 业务流: what its events mean, and which messages can be about it at all.
    pub stream: SmolStr,
    /// 案件编号, unique within its stream.
    pub case_id: SmolStr,
    /// What it is about and where, as it is known now; see `earlier` for what was known before.
    pub attributes: Attributes,
    /// 标题, scrubbed of personal data; empty: not stated.
    pub title: SmolStr,
    /// 反映人, as keyed pseudonyms only.
    pub reporter: Reporter,
    /// The unit that has the case now (责任单位); the last one dispatched to.
    pub unit: SmolStr,
    /// As the last dispatch to a leading unit wrote it; empty after a correction of the unit.
    pub unit_name: SmolStr,
    /// 立案条件: what many limits depend on; empty: not stated.
    pub filing_condition: SmolStr,
    /// 结案方式.
    pub how: SmolStr,
    /// 办理结果、结案评判.
    pub result: SmolStr,
    /// 数量: how many the case counts for; one, unless a tally says otherwise.
    pub quantity: u32,
    /// 环节: how far it has come.
    pub phase: Phase,
    /// 里程碑: when it came so far.
    pub milestones: Milestones,
    /// The due in force: what events state, or else what the policy says.
    pub due: Option<Due>,
    /// Before any extension, pause or rework.
    pub original_due: Option<Due>,
    /// What the policy says, kept beside a due that an event states.
    pub policy_due: Option<Due>,
    /// 判定依据: by which versions.
    pub judged_by: JudgedBy,
    /// 挂账 now.
    pub is_suspended: bool,
    /// When the pause began that has not ended. None: it is not suspended.
    pub suspended_since: Option<Millis>,
    /// 作废, and not revoked.
    pub is_void: bool,
    /// 自行处置: found and put right by the patrol, so that report, receipt and close are one instant.
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
    /// How much of what happened, and how much of it was odd.
    pub counts: Counts,
    /// 历程: how it stood towards the figures at every instant.
    pub history: History,
    /// 派遣: in the order of the dispatches; only the first 64 are followed.
    pub assignments: Vec<Assignment>,
    /// 计时: those of the case and of its assignments, as they stood from one instant to another.
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
    /// `shanghai-town@2026.1`: id and version.
    pub policy: SmolStr,
    /// The id of the rule; unique within the policy.
    pub rule: SmolStr,
    /// The version of the calendar.
    pub calendar: SmolStr,
    /// The due rests on days that no notice covers yet.
    pub is_provisional: bool,
}

/// Where the case stood towards every dimension until an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// So long, and no longer: at this instant the next holds, or what the case says now.
    pub until: Millis,
    /// With everything that was stated by then, not only what changed.
    pub attributes: Attributes,
    /// 责任单位 then.
    pub unit: SmolStr,
    /// As it was called then.
    pub unit_name: SmolStr,
    /// 结案方式; empty before a close.
    pub how: SmolStr,
    /// 办理结果.
    pub result: SmolStr,
}

/// 回访 and what reviews made of it, from an instant on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CitizenAnswer {
    /// From then on, until the next answer.
    pub since: Millis,
    /// Calls so far, and those that reached the citizen.
    pub attempts: u32,
    /// 回访成功: calls that reached somebody.
    pub reached: u32,
    /// 先行联系, as the citizen says. None: not asked, or no answer.
    pub first_contact: Option<bool>,
    /// 是否解决, as the citizen says. None: not asked, or no answer.
    pub solved: Option<bool>,
    /// 满意度. None: not asked, or no answer.
    pub satisfaction: Option<Satisfaction>,
}

/// 核查: whether what was reported as done is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// When it was checked.
    pub at: Millis,
    /// A check that is not passed sends the case back to work (返工).
    pub passed: bool,
}

/// First times, except where the name says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// The first fact of all.
    pub first_event_at: Option<Millis>,
    /// The time that puts the case in a period (受理时间).
    pub received_at: Option<Millis>,
    /// 上报.
    pub reported_at: Option<Millis>,
    /// 受理 in so many words, or by a tally. Where the stream counts from something else it is not the receipt.
    pub accepted_at: Option<Millis>,
    /// 核实, whatever came of it.
    pub verified_at: Option<Millis>,
    /// 立案.
    pub filed_at: Option<Millis>,
    /// Since when a unit is named.
    pub unit_since: Option<Millis>,
    /// 派遣, the first one.
    pub dispatched_at: Option<Millis>,
    /// 签收, by whichever unit.
    pub signed_at: Option<Millis>,
    /// 先行联系: the first that reached the citizen.
    pub contacted_at: Option<Millis>,
    /// 处置反馈: the last answer of a unit that leads.
    pub last_submitted_at: Option<Millis>,
    /// The last check that was passed.
    pub last_passed_at: Option<Millis>,
    /// 结案, the first one: a reopening leaves it.
    pub first_closed_at: Option<Millis>,
    /// The close that stands; none while the case is open or open again.
    pub closed_at: Option<Millis>,
    /// 作废. None after a revocation, until it is voided again.
    pub voided_at: Option<Millis>,
    /// The first of each that counted.
    pub extended_at: Option<Millis>,
    /// 挂账: the first pause.
    pub suspended_at: Option<Millis>,
    /// 退单: the first return that was accepted.
    pub returned_at: Option<Millis>,
    /// 返工: the first time that it was sent back.
    pub reworked_at: Option<Millis>,
    /// 重开.
    pub reopened_at: Option<Millis>,
    /// 督办.
    pub supervised_at: Option<Millis>,
    /// Sent to the wrong unit: a return that was accepted, or a rework that says so.
    pub misdispatched_at: Option<Millis>,
    /// 最近事件: when the last fact happened, by the business's clock.
    pub last_event_at: Option<Millis>,
    /// 最近记录: when a source last wrote something down; by our arrival where it does not say.
    pub last_recorded_at: Option<Millis>,
    /// When the last of its messages was taken in.
    pub last_ingested_at: Option<Millis>,
}

/// Of the whole life so far. What is odd is counted here and never dropped (docs/lifecycle.md).
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
    /// 派遣, to supporting units as well.
    pub dispatches: u32,
    /// 退单, accepted.
    pub returns: u32,
    /// 签派: returns that the centre refused, so that the unit kept the case.
    pub refused_returns: u32,
    /// 延期: that moved a due.
    pub extensions: u32,
    /// Granted after the due had passed, or beyond what the policy allows: they cure nothing.
    pub late_extensions: u32,
    /// 挂账.
    pub suspensions: u32,
    /// 挂账: milliseconds on the clock on the wall, of the pauses that have ended.
    pub paused_ms: i64,
    /// The longest of these pauses, in milliseconds.
    pub longest_pause_ms: i64,
    /// 重开.
    pub reopens: u32,
    /// 督办.
    pub supervisions: u32,
    /// 催办.
    pub urges: u32,
    /// 更正 and 复核.
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
