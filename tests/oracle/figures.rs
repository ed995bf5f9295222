//! docs/kpi.md in plain words: what a case adds to each figure, numerator and denominator, for a period and an instant.

use super::{
    case::Judged,
    instant::clock,
    standing::{Facts, Standing},
};

/// The figures that the oracle has an opinion of.
#[rustfmt::skip]
pub const FIGURES: [&str; 49] = [
    "K01", "K02", "K03", "K04a", "K04c", "K05a", "K05b", "K05c", "K05d", "K06a", "K06b", "K06c", "K06d", "K06e", "K06f", "K06g", "K06h",
    "K07", "K08", "K09b", "K09c", "K09d", "K10a", "K10b", "K10c", "K11a", "K11b", "K11c", "K11d", "K11e", "K11f", "K11g", "K11h", "K11i",
    "K12", "K12b", "K13", "K14", "K15", "K15b", "K16a", "K16b", "K17a", "K17b", "K17d", "K18a", "K18b", "K18c", "K19",
];

type Part = (i64, i64);

/// A case, and the period that is asked about.
pub struct Asked<'a> {
    facts: &'a Facts<'a>,
    case: &'a Judged,
    from: i64,
    to: i64,
    /// Received in the period, and standing.
    is_received: bool,
    is_closed: bool,
    /// In the base of closure and timeliness.
    is_in_base: bool,
    has_due: bool,
}

impl<'a> Asked<'a> {
    pub fn of(facts: &'a Facts<'a>, (from, to): (i64, i64)) -> Self {
        let received_at = facts.case.received_at;
        Self {
            facts,
            case: facts.case,
            from,
            to,
            is_received: facts.is_counted() && received_at.is_some_and(|at| from <= at && at < to),
            is_closed: facts.is(Standing::Closed),
            is_in_base: facts.is_in_base(),
            has_due: facts.due().is_some(),
        }
    }

    pub fn figure(&self, id: &str) -> Part {
        let groups =
            [Self::of_receipt, Self::of_timeliness, Self::of_life, Self::of_close, Self::of_citizens, Self::of_parts];
        let mut answers = groups.iter().filter_map(|group| group(self, id));
        let answer = answers.next().expect("every figure has its group");
        assert!(answers.next().is_none(), "{id} is answered twice");
        answer
    }

    fn within(&self, at: Option<i64>) -> bool {
        at.is_some_and(|at| self.from <= at && at < self.to)
    }

    /// Should be closed by now: closed, or open and overdue.
    fn should(&self) -> bool {
        self.is_closed || self.facts.is_overdue()
    }

    /// Closed, or open and due by the as-of, were it at this very instant.
    fn is_mature(&self) -> bool {
        let is_due = self.facts.due().is_some_and(|due| due <= self.case.as_of);
        self.should() || (self.facts.is(Standing::Open) && !self.facts.is_to_be_closed() && is_due)
    }

    /// Due in the period, or due before it and open when it began.
    fn is_carried(&self, done: Option<i64>) -> bool {
        let due = self.facts.due();
        let was_open = due < Some(self.from) && done.is_none_or(|at| at >= self.from);
        self.is_in_base && self.has_due && (self.within(due) || was_open)
    }

    /// With the close, or with the answer where the due is about the answer.
    fn done(&self) -> Option<i64> {
        self.case.line().stopped.filter(|_| self.is_closed || self.facts.is_answered())
    }

    /// Of what is carried the closed and the overdue.
    fn should_with_carried(&self) -> bool {
        self.should() && self.is_carried(self.done())
    }

    /// Finished in time: closed, or answered where the due is about the answer.
    fn is_kept(&self) -> bool {
        self.facts.is_on_time || (self.facts.is_counted() && self.facts.is_answered() && !self.case.line().was_late)
    }

    fn of_receipt(&self, id: &str) -> Option<Part> {
        let (case, facts) = (self.case, self.facts);
        let is_filed = facts.is_counted() && self.within(case.filed_at);
        let created = self.within(case.received_at);
        Some(match id {
            "K01" | "K17a" => (self.is_received.into(), 0),
            "K02" => {
                let is_reported = self.within(case.reported_at.or(case.received_at));
                rated(case.received_at.is_some(), !facts.is(Standing::Void) && is_reported)
            }
            "K03" => rated(self.is_received && case.filed_at.is_some(), created && !facts.is(Standing::Void)),
            "K04a" => rated(case.was_dispatched, is_filed),
            "K04c" => rated(case.counts.returns == 0, is_filed && case.was_dispatched),
            "K05a" => rated(self.is_closed, self.is_in_base && created),
            "K05b" => rated(self.is_closed, self.is_in_base && created && self.should()),
            "K05c" => rated(self.is_closed, self.should_with_carried()),
            "K05d" => rated(self.is_closed, self.is_in_base && created && self.is_mature()),
            "K19" => (if self.is_received { case.quantity } else { 0 }, 0),
            _ => return None,
        })
    }

