//! A page of panels and forms.

use askama::Template;
use serde_json::Value;

use super::{
    account::{cell, head},
    address::Address,
    frame::{Hidden, Input, Page, Select, SelectOption, Twin},
    part::{Cell, Chips, Panel, Row, State, Table},
    words::{Lang, Words},
};
use crate::{
    ask::unclear::{PARAMETER, Unclear, no_such},
    report::paper::Text,
};

#[derive(Debug, Template)]
#[template(path = "sheet.html")]
pub(super) struct SheetPage {
    pub(super) page: Page,
    pub(super) sheet: Sheet,
    pub(super) t: &'static Words,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// A sentence on what it is.
    pub(super) leads: Vec<String>,
    pub(super) chips: Vec<Chips>,
    pub(super) states: Vec<State>,
    pub(super) first: Vec<WebForm>,
    pub(super) panels: Vec<Panel>,
    pub(super) last: Vec<WebForm>,
}

/// A form of its own, other than the filter of every question.
#[derive(Clone, Debug, Default)]
pub(super) struct WebForm {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) method: String,
    pub(super) action: String,
    pub(super) hidden: Vec<Hidden>,
    pub(super) inputs: Vec<Input>,
    pub(super) selects: Vec<Select>,
    pub(super) button: String,
    pub(super) notes: Vec<String>,
}

impl WebForm {
    /// What is in the address is in its fields.
    pub(super) fn get(id: &str, title: &str, action: &str, button: &str) -> Self {
        let text = str::to_owned;
        Self {
            id: text(id),
            title: text(title),
            method: text("get"),
            action: text(action),
            button: text(button),
            ..Self::default()
        }
    }

    pub(super) fn input(mut self, kind: &str, name: &str, label: &str, value: &str, hint: &str) -> Self {
        let text = str::to_owned;
        let is_wide = kind == "text" && name == "note";
        let (kind, name, label, value, hint) = (text(kind), text(name), text(label), text(value), text(hint));
        self.inputs.push(Input { kind, name, label, value, hint, is_wide });
        self
    }

    pub(super) fn hide(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.hidden.push(Hidden { name: name.to_owned(), value: value.to_owned() });
        }
        self
    }

    pub(super) fn select(
        mut self,
        name: &str,
        label: &str,
        chosen: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.selects.push(select(name, label, chosen, options));
        self
    }
}

pub(super) fn select(
    name: &str,
    label: &str,
    chosen: &str,
    options: impl IntoIterator<Item = (String, String)>,
) -> Select {
    let option = |(value, text): (String, String)| SelectOption { is_on: value == chosen, value, text };
    Select { name: name.to_owned(), label: label.to_owned(), options: options.into_iter().map(option).collect() }
}

/// A parameter that the page does not take is refused.
pub(super) fn only_takes(here: &Address, known: &[&str]) -> Result<(), Unclear> {
    match here.pairs().find(|(name, _)| !known.contains(name)) {
        Some((name, _)) => Err(no_such(PARAMETER, name, known)),
        None => Ok(()),
    }
}

/// The same answer for programs, at the same address.
pub(super) fn twins(here: &Address, endings: &[&str]) -> Vec<Twin> {
    let twin = |ending: &&str| Twin {
        mime: if *ending == "csv" { "text/csv" } else { "application/json" }.to_owned(),
        href: here.at(&format!("{}.{ending}", here.path)).without(&["lang"]).href(),
        text: ending.to_uppercase(),
    };
    endings.iter().map(twin).collect()
}

/// Some fields of an object, in this order, as a row of CSV.
pub(super) fn fields(of: &Value, names: &[&str]) -> Vec<(String, Value)> {
    names.iter().map(|name| ((*name).to_owned(), of[*name].clone())).collect()
}

