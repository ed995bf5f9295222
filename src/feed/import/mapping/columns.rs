//! The columns that a mapping names, and where a given file has them.

use super::{error::MappingError, keys::Entry};
use crate::feed::import::record::{Mark, Record};

/// A column by its number in the mapping, not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::feed::import) struct Slot(pub(in crate::feed::import) usize);

#[derive(Clone, Debug, Default)]
pub(in crate::feed::import) struct Columns {
    used: Vec<Used>,
}

/// A column and the key that named it first, for the complaint.
#[derive(Clone, Debug)]
struct Used {
    name: String,
    file: String,
    line: usize,
    key: String,
    is_personal: bool,
}

impl Columns {
    pub(super) fn slot(&mut self, name: &str, by: &Entry<'_>) -> Result<Slot, MappingError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(by.wrong("must be the name of a column"));
        }
        let known = self.used.iter().position(|used| used.name == name);
        Ok(Slot(known.unwrap_or_else(|| {
            let (file, line, key) = (by.file().to_owned(), by.line(), by.path.clone());
            self.used.push(Used { name: name.to_owned(), file, line, key, is_personal: false });
            self.used.len() - 1
        })))
    }

    pub(in crate::feed::import) fn name(&self, slot: Slot) -> &str {
        &self.used[slot.0].name
    }

    pub(in crate::feed::import) fn len(&self) -> usize {
        self.used.len()
    }

    pub(in crate::feed::import) fn names(&self) -> impl Iterator<Item = &str> {
        self.used.iter().map(|used| used.name.as_str())
    }

    /// What a column holds may be a person's, so that nothing of it is ever shown.
    pub(super) fn hold_back(&mut self, slot: Slot) {
        self.used[slot.0].is_personal = true;
    }

    pub(in crate::feed::import) fn is_personal(&self, slot: Slot) -> bool {
        self.used[slot.0].is_personal
    }

    /// How many of the columns this row names.
    pub(in crate::feed::import) fn found_in(&self, names: &[String]) -> usize {
        self.names().filter(|used| names.iter().any(|name| name == used)).count()
    }

    /// The delimiter by which a line would name one of the columns.
    pub(in crate::feed::import) fn delimiter_of(&self, line: &str) -> Option<char> {
        let names_one = |delimiter: &char| {
            line.split(*delimiter).any(|name| self.names().any(|used| used == name.trim().trim_matches('"')))
        };
        [',', ';', '\t', '|'].into_iter().filter(|delimiter| line.contains(*delimiter)).find(names_one)
    }

    pub(in crate::feed::import) fn one_column(&self, delimiter: char) -> MappingError {
        MappingError::one_column(&self.used[0].file, delimiter)
    }

    /// For each slot, the column's place in a file with this header.
    pub(in crate::feed::import) fn bind(&self, header: &[&str]) -> Result<Vec<usize>, MappingError> {
        self.used
            .iter()
            .map(|Used { name, file, line, key, .. }| {
                let mut places = header.iter().enumerate().filter(|(_, column)| **column == name.as_str());
                match (places.next(), places.next()) {
                    (Some((place, _)), None) => Ok(place),
                    (None, _) => Err(MappingError::no_column(file, *line, key, name, header)),
                    (Some(_), Some(_)) => Err(MappingError::column_twice(file, *line, key, name)),
                }
            })
            .collect()
    }
}

/// One row of the file, seen through the mapping.
#[derive(Clone, Copy, Debug)]
pub(in crate::feed::import) struct Row<'a> {
    pub(in crate::feed::import) record: &'a Record,
    /// From `Columns::bind`.
    pub(in crate::feed::import) places: &'a [usize],
    pub(in crate::feed::import) null_values: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell without the blanks around it; none when it is empty or one of the null values.
    pub(in crate::feed::import) fn cell(&self, slot: Slot) -> Option<&'a str> {
        let text = without_formula(self.record.cells.get(self.places[slot.0])?.trim());
        (!text.is_empty() && !self.null_values.iter().any(|null| null == text)).then_some(text)
    }

    pub(in crate::feed::import) fn mark(&self, slot: Slot) -> Option<Mark> {
        self.record.mark(self.places[slot.0])
    }

    pub(in crate::feed::import) fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        (0..self.places.len()).map(Slot)
    }
}

/// `="001001"` is how a spreadsheet is told to keep the zeros of a text.
fn without_formula(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).map_or(text, str::trim)
}
