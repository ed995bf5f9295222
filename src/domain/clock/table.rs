//! What happens to a clock, and what it does then: one table.

use std::fmt::Write as _;

use crate::domain::time::Due;

/// What an event means for the clock of one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// What the stage says starts it; a second one does nothing while it runs.
    Start,
    /// What the stage says stops it: whoever was in time has met it.
    Stop,
    /// 挂账.
    Pause,
    /// The due that the resumption names for the units, where it names one.
    Resume {
        /// None: the due moves by what passed of the limit meanwhile.
        due: Option<Due>,
    },
    /// 延期申请: an approval counts from when it was asked for, where the rule wants that.
    ExtensionRequested,
    /// The due that the approval names, where it names one.
    ExtensionApproved {
        /// None: as the rule says.
        due: Option<Due>,
    },
    /// 返工: sent back to work.
    Rework,
    /// Opened again after it was closed; the due that the reopening names for the units, where it names one.
    Reopened {
        /// None: the clock runs on to the due that it had.
        due: Option<Due>,
    },
    /// At work after it had been rejected or not filed.
    TakenOn,
    /// 退单, accepted.
    Returned,
    /// 结案, 不予受理: nobody did what the clock is about.
    ClosedOver,
    /// 作废: without a verdict from then on.
    Voided,
    /// 撤销作废: as if it had never been void.
    VoidRevoked,
    /// 申诉通过: not assessed.
    Exempted,
}

/// Where the clock is. Void and exempt lie across this and are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClockPhase {
    /// It has not started.
    Waiting,
    /// It runs; behind its due it is late.
    Running,
    /// 挂账.
    Paused,
    /// What was to be done is done.
    Stopped,
    /// Closed over its head, in time: without a verdict.
    Dropped,
    /// 退单 in time, without a verdict: the next start begins another round.
    Returned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// What means nothing here: a second dispatch does not start a running clock anew, a second answer does not stop it later.
    Keep,
    Begin,
    End,
    Hold,
    GoOn,
    Ask,
    Extend,
    Redo,
    RunOn,
    EndIfInTime,
    GiveBack,
    Drop,
    Void,
    Unvoid,
    Exempt,
}

#[rustfmt::skip]
pub(super) fn act(phase: ClockPhase, happening: Happening) -> Act {
    use Act::*;
    use Happening as H;
    let [waiting, running, paused, stopped, dropped, returned] = match happening {
        //                             waiting running   paused    stopped  dropped      returned
        H::Start                   => [Begin,  Keep,     Keep,     Keep,    Keep,        Begin ],
        H::Stop                    => [Keep,   End,      End,      Keep,    EndIfInTime, Keep  ],
        H::Pause                   => [Keep,   Hold,     Keep,     Keep,    Keep,        Keep  ],
        H::Resume { .. }           => [Keep,   Keep,     GoOn,     Keep,    Keep,        Keep  ],
        H::ExtensionRequested      => [Keep,   Ask,      Ask,      Keep,    Keep,        Keep  ],
        H::ExtensionApproved { .. } => [Keep,  Extend,   Extend,   Extend,  Keep,        Keep  ],
        H::Rework                  => [Keep,   Redo,     Keep,     Redo,    Keep,        Keep  ],
        H::Reopened { .. }         => [Keep,   Keep,     Keep,     Redo,    RunOn,       Keep  ],
        H::TakenOn                 => [Keep,   Keep,     Keep,     Keep,    RunOn,       Keep  ],
        H::Returned                => [Keep,   GiveBack, GiveBack, Keep,    Keep,        Keep  ],
        H::ClosedOver              => [Keep,   Drop,     Drop,     Keep,    Keep,        Keep  ],
        H::Voided                  => [Void,   Void,     Void,     Void,    Void,        Void  ],
        H::VoidRevoked             => [Unvoid, Unvoid,   Unvoid,   Unvoid,  Unvoid,      Unvoid],
        H::Exempted                => [Exempt, Exempt,   Exempt,   Exempt,  Exempt,      Exempt],
    };
    match phase {
        ClockPhase::Waiting => waiting,
        ClockPhase::Running => running,
        ClockPhase::Paused => paused,
        ClockPhase::Stopped => stopped,
        ClockPhase::Dropped => dropped,
        ClockPhase::Returned => returned,
    }
}

const PHASES: [(ClockPhase, &str); 6] = [
    (ClockPhase::Waiting, "waiting"),
    (ClockPhase::Running, "running"),
    (ClockPhase::Paused, "paused"),
    (ClockPhase::Stopped, "stopped"),
    (ClockPhase::Dropped, "dropped"),
    (ClockPhase::Returned, "returned"),
];

const HAPPENINGS: [(Happening, &str); 14] = [
    (Happening::Start, "start"),
    (Happening::Stop, "stop"),
    (Happening::Pause, "pause"),
    (Happening::Resume { due: None }, "resume"),
    (Happening::ExtensionRequested, "extension requested"),
    (Happening::ExtensionApproved { due: None }, "extension approved"),
    (Happening::Rework, "rework"),
    (Happening::Reopened { due: None }, "reopened"),
    (Happening::TakenOn, "taken on after all"),
    (Happening::Returned, "return accepted"),
    (Happening::ClosedOver, "closed over its head"),
    (Happening::Voided, "voided"),
    (Happening::VoidRevoked, "void revoked"),
    (Happening::Exempted, "appeal upheld"),
];

/// The table as docs/lifecycle.md shows it; a test holds the two together.
pub fn as_markdown() -> String {
    let mut text = String::from("| happening |");
    for (_, name) in PHASES {
        let _ = write!(text, " {name} |");
    }
    let _ = writeln!(text, "\n|{}", "---|".repeat(PHASES.len() + 1));
    for (happening, name) in HAPPENINGS {
        let _ = write!(text, "| {name} |");
        for (phase, _) in PHASES {
            let _ = write!(text, " {} |", act(phase, happening).words());
        }
        text.push('\n');
    }
    text
}

impl Happening {
    /// As docs/lifecycle.md and `case show` name it.
    pub fn name(self) -> &'static str {
        let is_it = |known: &Self| std::mem::discriminant(known) == std::mem::discriminant(&self);
        HAPPENINGS.iter().find(|(known, _)| is_it(known)).map_or("", |(_, name)| name)
    }
}

impl Act {
    fn words(self) -> &'static str {
        match self {
            Self::Keep => "–",
            Self::Begin => "begins",
            Self::End => "stops",
            Self::Hold => "pauses",
            Self::GoOn => "goes on, the due moves",
            Self::Ask => "notes whether in time",
            Self::Extend => "moves the due, if it may",
            Self::Redo => "runs again, if its due has not passed or was missed",
            Self::RunOn => "runs on",
            Self::EndIfInTime => "stops, if in time",
            Self::Drop => "ends without a verdict, unless late",
            Self::GiveBack => "ends without a verdict, if the rule says so",
            Self::Void => "has no verdict",
            Self::Unvoid => "has its verdict again",
            Self::Exempt => "is exempt",
        }
    }
}