/// What something is, line by line.
pub(super) fn lines(caption: &str, rows: Vec<(&str, Cell)>) -> Table {
    let row = |(name, value): (&str, Cell)| Row {
        cells: vec![Cell { is_head: true, cls: "t".to_owned(), ..cell(name) }, value],
        ..Row::default()
    };
    Table {
        caption: caption.to_owned(),
        is_caption_hidden: true,
        cls: "lines".to_owned(),
        rows: rows.into_iter().map(row).collect(),
        ..Table::default()
    }
}

/// A table whose caption is the title of its panel. A class of `n` is of numbers.
pub(super) fn table(caption: &str, heads: &[(&str, &str)], rows: Vec<Row>) -> Table {
    let mut rows = rows;
    for row in &mut rows {
        // Where a row is stacked on a phone, the label stands before the number; not before nothing.
        let cells = row.cells.iter_mut().zip(heads).filter(|(cell, _)| !cell.text.is_empty());
        cells.for_each(|(cell, (head, _))| (*head).clone_into(&mut cell.label));
    }
    Table {
        caption: caption.to_owned(),
        is_caption_hidden: true,
        cls: "stackable".to_owned(),
        cols: heads.iter().map(|(text, cls)| head(text, cls)).collect(),
        rows,
        ..Table::default()
    }
}

pub(super) fn row(cells: Vec<Cell>) -> Row {
    Row { cells, ..Row::default() }
}

/// The head of a row, with a link.
/// The first and the last rows of a long table, and between them one that stands for the others: nobody reads thousands, and a browser
/// takes a second for them. The page's JSON has all.
pub(super) fn abridged<T>(all: &[T], row: impl Fn(&T) -> Row, others: impl Fn(&[T]) -> Row) -> Vec<Row> {
    const FIRST: usize = 60;
    const LAST: usize = 40;
    if all.len() <= FIRST + LAST {
        return all.iter().map(row).collect();
    }
    let (first, rest) = all.split_at(FIRST);
    let (between, last) = rest.split_at(rest.len() - LAST);
    first.iter().map(&row).chain([others(between)]).chain(last.iter().map(&row)).collect()
}

/// `… 4012 more, in the JSON`.
pub(super) fn more(count: usize, lang: Lang) -> String {
    lang.of(&format!("…… 另有 {count} 条，见 JSON"), &format!("… {count} more, in the JSON")).to_owned()
}

pub(super) fn head_link(text: &str, href: String) -> Cell {
    Cell { is_head: true, ..link(text, href) }
}

pub(super) fn link(text: &str, href: String) -> Cell {
    Cell { has_href: true, href, ..cell(text) }
}

pub(super) fn panel(id: &str, title: &str, tables: Vec<Table>) -> Panel {
    Panel { id: id.to_owned(), title: title.to_owned(), tables, ..Panel::default() }
}

pub(super) fn state(kind: &str, title: &str, text: String) -> State {
    let sign = match kind {
        "failed" => "✕",
        "empty" => "∅",
        "ok" => "✓",
        _ => "ℹ",
    };
    State { kind: kind.to_owned(), sign: sign.to_owned(), title: title.to_owned(), text, ..State::default() }
}

/// Only the language of an address.
pub(super) fn elsewhere(here: &Address, path: &str) -> Address {
    Address::new(path, Vec::new()).with("lang", here.get("lang").unwrap_or_default())
}

/// Of a text of the program's own.
pub(super) fn said(lang: Lang, text: &Text) -> &str {
    lang.of(&text.zh, &text.en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_shows_its_ends_and_one_row_stands_for_what_is_between() {
        let shown = |count: usize| -> Vec<String> {
            let all: Vec<usize> = (0..count).collect();
            let of = |number: &usize| row(vec![cell(&number.to_string())]);
            let others = |between: &[usize]| row(vec![cell(&format!("{}+", between.len()))]);
            abridged(&all, of, others).into_iter().map(|row| row.cells[0].text.clone()).collect()
        };
        assert_eq!(shown(100).len(), 100);
        let long = shown(4_000);
        assert_eq!((long.len(), &*long[59], &*long[60], &*long[61]), (101, "59", "3900+", "3960"));
        assert_eq!(shown(101)[60], "1+");
    }
}
