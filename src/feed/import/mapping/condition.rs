//! Conditions on a row: the same words for `[[filter]]` and for an event's `when`.

use regex_automata::meta::Regex;

use super::{
    Context,
    columns::{Row, Slot},
};
use crate::document::{Section, TomlEntry};

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Condition {
    pub(in crate::feed::import) column: Slot,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    OneOf { values: Vec<String>, expected: bool },
    Empty { expected: bool },
    Matches { pattern: Regex, expected: bool },
}

const TESTS: [&str; 8] = ["equals", "not_equals", "in", "not_in", "empty", "not_empty", "matches", "not_matches"];

impl Condition {
    /// `when`, where there is one.
    pub(super) fn of(section: &Section<'_>, context: &mut Context) -> Option<Vec<Self>> {
        section.optional("when", Vec::new(), |found| Self::read_all(found, context))
    }

    /// One table, or a list of tables of which all must hold.
    pub(super) fn read_all(entry: &TomlEntry<'_>, context: &mut Context) -> Option<Vec<Self>> {
        match entry.is_list() {
            true => entry.each(|item| Self::read(item, context)),
            false => Some(vec![Self::read(entry, context)?]),
        }
    }

    fn read(entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let section = entry.section_like("a condition, like { column = \"COLUMN\", equals = \"VALUE\" }")?;
        let column = section.require("column", "the column that is looked at");
        let column = column.and_then(|found| context.columns.slot(found.text()?, &found));
        let test = section.one_of(&TESTS).and_then(|(name, test)| Test::read(name, &test, context));
        section.finish();
        Some(Self { column: column?, test: test? })
    }

    /// Does it name values, or only ask whether there is one?
    pub(super) fn knows_values(&self) -> bool {
        !matches!(self.test, Test::Empty { .. })
    }

    /// A regular expression is for text, which may be anything.
    pub(in crate::feed::import) fn is_pattern(&self) -> bool {
        matches!(self.test, Test::Matches { .. })
    }

    /// Whoever wrote the condition thought of this value, whether he wanted it or not.
    pub(super) fn mentions(&self, text: &str) -> bool {
        match &self.test {
            Test::OneOf { values, .. } => values.iter().any(|value| value == text),
            Test::Matches { pattern, .. } => pattern.is_match(text),
            Test::Empty { .. } => false,
        }
    }

    pub(in crate::feed::import) fn holds(&self, row: Row<'_>) -> bool {
        let cell = row.cell(self.column);
        match &self.test {
            Test::OneOf { values, expected } => {
                cell.is_some_and(|text| values.iter().any(|value| value == text)) == *expected
            }
            Test::Empty { expected } => cell.is_none() == *expected,
            Test::Matches { pattern, expected } => cell.is_some_and(|text| pattern.is_match(text)) == *expected,
        }
    }
}

impl Test {
    fn read(name: &str, entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let null_values = &context.null_values;
        let expected = !name.starts_with("not_");
        Some(match name {
            "equals" | "not_equals" => Self::OneOf { values: vec![comparable(entry, null_values)?], expected },
            "in" | "not_in" => Self::OneOf { values: entry.each(|item| comparable(item, null_values))?, expected },
            "empty" | "not_empty" => Self::Empty { expected: entry.flag()? == expected },
            _ => Self::Matches { pattern: context.patterns.read(entry)?, expected },
        })
    }
}

/// Cells are compared without the blanks around them, and an empty cell is equal to nothing.
fn comparable(entry: &TomlEntry<'_>, null_values: &[String]) -> Option<String> {
    let text = entry.scalar()?;
    let text = text.trim();
    if text.is_empty() || null_values.iter().any(|null| null == text) {
        return entry.refuse("counts as empty (csv.null_values)", "test for it with `empty = true`");
    }
    Some(text.to_owned())
}
