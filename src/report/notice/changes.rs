//! 同比环比: the main figures beside those of the period before and of the year before; and what came in, bucket by bucket.

use jiff::ToSpan;

use super::{NoticeOrder, compared::OF_CHANGES, found::NoticeFound, population};
use crate::{
    ask::span::SpanKind,
    domain::kpi::Figure,
    report::paper::{
        Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Rate, Series, Text,
    },
    store::{
        Store, StoreError,
        kpi::{Against, Answer, Dimension, answers},
    },
};

pub async fn section(store: &Store, order: &NoticeOrder, found: &NoticeFound) -> Result<PaperSection, StoreError> {
    let compared = &found.compared;
    let mut blocks = vec![PaperBlock::Chart(flow(store, order).await?)];
    blocks.extend(found.streams(order).iter().map(|stream| PaperBlock::Table(table(order, found, stream))));
    if !compared.earlier.is_empty() {
        let periods = compared.earlier.iter().map(|earlier| {
            let [from, to, as_of] =
                [earlier.period.from, earlier.period.to, earlier.period.as_of].map(|at| order.time(at));
            let title = earlier.title();
            (
                format!("{}：{from} 至 {to}，截至 {as_of}", title.zh),
                format!("{}: {from} to {to}, as of {as_of}", title.en),
            )
        });
        let (zh, en): (Vec<_>, Vec<_>) = periods.unzip();
        blocks.push(PaperBlock::Note(Text::new(
            format!("比较的时段从同样的距离看。{}。率的变化以百分点计，时长按中位数。", zh.join("；")),
            format!(
                "Earlier periods are seen from the same distance. {}. Changes of rates are in percentage points; durations \
                 are medians.",
                en.join("; ")
            ),
        )));
    }
    Ok(PaperSection { key: "changes", title: Text::new("同比环比", "Changes"), part: PaperPart::Annex, blocks })
}

fn table(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> PaperTable {
    let compared = &found.compared;
    let mut columns = vec![
        PaperColumn::new("kpi", "编号", "Id"),
        PaperColumn::new("figure", "指标", "Figure"),
        PaperColumn::new("population", "统计范围", "Population"),
        rates("now", "本期", "Now"),
    ];
    for earlier in &compared.earlier {
        let is_pop = earlier.against == Against::PeriodBefore;
        let (key, zh, en) =
            if is_pop { ("before", "上期", "Period before") } else { ("year_before", "去年同期", "Year before") };
        columns.push(rates(key, zh, en));
        columns.push(PaperColumn::titled(earlier.change_key(), earlier.title()));
    }
    let title = order.stream_title(stream);
    let title = Text::new(format!("{}：主要指标", title.zh), format!("{}: main figures", title.en));
    let mut table = PaperTable::new(format!("changes_{stream}"), title, columns);
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    let ids = ["K01", closure.id.as_str(), timeliness.id.as_str()].into_iter().chain(OF_CHANGES);
    for figure in ids.filter_map(Figure::by_id) {
        let mut row = vec![
            PaperCell::Given(figure.id.clone()),
            PaperCell::Said(figure.title.clone()),
            PaperCell::Said(population::of(figure.cohort)),
            compared.cell(stream, &figure.id),
        ];
        for earlier in &compared.earlier {
            row.extend([earlier.cell(stream, &figure.id), compared.change(stream, &figure.id, earlier)]);
        }
        // What the stream knows nothing of, such as the satisfaction of a patrol.
        let says =
            |cell: &PaperCell| !matches!(cell, PaperCell::Nothing | PaperCell::Rate(Rate { denominator: 0, .. }));
        if row.iter().skip(3).any(says) {
            table.push(row);
        }
    }
    table
}

fn rates(key: &'static str, zh: &str, en: &str) -> PaperColumn {
    PaperColumn::new(key, zh, en).with_counts(
        Text::new(format!("{zh}分子"), format!("{en}: numerator")),
        Text::new(format!("{zh}分母"), format!("{en}: denominator")),
    )
}

/// A day without cases is a day too; what comes after the as-of is not known. Weeks are those that have cases.
fn buckets(order: &NoticeOrder, found: &[Answer]) -> Vec<String> {
    let (step, format) = match order.span.kind {
        SpanKind::Month => (1.day(), "%Y-%m-%d"),
        SpanKind::Year => (1.month(), "%Y-%m"),
        SpanKind::Quarter => {
            let mut weeks: Vec<String> = found.iter().map(|answer| answer.group[0].clone()).collect();
            weeks.dedup();
            return weeks;
        }
    };
    let last = order.time(order.scope.period.as_of);
    let days = order.span.first.series(step).take_while(|day| *day < order.span.after);
    days.map(|day| day.strftime(format).to_string()).take_while(|day| *day <= last).collect()
}

/// What came in, day by day of a month, week by week of a quarter, month by month of a year.
async fn flow(store: &Store, order: &NoticeOrder) -> Result<Chart, StoreError> {
    let (bucket, title) = match order.span.kind {
        SpanKind::Month => (Dimension::Day, Text::new("每日受理量", "Cases received by day")),
        SpanKind::Quarter => (Dimension::Week, Text::new("每周受理量", "Cases received by week")),
        SpanKind::Year => (Dimension::Month, Text::new("每月受理量", "Cases received by month")),
    };
    let mut chart =
        Chart { key: "flow".to_owned(), title, kind: ChartKind::Line, labels: Vec::new(), series: Vec::new() };
    let Some(received) = Figure::by_id("K01") else { return Ok(chart) };
    let found = answers(store, &order.scope.question(received, &[bucket, Dimension::Stream])).await?;
    let labels = buckets(order, &found);
    let mut streams: Vec<&String> = found.iter().map(|answer| &answer.group[1]).collect();
    streams.sort();
    streams.dedup();
    for stream in streams {
        let at = |label: &String| {
            let of_both = |answer: &&Answer| answer.group[0] == *label && answer.group[1] == *stream;
            Some(found.iter().find(of_both).map_or(0, |answer| answer.numerator.unsigned_abs()))
        };
        let values = labels.iter().map(at).collect();
        chart.series.push(Series { name: order.stream_title(stream), values });
    }
    // The year, or year and month, are in the title.
    let skip = if bucket == Dimension::Day { 8 } else { 5 };
    chart.labels = labels.iter().map(|label| Text::same(label.get(skip..).unwrap_or(label))).collect();
    Ok(chart)
}
