//! 热点诉求: what grew, and who came back.

use super::{
    NoticeOrder,
    found::NoticeFound,
    names::{cell, leaf},
    population,
};
use crate::{
    report::{
        count::grouped,
        paper::{
            Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Series, Text,
        },
        rate,
    },
    store::report::{CategoryRow, Reporters},
};

const LISTED: usize = 10;
/// A category must have so many cases before its growth is news.
pub const GROWN_FROM: u64 = 10;

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut blocks = Vec::new();
    if let Some(earlier) = found.compared.earlier.first() {
        for stream in found.streams(order) {
            let own: Vec<&CategoryRow> =
                found.categories.iter().filter(|one| one.stream == stream).take(LISTED).collect();
            if !own.is_empty() {
                let (table, chart) = grown(order, found, &stream, &own);
                blocks.extend([PaperBlock::Chart(chart), PaperBlock::Table(table)]);
            }
        }
        let title = earlier.title();
        blocks.push(PaperBlock::Note(Text::new(
            format!("每个业务流按本期受理量列出前 {LISTED} 类，增长为{}；上一时段不足 {GROWN_FROM} 件的类别不计增长。", title.zh),
            format!(
                "The {LISTED} categories with the most cases of each stream; growth {}. No growth is told of a category that had \
                 fewer than {GROWN_FROM} cases.",
                title.en
            ),
        )));
    }
    blocks.extend(found.reporters.iter().map(|all| PaperBlock::Paragraph(told(order, all))));
    blocks.push(PaperBlock::Table(repeated(order, found)));
    blocks.push(PaperBlock::Note(Text::new(
        "重复反映：同一反映人在本期就同一类别反映两件以上。反映人只以电话的密钥假名识别，报表中没有个人信息。",
        "Repeated: the same person, known only by a keyed pseudonym of the telephone number, brought more than one case of a \
         category in the period. The report holds no personal data.",
    )));
    PaperSection { key: "topics", title: Text::new("热点诉求", "Hot topics"), part: PaperPart::Annex, blocks }
}

fn told(order: &NoticeOrder, all: &Reporters) -> Text {
    let title = order.stream_title(&all.stream);
    Text::new(
        format!(
            "{}：留有电话的反映人 {} 人，其中 {} 人在本期反映两件以上，共 {} 件，一人最多 {} 件。",
            title.zh,
            grouped(all.reporters),
            grouped(all.repeaters),
            grouped(all.cases),
            grouped(all.most)
        ),
        format!(
            "{}: {} people left a telephone number; {} of them brought more than one case in the period, {} together, one of them {}.",
            title.en,
            grouped(all.reporters),
            grouped(all.repeaters),
            grouped(all.cases),
            grouped(all.most)
        ),
    )
}

fn grown(order: &NoticeOrder, found: &NoticeFound, stream: &str, now: &[&CategoryRow]) -> (PaperTable, Chart) {
    let columns = vec![
        PaperColumn::new("class", "大类", "Class"),
        PaperColumn::new("category", "小类", "Category"),
        PaperColumn::new("received", "本期", "Now"),
        PaperColumn::new("before", "上一时段", "Before"),
        PaperColumn::new("change", "增减", "More or less"),
        PaperColumn::new("growth", "增长", "Growth"),
    ];
    let name = order.stream_title(stream);
    let title = Text::new(format!("{}：热点及增长", name.zh), format!("{}: topics and their growth", name.en));
    let mut table = PaperTable::new(format!("topics_{stream}"), title.clone(), columns).over(population::received());
    let series = |zh: &str, en: &str, of: &dyn Fn(&CategoryRow) -> u64| Series {
        name: Text::new(zh, en),
        values: now.iter().map(|one| Some(of(one))).collect(),
    };
    let called = |one: &CategoryRow| leaf(&one.name, &one.code);
    for one in now {
        let (earlier, received) = (found.before(one) as i64, one.received as i64);
        let growth = rate::growth(received, earlier, 10_000).filter(|_| earlier.unsigned_abs() >= GROWN_FROM);
        table.push(vec![
            cell(found.names.class(one)),
            called(one),
            PaperCell::Count(received),
            PaperCell::Count(earlier),
            PaperCell::Count(received - earlier),
            growth.map_or(PaperCell::Nothing, PaperCell::Growth),
        ]);
    }
    let label = |one: &&CategoryRow| match called(one) {
        PaperCell::Given(name) => Text::same(&name),
        PaperCell::Said(text) => text,
        _ => Text::same(&one.code),
    };
    let chart = Chart {
        key: format!("topics_{stream}"),
        title,
        kind: ChartKind::Bars,
        labels: now.iter().map(label).collect(),
        series: vec![
            series("本期", "Now", &|one| one.received),
            series("上一时段", "Before", &|one| found.before(one)),
        ],
    };
    (table, chart)
}

fn repeated(order: &NoticeOrder, found: &NoticeFound) -> PaperTable {
    let columns = vec![
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("category", "类别", "Category"),
        PaperColumn::new("reporters", "反映人", "People"),
        PaperColumn::new("cases", "件数", "Cases"),
        PaperColumn::new("most", "一人最多", "Most of one"),
    ];
    let mut table =
        PaperTable::new("repeats", Text::new("重复反映", "Repeated reports"), columns).over(population::received());
    for one in found.repeats.iter().take(LISTED) {
        let name = if one.name.is_empty() { one.code.clone() } else { one.name.clone() };
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            PaperCell::Given(name),
            PaperCell::count(one.reporters),
            PaperCell::count(one.cases),
            PaperCell::count(one.most),
        ]);
    }
    table
}
