//! 派遣: one dispatch of the case to a unit, and what became of it. Unit figures count these, case figures count cases.

use smol_str::SmolStr;

use super::time::Millis;

/// 派遣结果, as the column `assignments.outcome` says it. Only `Open` still has the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// At work, or not signed for yet.
    #[default]
    Open = 1,
    /// Submitted, or closed over its head (then nothing was submitted).
    Done = 2,
    /// 退单, and the return was accepted.
    Returned = 3,
    /// 撤回.
    Withdrawn = 4,
    /// 转派: another unit leads now, and this one has not answered.
    PassedOn = 5,
}

impl Outcome {
    /// Every outcome with its word in the column, in the order of the numbers.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Done, "done"),
        (Self::Returned, "returned"),
        (Self::Withdrawn, "withdrawn"),
        (Self::PassedOn, "passed_on"),
    ];

    /// The word in the column, and in JSON.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize - 1].1
    }
}

/// The place of the assignment with this number, which is counted from 1.
pub fn numbered(number: u16) -> Option<usize> {
    usize::from(number).checked_sub(1)
}

/// One for each dispatch, in their order: a unit that is sent the same case twice has two. Numbered from 1 in [`Span`](super::span::Span).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// 责任单位: its code, as the events give it.
    pub unit: SmolStr,
    /// As the dispatch wrote it; empty where it gave none.
    pub unit_name: SmolStr,
    /// 派遣级别 2, 3, 4; 0: not stated. See `is_above`.
    pub level: u8,
    /// 协办: the case is another unit's.
    pub is_support: bool,
    /// 派遣时间: of the dispatch.
    pub at: Millis,
    /// 签收: the first time. None: not signed for.
    pub signed_at: Option<Millis>,
    /// The last answer.
    pub submitted_at: Option<Millis>,
    /// When it was returned, withdrawn, passed on or, by the close, done.
    pub ended_at: Option<Millis>,
    /// 派遣结果, as it is known after the last fact.
    pub outcome: Outcome,
}

impl Assignment {
    /// 退单 or 撤回: the unit is not judged by what was still in time then (docs/lifecycle.md, Clocks).
    pub fn is_given_back(&self) -> bool {
        matches!(self.outcome, Outcome::Returned | Outcome::Withdrawn)
    }

    /// 级别 2, 3, 4: the larger, the lower. A level that is not stated (0) is above none and below none.
    pub(super) fn is_above(&self, level: u8) -> bool {
        self.level > 0 && self.level < level
    }
}
