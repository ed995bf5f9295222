//! A paper as Markdown; of both languages Chinese first, the English after it.

use std::io::{self, Write};

use super::{Card, Chart, Language, Paper, PaperBlock, PaperCell, PaperPart, PaperSection, PaperTable, Text, words};
use crate::report::{
    count::grouped,
    rate::NO_RATE,
    table::{printable, width},
};

pub fn write(paper: &Paper, out: &mut impl Write) -> io::Result<()> {
    if let Some(head) = &paper.letterhead {
        writeln!(out, "{}　{}　{}\n", escaped(&head.issuer), escaped(&head.number), joined(&head.date))?;
    }
    writeln!(out, "# {}\n", escaped(&paper.title.zh))?;
    if paper.title.zh != paper.title.en {
        writeln!(out, "**{}**\n", escaped(&paper.title.en))?;
    }
    for fact in &paper.facts {
        writeln!(out, "- {}：{}", joined(&fact.name), joined(&fact.value))?;
    }
    for (index, section) in paper.of_part(PaperPart::Notice) {
        write_section(
            &words::heading(PaperPart::Notice, index, section, paper.language),
            section,
            paper.language,
            out,
        )?;
    }
    if let Some(head) = &paper.letterhead {
        writeln!(out, "\n{}　{}", escaped(&head.issuer), joined(&head.date))?;
    }
    for (index, section) in paper.of_part(PaperPart::Annex) {
        write_section(&words::heading(PaperPart::Annex, index, section, paper.language), section, paper.language, out)?;
    }
    Ok(())
}

fn write_section(heading: &Text, section: &PaperSection, language: Language, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n## {}", joined(heading))?;
    for block in &section.blocks {
        writeln!(out)?;
        write_block(block, language, out)?;
    }
    Ok(())
}

fn write_block(block: &PaperBlock, language: Language, out: &mut impl Write) -> io::Result<()> {
    match block {
        PaperBlock::Paragraph(text) => writeln!(out, "{}", twins(text).join("\n\n")),
        PaperBlock::Note(text) => writeln!(out, "> {}", twins(text).join("\n>\n> ")),
        PaperBlock::Cards(cards) => write_cards(cards, language, out),
        PaperBlock::Table(table) => write_table(table, language, out),
        PaperBlock::Chart(chart) => write_chart(chart, out),
    }
}

fn write_cards(cards: &[Card], language: Language, out: &mut impl Write) -> io::Result<()> {
    for card in cards {
        write!(out, "- {}：**{}**", joined(&card.title), shown(&card.value, language))?;
        for (name, value) in &card.changes {
            write!(out, "，{} {}", joined(name), shown(value, language))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_table(table: &PaperTable, language: Language, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", joined(&table.caption()))?;
    let heads = table.columns.iter().map(|column| joined(&column.title));
    write_row(heads, out)?;
    let lines = (0..table.columns.len()).map(|index| if table.is_text(index) { "---" } else { "---:" }.to_owned());
    write_row(lines, out)?;
    for (index, row) in table.rows.iter().enumerate() {
        let is_total = table.has_total && index + 1 == table.rows.len();
        let cell =
            |cell: &PaperCell| if is_total { format!("**{}**", shown(cell, language)) } else { shown(cell, language) };
        write_row(row.iter().map(cell), out)?;
    }
    if table.rows.is_empty() {
        writeln!(out, "\n{}", joined(&language.said("无", "None")))?;
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
    const LONGEST: u64 = 40;
    let Some(first) = chart.series.first() else { return Ok(()) };
    let names: Vec<String> = chart.series.iter().map(|series| joined(&series.name)).collect();
    writeln!(out, "**{}** ({})\n\n```text", joined(&chart.title), names.join(" / "))?;
    let most = first.values.iter().flatten().copied().max().unwrap_or(0).max(1);
    let widest = chart.labels.iter().map(|label| width(&label.zh)).max().unwrap_or(0);
    for (index, label) in chart.labels.iter().enumerate() {
        let label = printable(&label.zh).replace('`', "'");
        let at = |values: &[Option<u64>]| values.get(index).copied().flatten();
        let values = chart.series.iter().map(|series| at(&series.values).map_or(NO_RATE.to_owned(), grouped));
        let values: Vec<String> = values.collect();
        let long = u128::from(at(&first.values).unwrap_or(0)) * u128::from(LONGEST) / u128::from(most);
        let bar = "█".repeat(long as usize);
        let blanks = " ".repeat(widest.saturating_sub(width(&label)));
        writeln!(out, "{}", format!("{label}{blanks}  {:>10}  {bar}", values.join(" / ")).trim_end())?;
    }
    writeln!(out, "```")
}

/// A rate with its counts and its convention.
fn shown(cell: &PaperCell, language: Language) -> String {
    match cell {
        PaperCell::Rate(rate) => format!("{} ({})", rate.shown(), words::counts(cell).unwrap_or_default()),
        _ => match words::both(cell, language) {
            (zh, Some(en)) => format!("{} {}", escaped(&zh), escaped(&en)),
            (zh, None) => escaped(&zh),
        },
    }
}

fn joined(text: &Text) -> String {
    twins(text).join(" ")
}

/// One where both are the same.
fn twins(text: &Text) -> Vec<String> {
    let both = [&text.zh, &text.en];
    both.into_iter().take(if text.zh == text.en { 1 } else { 2 }).map(|text| escaped(text)).collect()
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
