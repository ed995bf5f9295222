//! The yes-or-no's of a step, as bits: what a figure may ask of a case besides its times.

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks(pub u16);

/// One bit. The columns of the mart show each under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Mark {
    /// The due is a midnight: its instant is late already.
    DueIsExclusive = 1,
    /// The same of the original due.
    OriginalDueIsExclusive = 1 << 1,
    /// The due rests on days of which the notice is not out yet.
    Provisional = 1 << 2,
    /// 是否考核: no.
    Unassessed = 1 << 3,
    /// 申诉通过.
    Exempt = 1 << 4,
    /// 重复工单.
    Duplicate = 1 << 5,
    /// 直接答复: answered at once, never sent to a unit.
    DirectAnswer = 1 << 6,
    /// 自行处置: put right on the spot.
    PatrolDealt = 1 << 7,
    /// By the stream's declaration neither closure nor timeliness asks for it: a duplicate, or a direct answer.
    OutOfBase = 1 << 8,
    /// 实际解决.
    ResultSolved = 1 << 9,
    /// 解释说明.
    ResultExplained = 1 << 10,
    /// 红灯: it has been late at some time, or its source says so.
    WasRed = 1 << 11,
    /// 先结后收: left out of how long it took.
    ClosedBeforeReceipt = 1 << 12,
    /// Suspended before its due had passed: the due stands still, and has not come yet.
    DueIsHeld = 1 << 13,
    /// More was said of the case than the fold follows.
    HistoryLimited = 1 << 14,
    /// The original due was kept when it passed, whatever was sent back to work since.
    OriginalIsKept = 1 << 15,
}

impl Mark {
    /// Each with its column in the mart, in the order of the bits.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::DueIsExclusive, "due_is_exclusive"),
        (Self::OriginalDueIsExclusive, "original_due_is_exclusive"),
        (Self::Provisional, "is_provisional"),
        (Self::Unassessed, "is_unassessed"),
        (Self::Exempt, "is_exempt"),
        (Self::Duplicate, "is_duplicate"),
        (Self::DirectAnswer, "is_direct_answer"),
        (Self::PatrolDealt, "is_patrol_dealt"),
        (Self::OutOfBase, "is_out_of_base"),
        (Self::ResultSolved, "is_solved"),
        (Self::ResultExplained, "is_explained"),
        (Self::WasRed, "was_red"),
        (Self::ClosedBeforeReceipt, "is_closed_before_receipt"),
        (Self::DueIsHeld, "is_due_held"),
        (Self::HistoryLimited, "is_history_limited"),
        (Self::OriginalIsKept, "is_original_kept"),
    ];
}

impl Marks {
    /// Is the bit set?
    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark as u16 != 0
    }

    /// With the bit where it is so; it is never taken away.
    #[must_use]
    pub fn with(self, mark: Mark, is_set: bool) -> Self {
        if is_set { Self(self.0 | mark as u16) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_a_bit_of_its_own() {
        let all = Mark::ALL.iter().fold(0, |bits, (mark, _)| {
            assert_eq!(bits & *mark as u16, 0);
            bits | *mark as u16
        });
        assert_eq!(all.count_ones() as usize, Mark::ALL.len());
        assert!(Marks::default().with(Mark::Exempt, true).has(Mark::Exempt));
        assert!(!Marks::default().with(Mark::Exempt, false).has(Mark::Exempt));
    }
}
