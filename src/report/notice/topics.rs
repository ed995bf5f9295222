//! 热点诉求: what grew, and who came back.

use super::{
    Order,
    compared::Compared,
    names::{Names, cell, leaf},
};
use crate::{
    report::{
        count::grouped,
        paper::{Block, Cell, Chart, Column, Kind, Scale, Section, Series, Table, Text},
    },
    store::{
        Store, StoreError,
        report::{self, About, Category, Repeats},
    },
};

const LISTED: usize = 10;
/// A category must have so many cases before its growth is news.
const GROWN_FROM: u64 = 10;

pub async fn section(
    store: &Store,
    order: &Order,
    names: &Names,
    compared: &Compared,
    categories: &[Category],
) -> Result<Section, StoreError> {
    let mut blocks = Vec::new();
    if let Some(earlier) = compared.earlier.first() {
        let about = About { period: earlier.period, ..order.about() };
        let before = report::categories(store, about).await?;
        let (table, chart) = grown(order, names, categories, &before);
        blocks.extend([Block::Chart(chart), Block::Table(table)]);
        let title = earlier.title();
        blocks.push(Block::Note(Text::new(
            format!("按本期受理量列出前 {LISTED} 类，增长为{}；本期不足 {GROWN_FROM} 件的类别不计增长。", title.zh),
            format!(
                "The {LISTED} categories with the most cases; growth {}. No growth is told of a category with fewer than \
                 {GROWN_FROM} cases.",
                title.en
            ),
        )));
    }
    let repeats = report::repeats(store, order.about()).await?;
    if let Some(all) = report::reporters(store, order.about()).await?.first() {
        blocks.push(Block::Paragraph(Text::new(
            format!(
                "留有电话的反映人 {} 人，其中 {} 人在本期反映两件以上，共 {} 件。",
                grouped(all.reporters),
                grouped(all.repeaters),
                grouped(all.cases)
            ),
            format!(
                "{} people left a telephone number; {} of them brought more than one case in the period, {} together.",
                grouped(all.reporters),
                grouped(all.repeaters),
                grouped(all.cases)
            ),
        )));
    }
    blocks.push(Block::Table(repeated(order, &repeats)));
    blocks.push(Block::Note(Text::new(
        "重复反映：同一反映人在本期就同一类别反映两件以上。反映人只以电话的密钥假名识别，报表中没有个人信息。",
        "Repeated: the same person, known only by a keyed pseudonym of the telephone number, brought more than one case of a \
         category in the period. The report holds no personal data.",
    )));
    Ok(Section { key: "topics", title: Text::new("热点诉求", "Hot topics"), blocks })
}

fn grown(order: &Order, names: &Names, now: &[Category], before: &[Category]) -> (Table, Chart) {
    let columns = vec![
        Column::new("stream", "业务流", "Stream"),
        Column::new("class", "大类", "Class"),
        Column::new("category", "小类", "Category"),
        Column::new("received", "本期", "Now"),
        Column::new("before", "上一时段", "Before"),
        Column::new("change", "增减", "More or less"),
        Column::new("growth", "增长", "Growth"),
    ];
    let title = Text::new("热点及增长", "Topics and their growth");
    let mut table = Table::new("topics", title.clone(), columns);
    let mut chart = Chart {
        key: "topics",
        title,
        kind: Kind::Bars,
        scale: Scale::Count,
        labels: Vec::new(),
        series: [("本期", "Now"), ("上一时段", "Before")]
            .map(|(zh, en)| Series { name: Text::new(zh, en), values: Vec::new() })
            .to_vec(),
    };
    for one in now.iter().take(LISTED) {
        let is_same = |other: &&Category| {
            (&other.stream, &other.standard, &other.code, &other.name)
                == (&one.stream, &one.standard, &one.code, &one.name)
        };
        let earlier = before.iter().find(is_same).map_or(0, |other| other.received);
        let by = one.received as i64 - earlier as i64;
        let growth = (earlier > 0 && one.received >= GROWN_FROM).then(|| by as f64 / earlier as f64);
        let name = leaf(&one.name, &one.code);
        chart.labels.push(if let Cell::Given(name) = &name { name.clone() } else { one.code.clone() });
        for (series, value) in chart.series.iter_mut().zip([one.received, earlier]) {
            series.values.push(Some(value as f64));
        }
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            cell(names.class(one)),
            name,
            Cell::Count(one.received as i64),
            Cell::Count(earlier as i64),
            Cell::Count(by),
            growth.map_or(Cell::Nothing, Cell::Growth),
        ]);
    }
    (table, chart)
}

fn repeated(order: &Order, repeats: &[Repeats]) -> Table {
    let columns = vec![
        Column::new("stream", "业务流", "Stream"),
        Column::new("category", "类别", "Category"),
        Column::new("reporters", "反映人", "People"),
        Column::new("cases", "件数", "Cases"),
        Column::new("most", "一人最多", "Most of one"),
    ];
    let mut table = Table::new("repeats", Text::new("重复反映", "Repeated reports"), columns);
    for one in repeats.iter().take(LISTED) {
        let name = if one.name.is_empty() { one.code.clone() } else { one.name.clone() };
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            Cell::Given(name),
            Cell::Count(one.reporters as i64),
            Cell::Count(one.cases as i64),
            Cell::Count(one.most as i64),
        ]);
    }
    table
}
