//! A paper as one HTML file: no script, nothing from elsewhere, charts as SVG, a print style for A4. The notice comes first, and
//! the annex begins on a page of its own.

mod chart;
mod escape;
mod table;

use std::fmt::Write as _;

use self::escape::escaped;
use super::{
    Card, Language, Letterhead, Paper, PaperBlock, PaperCell, PaperFact, PaperPart, PaperSection, Text, words,
};

const STYLE: &str = include_str!("style.css");

/// Even if something got past the escaping, a browser would load and run nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

// Writing to a String cannot fail, so what `write!` returns is of no interest in this folder.
/// The whole file, ready to be opened from a disk or sent by mail.
pub fn page(paper: &Paper) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        paper.language.tag(),
        escaped(&paper.title.zh),
    );
    head(paper, &mut out);
    out.push_str("<main>\n");
    for (index, section) in paper.of_part(PaperPart::Notice) {
        write_section(
            &words::heading(PaperPart::Notice, index, section, paper.language),
            section,
            paper.language,
            &mut out,
        );
    }
    if let Some(letterhead) = &paper.letterhead {
        let _ = writeln!(
            out,
            "<div class=\"signed\"><p>{}</p><p>{}</p></div>",
            escaped(&letterhead.issuer),
            both(&letterhead.date)
        );
    }
    contents(paper, &mut out);
    for (index, section) in paper.of_part(PaperPart::Annex) {
        write_section(
            &words::heading(PaperPart::Annex, index, section, paper.language),
            section,
            paper.language,
            &mut out,
        );
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn head(paper: &Paper, out: &mut String) {
    out.push_str("<header>\n");
    if let Some(Letterhead { issuer, number, date }) = &paper.letterhead {
        let _ = writeln!(
            out,
            "<p class=\"issuer\">{}</p>\n<p class=\"number\"><span>{}</span><span>{}</span></p>",
            escaped(issuer),
            escaped(number),
            both(date)
        );
    }
    let _ = writeln!(out, "<h1>{}</h1>", escaped(&paper.title.zh));
    if paper.title.zh != paper.title.en {
        let _ = writeln!(out, "<p class=\"twin\" lang=\"en\">{}</p>", escaped(&paper.title.en));
    }
    out.push_str("<dl class=\"facts\">\n");
    for PaperFact { name, value } in &paper.facts {
        let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", both(name), both(value));
    }
    out.push_str("</dl>\n</header>\n");
}

/// What the annex holds, at its head.
fn contents(paper: &Paper, out: &mut String) {
    if paper.of_part(PaperPart::Annex).next().is_none() {
        return;
    }
    let _ = writeln!(out, "<nav>\n<b>{}</b>", both(&paper.language.said("附件目录", "Annex")));
    for (index, section) in paper.of_part(PaperPart::Annex) {
        let title = words::heading(PaperPart::Annex, index, section, paper.language);
        let _ = writeln!(out, "<a href=\"#{}\">{}</a>", escaped(section.key), escaped(&title.zh));
    }
    out.push_str("</nav>\n");
}

fn write_section(heading: &Text, section: &PaperSection, language: Language, out: &mut String) {
    let key = escaped(section.key);
    let part = if section.part == PaperPart::Notice { "notice" } else { "annex" };
    let _ = writeln!(out, "<section id=\"{key}\" class=\"{part}\">\n<h2>{}</h2>", both(heading));
    for (place, block) in section.blocks.iter().enumerate() {
        match block {
            PaperBlock::Paragraph(text) => paragraph("said", text, out),
            PaperBlock::Note(text) => paragraph("note", text, out),
            PaperBlock::Cards(cards) => write_cards(cards, language, out),
            PaperBlock::Table(one) => table::write(one, language, out),
            PaperBlock::Chart(one) => chart::write(one, &format!("{key}-{place}"), language, out),
        }
    }
    out.push_str("</section>\n");
}

fn paragraph(class: &str, text: &Text, out: &mut String) {
    let _ = write!(out, "<div class=\"{class}\"><p>{}</p>", escaped(&text.zh));
    if text.zh != text.en {
        let _ = write!(out, "<p class=\"twin\" lang=\"en\">{}</p>", escaped(&text.en));
    }
    out.push_str("</div>\n");
}

fn write_cards(cards: &[Card], language: Language, out: &mut String) {
    out.push_str("<div class=\"cards\">\n");
    for card in cards {
        let value = shown(&card.value, language);
        let _ = write!(out, "<div class=\"card\"><h3>{}</h3><p class=\"value\">{value}</p>", both(&card.title));
        for (name, change) in &card.changes {
            let change = shown(change, language);
            let _ = write!(out, "<p class=\"change\">{} <b>{change}</b></p>", escaped(&name.zh));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
}

/// A cell as it stands in a card or a table: a rate with its counts under it.
fn shown(cell: &PaperCell, language: Language) -> String {
    match (cell, words::counts(cell)) {
        (PaperCell::Rate(rate), Some(counts)) => {
            let convention = rate.figure.map_or(String::new(), |figure| {
                format!(" title=\"{} {}\"", escaped(&figure.id), escaped(&figure.convention))
            });
            format!("<span{convention}>{}</span> <small>{}</small>", escaped(&rate.shown()), escaped(&counts))
        }
        _ => {
            let (zh, en) = words::both(cell, language);
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
