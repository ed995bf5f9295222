//! 同比、环比: the figures of each stream, now and in the periods that they are compared with.

use super::NoticeOrder;
use crate::{
    domain::kpi::{Figure, Period},
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

/// 受理: what tells whether there is a period to compare with.
const RECEIVED: &str = "K01";

/// 同比环比: shown besides closure and timeliness.
pub const OF_CHANGES: [&str; 13] =
    ["K06c", "K17b", "K17d", "K10a", "K11a", "K11b", "K11c", "K11e", "K12", "K14", "K15", "K15b", "K16a"];
/// 市民评价: of what citizens were asked.
pub const OF_CITIZENS: [&str; 9] = ["K12", "K12b", "K13", "K14", "K15", "K15b", "K18a", "K18b", "K18c"];

/// An earlier period of which the store has cases.
#[derive(Clone, Debug)]
pub struct EarlierPeriod {
    pub against: Against,
    pub period: Period,
    figures: FiguresByStream,
}

#[derive(Clone, Debug)]
pub struct NoticeCompared {
    now: FiguresByStream,
    /// 环比, then 同比, as far as there is anything to compare with.
    pub earlier: Vec<EarlierPeriod>,
}

/// What was asked of a period; things that differ are not summed.
#[derive(Clone, Debug)]
struct FiguresByStream {
    asked: Vec<&'static Figure>,
    answers: Vec<Gathered>,
}

/// Shown beside those of earlier periods; one may stand there twice, and is read once.
fn compared(order: &NoticeOrder) -> Vec<&'static Figure> {
    let named = [RECEIVED].into_iter().chain(OF_CHANGES).chain(OF_CITIZENS).filter_map(Figure::by_id);
    [order.headline.closure, order.headline.timeliness].into_iter().chain(named).collect()
}

/// Shown of the period, with closure and timeliness under every convention.
fn shown(order: &NoticeOrder) -> Vec<&'static Figure> {
    compared(order).into_iter().chain(["closure", "timeliness"].into_iter().flat_map(Figure::named)).collect()
}

impl NoticeCompared {
    pub async fn of(store: &Store, order: &NoticeOrder) -> Result<Self, StoreError> {
        let now = FiguresByStream::of(store, &order.scope, shown(order)).await?;
        let mut earlier = Vec::new();
        for against in order.against() {
            let period = period_before(&order.scope.question(order.headline.closure, &[]), *against);
            let scope = ReportScope { period, ..order.scope.clone() };
            let figures = FiguresByStream::of(store, &scope, compared(order)).await?;
            if figures.has_cases() {
                earlier.push(EarlierPeriod { against: *against, period, figures });
            }
        }
        Ok(Self { now, earlier })
    }

    pub fn cell(&self, stream: &str, id: &str) -> PaperCell {
        self.now.cell(stream, id)
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
        self.figures.cell(stream, id)
    }
}

impl FiguresByStream {
    async fn of(store: &Store, scope: &ReportScope, asked: Vec<&'static Figure>) -> Result<Self, StoreError> {
        let answers = figures::asked(store, scope, &[Dimension::Stream], &asked).await?;
        Ok(Self { asked, answers })
    }

    fn has_cases(&self) -> bool {
        self.answers.iter().any(|one| one.figure.id == RECEIVED && one.answer.numerator > 0)
    }

    /// A count of a stream that has none is 0; what has no denominator is no rate.
    fn cell(&self, stream: &str, id: &str) -> PaperCell {
        let asked = self.asked.iter().find(|figure| figure.id == id);
        debug_assert!(asked.is_some(), "a report shows {id} and did not ask for it");
        let one = self.answers.iter().find(|one| one.figure.id == id && one.answer.group[0] == stream);
        match (one, asked) {
            (Some(one), _) => told(one),
            (None, Some(figure)) if !figure.is_rate() && !figure.has_durations() => PaperCell::Count(0),
            _ => PaperCell::Nothing,
        }
    }
}

/// A duration by its median.
fn told(one: &Gathered) -> PaperCell {
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
