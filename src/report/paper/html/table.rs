//! A table: heads repeat on every printed page, numbers stand right.

use std::fmt::Write as _;

use super::{both, shown};
use crate::report::paper::{Language, PaperCell, PaperTable};

pub fn write(table: &PaperTable, language: Language, out: &mut String) {
    let _ = write!(out, "<div class=\"wide\"><table>\n<caption>{}</caption>\n<thead><tr>", both(&table.caption()));
    let texts: Vec<bool> = (0..table.columns.len()).map(|index| table.is_text(index)).collect();
    for (column, is_text) in table.columns.iter().zip(&texts) {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(*is_text), both(&column.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (index, row) in table.rows.iter().enumerate() {
        let is_total = table.has_total && index + 1 == table.rows.len();
        out.push_str(if is_total { "<tr class=\"total\">" } else { "<tr>" });
        for (cell, is_text) in row.iter().zip(&texts) {
            let _ = write!(out, "<td{}>{}</td>", class(*is_text), shown(cell, language));
        }
        out.push_str("</tr>\n");
    }
    if table.rows.is_empty() {
        let none = PaperCell::Said(language.said("无", "None"));
        let _ = writeln!(out, "<tr><td colspan=\"{}\">{}</td></tr>", table.columns.len(), shown(&none, language));
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn class(is_text: bool) -> &'static str {
    if is_text { "" } else { " class=\"n\"" }
}
