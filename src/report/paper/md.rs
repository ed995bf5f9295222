//! A paper as Markdown: Chinese first, the English after it.

use std::io::{self, Write};

use super::{Block, Card, Cell, Chart, Paper, Scale, Table, Text, words};
use crate::report::table::{printable, width};

pub fn write(paper: &Paper, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# {}\n\n**{}**\n", paper.title.zh, paper.title.en)?;
    for fact in &paper.facts {
        writeln!(out, "- {}：{}", joined(&fact.name), joined(&fact.value))?;
    }
    for (index, section) in paper.sections.iter().enumerate() {
        writeln!(out, "\n## {}、{} {}", words::chinese(index + 1), section.title.zh, section.title.en)?;
        for block in &section.blocks {
            writeln!(out)?;
            write_block(block, out)?;
        }
    }
    Ok(())
}

fn write_block(block: &Block, out: &mut impl Write) -> io::Result<()> {
    match block {
        Block::Paragraph(text) => writeln!(out, "{}\n\n{}", escaped(&text.zh), escaped(&text.en)),
        Block::Note(text) => writeln!(out, "> {}\n>\n> {}", escaped(&text.zh), escaped(&text.en)),
        Block::Cards(cards) => write_cards(cards, out),
        Block::Table(table) => write_table(table, out),
        Block::Chart(chart) => write_chart(chart, out),
    }
}

fn write_cards(cards: &[Card], out: &mut impl Write) -> io::Result<()> {
    for card in cards {
        write!(out, "- {}：**{}**", joined(&card.title), shown(&card.value))?;
        for (name, value) in &card.changes {
            write!(out, "，{} {}", joined(name), shown(value))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_table(table: &Table, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", joined(&table.title))?;
    let heads = table.columns.iter().map(|column| joined(&column.title));
    write_row(heads, out)?;
    let lines = (0..table.columns.len()).map(|index| if table.is_text(index) { "---" } else { "---:" }.to_owned());
    write_row(lines, out)?;
    for (index, row) in table.rows.iter().enumerate() {
        let is_total = table.has_total && index + 1 == table.rows.len();
        let cell = |cell: &Cell| if is_total { format!("**{}**", shown(cell)) } else { shown(cell) };
        write_row(row.iter().map(cell), out)?;
    }
    if table.rows.is_empty() {
        writeln!(out, "\n无 None")?;
    }
    Ok(())
}

fn write_row(cells: impl Iterator<Item = String>, out: &mut impl Write) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {cell} ")?;
    }
    writeln!(out, "|")
}

/// Drawn with characters; the numbers stand beside.
fn write_chart(chart: &Chart, out: &mut impl Write) -> io::Result<()> {
    const LONGEST: f64 = 40.0;
    let Some(first) = chart.series.first() else { return Ok(()) };
    let names: Vec<String> = chart.series.iter().map(|series| joined(&series.name)).collect();
    writeln!(out, "**{}** ({})\n\n```text", joined(&chart.title), names.join(" / "))?;
    let most = first.values.iter().flatten().copied().fold(0.0, f64::max);
    let widest = chart.labels.iter().map(|label| width(label)).max().unwrap_or(0);
    for (index, label) in chart.labels.iter().enumerate() {
        let label = printable(label).replace('`', "'");
        let values: Vec<String> = chart.series.iter().map(|series| valued(chart, &series.values, index)).collect();
        let part = first.values.get(index).copied().flatten().filter(|_| most > 0.0).map_or(0.0, |value| value / most);
        let bar = "█".repeat((part * LONGEST).round() as usize);
        let blanks = " ".repeat(widest.saturating_sub(width(&label)));
        writeln!(out, "{}", format!("{label}{blanks}  {:>10}  {bar}", values.join(" / ")).trim_end())?;
    }
    writeln!(out, "```")
}

fn valued(chart: &Chart, values: &[Option<f64>], index: usize) -> String {
    match (chart.scale, values.get(index).copied().flatten()) {
        (_, None) => "—".to_owned(),
        (Scale::Count, Some(value)) => words::count(value as i64),
        (Scale::Percent, Some(value)) => words::floored_percent(value),
    }
}

/// A rate with its counts and its convention.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Rate(rate) => format!("{} ({})", rate.shown(), words::counts(cell).unwrap_or_default()),
        _ => match words::both(cell) {
            (zh, Some(en)) => format!("{} {}", escaped(&zh), escaped(&en)),
            (zh, None) => escaped(&zh),
        },
    }
}

fn joined(text: &Text) -> String {
    if text.zh == text.en { escaped(&text.zh) } else { format!("{} {}", escaped(&text.zh), escaped(&text.en)) }
}

/// Names come from outside: they are no markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}
