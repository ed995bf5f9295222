//! docs/kpi.md in plain words: what a case adds to each figure, numerator and denominator, for a period and an instant.

use super::{
    instant::clock,
    judge::Judged,
    line::Line,
    opinion::{Opinion, Part},
};

/// The figures that the oracle has an opinion of.
pub const FIGURES: [&str; 49] = [
    "K01", "K02", "K03", "K04a", "K04c", "K05a", "K05b", "K05c", "K05d", "K06a", "K06b", "K06c", "K06d", "K06e", "K06f", "K06g", "K06h", "K07",
    "K08", "K09b", "K09c", "K09d", "K10a", "K10b", "K10c", "K11a", "K11b", "K11c", "K11d", "K11e", "K11f", "K11g", "K11h", "K11i", "K12",
    "K12b", "K13", "K14", "K15", "K15b", "K16a", "K16b", "K17a", "K17b", "K17d", "K18a", "K18b", "K18c", "K19",
];

#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Pending,
    Open,
    Suspended,
    Closed,
    Void,
    Excluded,
}

/// What the figures ask of a case.
pub struct Facts<'a> {
    case: &'a Judged,
    standing: Standing,
    is_duplicate: bool,
    is_direct: bool,
    pub is_on_time: bool,
    is_past: bool,
}

