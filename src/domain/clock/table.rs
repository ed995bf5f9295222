//! What happens to a clock, and what it does then: one table.

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
