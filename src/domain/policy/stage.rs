//! One stage of a rule: what starts and stops its clock, how long it may take, and what may move its due.

use crate::domain::{
    calendar::{Limit, Reckoned, Working},
    fact::FactKind,
    time::{Due, Millis},
};

/// 时限环节: for people and for programs, which figures and the due of the case are made of. What starts and stops its clock is the rule's to
/// say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageName {
    /// 受理; also decided by a rejection.
    Accept,
    /// 核实; each request is another round.
    Verify,
    /// 派遣.
    Dispatch,
    /// 签收, of each unit.
    Sign,
    /// 先行联系.
    Contact,
    /// 处置: of the case, and of each unit; the case's due where there is no `WholeCase`.
    Dispose,
    /// 核查; each request is another round.
    Check,
    /// 结案.
    Close,
    /// 回访: after the close, so that the close does not end it.
    Revisit,
    /// 督办; each is another round.
    Supervise,
    /// 全案; the case's due wherever a rule has it.
    WholeCase,
}

impl StageName {
    /// In the order of the life.
    pub const ALL: [Self; 11] = [
        Self::Accept,
        Self::Verify,
        Self::Dispatch,
        Self::Sign,
        Self::Contact,
        Self::Dispose,
        Self::Check,
        Self::Close,
        Self::Revisit,
        Self::Supervise,
        Self::WholeCase,
    ];

    /// In a policy file and as the column `stage` says it: `WHOLE_CASE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Verify => "VERIFY",
            Self::Dispatch => "DISPATCH",
            Self::Sign => "SIGN",
            Self::Contact => "CONTACT",
            Self::Dispose => "DISPOSE",
            Self::Check => "CHECK",
            Self::Close => "CLOSE",
            Self::Revisit => "REVISIT",
            Self::Supervise => "SUPERVISE",
            Self::WholeCase => "WHOLE_CASE",
        }
    }

    /// As the page and reports call it.
    pub fn title_zh(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::Verify => "核实",
            Self::Dispatch => "派遣",
            Self::Sign => "签收",
            Self::Contact => "先行联系",
            Self::Dispose => "处置",
            Self::Check => "核查",
            Self::Close => "结案",
            Self::Revisit => "回访",
            Self::Supervise => "督办",
            Self::WholeCase => "全案",
        }
    }

    /// By [`Self::name`]. None: no stage is called so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// A limit of a rule, with everything that may move its due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Once in a rule.
    pub name: StageName,
    /// The type of event that starts the clock.
    pub start: FactKind,
    /// The type of event that stops it; not passed, or nobody reached, stops nothing.
    pub stop: FactKind,
    /// 时限.
    pub limit: Limit,
    /// 挂账 stops the clock, and what was left then is left afterwards.
    pub is_pausable: bool,
    /// None: no extension changes the due.
    pub extension: Option<Extension>,
    /// 返工计时.
    pub rework: Rework,
    /// 退单 ends the clock without a verdict; the next start begins a new one.
    pub return_stops_clock: bool,
    /// Percent of the limit used from which the light is yellow.
    pub yellow_at: u8,
}

impl Stage {
    /// The due that an extension approved at `at` gives, whether it may move it or not: what the approval states (`named`) beats
    /// what the rule reckons. None: the rule grants none, or neither says until when.
    pub fn extended(&self, working: Working<'_>, due: Due, at: Millis, named: Option<Due>) -> Option<Reckoned> {
        let mode = self.extension?.mode;
        if let Some(due) = named {
            return Some(Reckoned { due, is_provisional: false });
        }
        match mode {
            ExtensionMode::AddOriginal => Some(working.extended(due, self.limit)),
            ExtensionMode::AddN(limit) => Some(working.extended(due, limit)),
            ExtensionMode::SetDue(limit) => limit.map(|limit| working.due(at, limit)),
        }
    }
}

/// 延期.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Approvals beyond these change nothing.
    pub max_times: u32,
    /// What an approval does to the due.
    pub mode: ExtensionMode,
    /// It must have been asked for in time; an approval that no request came before is its own request.
    pub must_request_before_due: bool,
    /// Does an approval after the due cure what was late already? Normally not.
    pub cures_lateness: bool,
}

/// 延期方式. What the approval itself states beats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionMode {
    /// The stage's own limit once more, on top of the due.
    AddOriginal,
    /// This limit on top of the due.
    AddN(Limit),
    /// The due that the approval names; without one, this limit from the approval on.
    SetDue(Option<Limit>),
}

/// 返工、重办: what becomes of the clock when the case goes back to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rework {
    /// It runs on to the same due, as if it had never stopped.
    Continue,
    /// The stage's own limit from the rework on.
    Restart,
    /// This limit from the rework on.
    Fixed(Limit),
}

impl ExtensionMode {
    /// As a policy file writes them, in the order of the variants.
    pub const NAMES: [&'static str; 3] = ["ADD_ORIGINAL", "ADD_N", "SET_DUE"];

    /// As a policy file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddOriginal => Self::NAMES[0],
            Self::AddN(_) => Self::NAMES[1],
            Self::SetDue(_) => Self::NAMES[2],
        }
    }

    /// The limit that it states. None: it states none of its own.
    pub fn limit(self) -> Option<Limit> {
        match self {
            Self::AddOriginal => None,
            Self::AddN(limit) => Some(limit),
            Self::SetDue(limit) => limit,
        }
    }
}

impl Rework {
    /// The limit that it gives anew.
    pub fn renewed(self, own: Limit) -> Option<Limit> {
        match self {
            Self::Continue => None,
            Self::Restart => Some(own),
            Self::Fixed(limit) => Some(limit),
        }
    }

    /// As a policy file writes them, in the order of the variants.
    pub const NAMES: [&'static str; 3] = ["CONTINUE", "RESTART", "FIXED"];

    /// As a policy file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Continue => Self::NAMES[0],
            Self::Restart => Self::NAMES[1],
            Self::Fixed(_) => Self::NAMES[2],
        }
    }

    /// The limit that it states. None: it states none of its own.
    pub fn limit(self) -> Option<Limit> {
        match self {
            Self::Continue | Self::Restart => None,
            Self::Fixed(limit) => Some(limit),
        }
    }
}
