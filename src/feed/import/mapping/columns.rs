//! The columns that a mapping names, and where a given file has them.

use std::collections::{HashMap, HashSet};

use super::error::MappingError;
use crate::{
    document::{Comparing, Document, Problem, Problems, TomlEntry, listed, shown},
    feed::import::record::{Mark, Record},
};

/// A column by its number in the mapping, not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::feed::import) struct Slot(pub(in crate::feed::import) usize);

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Columns {
    /// The mapping, for the complaint.
    file: String,
    used: Vec<Used>,
    slots: HashMap<String, Slot>,
}

/// A column and the key that named it first, for the complaint.
#[derive(Clone, Debug)]
struct Used {
    name: String,
    at: usize,
    place: String,
    is_personal: bool,
}

impl Columns {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), used: Vec::new(), slots: HashMap::new() }
    }

    pub(super) fn slot(&mut self, name: &str, by: &TomlEntry<'_>) -> Option<Slot> {
        let name = name.trim();
        if name.is_empty() {
            return by.refuse("names no column", "write the name of a column");
        }
        if let Some(slot) = self.slots.get(name) {
            return Some(*slot);
        }
        let slot = Slot(self.used.len());
        self.used.push(Used { name: name.to_owned(), at: by.at(), place: by.place(), is_personal: false });
        self.slots.insert(name.to_owned(), slot);
        Some(slot)
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
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        self.names().filter(|used| names.contains(used)).count()
    }

    /// The delimiter by which a line would name one of the columns.
    pub(in crate::feed::import) fn delimiter_of(&self, line: &str) -> Option<char> {
        let names_one = |delimiter: &char| {
            line.split(*delimiter).any(|name| self.slots.contains_key(name.trim().trim_matches('"')))
        };
        [',', ';', '\t', '|'].into_iter().filter(|delimiter| line.contains(*delimiter)).find(names_one)
    }

    /// The header is one long name, because another character stands between its names.
    pub(in crate::feed::import) fn one_column(&self, delimiter: char) -> MappingError {
        let name = if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
        let place = format!("{}, csv.delimiter", self.file);
        let what = "the file has one column whose name holds others";
        let problem = Problem::new(place, what, format!("it seems to be \"{name}\""));
        MappingError::NotThisFile { problems: vec![problem], columns: String::new() }
    }

    /// For each slot, the column's place in a file with this header.
    pub(in crate::feed::import) fn bind(&self, header: &[&str]) -> Result<Vec<usize>, MappingError> {
        let mut problems = Problems::default();
        let places = self.find(header, |at, problem| problems.add(at, problem));
        match problems.told(&self.file) {
            none if none.is_empty() => Ok(places),
            problems => Err(MappingError::NotThisFile { problems, columns: listed(header) }),
        }
    }

    /// Those that are not among the names of `csv.header`.
    pub(super) fn tell_missing(&self, doc: &Document<'_>, header: &[String]) {
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        self.find(&header, |at, problem| doc.tell(at, problem));
    }

    /// Where each is that is there once; the others are told.
    fn find(&self, header: &[&str], mut tell: impl FnMut(usize, &dyn Fn() -> Problem)) -> Vec<usize> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        header.iter().enumerate().for_each(|(place, name)| places.entry(name).or_default().push(place));
        let comparing = Comparing::default();
        let mut found = Vec::new();
        for used in &self.used {
            match places.get(used.name.as_str()).map(Vec::as_slice) {
                Some([place]) => found.push(*place),
                Some(_) => tell(used.at, &|| used.is_there_twice()),
                None => tell(used.at, &|| used.is_missing(header, &comparing)),
            }
        }
        found
    }
}

impl Used {
    fn is_missing(&self, header: &[&str], comparing: &Comparing) -> Problem {
        let remedy = match comparing.nearest(&self.name, header) {
            Some(name) => format!("the nearest right one is `{}`", shown(name)),
            None => "write one that there is".to_owned(),
        };
        Problem::new(&self.place, format!("there is no column `{}`", shown(&self.name)), remedy)
    }

    fn is_there_twice(&self) -> Problem {
        let remedy =
            "rename one in the file, or give all names in csv.header and the old header line in csv.skip_lines";
        let what = format!("there are two columns `{}`, so that it is unclear which is meant", shown(&self.name));
        Problem::new(&self.place, what, remedy)
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
