//! 办理时长: the median and the p90, because an average hides the slow ones.

use super::{NoticeOrder, found::NoticeFound, names::cell, peers::RANKED_FROM, population};
use crate::{
    domain::kpi::{Cohort, Figure},
    report::{
        figures::{self, Gathered},
        paper::{PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text},
    },
    store::{Store, StoreError, kpi::Dimension},
};

pub async fn section(store: &Store, order: &NoticeOrder, found: &NoticeFound) -> Result<PaperSection, StoreError> {
    let chosen: Vec<&'static Figure> = ["K16a", "K16b", "K07"].into_iter().filter_map(Figure::by_id).collect();
    let by_stream = figures::asked(store, &order.scope, &[Dimension::Stream], &chosen).await?;
    let mut columns = vec![
        PaperColumn::new("kpi", "编号", "Id"),
        PaperColumn::new("figure", "指标", "Figure"),
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("population", "统计范围", "Population"),
    ];
    columns.extend(spread_columns());
    let mut table = PaperTable::new("durations", Text::new("办理时长", "How long it took"), columns);
    for figure in &chosen {
        for stream in found.streams(order) {
            let one = by_stream.iter().find(|one| one.figure.id == figure.id && one.answer.group[0] == stream);
            let Some(one) = one.filter(|one| one.answer.numerator > 0) else { continue };
            let mut row = vec![
                PaperCell::Given(figure.id.clone()),
                PaperCell::Said(figure.title.clone()),
                cell(order.stream_title(&stream)),
                PaperCell::Said(population::of(figure.cohort)),
            ];
            row.extend(spread(one));
            table.push(row);
        }
    }
    let by_unit = by_unit(store, order, found, &chosen[..1]).await?;
    let blocks = vec![
        PaperBlock::Table(table),
        PaperBlock::Table(by_unit),
        PaperBlock::Note(Text::new(
            "K16a、K16b 是本期结案的案件从受理到结案的时间，后者只计工作时间；K07 是截至时刻全部超期未结案件（不论何时受理）已超的时间。中位数表示一半案件不超过，P90 表示九成不超过。",
            "K16a and K16b: from receipt to close, of the cases closed in the period, the latter in working time. K07: how long \
             the cases open and overdue at the as-of are past their due. Half of the cases took no longer than the median, \
             nine in ten no longer than the p90.",
        )),
    ];
    Ok(PaperSection { key: "durations", title: Text::new("办理时长", "Durations"), part: PaperPart::Annex, blocks })
}

fn spread_columns() -> [PaperColumn; 5] {
    [
        PaperColumn::new("cases", "件数", "Cases"),
        PaperColumn::new("median", "中位数", "Median"),
        PaperColumn::new("p90", "P90", "p90"),
        PaperColumn::new("mean", "平均", "Mean"),
        PaperColumn::new("max", "最长", "Longest"),
    ]
}

fn spread(one: &Gathered) -> Vec<PaperCell> {
    let mut cells = vec![PaperCell::Count(one.answer.numerator)];
    cells.extend(match one.answer.spread {
        Some(spread) => [spread.median, spread.p90, spread.mean, spread.max].map(PaperCell::Duration),
        None => [PaperCell::Nothing, PaperCell::Nothing, PaperCell::Nothing, PaperCell::Nothing],
    });
    cells
}

/// The slowest first; few cases say little, and stand at the end.
async fn by_unit(
    store: &Store,
    order: &NoticeOrder,
    found: &NoticeFound,
    figures: &[&'static Figure],
) -> Result<PaperTable, StoreError> {
    let mut columns = vec![PaperColumn::new("stream", "业务流", "Stream"), PaperColumn::new("unit", "单位", "Unit")];
    columns.extend(spread_columns());
    let title = Text::new("各单位办结时长（K16a）", "Time to close by unit (K16a)");
    let mut table = PaperTable::new("durations_by_unit", title, columns).over(population::of(Cohort::Closed));
    let streams = found.streams(order);
    let mut all = figures::asked(store, &order.scope, &[Dimension::Stream, Dimension::Unit], figures).await?;
    all.retain(|one| one.answer.numerator > 0);
    all.sort_by_key(|one| {
        let stream = streams.iter().position(|stream| *stream == one.answer.group[0]);
        let is_few = one.answer.numerator.unsigned_abs() < RANKED_FROM;
        let median = one.answer.spread.map_or(0, |spread| spread.median);
        (stream, is_few, std::cmp::Reverse(median), one.answer.group.clone())
    });
    for one in &all {
        let [stream, unit] = &one.answer.group[..] else { continue };
        let mut row = vec![cell(order.stream_title(stream)), cell(found.names.unit(unit))];
        row.extend(spread(one));
        table.push(row);
    }
    Ok(table)
}
