//! 来源分类: by which channel the cases came in, and of which kind they are.

use super::{
    NoticeOrder,
    compared::changed,
    found::NoticeFound,
    names::{cell, not_stated},
    population,
};
use crate::{
    domain::kpi::Figure,
    report::{
        figures::ReportScope,
        paper::{
            Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Series, Text,
        },
    },
    store::{
        Store, StoreError,
        kpi::{Answer, Dimension, answers},
    },
};

pub async fn section(store: &Store, order: &NoticeOrder, found: &NoticeFound) -> Result<PaperSection, StoreError> {
    let channel = |code: &str| found.names.channel(code);
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
        title: Text::new("按类型", "By kind"),
        head: Text::new("类型", "Kind"),
        dimension: Dimension::Kind,
        name: &kind,
    };
    let mut blocks = Vec::new();
    for by in [by_channel, by_kind] {
        for (table, chart) in by.counted(store, order, found).await? {
            blocks.extend([PaperBlock::Chart(chart), PaperBlock::Table(table)]);
        }
    }
    Ok(PaperSection { key: "sources", title: Text::new("来源分类", "Sources"), part: PaperPart::Annex, blocks })
}

struct By<'a> {
    key: &'static str,
    title: Text,
    head: Text,
    dimension: Dimension,
    name: &'a (dyn Fn(&str) -> Text + Sync),
}

impl By<'_> {
    /// One of each for each stream, whose whole the shares are of.
    async fn counted(
        &self,
        store: &Store,
        order: &NoticeOrder,
        found: &NoticeFound,
    ) -> Result<Vec<(PaperTable, Chart)>, StoreError> {
        let mut now = self.received(store, &order.scope).await?;
        now.sort_by(|a, b| b.numerator.cmp(&a.numerator).then_with(|| a.group.cmp(&b.group)));
        let mut before = Vec::new();
        for earlier in &found.compared.earlier {
            let scope = ReportScope { period: earlier.period, ..order.scope.clone() };
            before.push(self.received(store, &scope).await?);
        }
        let of = |stream: String| {
            let own: Vec<&Answer> = now.iter().filter(|answer| answer.group[0] == stream).collect();
            (!own.is_empty())
                .then(|| (self.table(order, found, &stream, &own, &before), self.chart(order, &stream, &own)))
        };
        Ok(found.streams(order).into_iter().filter_map(of).collect())
    }

    fn table(
        &self,
        order: &NoticeOrder,
        found: &NoticeFound,
        stream: &str,
        now: &[&Answer],
        before: &[Vec<Answer>],
    ) -> PaperTable {
        let mut columns = vec![
            PaperColumn::titled("name", self.head.clone()),
            PaperColumn::new("received", "受理", "Received"),
            share_column(),
        ];
        columns.extend(found.compared.change_columns());
        let total: i64 = now.iter().map(|answer| answer.numerator).sum();
        let mut table = PaperTable::new(format!("{}_{stream}", self.key), self.titled(order, stream), columns)
            .over(population::received());
        for answer in now {
            let count = PaperCell::Count(answer.numerator);
            let mut row = vec![
                cell((self.name)(&answer.group[1])),
                count.clone(),
                PaperCell::share(answer.numerator.unsigned_abs(), total.unsigned_abs()),
            ];
            row.extend(before.iter().map(|all| {
                let same = all.iter().find(|one| one.group == answer.group);
                same.map_or(PaperCell::Nothing, |one| changed(&count, &PaperCell::Count(one.numerator)))
            }));
            table.push(row);
        }
        table
    }

    fn chart(&self, order: &NoticeOrder, stream: &str, now: &[&Answer]) -> Chart {
        Chart {
            key: format!("{}_{stream}", self.key),
            title: self.titled(order, stream),
            kind: ChartKind::Pie,
            labels: now.iter().map(|answer| (self.name)(&answer.group[1])).collect(),
            series: vec![Series {
                name: Text::new("受理", "Received"),
                values: now.iter().map(|answer| Some(answer.numerator.unsigned_abs())).collect(),
            }],
        }
    }

    fn titled(&self, order: &NoticeOrder, stream: &str) -> Text {
        let name = order.stream_title(stream);
        Text::new(format!("{}：{}", name.zh, self.title.zh), format!("{}: {}", name.en, self.title.en.to_lowercase()))
    }

    async fn received(&self, store: &Store, scope: &ReportScope) -> Result<Vec<Answer>, StoreError> {
        match Figure::by_id("K01") {
            Some(received) => answers(store, &scope.question(received, &[Dimension::Stream, self.dimension])).await,
            None => Ok(Vec::new()),
        }
    }
}

/// Of the whole of its stream.
pub fn share_column() -> PaperColumn {
    PaperColumn::new("share", "占比", "Share").with_counts(Text::new("件数", "Cases"), Text::new("总数", "Of"))
}
