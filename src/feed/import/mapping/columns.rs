//! The columns that a mapping names, and where a given file has them.

use super::{error::MappingError, keys::Entry};

/// A column by its number in the mapping, not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed::import) struct Slot(usize);

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
            self.used.push(Used { name: name.to_owned(), file, line, key });
            self.used.len() - 1
        })))
    }

    pub(super) fn name(&self, slot: Slot) -> &str {
        &self.used[slot.0].name
    }

    /// For each slot, the column's place in a file with this header.
    pub(in crate::feed::import) fn bind(&self, header: &[&str]) -> Result<Vec<usize>, MappingError> {
        self.used
            .iter()
            .map(|Used { name, file, line, key }| {
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
    pub(in crate::feed::import) record: &'a csv::StringRecord,
    /// From `Columns::bind`.
    pub(in crate::feed::import) places: &'a [usize],
    pub(in crate::feed::import) null_values: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell without the blanks around it; none when it is empty or one of the null values.
    pub(super) fn cell(&self, slot: Slot) -> Option<&'a str> {
        let text = self.record.get(self.places[slot.0])?.trim();
        (!text.is_empty() && !self.null_values.iter().any(|null| null == text)).then_some(text)
    }
}
