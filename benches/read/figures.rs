//! (a) Closure and timeliness under each convention, one question each, beside the SQL by hand.

use tongguan::{
    domain::kpi::{Figure, Period},
    store::kpi::{self, Dimension, Question},
};

use super::{
    bare::{self, By, Groups},
    bench::{Bench, MONTH, YEAR, ZONE},
    rounds::{Times, beside, head, show},
};

pub struct Asked {
    pub figure: &'static Figure,
    pub period: Period,
    pub by: By,
    pub is_past: bool,
}

impl Asked {
    pub fn question(&self) -> Question {
        let group_by = match self.by {
            By::Nothing => vec![],
            By::Town => vec![Dimension::Town],
            By::UnitAndMonth => vec![Dimension::Unit, Dimension::Month],
        };
        Question { group_by, ..Question::new(self.figure, self.period, ZONE) }
    }
}

pub async fn measure(bench: &Bench) {
    for is_past in [false, true] {
        for (name, span) in [("month", MONTH), ("year", YEAR)] {
            for (by, grouped) in [(By::Nothing, ""), (By::Town, ", by town"), (By::UnitAndMonth, ", by unit and month")]
            {
                let as_of = if is_past { "a past instant" } else { "now" };
                head(&format!("a {name}{grouped}, as of {as_of}"), "kpi::answers", "by hand");
                let mut all = Vec::new();
                for figure in bench.figures.iter().copied() {
                    let asked = Asked { figure, period: bench.period(span, is_past), by, is_past };
                    all.push(one(bench, &asked).await);
                }
                sum_up(&all);
            }
        }
    }
}

async fn one(bench: &Bench, asked: &Asked) -> (Times, Times) {
    let question = asked.question();
    let mut groups = 0;
    let check = |ours: Groups, theirs: Groups| {
        assert!(ours == theirs, "{} by {:?}: {ours:?}\nand by hand: {theirs:?}", asked.figure.id, asked.by);
        groups = ours.len();
    };
    let (ours, theirs) =
        beside(bench.rounds, async || answer(bench, &question).await, async || bare::answer(bench, asked).await, check)
            .await;
    show(&format!("{} {} ({groups} groups)", asked.figure.id, asked.figure.convention), &ours, &theirs);
    (ours, theirs)
}

/// A group that has nothing in the figure has no rate, and the SQL by hand may not find it.
async fn answer(bench: &Bench, question: &Question) -> Groups {
    let answers = kpi::answers(&bench.store, question).await.unwrap();
    let group = |answer: kpi::Answer| {
        let mut names = answer.group.into_iter();
        let mut next = || names.next().unwrap_or_default();
        ((next(), next()), (answer.numerator, answer.denominator.unwrap_or_default()))
    };
    answers.into_iter().map(group).filter(|(_, counts)| *counts != (0, 0)).collect()
}

fn sum_up(all: &[(Times, Times)]) {
    let sum = |of: fn(&(Times, Times)) -> &Times| all.iter().map(|pair| of(pair).median()).sum::<f64>();
    let (ours, theirs) = (sum(|pair| &pair.0), sum(|pair| &pair.1));
    let ratios = all.iter().map(|(ours, theirs)| ours.median() / theirs.median());
    let worst = ratios.fold(0.0, f64::max);
    let slowest = all.iter().map(|(ours, _)| ours.median()).fold(0.0, f64::max);
    println!(
        "{:<44} medians {ours:.0} and {theirs:.0}, ratio {:.2}; worst ratio {worst:.2}, slowest {slowest:.0}",
        "together",
        ours / theirs
    );
}
