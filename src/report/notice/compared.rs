//! 同比、环比: the figures of each stream, now and in the periods that they are compared with.

use super::NoticeOrder;
use crate::{
    domain::kpi::{Figure, Period, catalogue},
    report::{
        figures::{self, Gathered, ReportScope},
        paper::{PaperCell, PaperColumn, Text},
        rate,
    },
    store::{
        Store, StoreError,
        kpi::{Against, Dimension, period_before},
    },
};

/// An earlier period of which the store has cases.
#[derive(Clone, Debug)]
pub struct EarlierPeriod {
    pub against: Against,
    pub period: Period,
    figures: Vec<Gathered>,
}

#[derive(Clone, Debug)]
pub struct NoticeCompared {
    now: Vec<Gathered>,
    /// 环比, then 同比, as far as there is anything to compare with.
    pub earlier: Vec<EarlierPeriod>,
}

impl NoticeCompared {
    /// Of every figure, by stream: things that differ are not summed.
    pub async fn of(store: &Store, order: &NoticeOrder) -> Result<Self, StoreError> {
        let all: Vec<&'static Figure> = catalogue::figures().collect();
        let by_stream = [Dimension::Stream];
        let now = figures::asked(store, &order.scope, &by_stream, &all).await?;
        let mut earlier = Vec::new();
        for against in order.against() {
            let period = period_before(&order.scope.question(all[0], &[]), *against);
            let scope = ReportScope { period, ..order.scope.clone() };
            let figures = figures::asked(store, &scope, &by_stream, &all).await?;
            let has_cases = |one: &Gathered| one.figure.id == "K01" && one.answer.numerator > 0;
            if figures.iter().any(has_cases) {
                earlier.push(EarlierPeriod { against: *against, period, figures });
            }
        }
        Ok(Self { now, earlier })
    }

    pub fn cell(&self, stream: &str, id: &str) -> PaperCell {
        found(&self.now, stream, id)
    }

    /// How much it grew or rose since each earlier period.
    pub fn changes(&self, stream: &str, id: &str) -> Vec<(Text, PaperCell)> {
        self.earlier.iter().map(|earlier| (earlier.title(), self.change(stream, id, earlier))).collect()
    }

    /// One for each earlier period.
    pub fn change_columns(&self) -> Vec<PaperColumn> {
        self.earlier.iter().map(|earlier| PaperColumn::titled(earlier.change_key(), earlier.title())).collect()
    }

    pub fn change(&self, stream: &str, id: &str, earlier: &EarlierPeriod) -> PaperCell {
        changed(&self.cell(stream, id), &earlier.cell(stream, id))
    }
}

impl EarlierPeriod {
    pub fn change_key(&self) -> &'static str {
        ["year_change", "change"][self.against as usize]
    }

    pub fn title(&self) -> Text {
        match self.against {
            Against::YearBefore => Text::new("同比", "on the year before"),
            Against::PeriodBefore => Text::new("环比", "on the period before"),
        }
    }

    pub fn cell(&self, stream: &str, id: &str) -> PaperCell {
        found(&self.figures, stream, id)
    }
}

/// A count of a stream that has none is 0; what has no denominator is no rate.
fn found(all: &[Gathered], stream: &str, id: &str) -> PaperCell {
    let one = all.iter().find(|one| one.figure.id == id && one.answer.group[0] == stream);
    match (one, Figure::by_id(id)) {
        (Some(one), _) => shown(one),
        (None, Some(figure)) if !figure.is_rate() && !figure.has_durations() => PaperCell::Count(0),
        _ => PaperCell::Nothing,
    }
}

/// A duration by its median.
fn shown(one: &Gathered) -> PaperCell {
    if one.figure.has_durations() && !one.figure.is_rate() {
        return one.answer.spread.map_or(PaperCell::Nothing, |spread| PaperCell::Duration(spread.median));
    }
    PaperCell::of(one.figure, &one.answer)
}

/// Of counts and times the growth, of rates the difference as they are shown, so that a reader can check it.
pub fn changed(now: &PaperCell, before: &PaperCell) -> PaperCell {
    let change = match (now, before) {
        (PaperCell::Rate(now), PaperCell::Rate(before)) if now.is_percentage() && before.is_percentage() => {
            let both = now.hundredths().zip(before.hundredths());
            both.map(|(now, before)| PaperCell::Points(now - before))
        }
        (PaperCell::Count(now), PaperCell::Count(before)) | (PaperCell::Duration(now), PaperCell::Duration(before)) => {
            rate::growth(*now, *before, 10_000).map(PaperCell::Growth)
        }
        _ => None,
    };
    change.unwrap_or(PaperCell::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_what_is_shown_and_nothing_comes_of_nothing() {
        assert_eq!(changed(&PaperCell::Count(6), &PaperCell::Count(4)), PaperCell::Growth(5000));
        assert_eq!(changed(&PaperCell::Count(3_680), &PaperCell::Count(3_394)), PaperCell::Growth(843));
        assert_eq!(changed(&PaperCell::Count(6), &PaperCell::Count(0)), PaperCell::Nothing);
        let (all, most) = (PaperCell::share(3, 3), PaperCell::share(99_999, 100_000));
        assert_eq!(changed(&all, &most), PaperCell::Points(1));
        assert_eq!(changed(&all, &PaperCell::share(0, 0)), PaperCell::Nothing);
        assert_eq!(changed(&PaperCell::Count(6), &most), PaperCell::Nothing);
    }
}
