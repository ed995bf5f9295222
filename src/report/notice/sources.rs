//! 来源分类: by which channel the cases came in, and of which kind they are.

use super::{
    Order,
    compared::{Compared, changed},
    names::{Names, cell, not_stated},
};
use crate::{
    domain::kpi::Figure,
    report::{
        figures::Scope,
        paper::{Block, Cell, Chart, Column, Kind, Scale, Section, Series, Table, Text},
    },
    store::{
        Store, StoreError,
        kpi::{Answer, Dimension, answers},
    },
};

pub async fn section(store: &Store, order: &Order, names: &Names, compared: &Compared) -> Result<Section, StoreError> {
    let channel = |code: &str| names.channel(code);
    let kind = |code: &str| if code.is_empty() { not_stated() } else { Text::same(code) };
    let by_channel = By {
        key: "by_channel",
        title: Text::new("按来源", "By channel"),
        head: Text::new("来源", "Channel"),
        dimension: Dimension::Channel,
        name: &channel,
    };
    let by_kind = By {
        key: "by_kind",
        title: Text::new("按业务流和类型", "By stream and kind"),
        head: Text::new("类型", "Kind"),
        dimension: Dimension::Kind,
        name: &kind,
    };
    let mut blocks = Vec::new();
    for by in [by_channel, by_kind] {
        let (table, chart) = by.counted(store, order, compared).await?;
        blocks.extend([Block::Chart(chart), Block::Table(table)]);
    }
    Ok(Section { key: "sources", title: Text::new("来源分类", "Sources"), blocks })
}

struct By<'a> {
    key: &'static str,
    title: Text,
    head: Text,
    dimension: Dimension,
    name: &'a dyn Fn(&str) -> Text,
}

impl By<'_> {
    async fn counted(&self, store: &Store, order: &Order, compared: &Compared) -> Result<(Table, Chart), StoreError> {
        let mut now = self.received(store, &order.scope).await?;
        now.sort_by(|a, b| b.numerator.cmp(&a.numerator).then_with(|| a.group.cmp(&b.group)));
        let mut before = Vec::new();
        for earlier in &compared.earlier {
            let scope = Scope { period: earlier.period, ..order.scope.clone() };
            before.push(self.received(store, &scope).await?);
        }
        let mut columns = vec![
            Column::new("stream", "业务流", "Stream"),
            Column::titled("name", self.head.clone()),
            Column::new("received", "受理", "Received"),
            share_column(),
        ];
        columns.extend(compared.change_columns());
        let total: i64 = now.iter().map(|answer| answer.numerator).sum();
        let mut table = Table::new(self.key, self.title.clone(), columns);
        for answer in &now {
            let count = Cell::Count(answer.numerator);
            let mut row = vec![
                cell(order.stream_title(&answer.group[0])),
                cell((self.name)(&answer.group[1])),
                count.clone(),
                Cell::share(answer.numerator.unsigned_abs(), total.unsigned_abs()),
            ];
            row.extend(before.iter().map(|all| {
                let same = all.iter().find(|one| one.group == answer.group);
                same.map_or(Cell::Nothing, |one| changed(&count, &Cell::Count(one.numerator)))
            }));
            table.push(row);
        }
        let chart = Chart {
            key: self.key,
            title: self.title.clone(),
            kind: Kind::Pie,
            scale: Scale::Count,
            labels: now.iter().map(|answer| self.label(order, answer)).collect(),
            series: vec![Series {
                name: Text::new("受理", "Received"),
                values: now.iter().map(|answer| Some(answer.numerator as f64)).collect(),
            }],
        };
        Ok((table, chart))
    }

    async fn received(&self, store: &Store, scope: &Scope) -> Result<Vec<Answer>, StoreError> {
        match Figure::by_id("K01") {
            Some(received) => answers(store, &scope.question(received, &[Dimension::Stream, self.dimension])).await,
            None => Ok(Vec::new()),
        }
    }

    /// With the stream, because a name may stand in two.
    fn label(&self, order: &Order, answer: &Answer) -> String {
        format!("{} {}", order.stream_title(&answer.group[0]).zh, (self.name)(&answer.group[1]).zh)
    }
}

/// Of the whole.
pub fn share_column() -> Column {
    Column::new("share", "占比", "Share").with_counts(Text::new("件数", "Cases"), Text::new("总数", "Of"))
}
