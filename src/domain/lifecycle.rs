//! The life of a case as a table: which fact moves it from where to where.
//! Reality leaves gaps, so a fact that comes from an unexpected phase is counted as irregular, never dropped.

use std::fmt::Write as _;

use super::fact::{Fact, FactKind};

/// How far a case has come, in order. Suspension and voiding lie across this and are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Phase {
    /// Nothing has happened that moves it on.
    #[default]
    New,
    /// 上报.
    Reported,
    /// 不予受理.
    Rejected,
    /// 受理.
    Accepted,
    /// 不予立案.
    NotFiled,
    /// 立案.
    Filed,
    /// 派遣: with a unit that has not signed for it.
    Dispatched,
    /// 退单: back at the centre, to be sent to another unit.
    Returned,
    /// 处置中: a unit is at work.
    Handling,
    /// 返工: at work again.
    Rework,
    /// 处置反馈: to be checked, or closed.
    Submitted,
    /// 核查中.
    Checking,
    /// 核查通过.
    Checked,
    /// 结案.
    Closed,
}

impl Phase {
    /// In the order of the life, with the word in the column.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::New, "new"),
        (Self::Reported, "reported"),
        (Self::Rejected, "rejected"),
        (Self::Accepted, "accepted"),
        (Self::NotFiled, "not_filed"),
        (Self::Filed, "filed"),
        (Self::Dispatched, "dispatched"),
        (Self::Returned, "returned"),
        (Self::Handling, "handling"),
        (Self::Rework, "rework"),
        (Self::Submitted, "submitted"),
        (Self::Checking, "checking"),
        (Self::Checked, "checked"),
        (Self::Closed, "closed"),
    ];

    /// As the column `phase` says it.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// One row of the table: a fact, the phases it is expected in, and where it leads.
#[derive(Debug)]
struct PhaseMove {
    kind: FactKind,
    from: &'static [Phase],
    to: Phase,
}

/// Facts without a row (extension, suspension, voiding, correction, revisit …) move no phase. A check that is not passed leads
/// to `Rework`, a return that is refused nowhere.
#[rustfmt::skip]
const MOVES: &[PhaseMove] = {
    use FactKind as K;
    use Phase as P;
    &[
        PhaseMove { kind: K::Reported, from: &[P::New], to: P::Reported },
        PhaseMove { kind: K::Accepted, from: &[P::New, P::Reported], to: P::Accepted },
        PhaseMove { kind: K::Tallied, from: &[P::New], to: P::Closed },
        PhaseMove { kind: K::Rejected, from: &[P::New, P::Reported], to: P::Rejected },
        PhaseMove { kind: K::Filed, from: &[P::Reported, P::Accepted], to: P::Filed },
        PhaseMove { kind: K::NotFiled, from: &[P::Reported, P::Accepted], to: P::NotFiled },
        PhaseMove { kind: K::Dispatched, from: &[P::Accepted, P::Filed, P::Dispatched, P::Returned, P::Handling, P::Rework], to: P::Dispatched },
        PhaseMove { kind: K::ReturnDecided, from: &[P::Dispatched, P::Handling, P::Rework], to: P::Returned },
        PhaseMove { kind: K::Signed, from: &[P::Dispatched, P::Handling, P::Rework], to: P::Handling },
        PhaseMove { kind: K::Contacted, from: &[P::Dispatched, P::Handling, P::Rework], to: P::Handling },
        PhaseMove { kind: K::Submitted, from: &[P::Dispatched, P::Handling, P::Rework], to: P::Submitted },
        PhaseMove { kind: K::CheckRequested, from: &[P::Submitted], to: P::Checking },
        PhaseMove { kind: K::Checked, from: &[P::Submitted, P::Checking], to: P::Checked },
        PhaseMove { kind: K::ReworkOrdered, from: &[P::Handling, P::Rework, P::Submitted, P::Checking, P::Checked], to: P::Rework },
        PhaseMove { kind: K::Closed, from: &[P::Submitted, P::Checking, P::Checked], to: P::Closed },
        PhaseMove { kind: K::Reopened, from: &[P::Closed], to: P::Handling },
    ]
};

/// How well a fact fits the phase it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The table has it.
    Expected,
    /// It leads on, but something must be missing before it.
    Gap,
    /// It was told late, or does not belong here: the life does not run backwards.
    Stray,
}

/// The phase after the fact.
pub(super) fn advance(phase: Phase, fact: &Fact) -> (Phase, Fit) {
    let row = match fact {
        Fact::ReturnDecided { accepted: false, .. } => None,
        _ => MOVES.iter().find(|row| row.kind == fact.kind()),
    };
    let Some(row) = row else { return (phase, Fit::Expected) };
    let to = if matches!(fact, Fact::Checked { passed: false, .. }) { Phase::Rework } else { row.to };
    if row.from.contains(&phase) {
        (to, Fit::Expected)
    } else if phase == Phase::Closed || to < phase || row.kind == FactKind::Reopened {
        (phase, Fit::Stray)
    } else {
        (to, Fit::Gap)
    }
}

/// The table as docs/lifecycle.md shows it; a test holds the two together.
pub fn as_markdown() -> String {
    let mut text = String::from("| event | expected in | leads to |\n|---|---|---|\n");
    for row in MOVES {
        let from: Vec<String> = row.from.iter().map(|phase| format!("`{}`", phase.name())).collect();
        let _ = writeln!(text, "| `{}` | {} | `{}` |", row.kind.name(), from.join(", "), row.to.name());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{OfUnit, Reason};

    #[test]
    fn a_failed_check_sends_the_case_back_to_work() {
        let failed = Fact::Checked { passed: false, reason: Reason::default() };
        assert_eq!(advance(Phase::Submitted, &failed), (Phase::Rework, Fit::Expected));
    }

    #[test]
    fn a_closed_case_is_left_only_by_reopening() {
        let signed = Fact::Signed { unit: "".into() };
        assert_eq!(advance(Phase::Closed, &signed), (Phase::Closed, Fit::Stray));
        let reopened = Fact::Reopened { due: None, reason: Reason::default() };
        assert_eq!(advance(Phase::Closed, &reopened), (Phase::Handling, Fit::Expected));
        assert_eq!(advance(Phase::Handling, &reopened), (Phase::Handling, Fit::Stray));
    }

    #[test]
    fn a_gap_is_jumped_and_said() {
        let closed = Fact::Closed { how: "".into(), result: "".into() };
        assert_eq!(advance(Phase::Accepted, &closed), (Phase::Closed, Fit::Gap));
        let accepted = Fact::Accepted(Box::default());
        assert_eq!(advance(Phase::Handling, &accepted), (Phase::Handling, Fit::Stray));
    }

    #[test]
    fn a_return_that_is_refused_leads_nowhere() {
        let decided = |accepted| Fact::ReturnDecided { accepted, of: OfUnit::default() };
        assert_eq!(advance(Phase::Dispatched, &decided(false)), (Phase::Dispatched, Fit::Expected));
        assert_eq!(advance(Phase::Dispatched, &decided(true)), (Phase::Returned, Fit::Expected));
    }

    #[test]
    fn no_fact_has_two_rows() {
        for (index, row) in MOVES.iter().enumerate() {
            assert!(MOVES[index + 1..].iter().all(|other| other.kind != row.kind), "{:?}", row.kind);
        }
    }
}
