//! 排名: units of one kind in the order of timeliness, then closure. A rate over few cases is shown and not ranked.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{NoticeOrder, found::NoticeFound};
use crate::{
    domain::kpi::Figure,
    report::{
        figures::Gathered,
        paper::{Rate, Text},
    },
    store::report::Fates,
};

/// Of fewer cases a rate says more about chance than about work.
pub const RANKED_FROM: u64 = 10;

/// Whom one may compare: departments with departments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peers {
    Departments,
    Communities,
}

impl Peers {
    pub const ALL: [Self; 2] = [Self::Departments, Self::Communities];

    pub fn title(self) -> Text {
        match self {
            Self::Departments => Text::new("部门", "Departments"),
            Self::Communities => Text::new("村居", "Communities"),
        }
    }

    /// A case without a unit is nobody's.
    fn has(self, found: &NoticeFound, unit: &str) -> bool {
        !unit.is_empty() && found.names.is_of_community(unit) == (self == Self::Communities)
    }
}

/// One unit's cases of one stream.
#[derive(Clone, Debug)]
pub struct PeerLine {
    pub code: String,
    pub fates: Fates,
    pub closure: Rate,
    pub timeliness: Rate,
    pub dissatisfied: u64,
    /// None: too few cases.
    pub rank: Option<usize>,
}

/// In the order of the ranks; those that are not ranked at the end, by what they received.
pub fn lines(order: &NoticeOrder, found: &NoticeFound, stream: &str, peers: Peers) -> Vec<PeerLine> {
    let mut lines = of(order, found, stream, &|unit| peers.has(found, unit));
    lines.sort_by(|a, b| {
        let ranked = is_ranked(b).cmp(&is_ranked(a));
        let by_rate = if is_ranked(a) { better(a, b) } else { Ordering::Equal };
        let by_count = b.fates.received.cmp(&a.fates.received);
        ranked.then(by_rate).then(by_count).then_with(|| a.code.cmp(&b.code))
    });
    let ranks = ranks(&lines, is_ranked, |a, b| better(a, b) == Ordering::Equal);
    lines.iter_mut().zip(ranks).for_each(|(line, rank)| line.rank = rank);
    lines
}

/// The ranks of those in order, the ranked first: who is as good as the one before has the same.
pub fn ranks<T>(sorted: &[T], is_ranked: impl Fn(&T) -> bool, is_same: impl Fn(&T, &T) -> bool) -> Vec<Option<usize>> {
    let mut ranks: Vec<Option<usize>> = Vec::with_capacity(sorted.len());
    for (index, one) in sorted.iter().enumerate() {
        let is_as_before = index > 0 && is_same(&sorted[index - 1], one);
        ranks.push(match (is_ranked(one), is_as_before) {
            (false, _) => None,
            (true, true) => ranks[index - 1],
            (true, false) => Some(index + 1),
        });
    }
    ranks
}

/// What no unit has.
pub fn nobodys(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Option<PeerLine> {
    of(order, found, stream, &|unit| unit.is_empty()).pop()
}

fn of(order: &NoticeOrder, found: &NoticeFound, stream: &str, is_meant: &dyn Fn(&str) -> bool) -> Vec<PeerLine> {
    let dissatisfied = found.dissatisfied_by(stream, |one| &one.responsible);
    let rates = [order.headline.closure, order.headline.timeliness].map(|figure| (figure, found.rates(stream, figure)));
    let line = |(code, fates): (&str, Fates)| {
        let [closure, timeliness] =
            rates.each_ref().map(|(figure, rates)| rates.get(code).copied().unwrap_or_else(|| Rate::none(figure)));
        let dissatisfied = dissatisfied.get(code).copied().unwrap_or_default();
        PeerLine { code: code.to_owned(), fates, closure, timeliness, dissatisfied, rank: None }
    };
    let sums = found.sums_by(stream, |fates| &fates.responsible);
    sums.into_iter().filter(|(code, _)| is_meant(code)).map(line).collect()
}

impl NoticeFound {
    /// A figure of each unit.
    fn rates<'a>(&'a self, stream: &str, figure: &'static Figure) -> BTreeMap<&'a str, Rate> {
        let is_meant =
            |one: &&Gathered| one.figure.id == figure.id && one.answer.group.first().is_some_and(|of| of == stream);
        let of_unit = |one: &'a Gathered| (one.answer.group[1].as_str(), Rate::of(figure, Some(&one.answer)));
        self.by_unit.iter().filter(is_meant).map(of_unit).collect()
    }
}

fn is_ranked(line: &PeerLine) -> bool {
    line.timeliness.denominator >= RANKED_FROM
}

/// The better one first: by the rates themselves, not as they are shown.
fn better(a: &PeerLine, b: &PeerLine) -> Ordering {
    b.timeliness.compare(&a.timeliness).then(b.closure.compare(&a.closure))
}

/// The first three and the last three of the ranked; who shares the first rank, or is among the first, is not among the last.
pub fn ends(lines: &[PeerLine]) -> (&[PeerLine], &[PeerLine]) {
    const ENDS: usize = 3;
    let ranked = lines.iter().take_while(|line| line.rank.is_some()).count();
    let best = lines[..ranked].iter().take_while(|line| line.rank == Some(1)).count();
    let first = ENDS.min(ranked);
    let last = ranked.saturating_sub(ENDS).max(best).max(first);
    (&lines[..first], &lines[last.min(ranked)..ranked])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, on_time: u64, of: u64) -> PeerLine {
        PeerLine {
            code: code.to_owned(),
            fates: Fates { received: of, ..Fates::default() },
            closure: Rate::share(of, of),
            timeliness: Rate::share(on_time, of),
            dissatisfied: 0,
            rank: None,
        }
    }

    fn ranked(ranks: &[usize]) -> Vec<PeerLine> {
        let line = |rank: &usize| PeerLine { rank: (*rank > 0).then_some(*rank), ..line("x", 1, 1) };
        ranks.iter().map(line).collect()
    }

    #[test]
    fn nobody_is_first_and_last_at_once() {
        let sizes = |ranks: &[usize]| {
            let lines = ranked(ranks);
            let (first, last) = ends(&lines);
            (first.len(), last.len())
        };
        for (ranks, wanted) in [
            (&[1, 2, 3, 4, 5, 6, 7][..], (3, 3)),
            (&[1, 2, 3, 4], (3, 1)),
            (&[1, 1, 1, 1, 1, 1, 1], (3, 0)),
            (&[1, 1, 1, 1, 1, 6, 7], (3, 2)),
            (&[1, 2, 0, 0], (2, 0)),
            (&[0, 0], (0, 0)),
            (&[], (0, 0)),
        ] {
            assert_eq!(sizes(ranks), wanted, "{ranks:?}");
        }
    }

    #[test]
    fn a_rate_that_is_shown_the_same_may_still_be_worse() {
        // Both are shown as 99.99 %.
        assert_eq!(better(&line("a", 99_999, 100_000), &line("b", 99_998, 100_000)), Ordering::Less);
        assert!(is_ranked(&line("a", 1, 10)) && !is_ranked(&line("b", 9, 9)));
    }
}
