//! 类别分类: the classes (大类), and the categories (小类) with the most cases.

use std::collections::BTreeMap;

use super::{
    Order,
    names::{Names, cell, leaf},
    sources::share_column,
};
use crate::{
    domain::kpi::Figure,
    report::paper::{Block, Cell, Chart, Column, Kind, Rate, Scale, Section, Series, Table, Text},
    store::report::Category,
};

/// How many categories are listed.
const LISTED: usize = 20;

pub fn section(order: &Order, names: &Names, categories: &[Category]) -> Section {
    let total = categories.iter().map(|one| one.received).sum();
    let classes = by_class(names, categories);
    let mut by_classes = Table::new("classes", Text::new("大类", "Classes"), columns(false));
    for class in &classes {
        by_classes.push(row(order, class, total));
    }
    let mut listed = Table::new("categories", Text::new("高发小类", "Most frequent categories"), columns(true));
    for category in categories.iter().take(LISTED) {
        let mut row = row(order, &Class { name: names.class(category), sum: category.clone() }, total);
        row.insert(2, leaf(&category.name, &category.code));
        listed.push(row);
    }
    let zh = format!("小类列出受理最多的 {LISTED} 个。结案率、及时率按应结口径（K05b、K06b）。");
    let en = format!(
        "Of the categories the {LISTED} with the most cases are listed. Closure and timeliness are over those that should be \
         closed (K05b, K06b)."
    );
    let blocks = vec![
        Block::Chart(chart(order, &classes)),
        Block::Table(by_classes),
        Block::Table(listed),
        Block::Note(Text::new(zh, en)),
    ];
    Section { key: "categories", title: Text::new("类别分类", "Categories"), blocks }
}

struct Class {
    name: Text,
    sum: Category,
}

/// The most frequent first.
fn by_class(names: &Names, categories: &[Category]) -> Vec<Class> {
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

fn columns(has_category: bool) -> Vec<Column> {
    let mut columns = vec![Column::new("stream", "业务流", "Stream"), Column::new("class", "大类", "Class")];
    columns.extend(has_category.then(|| Column::new("category", "小类", "Category")));
    columns.extend([
        Column::new("received", "受理", "Received"),
        share_column(),
        Column::new("closure", "结案率", "Closure")
            .with_counts(Text::new("已结", "Closed"), Text::new("应结", "Should be closed")),
        Column::new("timeliness", "及时率", "Timeliness").with_counts(
            Text::new("按时结案", "Closed in time"),
            Text::new("应结（有时限）", "Should be closed, with a due"),
        ),
    ]);
    columns
}

fn row(order: &Order, class: &Class, total: u64) -> Vec<Cell> {
    let sum = &class.sum;
    vec![
        cell(order.stream_title(&sum.stream)),
        cell(class.name.clone()),
        Cell::Count(sum.received as i64),
        Cell::share(sum.received, total),
        rate("K05b", sum.closed, sum.need_close),
        rate("K06b", sum.on_time, sum.need_close_with_due),
    ]
}

fn rate(id: &str, numerator: u64, denominator: u64) -> Cell {
    Cell::Rate(Rate { numerator, denominator, figure: Figure::by_id(id) })
}

fn chart(order: &Order, classes: &[Class]) -> Chart {
    let label = |class: &Class| format!("{} {}", order.stream_title(&class.sum.stream).zh, class.name.zh);
    Chart {
        key: "classes",
        title: Text::new("大类受理量", "Cases received by class"),
        kind: Kind::Bars,
        scale: Scale::Count,
        labels: classes.iter().map(label).collect(),
        series: vec![Series {
            name: Text::new("受理", "Received"),
            values: classes.iter().map(|class| Some(class.sum.received as f64)).collect(),
        }],
    }
}
