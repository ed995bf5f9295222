//! 同比、环比: the figures of the whole, now and in the periods that they are compared with.

use super::Order;
use crate::{
    domain::kpi::{CATALOGUE, Figure, Period},
    report::{
        figures::{self, Gathered, Scope},
        paper::{Cell, Column, Text},
    },
    store::{
        Store, StoreError,
        kpi::{Against, period_before},
    },
};

/// An earlier period of which the store has cases.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub against: Against,
    pub period: Period,
    figures: Vec<Gathered>,
}

#[derive(Clone, Debug)]
pub struct Compared {
    now: Vec<Gathered>,
    /// 环比, then 同比, as far as there is anything to compare with.
    pub earlier: Vec<Earlier>,
}

impl Compared {
    /// Of every figure, as a whole.
    pub async fn of(store: &Store, order: &Order) -> Result<Self, StoreError> {
        let all: Vec<&'static Figure> = CATALOGUE.iter().collect();
        let now = figures::asked(store, &order.scope, &[], &all).await?;
        let mut earlier = Vec::new();
        for against in order.against() {
            let period = period_before(&order.scope.question(all[0], &[]), *against);
            let scope = Scope { period, ..order.scope.clone() };
            let figures = figures::asked(store, &scope, &[], &all).await?;
            let has_cases = |one: &Gathered| one.figure.id == "K01" && one.answer.numerator > 0;
            if figures.iter().any(has_cases) {
                earlier.push(Earlier { against: *against, period, figures });
            }
        }
        Ok(Self { now, earlier })
    }

    pub fn cell(&self, id: &str) -> Cell {
        found(&self.now, id).map_or(Cell::Nothing, shown)
    }

    /// How much it grew or rose since each earlier period.
    pub fn changes(&self, id: &str) -> Vec<(Text, Cell)> {
        self.earlier.iter().map(|earlier| (earlier.title(), self.change(id, earlier))).collect()
    }

    /// One for each earlier period.
    pub fn change_columns(&self) -> Vec<Column> {
        self.earlier.iter().map(|earlier| Column::titled(earlier.change_key(), earlier.title())).collect()
    }

    pub fn change(&self, id: &str, earlier: &Earlier) -> Cell {
        let pair = found(&self.now, id).zip(found(&earlier.figures, id));
        pair.map_or(Cell::Nothing, |(now, before)| changed(&shown(now), &shown(before)))
    }
}

impl Earlier {
    pub fn change_key(&self) -> &'static str {
        ["year_change", "change"][self.against as usize]
    }

    pub fn title(&self) -> Text {
        match self.against {
            Against::YearBefore => Text::new("同比", "on the year before"),
            Against::PeriodBefore => Text::new("环比", "on the period before"),
        }
    }

    pub fn cell(&self, id: &str) -> Cell {
        found(&self.figures, id).map_or(Cell::Nothing, shown)
    }
}

fn found<'a>(all: &'a [Gathered], id: &str) -> Option<&'a Gathered> {
    all.iter().find(|one| one.figure.id == id)
}

/// A duration by its median.
fn shown(one: &Gathered) -> Cell {
    if one.figure.has_durations() && !one.figure.is_rate() {
        return one.answer.spread.map_or(Cell::Nothing, |spread| Cell::Duration(spread.median));
    }
    Cell::of(one.figure, &one.answer)
}

/// Of counts and times the growth, of rates the difference. Of rates as shown, so that a reader can check it.
pub fn changed(now: &Cell, before: &Cell) -> Cell {
    match (now, before) {
        (Cell::Rate(now), Cell::Rate(before)) => match now.floored().zip(before.floored()) {
            Some((now, before)) => Cell::Points(now - before),
            None => Cell::Nothing,
        },
        (Cell::Count(now), Cell::Count(before)) | (Cell::Duration(now), Cell::Duration(before)) if *before > 0 => {
            Cell::Growth((now - before) as f64 / *before as f64)
        }
        _ => Cell::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_what_is_shown_and_nothing_comes_of_nothing() {
        assert_eq!(changed(&Cell::Count(6), &Cell::Count(4)), Cell::Growth(0.5));
        assert_eq!(changed(&Cell::Count(6), &Cell::Count(0)), Cell::Nothing);
        let (all, most) = (Cell::share(3, 3), Cell::share(99_999, 100_000));
        assert!(matches!(changed(&all, &most), Cell::Points(points) if (points - 0.0001).abs() < 1e-9));
        assert_eq!(changed(&all, &Cell::share(0, 0)), Cell::Nothing);
        assert_eq!(changed(&Cell::Count(6), &most), Cell::Nothing);
    }
}
