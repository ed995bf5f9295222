//! Where a case stands, in the words of the rates.

use super::case::Judged;

#[derive(Clone, Copy, PartialEq)]
pub enum Standing {
    Pending,
    Open,
    Suspended,
    Closed,
    Void,
    Excluded,
}

/// What the figures ask of a case.
pub struct Facts<'a> {
    pub case: &'a Judged,
    pub standing: Standing,
    pub is_duplicate: bool,
    pub is_direct: bool,
    pub is_on_time: bool,
    pub is_past: bool,
}

impl<'a> Facts<'a> {
    pub fn of(case: &'a Judged) -> Self {
        let standing = match () {
            () if case.is_void => Standing::Void,
            () if case.is_excluded => Standing::Excluded,
            () if case.received_at.is_none() => Standing::Pending,
            () if case.closed_at.is_some() => Standing::Closed,
            () if case.suspended_since.is_some() => Standing::Suspended,
            () => Standing::Open,
        };
        let is_closed = standing == Standing::Closed;
        let line = case.line();
        let is_on_time = is_closed && line.due.is_some() && !line.was_late && line.stopped.is_some();
        Self {
            case,
            standing,
            is_duplicate: case.parent.is_some(),
            is_direct: case.is_direct,
            is_on_time,
            is_past: line.is_past(case.as_of),
        }
    }

    pub fn due(&self) -> Option<i64> {
        self.case.line().due
    }

    pub fn is(&self, standing: Standing) -> bool {
        self.standing == standing
    }

    pub fn is_counted(&self) -> bool {
        [Standing::Open, Standing::Suspended, Standing::Closed].contains(&self.standing)
    }

    /// Both streams leave direct answers out, the grid duplicates as well.
    pub fn is_out_of_base(&self) -> bool {
        self.is_direct || (self.is_duplicate && self.case.is_grid)
    }

    pub fn is_in_base(&self) -> bool {
        self.is_counted() && !self.is_out_of_base()
    }

    /// The due of the rule is about the answer, and there is one: 待结, unless it is suspended.
    pub fn is_answered(&self) -> bool {
        self.case.closed_at.is_none()
            && self.case.stated.is_none()
            && self.case.ruled.stopped.is_some()
            && self.case.ruled.due.is_some()
    }

    pub fn is_to_be_closed(&self) -> bool {
        self.is(Standing::Open) && self.is_answered()
    }

    /// Suspended before its due, which has not come yet therefore.
    pub fn stands_still(&self) -> bool {
        let line = self.case.line();
        self.is(Standing::Suspended) && !self.is_answered() && !line.was_late
    }

    pub fn is_overdue(&self) -> bool {
        self.is(Standing::Open) && self.due().is_some() && self.is_past && !self.is_to_be_closed()
    }

    pub fn bucket(&self) -> &'static str {
        match self.standing {
            Standing::Void => "void",
            Standing::Excluded => "excluded",
            Standing::Pending => "pending",
            Standing::Suspended => "suspended",
            Standing::Closed if self.due().is_none() => "closed_without_due",
            Standing::Closed if self.is_on_time => "closed_in_time",
            Standing::Closed => "closed_late",
            Standing::Open if self.is_to_be_closed() => "answered",
            Standing::Open if self.due().is_none() => "no_limit",
            Standing::Open if self.is_overdue() => "overdue",
            Standing::Open => "not_due",
        }
    }

    pub fn marks(&self) -> Vec<&'static str> {
        let marks = [
            ("is_unassessed", self.case.is_assessed == Some(false)),
            ("is_exempt", self.case.is_exempt),
            ("is_duplicate", self.is_duplicate),
            ("is_direct_answer", self.is_direct),
            ("is_patrol_dealt", self.case.is_patrol_dealt),
            ("is_out_of_base", self.is_out_of_base()),
        ];
        marks.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect()
    }
}
