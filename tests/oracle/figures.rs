//! docs/kpi.md in plain words: what a case adds to each figure, numerator and denominator, for a period and an instant.

use super::{
    instant::clock,
    standing::{Facts, Standing},
};

/// The figures that the oracle has an opinion of.
pub const FIGURES: [&str; 49] = [
    "K01", "K02", "K03", "K04a", "K04c", "K05a", "K05b", "K05c", "K05d", "K06a", "K06b", "K06c", "K06d", "K06e",
    "K06f", "K06g", "K06h", "K07", "K08", "K09b", "K09c", "K09d", "K10a", "K10b", "K10c", "K11a", "K11b", "K11c",
    "K11d", "K11e", "K11f", "K11g", "K11h", "K11i", "K12", "K12b", "K13", "K14", "K15", "K15b", "K16a", "K16b", "K17a",
    "K17b", "K17d", "K18a", "K18b", "K18c", "K19",
];

impl Facts<'_> {
    pub fn figure(&self, id: &str, (from, to): (i64, i64)) -> (i64, i64) {
        let case = self.case;
        let within = |at: Option<i64>| at.is_some_and(|at| from <= at && at < to);
        let created = within(case.received_at);
        let closed = self.is(Standing::Closed);
        let closed_within = closed && within(case.closed_at);
        let base = self.is_in_base();
        let should = closed || self.is_overdue();
        let mature = should
            || (self.is(Standing::Open) && !self.is_to_be_closed() && self.due().is_some_and(|due| due <= case.as_of));
        let has_due = self.due().is_some();
        let due_within = within(self.due());
        let is_suspended = self.stands_still();
        let is_due = closed
            || self.is_overdue()
            || (self.is(Standing::Suspended) && has_due && !is_suspended && !self.is_answered());
        let carried =
            has_due && self.due() < Some(from) && case.closed_at.is_none_or(|at| at >= from) && self.is_counted();
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
            "K02" => rated(
                case.received_at.is_some(),
                !self.is(Standing::Void) && within(case.reported_at.or(case.received_at)),
            ),
            "K03" => rated(case.filed_at.is_some(), created && (self.is_counted() || self.is_not_filed())),
            "K04a" => rated(case.was_dispatched, self.is_counted() && within(case.filed_at)),
            "K04c" => {
                rated(case.counts.returns == 0, self.is_counted() && within(case.filed_at) && case.was_dispatched)
            }
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
            "K14" => rated(
                case.result == "实际解决",
                closed_within && ["实际解决", "解释说明"].contains(&case.result.as_str()),
            ),
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
            "K09b" => of_clocks(&self.clocks(case.checking.iter())),
            "K12b" => of_clocks(&self.clocks([&case.contact].into_iter())),
            "K11i" => self.sum(|part| rated(part.outcome == "returned", self.is_counted() && within(Some(part.at)))),
            _ => (0, 0),
        }
    }
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
