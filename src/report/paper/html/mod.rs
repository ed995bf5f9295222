//! A paper as one HTML file: no script, nothing from elsewhere, charts as SVG, a print style for A4.

mod chart;
mod escape;
mod table;

use std::fmt::Write as _;

use self::escape::escaped;
use super::{Block, Card, Cell, Fact, Paper, Section, Text, words};

const STYLE: &str = include_str!("style.css");

/// Even if something got past the escaping, a browser would load and run nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

// Writing to a String cannot fail, so what `write!` returns is of no interest in this folder.
pub fn page(paper: &Paper) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&paper.title.zh),
    );
    head(paper, &mut out);
    out.push_str("<main>\n");
    for (index, section) in paper.sections.iter().enumerate() {
        write_section(index, section, &mut out);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn head(paper: &Paper, out: &mut String) {
    let _ = write!(
        out,
        "<header>\n<h1>{}</h1>\n<p class=\"twin\" lang=\"en\">{}</p>\n<dl class=\"facts\">\n",
        escaped(&paper.title.zh),
        escaped(&paper.title.en)
    );
    for Fact { name, value } in &paper.facts {
        let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", both(name), both(value));
    }
    out.push_str("</dl>\n<nav>\n");
    for (index, section) in paper.sections.iter().enumerate() {
        let number = words::chinese(index + 1);
        let title = escaped(&section.title.zh);
        let _ = writeln!(out, "<a href=\"#{}\">{number}、{title}</a>", escaped(section.key));
    }
    out.push_str("</nav>\n</header>\n");
}

fn write_section(index: usize, section: &Section, out: &mut String) {
    let number = words::chinese(index + 1);
    let key = escaped(section.key);
    let _ = writeln!(out, "<section id=\"{key}\">\n<h2>{number}、{}</h2>", both(&section.title));
    for (place, block) in section.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(text) => paragraph("said", text, out),
            Block::Note(text) => paragraph("note", text, out),
            Block::Cards(cards) => write_cards(cards, out),
            Block::Table(one) => table::write(one, out),
            Block::Chart(one) => chart::write(one, &format!("{key}-{place}"), out),
        }
    }
    out.push_str("</section>\n");
}

fn paragraph(class: &str, text: &Text, out: &mut String) {
    let _ = writeln!(
        out,
        "<div class=\"{class}\"><p>{}</p><p class=\"twin\" lang=\"en\">{}</p></div>",
        escaped(&text.zh),
        escaped(&text.en)
    );
}

fn write_cards(cards: &[Card], out: &mut String) {
    out.push_str("<div class=\"cards\">\n");
    for card in cards {
        let _ = write!(
            out,
            "<div class=\"card\"><h3>{}</h3><p class=\"value\">{}</p>",
            both(&card.title),
            shown(&card.value)
        );
        for (name, change) in &card.changes {
            let _ = write!(out, "<p class=\"change\">{} <b>{}</b></p>", escaped(&name.zh), shown(change));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
}

/// A cell as it stands in a card or a table: a rate with its counts under it.
fn shown(cell: &Cell) -> String {
    match (cell, words::counts(cell)) {
        (Cell::Rate(rate), Some(counts)) => {
            let convention = rate.figure.map_or(String::new(), |figure| {
                format!(" title=\"{} {}\"", escaped(&figure.id), escaped(&figure.convention))
            });
            format!("<span{convention}>{}</span> <small>{}</small>", escaped(&rate.shown()), escaped(&counts))
        }
        _ => {
            let (zh, en) = words::both(cell);
            match en {
                Some(en) => format!("{} <i lang=\"en\">{}</i>", escaped(&zh), escaped(&en)),
                None => escaped(&zh),
            }
        }
    }
}

/// Chinese, and the English in small where it differs.
fn both(text: &Text) -> String {
    if text.zh == text.en {
        return escaped(&text.zh);
    }
    format!("{} <i lang=\"en\">{}</i>", escaped(&text.zh), escaped(&text.en))
}
