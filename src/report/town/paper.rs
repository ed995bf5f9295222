//! The report as a printed paper: the paragraphs, the table of indicators, and the commands that open them.

use jiff::tz::TimeZone;

use super::{TownTold, command, definition, paragraphs};
use crate::report::paper::{
    Language, Paper, PaperBlock, PaperCell, PaperColumn, PaperFact, PaperPart, PaperSection, PaperTable, Text,
};

pub fn of(told: &TownTold<'_>) -> Paper {
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
pub(super) fn facts(told: &TownTold<'_>) -> Vec<PaperFact> {
    let (order, zone) = (told.order, TimeZone::get(&told.order.zone).unwrap_or(TimeZone::UTC));
    let same = |text: String| Text::new(text.clone(), text);
    let days = format!("[{}, {})", order.span.first, order.span.after);
    vec![
        PaperFact { name: Text::new("统计时段", "Period"), value: same(days) },
        PaperFact { name: Text::new("数据截至", "As of"), value: same(order.period.as_of.rfc3339(&zone)) },
        PaperFact { name: Text::new("取舍", "Rounding"), value: rounding() },
    ]
}

fn rounding() -> Text {
    Text::new(
        "率向下取两位小数，分子等于分母才是 100.00 %；同比四舍五入到一位小数",
        "rates are floored to two decimals, so that 100.00 % means all; changes on the year before are rounded to one",
    )
}

fn sentences(told: &TownTold<'_>) -> PaperSection {
    let mut blocks = Vec::new();
    for section in &told.order.sections {
        for paragraph in paragraphs::of(told, section) {
            blocks.push(PaperBlock::Paragraph(Text::new(
                format!("【{}】{}", section.title.zh, paragraph.zh),
                format!("{}. {}", section.title.en, paragraph.en),
            )));
        }
    }
    PaperSection { key: "report", title: Text::new("报告", "Report"), part: PaperPart::Notice, blocks }
}

fn indicators(told: &TownTold<'_>) -> PaperSection {
    let columns = vec![
        PaperColumn::new("id", "编号", "Id"),
        PaperColumn::new("section", "部分", "Part"),
        PaperColumn::new("indicator", "指标", "Indicator"),
        PaperColumn::new("value", "数值", "Value"),
        PaperColumn::new("numerator", "分子（本年）", "Numerator, or this year"),
        PaperColumn::new("denominator", "分母（上年）", "Denominator, or the year before"),
        PaperColumn::new("definition", "定义", "Definition"),
    ];
    let mut table = PaperTable::new("indicators", Text::new("指标", "Indicators"), columns);
    for section in &told.order.sections {
        for indicator in &section.indicators {
            let Some(value) = told.value(&indicator.id) else { continue };
            let (numerator, denominator) = value.parts();
            table.push(vec![
                PaperCell::Given(indicator.id.clone()),
                PaperCell::Said(section.title.clone()),
                PaperCell::Said(indicator.title.clone()),
                value.cell(),
                PaperCell::Count(numerator),
                denominator.map_or(PaperCell::Nothing, PaperCell::Count),
                PaperCell::Said(definition::of(indicator)),
            ]);
        }
    }
    let blocks = vec![PaperBlock::Table(table), PaperBlock::Note(rounding())];
    PaperSection { key: "indicators", title: Text::new("指标", "Indicators"), part: PaperPart::Annex, blocks }
}

fn commands(told: &TownTold<'_>) -> PaperSection {
    let columns = vec![
        PaperColumn::new("id", "编号", "Id"),
        PaperColumn::new("indicator", "指标", "Indicator"),
        PaperColumn::new("command", "命令", "Command"),
    ];
    let mut table = PaperTable::new("commands", Text::new("溯源", "How to open each figure"), columns);
    for indicator in told.order.indicators() {
        table.push(vec![
            PaperCell::Given(indicator.id.clone()),
            PaperCell::Said(indicator.title.clone()),
            PaperCell::Given(command::of(told.order, indicator)),
        ]);
    }
    let note = Text::new(
        "每条命令给出同一个数；加 --cases 列出其中每一件案件。",
        "Each command gives the same number; with --cases it lists the cases behind it.",
    );
    PaperSection {
        key: "commands",
        title: Text::new("溯源", "How to open each"),
        part: PaperPart::Annex,
        blocks: vec![PaperBlock::Table(table), PaperBlock::Note(note)],
    }
}
