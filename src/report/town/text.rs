//! The report for a terminal: the indicators as one table, each with its definition and its command, and the paragraphs.

use std::io::{self, Write};

use super::{TownTold, command, definition, paper, paragraphs};
use crate::report::{
    count::grouped,
    rate::NO_RATE,
    table::{Align, TextTable},
};

pub fn write(told: &TownTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let order = told.order;
    writeln!(out, "{}\n{}\n", order.title.zh, order.title.en)?;
    for fact in paper::facts(told) {
        let value = match fact.value.zh == fact.value.en {
            true => fact.value.zh,
            false => format!("{}；{}", fact.value.zh, fact.value.en),
        };
        writeln!(out, "{} {}: {value}", fact.name.zh, fact.name.en)?;
    }
    writeln!(out)?;
    table(told).write(out)?;
    for section in &order.sections {
        writeln!(out, "\n{} {}\n", section.title.zh, section.title.en)?;
        for paragraph in paragraphs::of(told, section) {
            writeln!(out, "    {}\n    {}", paragraph.zh, paragraph.en)?;
        }
    }
    Ok(())
}

pub fn table(told: &TownTold<'_>) -> TextTable {
    let heads = [
        ("指标 indicator", Align::Left),
        ("数值 value", Align::Right),
        ("分子 n", Align::Right),
        ("分母 d", Align::Right),
        ("定义 definition", Align::Left),
        ("命令 command", Align::Left),
    ];
    let mut table = TextTable::new(heads);
    for indicator in told.order.indicators() {
        let Some(value) = told.value(&indicator.id) else { continue };
        let (numerator, denominator) = value.parts();
        let count = |count: i64| grouped(count.unsigned_abs());
        table.push(vec![
            format!("{} {}", indicator.title.zh, indicator.title.en),
            value.shown(),
            count(numerator),
            denominator.map_or(NO_RATE.to_owned(), count),
            definition::of(indicator).zh,
            command::of(told.order, indicator),
        ]);
    }
    table
}