    fn of_timeliness(&self, id: &str) -> Option<Part> {
        let (case, facts) = (self.case, self.facts);
        let created = self.is_in_base && self.is_received;
        let is_on_time = facts.is_on_time;
        let has_come = |due: Option<i64>| self.is_in_base && self.within(due) && due <= Some(case.as_of);
        Some(match id {
            "K06a" => rated(is_on_time, created && self.has_due),
            "K06b" => rated(is_on_time, created && self.has_due && self.should()),
            "K06c" => rated(self.is_kept(), has_come(facts.due()) && !facts.stands_still()),
            "K06d" => rated(is_on_time, self.is_in_base && self.is_closed_within() && self.has_due),
            "K06e" => {
                let original = case.line().original;
                let is_at_once = case.line().is_first_at_once;
                let is_met = |(due, at)| at < due || (at == due && (clock(due) != 0 || is_at_once));
                let is_kept = case.line().was_met_by_original || original.zip(self.done()).is_some_and(is_met);
                rated(is_kept, has_come(original))
            }
            "K06f" => rated(self.is_closed && !case.line().was_late, created),
            "K06g" => {
                let is_suspended_late = facts.is(Standing::Suspended) && !facts.stands_still();
                let is_decided = self.should() || facts.is_to_be_closed() || is_suspended_late;
                rated(self.is_kept(), is_decided && self.is_carried(self.done()))
            }
            "K06h" => rated(is_on_time, created && self.has_due && self.is_mature()),
            "K07" => rated(facts.is_overdue(), self.is_in_base && facts.is(Standing::Open) && !facts.is_to_be_closed()),
            _ => return None,
        })
    }

    fn of_life(&self, id: &str) -> Option<Part> {
        let (case, counts) = (self.case, &self.case.counts);
        let should = self.is_in_base && self.is_received && self.should();
        let is_void = self.facts.is(Standing::Void);
        Some(match id {
            "K10a" => rated(!case.reworks.is_empty(), should),
            "K10b" => rated(!case.reworks.is_empty(), self.should_with_carried()),
            "K10c" => {
                if should {
                    (case.reworks.len() as i64, 1)
                } else {
                    (0, 0)
                }
            }
            "K11a" => rated(counts.extensions > 0, self.is_received),
            "K11b" => rated(counts.suspensions > 0, self.is_received),
            "K11c" => rated(counts.returns > 0, self.is_received),
            "K11d" => rated(is_void, self.is_received || (is_void && self.within(case.received_at))),
            "K11e" => rated(self.facts.is_duplicate, self.is_received),
            "K11f" => rated(case.is_patrol_dealt, self.is_received),
            "K11g" => rated(self.facts.is_direct, self.is_received),
            "K11h" => rated(counts.extensions > 0, self.should_with_carried()),
            _ => return None,
        })
    }

    fn is_closed_within(&self) -> bool {
        self.is_closed && self.within(self.case.closed_at)
    }

    fn of_close(&self, id: &str) -> Option<Part> {
        let case = self.case;
        let is_closed = self.is_closed_within();
        Some(match id {
            "K13" => rated(!case.line().was_late, self.is_in_base && is_closed),
            "K14" => {
                rated(case.result == "实际解决", is_closed && ["实际解决", "解释说明"].contains(&case.result.as_str()))
            }
            // Number and sum; who was closed before he was received took no time.
            "K16a" | "K16b" => match (case.received_at, case.closed_at) {
                (Some(from), Some(to)) if self.is_in_base && is_closed && from <= to => {
                    (1, if id == "K16a" { to - from } else { case.worked_ms })
                }
                _ => (0, 0),
            },
            "K17b" => (is_closed.into(), 0),
            "K17d" => {
                let is_open_then = case.closed_at.is_none_or(|at| at >= self.to);
                ((self.facts.is_counted() && case.received_at < Some(self.to) && is_open_then).into(), 0)
            }
            _ => return None,
        })
    }

    fn of_citizens(&self, id: &str) -> Option<Part> {
        let answers = &self.case.revisits;
        let is_revisited = self.facts.is_counted() && self.within(answers.first_at);
        let said = |answer: Option<bool>, is_asked: bool| rated(answer == Some(true), is_asked && answer.is_some());
        let is_pleased = answers.satisfaction.map(|word| ["满意", "基本满意"].contains(&word));
        Some(match id {
            "K12" => said(answers.first_contact, answers.first_at.is_some() && self.is_closed_within()),
            "K15" => answers.satisfaction.filter(|_| is_revisited).map_or((0, 0), |word| (weight(word), 1)),
            "K15b" if is_revisited => (answers.satisfaction.is_some().into(), answers.attempts),
            "K15b" => (0, 0),
            "K18a" => said(answers.first_contact, is_revisited),
            "K18b" => said(answers.solved, is_revisited),
            "K18c" => said(is_pleased, is_revisited),
            _ => return None,
        })
    }

    /// Of clocks, checks and assignments.
    fn of_parts(&self, id: &str) -> Option<Part> {
        let case = self.case;
        let mut checks = case.checks.iter().filter(|_| self.is_in_base);
        let check = |(at, passed): &(i64, bool)| rated(*passed, self.within(Some(*at)));
        let parts = self.facts.parts();
        Some(match id {
            "K08" => sum(parts.iter().map(|part| self.of_clocks(&part.clocks))),
            "K09b" => self.of_clocks(&self.facts.clocks(case.checking.iter())),
            "K09c" => checks.next().map_or((0, 0), check),
            "K09d" => sum(checks.map(check)),
            "K11i" => {
                let is_made = |at: i64| self.facts.is_counted() && self.within(Some(at));
                sum(parts.iter().map(|part| rated(part.outcome == "returned", is_made(part.at))))
            }
            "K12b" => self.of_clocks(&self.facts.clocks([&case.contact].into_iter())),
            _ => return None,
        })
    }

    fn of_clocks(&self, clocks: &[(i64, &'static str)]) -> Part {
        let has_come = |due: i64| self.is_in_base && self.within(Some(due)) && due <= self.case.as_of;
        let judged = clocks.iter().filter(|(due, verdict)| has_come(*due) && *verdict != "paused");
        sum(judged.map(|(_, verdict)| rated(*verdict == "in_time", true)))
    }
}

/// A numerator only counts within its denominator.
fn rated(n: bool, d: bool) -> Part {
    ((n && d).into(), d.into())
}

fn sum(parts: impl Iterator<Item = Part>) -> Part {
    parts.fold((0, 0), |(n, d), part| (n + part.0, d + part.1))
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
