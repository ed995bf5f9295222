//! The report as a printed paper: the paragraphs, the table of indicators, and the commands that open them.

use jiff::tz::TimeZone;

use super::{Told, command, definition, paragraphs};
use crate::report::paper::{Block, Cell, Column, Fact, Language, Paper, Part, Section, Table, Text};

pub fn of(told: &Told<'_>) -> Paper {
    let order = told.order;
    Paper {
        title: order.title.clone(),
        letterhead: order.letterhead.clone(),
        period: order.period,
        zone: order.zone.clone(),
        facts: facts(told),
        sections: vec![sentences(told), indicators(told), commands(told)],
        language: Language::Both,
    }
}

/// What a reader must know of the numbers.
pub(super) fn facts(told: &Told<'_>) -> Vec<Fact> {
    let (order, zone) = (told.order, TimeZone::get(&told.order.zone).unwrap_or(TimeZone::UTC));
    let same = |text: String| Text::new(text.clone(), text);
    let days = format!("[{}, {})", order.span.first, order.span.after);
    vec![
        Fact { name: Text::new("统计时段", "Period"), value: same(days) },
        Fact { name: Text::new("数据截至", "As of"), value: same(order.period.as_of.rfc3339(&zone)) },
        Fact { name: Text::new("取舍", "Rounding"), value: rounding() },
    ]
}

fn rounding() -> Text {
    Text::new(
        "率向下取两位小数，分子等于分母才是 100.00 %；同比四舍五入到一位小数",
        "rates are floored to two decimals, so that 100.00 % means all; changes on the year before are rounded to one",
    )
}

fn sentences(told: &Told<'_>) -> Section {
    let mut blocks = Vec::new();
    for section in &told.order.sections {
        for paragraph in paragraphs::of(told, section) {
            blocks.push(Block::Paragraph(Text::new(
                format!("【{}】{}", section.title.zh, paragraph.zh),
                format!("{}. {}", section.title.en, paragraph.en),
            )));
        }
    }
    Section { key: "report", title: Text::new("报告", "Report"), part: Part::Notice, blocks }
}

fn indicators(told: &Told<'_>) -> Section {
    let columns = vec![
        Column::new("id", "编号", "Id"),
        Column::new("section", "部分", "Part"),
        Column::new("indicator", "指标", "Indicator"),
        Column::new("value", "数值", "Value"),
        Column::new("numerator", "分子（本年）", "Numerator, or this year"),
        Column::new("denominator", "分母（上年）", "Denominator, or the year before"),
        Column::new("definition", "定义", "Definition"),
    ];
    let mut table = Table::new("indicators", Text::new("指标", "Indicators"), columns);
    for section in &told.order.sections {
        for indicator in &section.indicators {
            let Some(value) = told.value(&indicator.id) else { continue };
            let (numerator, denominator) = value.parts();
            table.push(vec![
                Cell::Given(indicator.id.clone()),
                Cell::Said(section.title.clone()),
                Cell::Said(indicator.title.clone()),
                value.cell(),
                Cell::Count(numerator),
                denominator.map_or(Cell::Nothing, Cell::Count),
                Cell::Said(definition::of(indicator)),
            ]);
        }
    }
    let blocks = vec![Block::Table(table), Block::Note(rounding())];
    Section { key: "indicators", title: Text::new("指标", "Indicators"), part: Part::Annex, blocks }
}

fn commands(told: &Told<'_>) -> Section {
    let columns = vec![
        Column::new("id", "编号", "Id"),
        Column::new("indicator", "指标", "Indicator"),
        Column::new("command", "命令", "Command"),
    ];
    let mut table = Table::new("commands", Text::new("溯源", "How to open each figure"), columns);
    for indicator in told.order.indicators() {
        table.push(vec![
            Cell::Given(indicator.id.clone()),
            Cell::Said(indicator.title.clone()),
            Cell::Given(command::of(told.order, indicator)),
        ]);
    }
    let note = Text::new(
        "每条命令给出同一个数；加 --cases 列出其中每一件案件。",
        "Each command gives the same number; with --cases it lists the cases behind it.",
    );
    Section {
        key: "commands",
        title: Text::new("溯源", "How to open each"),
        part: Part::Annex,
        blocks: vec![Block::Table(table), Block::Note(note)],
    }
}
