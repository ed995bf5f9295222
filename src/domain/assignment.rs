//! 派遣: one dispatch of the case to a unit, and what became of it. Unit figures count these, case figures count cases.

use smol_str::SmolStr;

use super::time::Millis;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
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
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Done, "done"),
        (Self::Returned, "returned"),
        (Self::Withdrawn, "withdrawn"),
        (Self::PassedOn, "passed_on"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize - 1].1
    }
}

/// The place of the assignment with this number, which is counted from 1.
pub fn numbered(number: u16) -> Option<usize> {
    usize::from(number).checked_sub(1)
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    pub unit: SmolStr,
    pub unit_name: SmolStr,
    pub level: u8,
    /// 协办: the case is another unit's.
    pub is_support: bool,
    pub at: Millis,
    pub signed_at: Option<Millis>,
    /// The last answer.
    pub submitted_at: Option<Millis>,
    /// When it was returned, withdrawn, passed on or, by the close, done.
    pub ended_at: Option<Millis>,
    pub outcome: Outcome,
}

impl Assignment {
    pub fn is_given_back(&self) -> bool {
        matches!(self.outcome, Outcome::Returned | Outcome::Withdrawn)
    }

    /// 级别 2, 3, 4: the larger, the lower. A level that is not stated (0) is above none and below none.
    pub(super) fn is_above(&self, level: u8) -> bool {
        self.level > 0 && self.level < level
    }
}
