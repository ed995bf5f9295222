//! Where a value comes from: a column, the first filled of several columns, a template, or a constant.

use std::borrow::Cow;

use super::columns::{Columns, Row, Slot};
use crate::document::{Section, TomlEntry};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed::import) struct Take {
    how: How,
    /// The columns in words, for the rejects; empty for a constant.
    pub(in crate::feed::import) label: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum How {
    Column(Slot),
    FirstOf(Vec<Slot>),
    Template(Vec<Part>),
    Constant(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(Slot),
}

impl Part {
    fn slot(&self) -> Option<Slot> {
        match self {
            Self::Text(_) => None,
            Self::Column(slot) => Some(*slot),
        }
    }
}

impl Take {
    /// `"COLUMN"`, `"TEMPLATE {COLUMN}"`, `["A", "B"]`, or a table with one of the keys of `of_section`.
    pub(super) fn read(entry: &TomlEntry<'_>, columns: &mut Columns) -> Option<Self> {
        if entry.is_list() {
            return Self::first_of(entry, columns);
        }
        if entry.is_table() {
            let section = entry.section()?;
            let take = Self::of_section(&section, columns);
            section.finish();
            return take;
        }
        if !entry.is_text() {
            return entry.refuse("is no column", "write its name in quotes, or { value = … } for a constant");
        }
        match entry.text()?.contains('{') {
            true => Self::template(entry, columns),
            false => Self::column(entry, columns),
        }
    }

    /// To be asked for when the section's other keys are.
    pub(super) fn of_section(section: &Section<'_>, columns: &mut Columns) -> Option<Self> {
        let (key, found) = section.one_of(&["column", "columns", "template", "value"])?;
        match key {
            "column" => Self::column(&found, columns),
            "columns" => Self::first_of(&found, columns),
            "template" => Self::template(&found, columns),
            _ => Some(Self { how: How::Constant(found.scalar()?), label: String::new() }),
        }
    }

    fn column(entry: &TomlEntry<'_>, columns: &mut Columns) -> Option<Self> {
        Some(Self::of_column(columns.slot(entry.text()?, entry)?, columns))
    }

    fn first_of(entry: &TomlEntry<'_>, columns: &mut Columns) -> Option<Self> {
        let slots = entry.each(|item| columns.slot(item.text()?, item))?;
        if slots.is_empty() {
            return entry.refuse("is an empty list", "write at least one column");
        }
        let names: Vec<&str> = slots.iter().map(|slot| columns.name(*slot)).collect();
        let label = names.join(" or ");
        Some(Self { how: How::FirstOf(slots), label })
    }

    /// `{COLUMN}` stands for a cell; `{{` and `}}` are the braces themselves.
    fn template(entry: &TomlEntry<'_>, columns: &mut Columns) -> Option<Self> {
        let (mut parts, mut names, mut literal) = (Vec::new(), Vec::new(), String::new());
        let mut rest = entry.text()?;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let end = rest.find('}').filter(|_| brace == "{");
            let end = end.or_else(|| entry.refuse("has a brace without its partner", "write {{ or }} for a brace"))?;
            let slot = columns.slot(&rest[..end], entry)?;
            names.push(columns.name(slot).to_owned());
            parts.extend([Part::Text(std::mem::take(&mut literal)), Part::Column(slot)]);
            rest = &rest[end + 1..];
        }
        literal.push_str(rest);
        parts.push(Part::Text(literal));
        if names.is_empty() {
            return entry.refuse("is a template without a {COLUMN}", "for a constant write { value = \"…\" }");
        }
        Some(Self { how: How::Template(parts), label: names.join(" + ") })
    }

    pub(super) fn of_column(slot: Slot, columns: &Columns) -> Self {
        Self { how: How::Column(slot), label: columns.name(slot).to_owned() }
    }

    /// The columns that it looks at.
    pub(in crate::feed::import) fn slots(&self) -> Vec<Slot> {
        match &self.how {
            How::Column(slot) => vec![*slot],
            How::FirstOf(slots) => slots.clone(),
            How::Constant(_) => Vec::new(),
            How::Template(parts) => parts.iter().filter_map(Part::slot).collect(),
        }
    }

    /// Is its value a cell as it stands?
    pub(in crate::feed::import) fn is_cell(&self) -> bool {
        matches!(self.how, How::Column(_) | How::FirstOf(_))
    }

    /// The column that its value comes from.
    pub(in crate::feed::import) fn filled(&self, row: Row<'_>) -> Option<Slot> {
        self.slots().into_iter().find(|slot| row.cell(*slot).is_some())
    }

    pub(super) fn constant(&self) -> Option<&str> {
        match &self.how {
            How::Constant(text) => Some(text),
            _ => None,
        }
    }

    /// A template gives nothing when all its cells are empty: its fixed text alone says nothing about the row.
    pub(in crate::feed::import) fn value<'a>(&'a self, row: Row<'a>) -> Option<Cow<'a, str>> {
        match &self.how {
            How::Column(slot) => row.cell(*slot).map(Cow::Borrowed),
            How::FirstOf(slots) => slots.iter().find_map(|slot| row.cell(*slot)).map(Cow::Borrowed),
            How::Constant(text) => Some(Cow::Borrowed(text)),
            How::Template(parts) => {
                let (mut filled, mut text) = (false, String::new());
                for part in parts {
                    match part {
                        Part::Text(literal) => text.push_str(literal),
                        Part::Column(slot) => {
                            let cell = row.cell(*slot);
                            filled |= cell.is_some();
                            text.push_str(cell.unwrap_or_default());
                        }
                    }
                }
                filled.then(|| Cow::Owned(text.trim().to_owned()))
            }
        }
    }
}
