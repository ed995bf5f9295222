//! The life of a case as a table: which fact moves it from where to where.
//! Reality leaves gaps, so a fact that comes from an unexpected phase is counted as irregular, never dropped.

use super::fact::{Fact, FactKind};

/// How far a case has come, in order. Suspension and voiding lie across this and are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Phase {
    #[default]
    New,
    Reported,
    Rejected,
    Accepted,
    NotFiled,
    Filed,
    Dispatched,
    Handling,
    Rework,
    Submitted,
    Checked,
    Closed,
}

impl Phase {
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::New, "new"),
        (Self::Reported, "reported"),
        (Self::Rejected, "rejected"),
        (Self::Accepted, "accepted"),
        (Self::NotFiled, "not_filed"),
        (Self::Filed, "filed"),
        (Self::Dispatched, "dispatched"),
        (Self::Handling, "handling"),
        (Self::Rework, "rework"),
        (Self::Submitted, "submitted"),
        (Self::Checked, "checked"),
        (Self::Closed, "closed"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// One row of the table: a fact, the phases it is expected in, and where it leads.
#[derive(Debug)]
pub struct Move {
    pub kind: FactKind,
    pub from: &'static [Phase],
    pub to: Phase,
}

/// Facts without a row (extension, suspension, resumption, voiding, correction) move no phase.
pub const MOVES: &[Move] = &[
    Move { kind: FactKind::Reported, from: &[Phase::New], to: Phase::Reported },
    Move { kind: FactKind::Accepted, from: &[Phase::New, Phase::Reported], to: Phase::Accepted },
    Move { kind: FactKind::Rejected, from: &[Phase::New, Phase::Reported], to: Phase::Rejected },
    Move { kind: FactKind::Filed, from: &[Phase::Reported, Phase::Accepted], to: Phase::Filed },
    Move { kind: FactKind::NotFiled, from: &[Phase::Reported, Phase::Accepted], to: Phase::NotFiled },
    Move {
        kind: FactKind::Dispatched,
        from: &[Phase::Accepted, Phase::Filed, Phase::Dispatched, Phase::Handling, Phase::Rework],
        to: Phase::Dispatched,
    },
    Move { kind: FactKind::Signed, from: &[Phase::Dispatched, Phase::Handling], to: Phase::Handling },
    Move { kind: FactKind::Contacted, from: &[Phase::Dispatched, Phase::Handling], to: Phase::Handling },
    Move {
        kind: FactKind::Submitted,
        from: &[Phase::Dispatched, Phase::Handling, Phase::Rework],
        to: Phase::Submitted,
    },
    Move { kind: FactKind::Checked, from: &[Phase::Submitted], to: Phase::Checked },
    Move { kind: FactKind::Closed, from: &[Phase::Submitted, Phase::Checked], to: Phase::Closed },
    Move { kind: FactKind::Reopened, from: &[Phase::Closed], to: Phase::Handling },
];

/// The phase after the fact, and whether the table expected the fact in this phase.
pub fn advance(phase: Phase, fact: &Fact) -> (Phase, bool) {
    let Some(row) = MOVES.iter().find(|row| row.kind == fact.kind()) else { return (phase, true) };
    let to = if matches!(fact, Fact::Checked { passed: false, .. }) { Phase::Rework } else { row.to };
    if row.from.contains(&phase) {
        (to, true)
    } else if phase == Phase::Closed || (to < phase && row.kind != FactKind::Reopened) {
        // What was true before is told late: the life does not run backwards.
        (phase, false)
    } else if row.kind == FactKind::Reopened {
        (phase, false)
    } else {
        (to, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Reason;

    #[test]
    fn a_failed_check_sends_the_case_back_to_work() {
        let failed = Fact::Checked { passed: false, reason: Reason::default() };
        assert_eq!(advance(Phase::Submitted, &failed), (Phase::Rework, true));
    }

    #[test]
    fn a_closed_case_is_left_only_by_reopening() {
        let signed = Fact::Signed { unit: "".into() };
        assert_eq!(advance(Phase::Closed, &signed), (Phase::Closed, false));
        let reopened = Fact::Reopened { due: None, reason: Reason::default() };
        assert_eq!(advance(Phase::Closed, &reopened), (Phase::Handling, true));
        assert_eq!(advance(Phase::Handling, &reopened), (Phase::Handling, false));
    }

    #[test]
    fn a_gap_is_jumped_and_said() {
        let closed = Fact::Closed { how: "".into(), result: "".into() };
        assert_eq!(advance(Phase::Accepted, &closed), (Phase::Closed, false));
        let accepted = Fact::Accepted(Box::default());
        assert_eq!(advance(Phase::Handling, &accepted), (Phase::Handling, false));
    }

    #[test]
    fn no_fact_has_two_rows() {
        for (index, row) in MOVES.iter().enumerate() {
            assert!(MOVES[index + 1..].iter().all(|other| other.kind != row.kind), "{:?}", row.kind);
        }
    }
}
