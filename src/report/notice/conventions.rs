//! 口径: closure and timeliness under every convention, because each city has its own.

use jiff::tz::TimeZone;

use super::Order;
use crate::{
    domain::kpi::Figure,
    report::{
        figures,
        paper::{Block, Cell, Column, Section, Table, Text},
    },
    store::{
        Store, StoreError,
        report::{self, Edges},
    },
};

const USED: [&str; 20] = [
    "K01", "K07", "K10a", "K11a", "K11b", "K11c", "K11e", "K12", "K12b", "K13", "K14", "K15", "K15b", "K16a", "K16b",
    "K17b", "K17d", "K18a", "K18b", "K18c",
];

pub async fn section(store: &Store, order: &Order) -> Result<Section, StoreError> {
    let rates: Vec<&'static Figure> = ["closure", "timeliness"].into_iter().flat_map(Figure::named).collect();
    let found = figures::asked(store, &order.scope, &[], &rates).await?;
    let columns = vec![
        Column::new("kpi", "编号", "Id"),
        Column::new("figure", "指标", "Figure"),
        Column::new("convention", "口径", "Convention"),
        Column::new("rate", "率", "Rate").with_counts(Text::new("分子", "Numerator"), Text::new("分母", "Denominator")),
        Column::new("formula", "公式", "Formula"),
    ];
    let title = Text::new("结案率、及时率的各种口径", "Closure and timeliness under every convention");
    let mut table = Table::new("conventions", title, columns);
    for one in &found {
        table.push(vec![
            Cell::Given(one.figure.id.clone()),
            Cell::Said(one.figure.title.clone()),
            Cell::Given(one.figure.convention.clone()),
            Cell::of(one.figure, &one.answer),
            Cell::Said(one.figure.formula.clone()),
        ]);
    }
    let blocks = vec![
        Block::Paragraph(Text::new(
            "同样的案件，口径不同，率就不同。下面是每一种口径的数，以及它的分子和分母。",
            "The same cases give other rates under other conventions. Here is each of them, with its counts.",
        )),
        Block::Table(table),
        Block::Note(edges(store, order).await?),
        Block::Note(opened(order)),
    ];
    Ok(Section { key: "conventions", title: Text::new("口径说明", "Conventions"), blocks })
}

/// What else the report shows, and what it means.
pub fn others() -> Section {
    let columns = vec![
        Column::new("kpi", "编号", "Id"),
        Column::new("figure", "指标", "Figure"),
        Column::new("formula", "公式", "Formula"),
        Column::new("leaves_out", "不计入", "Left out"),
    ];
    let mut table = Table::new("figures", Text::new("其他指标", "The other figures"), columns);
    for figure in USED.into_iter().filter_map(Figure::by_id) {
        table.push(vec![
            Cell::Given(figure.id.clone()),
            Cell::Said(figure.title.clone()),
            Cell::Said(figure.formula.clone()),
            Cell::Said(figure.leaves_out.clone()),
        ]);
    }
    Section {
        key: "figures", title: Text::new("指标说明", "What the figures mean"), blocks: vec![Block::Table(table)]
    }
}

/// 月末时限: in which period they count, and how many there are.
async fn edges(store: &Store, order: &Order) -> Result<Text, StoreError> {
    let Edges { at_begin, at_end } = report::edges(store, order.about()).await?.first().copied().unwrap_or_default();
    Ok(Text::new(
        format!(
            "时限为期末最后一日 24 时的案件计入下一期：本期末有 {at_end} 件计入下一期，上期末有 {at_begin} 件计入本期。"
        ),
        format!(
            "A due at 24:00 of the last day counts in the next period: {at_end} such cases at the end of this one, and \
             {at_begin} of the end before count here."
        ),
    ))
}

/// How to open a figure down to its cases.
fn opened(order: &Order) -> Text {
    let zone = TimeZone::get(&order.scope.zone).unwrap_or(TimeZone::UTC);
    let [from, to, as_of] =
        [order.scope.period.from, order.scope.period.to, order.scope.period.as_of].map(|at| at.rfc3339(&zone));
    let stream = order.scope.stream.as_ref().map_or(String::new(), |stream| format!(" --stream {stream}"));
    let id = &order.headline.timeliness.id;
    let command = format!("tongguan kpi {id} --from {from} --to {to} --as-of {as_of}{stream} --cases");
    Text::new(
        format!("每个数都可以打开到案件。例如 {id}：{command}"),
        format!("Every figure can be opened down to its cases. {id}, for example: {command}"),
    )
}
