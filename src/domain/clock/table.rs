//! What happens to a clock, and what it does then: one table.

use std::fmt::Write as _;

use crate::domain::time::Due;

/// What an event means for the clock of one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    Start,
    Stop,
    /// 挂账.
    Pause,
    Resume,
    ExtensionRequested,
    /// The due that the approval names, where it names one.
    ExtensionApproved {
        due: Option<Due>,
    },
    /// 返工: sent back to work.
    Rework,
    /// Opened again after it was closed.
    Reopened,
    /// 退单, accepted.
    Returned,
    Voided,
    VoidRevoked,
    /// 申诉通过: not assessed.
    Exempted,
}

/// Where the clock is. Void and exempt lie across this and are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Waiting,
    Running,
    Paused,
    Stopped,
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
    GiveBack,
    Void,
    Unvoid,
    Exempt,
}

#[rustfmt::skip]
pub(super) fn act(phase: Phase, happening: Happening) -> Act {
    use Act::*;
    use Happening as H;
    let [waiting, running, paused, stopped, returned] = match happening {
        //                             waiting running   paused    stopped  returned
        H::Start                   => [Begin,  Keep,     Keep,     Keep,    Begin ],
        H::Stop                    => [Keep,   End,      End,      Keep,    Keep  ],
        H::Pause                   => [Keep,   Hold,     Keep,     Keep,    Keep  ],
        H::Resume                  => [Keep,   Keep,     GoOn,     Keep,    Keep  ],
        H::ExtensionRequested      => [Keep,   Ask,      Ask,      Keep,    Keep  ],
        H::ExtensionApproved { .. } => [Keep,  Extend,   Extend,   Extend,  Keep  ],
        H::Rework                  => [Keep,   Redo,     Keep,     Redo,    Keep  ],
        H::Reopened                => [Keep,   Keep,     Keep,     Redo,    Keep  ],
        H::Returned                => [Keep,   GiveBack, GiveBack, Keep,    Keep  ],
        H::Voided                  => [Void,   Void,     Void,     Void,    Void  ],
        H::VoidRevoked             => [Unvoid, Unvoid,   Unvoid,   Unvoid,  Unvoid],
        H::Exempted                => [Exempt, Exempt,   Exempt,   Exempt,  Exempt],
    };
    match phase {
        Phase::Waiting => waiting,
        Phase::Running => running,
        Phase::Paused => paused,
        Phase::Stopped => stopped,
        Phase::Returned => returned,
    }
}

const PHASES: [(Phase, &str); 5] = [
    (Phase::Waiting, "waiting"),
    (Phase::Running, "running"),
    (Phase::Paused, "paused"),
    (Phase::Stopped, "stopped"),
    (Phase::Returned, "returned"),
];

const HAPPENINGS: [(Happening, &str); 12] = [
    (Happening::Start, "start"),
    (Happening::Stop, "stop"),
    (Happening::Pause, "pause"),
    (Happening::Resume, "resume"),
    (Happening::ExtensionRequested, "extension requested"),
    (Happening::ExtensionApproved { due: None }, "extension approved"),
    (Happening::Rework, "rework"),
    (Happening::Reopened, "reopened"),
    (Happening::Returned, "return accepted"),
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
            Self::Redo => "runs again",
            Self::GiveBack => "ends without a verdict, if the rule says so",
            Self::Void => "has no verdict",
            Self::Unvoid => "has its verdict again",
            Self::Exempt => "is exempt",
        }
    }
}
