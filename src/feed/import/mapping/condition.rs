//! Conditions on a row: the same words for `[[filter]]` and for an event's `when`.

use regex::Regex;
use toml::de::DeValue;

use super::{
    columns::{Columns, Row, Slot},
    error::{MappingError, listed},
    keys::Entry,
};

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
    /// One table, or a list of tables of which all must hold.
    pub(super) fn read_all(
        entry: &Entry<'_>,
        columns: &mut Columns,
        null_values: &[String],
    ) -> Result<Vec<Self>, MappingError> {
        match entry.value {
            DeValue::Table(_) => Ok(vec![Self::read(entry, columns, null_values)?]),
            _ => entry.items()?.iter().map(|item| Self::read(item, columns, null_values)).collect(),
        }
    }

    fn read(entry: &Entry<'_>, columns: &mut Columns, null_values: &[String]) -> Result<Self, MappingError> {
        let section = entry.section()?;
        let column = section.require("column", "which column is looked at")?;
        let column = columns.slot(column.text()?, &column)?;
        let given: Vec<_> = TESTS.into_iter().filter_map(|name| section.get(name).map(|test| (name, test))).collect();
        section.finish()?;
        match given.as_slice() {
            [(name, test)] => Ok(Self { column, test: Test::read(name, test, null_values)? }),
            _ => Err(entry.wrong(format!("needs exactly one test: {}", listed(&TESTS)))),
        }
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
    fn read(name: &str, entry: &Entry<'_>, null_values: &[String]) -> Result<Self, MappingError> {
        let expected = !name.starts_with("not_");
        Ok(match name {
            "equals" | "not_equals" => {
                Self::OneOf { values: vec![comparable(entry, &entry.scalar()?, null_values)?], expected }
            }
            "in" | "not_in" => {
                let items = entry.items()?;
                let values = items.iter().map(|item| comparable(item, &item.scalar()?, null_values));
                Self::OneOf { values: values.collect::<Result<_, _>>()?, expected }
            }
            "empty" | "not_empty" => Self::Empty { expected: entry.flag()? == expected },
            _ => {
                let pattern = Regex::new(entry.text()?)
                    .map_err(|error| entry.wrong(format!("is not a regular expression: {error}")))?;
                Self::Matches { pattern, expected }
            }
        })
    }
}

/// Cells are compared without the blanks around them, and an empty cell is equal to nothing.
fn comparable(entry: &Entry<'_>, text: &str, null_values: &[String]) -> Result<String, MappingError> {
    let text = text.trim();
    if text.is_empty() || null_values.iter().any(|null| null == text) {
        return Err(entry.wrong("this value counts as empty (csv.null_values): test for it with `empty = true`"));
    }
    Ok(text.to_owned())
}
