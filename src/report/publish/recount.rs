//! Figures counted from verdicts alone, in one pass over the cases: what is kept of each is its sums, and of figures about
//! time eight bytes a case.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::{
    domain::{
        kpi::{Figure, Shape, Times, catalogue},
        time::Millis,
    },
    report::{
        count::counts,
        figures::{GROUPINGS, is_shown_by},
    },
    store::{
        kpi::{Dimension, Spread},
        published::{Amounts, PublishedVerdict},
    },
};

/// The dimensions that a verdict keeps, beside the whole.
const KEPT: [Dimension; 3] = [Dimension::Stream, Dimension::Unit, Dimension::Community];

/// A figure, what it is grouped by (nothing: the whole), and the group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub figure: SmolStr,
    /// The dimension by name. None: the whole.
    pub grouped_by: Option<&'static str>,
    /// Its value; empty: the whole, or not stated.
    pub group: SmolStr,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Of a difference it may be below nothing.
    pub numerator: i64,
    /// None for a count.
    pub denominator: Option<i64>,
    /// How long they took; none where the figure is not about time.
    pub spread: Option<Spread>,
}

impl Counted {
    /// `3/4`, or `3`.
    pub fn shown(&self) -> String {
        counts(self.numerator, self.denominator)
    }
}

#[derive(Clone, Debug, Default)]
struct Group {
    /// By the bit of the figure.
    sums: Vec<Amounts>,
    durations: Vec<Vec<i64>>,
}

#[derive(Debug)]
pub struct Recount {
    /// By the bit of the verdicts.
    figures: Vec<&'static Figure>,
    as_of: Millis,
    whole: Group,
    /// In the order of `KEPT`.
    groups: [HashMap<SmolStr, Group>; KEPT.len()],
}

impl Recount {
    /// `figures` in the order of the bits; durations that are open are as of `as_of`.
    pub fn new(figures: Vec<&'static Figure>, as_of: Millis) -> Self {
        let whole = Group::new(figures.len());
        Self { figures, as_of, whole, groups: Default::default() }
    }

    pub fn add(&mut self, verdict: &PublishedVerdict) {
        let Self { figures, as_of, whole, groups } = self;
        whole.add(figures, *as_of, verdict, false);
        let [by_stream, by_unit, by_community] = groups;
        // Times are asked for as a whole and by stream; the whole is all streams together.
        for (groups, key, is_timed) in [
            (by_stream, &verdict.stream, true),
            (by_unit, verdict.unit_label(), false),
            (by_community, &verdict.community, false),
        ] {
            if let Some(group) = groups.get_mut(key) {
                group.add(figures, *as_of, verdict, is_timed);
            } else {
                let mut group = Group::new(figures.len());
                group.add(figures, *as_of, verdict, is_timed);
                groups.insert(key.clone(), group);
            }
        }
    }

    /// Every figure under every grouping that a report has of it; groups without a case of the figure are not there.
    pub fn cells(mut self) -> HashMap<Cell, Counted> {
        let mut cells = HashMap::new();
        let figures = std::mem::take(&mut self.figures);
        for (bit, figure) in figures.iter().enumerate() {
            let whole = figure.has_durations().then(|| self.whole_spread(bit)).flatten();
            cells.insert(cell(figure, None, ""), self.whole.counted(bit, figure, whole));
            for grouping in GROUPINGS.iter().filter(|grouping| is_shown_by(figure, grouping)) {
                let Some((at, dimension)) = kept(grouping) else { continue };
                for (key, group) in &mut self.groups[at] {
                    let times = group.durations.get_mut(bit).and_then(|all| spread(all));
                    let counted = group.counted(bit, figure, times);
                    if counted.numerator != 0 || counted.denominator.is_some_and(|d| d != 0) {
                        cells.insert(cell(figure, Some(dimension.name()), key), counted);
                    }
                }
            }
        }
        net(&mut cells);
        cells
    }

    fn whole_spread(&self, bit: usize) -> Option<Spread> {
        let all = self.groups[0].values().filter_map(|group| group.durations.get(bit));
        let mut all: Vec<i64> = all.flatten().copied().collect();
        spread(&mut all)
    }
}

/// Which of the kept dimensions a grouping is.
fn kept(grouping: &[Dimension]) -> Option<(usize, Dimension)> {
    let [one] = grouping else { return None };
    KEPT.iter().position(|kept| kept == one).map(|at| (at, *one))
}

