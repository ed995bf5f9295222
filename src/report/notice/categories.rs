//! 类别分类: the classes (大类), and the categories (小类) with the most cases.

use std::collections::BTreeMap;

use super::{
    NoticeOrder,
    found::NoticeFound,
    names::{NoticeNames, cell, leaf},
    population,
    sources::share_column,
};
use crate::{
    domain::kpi::Figure,
    report::paper::{
        Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Rate, Series, Text,
    },
    store::report::CategoryRow,
};

/// How many categories are listed.
const LISTED: usize = 20;

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut blocks = Vec::new();
    for stream in found.streams(order) {
        let own: Vec<CategoryRow> = found.categories.iter().filter(|one| one.stream == stream).cloned().collect();
        if own.is_empty() {
            continue;
        }
        let (name, total) = (order.stream_title(&stream), own.iter().map(|one| one.received).sum());
        let titled = |zh: &str, en: &str| Text::new(format!("{}：{zh}", name.zh), format!("{}: {en}", name.en));
        let classes = by_class(&found.names, &own);
        let mut by_classes = PaperTable::new(format!("classes_{stream}"), titled("大类", "classes"), columns(false));
        for class in &classes {
            by_classes.push(row(class, total));
        }
        let title = titled("高发小类", "most frequent categories");
        let mut listed = PaperTable::new(format!("categories_{stream}"), title, columns(true));
        for category in own.iter().take(LISTED) {
            let mut row = row(&Class { name: found.names.class(category), sum: category.clone() }, total);
            row.insert(1, leaf(&category.name, &category.code));
            listed.push(row);
        }
        blocks.extend([
            PaperBlock::Chart(chart(&stream, titled("大类受理量", "cases received by class"), &classes)),
            PaperBlock::Table(by_classes.over(population::received())),
            PaperBlock::Table(listed.over(population::received())),
        ]);
    }
    let zh =
        format!("小类列出每个业务流受理最多的 {LISTED} 个；占比是占本业务流。结案率、及时率按应结口径（K05b、K06b）。");
    let en = format!(
        "Of the categories of each stream the {LISTED} with the most cases are listed; a share is of its stream. Closure and \
         timeliness are over those that should be closed (K05b, K06b)."
    );
    blocks.push(PaperBlock::Note(Text::new(zh, en)));
    PaperSection { key: "categories", title: Text::new("类别分类", "Categories"), part: PaperPart::Annex, blocks }
}

struct Class {
    name: Text,
    sum: CategoryRow,
}

/// The most frequent first.
fn by_class(names: &NoticeNames, categories: &[CategoryRow]) -> Vec<Class> {
    let mut classes: BTreeMap<(String, String), Class> = BTreeMap::new();
    for category in categories {
        let name = names.class(category);
        let Some(class) = classes.get_mut(&(category.stream.clone(), name.zh.clone())) else {
            classes.insert((category.stream.clone(), name.zh.clone()), Class { name, sum: category.clone() });
            continue;
        };
        class.sum.received += category.received;
        class.sum.closed += category.closed;
        class.sum.need_close += category.need_close;
        class.sum.on_time += category.on_time;
        class.sum.need_close_with_due += category.need_close_with_due;
    }
    let mut all: Vec<Class> = classes.into_values().collect();
    // A stable sort: of equal ones the order of the names stays.
    all.sort_by_key(|class| std::cmp::Reverse(class.sum.received));
    all
}

fn columns(has_category: bool) -> Vec<PaperColumn> {
    let mut columns = vec![PaperColumn::new("class", "大类", "Class")];
    columns.extend(has_category.then(|| PaperColumn::new("category", "小类", "Category")));
    columns.extend([
        PaperColumn::new("received", "受理", "Received"),
        share_column(),
        PaperColumn::new("closure", "结案率", "Closure")
            .with_counts(Text::new("已结", "Closed"), Text::new("应结", "Should be closed")),
        PaperColumn::new("timeliness", "及时率", "Timeliness").with_counts(
            Text::new("按时结案", "Closed in time"),
            Text::new("应结（有时限）", "Should be closed, with a due"),
        ),
    ]);
    columns
}

fn row(class: &Class, total: u64) -> Vec<PaperCell> {
    let sum = &class.sum;
    vec![
        cell(class.name.clone()),
        PaperCell::count(sum.received),
        PaperCell::share(sum.received, total),
        rate("K05b", sum.closed, sum.need_close),
        rate("K06b", sum.on_time, sum.need_close_with_due),
    ]
}

fn rate(id: &str, numerator: u64, denominator: u64) -> PaperCell {
    PaperCell::Rate(Rate { numerator, denominator, figure: Figure::by_id(id) })
}

fn chart(stream: &str, title: Text, classes: &[Class]) -> Chart {
    Chart {
        key: format!("classes_{stream}"),
        title,
        kind: ChartKind::Bars,
        labels: classes.iter().map(|class| class.name.clone()).collect(),
        series: vec![Series {
            name: Text::new("受理", "Received"),
            values: classes.iter().map(|class| Some(class.sum.received)).collect(),
        }],
    }
}
