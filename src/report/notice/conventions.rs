//! 口径: closure and timeliness under every convention, because each city has its own.

use super::Order;
use crate::{
    domain::kpi::Figure,
    report::paper::{Block, Cell, Column, Section, Table, Text},
    store::{Store, StoreError, kpi::answers},
};

pub async fn section(store: &Store, order: &Order) -> Result<Section, StoreError> {
    let columns = vec![
        Column::new("kpi", "编号", "Id"),
        Column::new("figure", "指标", "Figure"),
        Column::new("convention", "口径", "Convention"),
        Column::new("rate", "率", "Rate").with_counts(Text::new("分子", "Numerator"), Text::new("分母", "Denominator")),
        Column::new("formula", "公式", "Formula"),
    ];
    let title = Text::new("结案率、及时率的各种口径", "Closure and timeliness under every convention");
    let mut table = Table::new("conventions", title, columns);
    for figure in ["closure", "timeliness"].into_iter().flat_map(Figure::named) {
        for answer in answers(store, &order.scope.question(figure, &[])).await? {
            table.push(vec![
                Cell::Given(figure.id.clone()),
                Cell::Said(figure.title.clone()),
                Cell::Given(figure.convention.clone()),
                Cell::of(figure, &answer),
                Cell::Said(figure.formula.clone()),
            ]);
        }
    }
    Ok(Section {
        key: "conventions", title: Text::new("口径说明", "Conventions"), blocks: vec![Block::Table(table)]
    })
}
