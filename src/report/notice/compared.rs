//! 同比、环比: the figures of each stream, now and in the periods that they are compared with.

use super::Order;
use crate::{
    domain::kpi::{Figure, Period, catalogue},
    report::{
        figures::{self, Gathered, Scope},
        paper::{Cell, Column, Text},
        rate,
    },
    store::{
        Store, StoreError,
        kpi::{Against, Dimension, period_before},
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
    /// Of every figure, by stream: things that differ are not summed.
    pub async fn of(store: &Store, order: &Order) -> Result<Self, StoreError> {
        let all: Vec<&'static Figure> = catalogue::figures().collect();
        let by_stream = [Dimension::Stream];
        let now = figures::asked(store, &order.scope, &by_stream, &all).await?;
        let mut earlier = Vec::new();
        for against in order.against() {
            let period = period_before(&order.scope.question(all[0], &[]), *against);
            let scope = Scope { period, ..order.scope.clone() };
            let figures = figures::asked(store, &scope, &by_stream, &all).await?;
            let has_cases = |one: &Gathered| one.figure.id == "K01" && one.answer.numerator > 0;
            if figures.iter().any(has_cases) {
                earlier.push(Earlier { against: *against, period, figures });
            }
        }
        Ok(Self { now, earlier })
    }

    pub fn cell(&self, stream: &str, id: &str) -> Cell {
        found(&self.now, stream, id)
    }

    /// How much it grew or rose since each earlier period.
    pub fn changes(&self, stream: &str, id: &str) -> Vec<(Text, Cell)> {
        self.earlier.iter().map(|earlier| (earlier.title(), self.change(stream, id, earlier))).collect()
    }

    /// One for each earlier period.
    pub fn change_columns(&self) -> Vec<Column> {
        self.earlier.iter().map(|earlier| Column::titled(earlier.change_key(), earlier.title())).collect()
    }

    pub fn change(&self, stream: &str, id: &str, earlier: &Earlier) -> Cell {
        changed(&self.cell(stream, id), &earlier.cell(stream, id))
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

    pub fn cell(&self, stream: &str, id: &str) -> Cell {
        found(&self.figures, stream, id)
    }
}

/// A count of a stream that has none is 0; what has no denominator is no rate.
fn found(all: &[Gathered], stream: &str, id: &str) -> Cell {
    let one = all.iter().find(|one| one.figure.id == id && one.answer.group[0] == stream);
    match (one, Figure::by_id(id)) {
        (Some(one), _) => shown(one),
        (None, Some(figure)) if !figure.is_rate() && !figure.has_durations() => Cell::Count(0),
        _ => Cell::Nothing,
    }
}

/// A duration by its median.
fn shown(one: &Gathered) -> Cell {
    if one.figure.has_durations() && !one.figure.is_rate() {
        return one.answer.spread.map_or(Cell::Nothing, |spread| Cell::Duration(spread.median));
    }
    Cell::of(one.figure, &one.answer)
}

/// Of counts and times the growth, of rates the difference as they are shown, so that a reader can check it.
pub fn changed(now: &Cell, before: &Cell) -> Cell {
    let change = match (now, before) {
        (Cell::Rate(now), Cell::Rate(before)) if now.is_percentage() && before.is_percentage() => {
            let both = now.hundredths().zip(before.hundredths());
            both.map(|(now, before)| Cell::Points(now - before))
        }
        (Cell::Count(now), Cell::Count(before)) | (Cell::Duration(now), Cell::Duration(before)) => {
            rate::growth(*now, *before, 10_000).map(Cell::Growth)
        }
        _ => None,
    };
    change.unwrap_or(Cell::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_what_is_shown_and_nothing_comes_of_nothing() {
        assert_eq!(changed(&Cell::Count(6), &Cell::Count(4)), Cell::Growth(5000));
        assert_eq!(changed(&Cell::Count(3_680), &Cell::Count(3_394)), Cell::Growth(843));
        assert_eq!(changed(&Cell::Count(6), &Cell::Count(0)), Cell::Nothing);
        let (all, most) = (Cell::share(3, 3), Cell::share(99_999, 100_000));
        assert_eq!(changed(&all, &most), Cell::Points(1));
        assert_eq!(changed(&all, &Cell::share(0, 0)), Cell::Nothing);
        assert_eq!(changed(&Cell::Count(6), &most), Cell::Nothing);
    }
}