impl<'a> Facts<'a> {
    pub fn of(case: &'a Judged) -> Self {
        let standing = match () {
            () if case.is_excluded => Standing::Excluded,
            () if case.is_void => Standing::Void,
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

    fn due(&self) -> Option<i64> {
        self.case.line().due
    }

    fn is(&self, standing: Standing) -> bool {
        self.standing == standing
    }

    fn is_counted(&self) -> bool {
        [Standing::Open, Standing::Suspended, Standing::Closed].contains(&self.standing)
    }

    /// Both streams leave direct answers out, the grid duplicates as well.
    fn is_out_of_base(&self) -> bool {
        self.is_direct || (self.is_duplicate && self.case.is_grid)
    }

    pub fn is_in_base(&self) -> bool {
        self.is_counted() && !self.is_out_of_base()
    }

    fn is_not_filed(&self) -> bool {
        self.is(Standing::Excluded) && !self.case.is_rejected
    }

    /// The due of the rule is about the answer, and there is one: 待结, unless it is suspended.
    fn is_answered(&self) -> bool {
        self.case.closed_at.is_none() && self.case.stated.is_none() && self.case.ruled.stopped.is_some()
    }

    fn is_to_be_closed(&self) -> bool {
        self.is(Standing::Open) && self.is_answered()
    }

    /// Suspended before its due, which has not come yet therefore.
    fn stands_still(&self) -> bool {
        let line = self.case.line();
        self.is(Standing::Suspended) && !self.is_answered() && !line.was_late
    }

    fn is_overdue(&self) -> bool {
        self.is(Standing::Open) && self.due().is_some() && self.is_past && !self.is_to_be_closed()
    }

    fn bucket(&self) -> &'static str {
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

    fn marks(&self) -> Vec<&'static str> {
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

    fn figure(&self, id: &str, (from, to): (i64, i64)) -> (i64, i64) {
        let case = self.case;
        let within = |at: Option<i64>| at.is_some_and(|at| from <= at && at < to);
        let created = within(case.received_at);
        let closed = self.is(Standing::Closed);
        let closed_within = closed && within(case.closed_at);
        let base = self.is_in_base();
        let should = closed || self.is_overdue();
        let mature = should || (self.is(Standing::Open) && !self.is_to_be_closed() && self.due().is_some_and(|due| due <= case.as_of));
        let has_due = self.due().is_some();
        let due_within = within(self.due());
        let is_suspended = self.stands_still();
        let is_due = closed || self.is_overdue() || (self.is(Standing::Suspended) && has_due && !is_suspended && !self.is_answered());
        let carried = has_due && self.due() < Some(from) && case.closed_at.is_none_or(|at| at >= from) && self.is_counted();
        let carry = base && is_due && has_due && (due_within || carried);
        let kept = self.is_on_time || (self.is_counted() && self.is_answered() && !case.line().was_late);
        let rated = |n: bool, d: bool| (i64::from(n && d), i64::from(d));
        let counted = |n: bool| (i64::from(n), 0);
        let said = |answer: Option<bool>| rated(answer == Some(true), answer.is_some());
        let fallen = |due: i64| from <= due && due < to && due <= case.as_of;
        let of_clocks = |clocks: &[(i64, &'static str)]| {
            let judged = clocks.iter().filter(|(due, verdict)| base && fallen(*due) && *verdict != "paused");
            judged.fold((0, 0), |(n, d), (_, verdict)| (n + i64::from(*verdict == "in_time"), d + 1))
        };
        let revisited = self.is_counted() && within(case.revisits.first_at);
        match id {
            "K01" | "K17a" => counted(self.is_counted() && created),
            "K02" => {
                rated(case.received_at.is_some(), !self.is(Standing::Void) && within(case.reported_at.or(case.received_at)))
            }
            "K03" => rated(case.filed_at.is_some(), created && (self.is_counted() || self.is_not_filed())),
            "K04a" => rated(case.was_dispatched, self.is_counted() && within(case.filed_at)),
            "K04c" => rated(case.counts.returns == 0, self.is_counted() && within(case.filed_at) && case.was_dispatched),
            "K05a" => rated(closed, base && created),
            "K05b" => rated(closed, base && created && should),
            "K05d" => rated(closed, base && created && mature),
            "K05c" => rated(closed, carry),
            "K06a" => rated(self.is_on_time, base && created && has_due),
            "K06b" => rated(self.is_on_time, base && created && has_due && should),
            "K06h" => rated(self.is_on_time, base && created && has_due && mature),
            "K06c" => rated(kept, base && due_within && !is_suspended && self.due() <= Some(case.as_of)),
            "K06d" => rated(self.is_on_time, base && closed_within && has_due),
            "K06e" => {
                let original = case.line().original;
                let done = case.line().stopped.filter(|_| closed || self.is_answered());
                let is_met = |(due, at)| at < due || (at == due && (clock(due) != 0 || case.line().is_at_once));
                let is_kept = original.zip(done).is_some_and(is_met);
                rated(is_kept, base && within(original) && !is_suspended && original <= Some(case.as_of))
            }
            "K06f" => rated(closed && !case.line().was_late, base && created),
            "K06g" => rated(kept, carry || (base && self.is_answered() && due_within)),
            "K07" => rated(self.is_overdue(), base && self.is(Standing::Open) && !self.is_to_be_closed()),
            "K09c" => case.checks.first().map_or((0, 0), |(at, passed)| rated(*passed, base && within(Some(*at)))),
            "K09d" => {
                let checks = case.checks.iter().filter(|(at, _)| base && within(Some(*at)));
                checks.fold((0, 0), |(n, d), (_, passed)| (n + i64::from(*passed), d + 1))
            }
            "K10a" => rated(!case.reworks.is_empty(), base && created && should),
            "K10b" => rated(!case.reworks.is_empty(), carry),
            "K10c" if base && created && should => (case.reworks.len() as i64, 1),
            "K11a" => rated(case.counts.extensions > 0, self.is_counted() && created),
            "K11b" => rated(case.counts.suspensions > 0, self.is_counted() && created),
            "K11c" => rated(case.counts.returns > 0, self.is_counted() && created),
            "K11d" => rated(self.is(Standing::Void), created && (self.is_counted() || self.is(Standing::Void))),
            "K11e" => rated(self.is_duplicate, self.is_counted() && created),
            "K11f" => rated(case.is_patrol_dealt, self.is_counted() && created),
            "K11g" => rated(self.is_direct, self.is_counted() && created),
            "K11h" => rated(case.counts.extensions > 0, carry),
            "K12" => {
                let answer = case.revisits.first_contact;
                rated(answer == Some(true), answer.is_some() && closed_within)
            }
            "K13" => rated(!case.line().was_late, base && closed_within),
            "K14" => rated(case.result == "实际解决", closed_within && ["实际解决", "解释说明"].contains(&case.result.as_str())),
            "K15" if revisited => case.revisits.satisfaction.map_or((0, 0), |word| (weight(word), 1)),
            "K15b" if revisited => (i64::from(case.revisits.satisfaction.is_some()), case.revisits.attempts),
            "K16a" | "K16b" if base && closed_within && case.closed_at >= case.received_at => {
                let (from, to) = (case.received_at.expect("received"), case.closed_at.expect("closed"));
                (1, if id == "K16a" { to - from } else { case.worked_ms })
            }
            "K18a" if revisited => said(case.revisits.first_contact),
            "K18b" if revisited => said(case.revisits.solved),
            "K18c" if revisited => said(case.revisits.satisfaction.map(|word| ["满意", "基本满意"].contains(&word))),
            "K19" if self.is_counted() && created => (case.quantity, 0),
            "K17b" => counted(self.is_counted() && closed_within),
            "K17d" => {
                let is_open_then = case.closed_at.is_none_or(|at| at >= to);
                counted(self.is_counted() && case.received_at < Some(to) && is_open_then)
            }
            "K08" => self.sum(|part| of_clocks(&part.clocks)),
            "K09b" => of_clocks(&clocks(case.checking.iter())),
            "K12b" => of_clocks(&clocks([&case.contact].into_iter())),
            "K11i" => self.sum(|part| rated(part.outcome == "returned", self.is_counted() && within(Some(part.at)))),
            _ => (0, 0),
        }
    }

    fn sum(&self, of: impl Fn(&Part) -> (i64, i64)) -> (i64, i64) {
        self.parts().iter().map(of).fold((0, 0), |(n, d), part| (n + part.0, d + part.1))
    }

    fn parts(&self) -> Vec<Part> {
        let part = |part: &super::units::Assigned| Part {
            unit: part.unit.clone(),
            at: part.at,
            clocks: clocks([&part.line].into_iter().chain(&part.more)),
            outcome: if ["open", "done"].contains(&part.outcome) { "kept" } else { part.outcome },
        };
        self.case.units.parts.iter().map(part).collect()
    }

    pub fn opinion(&self, period: (i64, i64), figures: &[&'static str]) -> Opinion {
        let case = self.case;
        let counts = &case.counts;
        Opinion {
            bucket: self.bucket(),
            received_at: case.received_at,
            closed_at: case.closed_at,
            first_closed_at: case.first_closed_at,
            due: self.due(),
            original_due: case.line().original,
            is_on_time: self.is_on_time,
            is_in_base: self.is_in_base(),
            marks: self.marks(),
            counts: vec![
                ("events", counts.events),
                ("duplicates", counts.duplicates),
                ("conflicts", counts.conflicts),
                ("extensions", counts.extensions),
                ("late_extensions", counts.late_extensions),
                ("suspensions", counts.suspensions),
                ("paused_ms", counts.paused_ms),
                ("longest_pause_ms", counts.longest_pause_ms),
                ("reopens", counts.reopens),
                ("dispatches", counts.dispatches),
                ("returns", counts.returns),
                ("refused_returns", counts.refused_returns),
                ("supervisions", counts.supervisions),
                ("urges", counts.urges),
                ("corrections", counts.corrections),
                ("reworks", case.reworks.len() as i64),
            ],
            assignments: self.parts(),
            figures: figures.iter().map(|id| (*id, self.figure(id, period))).map(|(id, (n, d))| (id, n, d)).collect(),
        }
    }
}

fn clocks<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<(i64, &'static str)> {
    let judged = lines.filter(|line| line.verdict() != "neither").map(|line| (line.due.expect("it is judged"), line.verdict()));
    let mut judged: Vec<(i64, &'static str)> = judged.collect();
    judged.sort_unstable();
    judged
}

/// In hundredths of a point.
fn weight(word: &str) -> i64 {
    match word {
        "满意" => 100,
        "基本满意" => 80,
        "一般" => 60,
        _ => 0,
    }
}