fn cell(figure: &Figure, grouped_by: Option<&'static str>, group: &str) -> Cell {
    Cell { figure: figure.id.as_str().into(), grouped_by, group: group.into() }
}

/// The figure that is a difference has no bit.
fn net(cells: &mut HashMap<Cell, Counted>) {
    let Some(figure) = Figure::by_id("K17c") else { return };
    let mut nets: HashMap<Cell, Counted> = HashMap::from([(cell(figure, None, ""), Counted::default())]);
    for (of, counted) in cells.iter() {
        let sign = match of.figure.as_str() {
            "K17a" => 1,
            "K17b" => -1,
            _ => continue,
        };
        nets.entry(cell(figure, of.grouped_by, &of.group)).or_default().numerator += sign * counted.numerator;
    }
    cells.extend(nets);
}

impl Group {
    fn new(figures: usize) -> Self {
        Self { sums: vec![Amounts::default(); figures], durations: Vec::new() }
    }

    fn add(&mut self, figures: &[&'static Figure], as_of: Millis, verdict: &PublishedVerdict, is_timed: bool) {
        let mut bits = verdict.numerators | verdict.denominators;
        while bits != 0 {
            let bit = bits.trailing_zeros() as u8;
            bits &= bits - 1;
            let Some(sum) = self.sums.get_mut(usize::from(bit)) else { continue };
            let adds = verdict.amounts(bit);
            sum.n += adds.n;
            sum.d += adds.d;
            let figure = figures[usize::from(bit)];
            if is_timed && adds.n > 0 && figure.has_durations() {
                self.durations.resize(figures.len(), Vec::new());
                self.durations[usize::from(bit)].extend(figure.counting.duration(&times(verdict), as_of));
            }
        }
    }

    fn counted(&self, bit: usize, figure: &Figure, spread: Option<Spread>) -> Counted {
        let sum = self.sums[bit];
        Counted { numerator: sum.n as i64, denominator: figure.is_rate().then_some(sum.d as i64), spread }
    }
}

/// As the verdict keeps them.
pub fn times(verdict: &PublishedVerdict) -> Times {
    Times {
        received_at: verdict.received_at.map(Millis),
        closed_at: verdict.closed_at.map(Millis),
        due_at: verdict.due_at.map(Millis),
        worked_ms: verdict.worked_ms,
    }
}

fn spread(durations: &mut [i64]) -> Option<Spread> {
    durations.sort_unstable();
    let max = *durations.last()?;
    let sum: i128 = durations.iter().map(|ms| i128::from(*ms)).sum();
    let mean = i64::try_from(sum / durations.len() as i128).ok()?;
    Some(Spread { median: quantile(durations, 5), p90: quantile(durations, 9), mean, max })
}

/// As the queries say it: interpolated between two neighbours, floored to the millisecond, in whole numbers.
fn quantile(sorted: &[i64], tenths: usize) -> i64 {
    let place = (sorted.len() - 1) * tenths;
    let (below, rest) = (place / 10, (place % 10) as i64);
    let next = sorted.get(below + 1).copied().unwrap_or(sorted[below]);
    sorted[below] + (next - sorted[below]) * rest / 10
}

/// The figures that a case can be in; what a difference of two is made of is in them.
pub fn counted_figures() -> Vec<&'static Figure> {
    catalogue::figures().filter(|figure| figure.shape != Shape::Net).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kpi::{CATALOGUE, FIGURES_MAX};

    #[test]
    fn every_figure_has_a_bit_and_every_grouping_is_kept() {
        assert!(counted_figures().len() <= FIGURES_MAX);
        for figure in CATALOGUE.iter() {
            for grouping in GROUPINGS.iter().filter(|one| !one.is_empty() && is_shown_by(figure, one)) {
                let (_, dimension) = kept(grouping).unwrap_or_else(|| panic!("{}: {grouping:?}", figure.id));
                let by_stream = dimension == Dimension::Stream;
                assert!(by_stream || !figure.has_durations(), "{}: times are counted by stream only", figure.id);
                assert!(
                    figure.grain == crate::domain::kpi::Grain::Case || by_stream,
                    "{}: of the case's unit",
                    figure.id
                );
            }
        }
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let spread = |all: &[i64]| spread(&mut all.to_vec());
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[40, 10, 30, 20]), Some(Spread { median: 25, p90: 37, mean: 25, max: 40 }));
        let ten: Vec<i64> = (1..=10).map(|n| n * 10).collect();
        assert_eq!(spread(&ten).map(|spread| (spread.median, spread.p90)), Some((55, 91)));
    }
}
