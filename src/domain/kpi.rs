//! The rates: the list of figures, and the reference implementation that the SQL is held against.
//! A figure is never "the" rate: it has an id, a convention (口径), a cohort, a period [from, to) and an instant as-of.

use super::{
    history::{History, Standing, Step},
    time::Millis,
};

/// Which cases a period holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cohort {
    /// Received in the period.
    Created,
    /// Due in the period, as far as it has passed.
    Due,
    /// Closed in the period.
    Closed,
}

impl Cohort {
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Due => "DUE",
            Self::Closed => "CLOSED",
        }
    }

    /// The instant that puts a case in a period, or in a month of it.
    pub fn instant(self, step: &Step) -> Option<Millis> {
        match self {
            Self::Created => step.received_at,
            Self::Due => step.due.map(|due| due.at),
            Self::Closed => step.closed_at,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Figure {
    pub id: &'static str,
    /// The word on the command line: `tongguan kpi closure`.
    pub name: &'static str,
    pub convention: &'static str,
    pub cohort: Cohort,
    pub title_zh: &'static str,
    pub title_en: &'static str,
    /// A count has a numerator only.
    pub is_rate: bool,
}

impl Figure {
    /// The figures that a person means by an id (`K05a`) or by a name (`closure`: one for each convention).
    pub fn named(word: &str) -> Vec<&'static Self> {
        CATALOGUE.iter().filter(|figure| figure.name == word || figure.id.eq_ignore_ascii_case(word)).collect()
    }
}

/// The one list of figures. The columns `<id>_n` and `<id>_d` of the flags view bear these ids in lower case: `k05a_n`.
pub const CATALOGUE: [Figure; 7] = [
    Figure {
        id: "K01",
        name: "received",
        convention: "accepted",
        cohort: Cohort::Created,
        title_zh: "受理量",
        title_en: "Cases received",
        is_rate: false,
    },
    Figure {
        id: "K05a",
        name: "closure",
        convention: "shanghai",
        cohort: Cohort::Created,
        title_zh: "结案率（上海口径）",
        title_en: "Closure rate, over all received",
        is_rate: true,
    },
    Figure {
        id: "K05b",
        name: "closure",
        convention: "need-close",
        cohort: Cohort::Created,
        title_zh: "结案率（应结口径）",
        title_en: "Closure rate, over those that should be closed",
        is_rate: true,
    },
    Figure {
        id: "K06a",
        name: "timeliness",
        convention: "shanghai",
        cohort: Cohort::Created,
        title_zh: "及时率（上海口径）",
        title_en: "Timeliness rate, over all received",
        is_rate: true,
    },
    Figure {
        id: "K06b",
        name: "timeliness",
        convention: "need-close",
        cohort: Cohort::Created,
        title_zh: "及时率（应结口径）",
        title_en: "Timeliness rate, over those that should be closed",
        is_rate: true,
    },
    Figure {
        id: "K06c",
        name: "timeliness",
        convention: "due",
        cohort: Cohort::Due,
        title_zh: "及时率（到期口径）",
        title_en: "Timeliness rate, over those that fell due",
        is_rate: true,
    },
    Figure {
        id: "K06d",
        name: "timeliness",
        convention: "closed",
        cohort: Cohort::Closed,
        title_zh: "及时率（结案口径）",
        title_en: "Timeliness rate, over those closed",
        is_rate: true,
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Millis,
    pub to: Millis,
    pub as_of: Millis,
}

/// One case's part in one figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub numerator: bool,
    pub denominator: bool,
}

impl Period {
    fn holds(&self, instant: Millis) -> bool {
        self.from <= instant && instant < self.to
    }
}

/// The flags of one case for every figure of the catalogue, in its order.
pub fn flags(history: &History, period: &Period) -> [Flags; CATALOGUE.len()] {
    let Some(step) = history.at(period.as_of).filter(|step| counts(step, period)) else {
        return [Flags::default(); CATALOGUE.len()];
    };
    let closed = step.standing == Standing::Closed;
    let on_time = closed && step.due.zip(step.closed_at).is_some_and(|(due, closed_at)| due.is_met_at(closed_at));
    let overdue_open = step.standing == Standing::Open && step.due.is_some_and(|due| !due.is_met_at(period.as_of));
    let has_due = step.due.is_some();
    let created = step.received_at.is_some_and(|at| period.holds(at));
    let need_close = created && (closed || overdue_open);
    let fell_due = step.standing != Standing::Suspended
        && step.due.is_some_and(|due| period.holds(due.at) && due.at <= period.as_of);
    let closed_within = has_due && step.closed_at.is_some_and(|at| period.holds(at));
    let rate = |numerator: bool, denominator: bool| Flags { numerator: numerator && denominator, denominator };
    [
        Flags { numerator: created, denominator: false },
        rate(closed, created),
        rate(closed, need_close),
        rate(on_time, created && has_due),
        rate(on_time, need_close && has_due),
        rate(on_time, fell_due),
        rate(on_time, closed_within),
    ]
}

/// In the base set B(T): received by then, neither void nor excluded.
fn counts(step: &Step, period: &Period) -> bool {
    step.standing.counts() && step.received_at.is_some_and(|at| at <= period.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Due;

    const PERIOD: Period = Period { from: Millis(0), to: Millis(100), as_of: Millis(1000) };

    fn history(standing: Standing, closed_at: Option<i64>, due: Option<i64>) -> History {
        let due = due.map(|at| Due { at: Millis(at), is_exclusive: false });
        let step = Step {
            received_at: Some(Millis(10)),
            closed_at: closed_at.map(Millis),
            due,
            ..Step::new(Millis(10), standing)
        };
        History(vec![step])
    }

    /// For each figure `n/d` as two digits.
    fn shown(history: &History) -> String {
        let digits = flags(history, &PERIOD)
            .map(|flags| format!("{}{}", u8::from(flags.numerator), u8::from(flags.denominator)));
        digits.join(" ")
    }

    #[test]
    fn the_flags_of_typical_cases() {
        use Standing::{Closed, Excluded, Open, Suspended, Void};
        // standing, closed, due            K01 K05a K05b K06a K06b K06c K06d
        let table = [
            (history(Closed, Some(20), Some(30)), "10 11 11 11 11 11 11"),
            (history(Closed, Some(40), Some(30)), "10 11 11 01 01 01 01"),
            (history(Closed, Some(20), None), "10 11 11 00 00 00 00"),
            (history(Closed, Some(200), Some(300)), "10 11 11 11 11 00 00"),
            (history(Open, None, Some(30)), "10 01 01 01 01 01 00"),
            (history(Open, None, Some(5000)), "10 01 00 01 00 00 00"),
            (history(Open, None, None), "10 01 00 00 00 00 00"),
            (history(Suspended, None, Some(30)), "10 01 00 01 00 00 00"),
            (history(Void, Some(20), Some(30)), "00 00 00 00 00 00 00"),
            (history(Excluded, None, None), "00 00 00 00 00 00 00"),
        ];
        for (history, expected) in table {
            assert_eq!(shown(&history), expected, "{history:?}");
        }
    }

    #[test]
    fn a_name_means_every_convention_and_an_id_means_one() {
        let ids = |word| Figure::named(word).iter().map(|figure| figure.id).collect::<Vec<_>>();
        assert_eq!(ids("closure"), ["K05a", "K05b"]);
        assert_eq!(ids("k06C"), ["K06c"]);
        assert!(ids("satisfaction").is_empty());
    }

    #[test]
    fn a_case_not_received_by_then_is_in_no_figure() {
        assert_eq!(shown(&History::default()), "00 00 00 00 00 00 00");
    }
}
