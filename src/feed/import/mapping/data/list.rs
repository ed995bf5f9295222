//! A list of objects in an event's data, like the assignments of a snapshot: which columns make which element.

use super::{Field, Tree, read};
use crate::{
    document::TomlEntry,
    feed::import::{
        clock::Clock,
        fault::RowProblem,
        mapping::{Context, columns::Row, leaf::Leaf, target::Targets},
    },
};

#[derive(Clone, Debug)]
pub(in crate::feed::import::mapping) struct List(Vec<Element>);

#[derive(Clone, Debug)]
struct Element {
    /// What an element cannot be without. Where all of it is empty, the row has no such element.
    needed: Vec<Leaf>,
    tree: Tree,
}

impl List {
    /// `[[event.data.assignments]]`, once for each element that a row can have.
    pub(super) fn read(entry: &TomlEntry<'_>, targets: &Targets, context: &mut Context) -> Option<Self> {
        let elements = entry.some_sections();
        let read: Vec<Option<Element>> =
            elements.iter().map(|element| Element::read(element, targets, context)).collect();
        Some(Self(read.into_iter().collect::<Option<_>>()?))
    }

    /// Appends the JSON list of this row; false when no element is there.
    pub(super) fn write(&self, row: Row<'_>, clock: &Clock, json: &mut Vec<u8>) -> Result<bool, RowProblem> {
        let start = json.len();
        for element in self.0.iter().filter(|element| element.is_there(row)) {
            json.push(if json.len() == start { b'[' } else { b',' });
            element.tree.write(row, clock, json)?;
        }
        let is_filled = json.len() > start;
        json.extend_from_slice(if is_filled { b"]" } else { b"[]" });
        Ok(is_filled)
    }
}

impl Element {
    fn read(entry: &TomlEntry<'_>, targets: &Targets, context: &mut Context) -> Option<Self> {
        let leaves = read(&entry.section()?, targets, context);
        let mut needed = Vec::new();
        for path in targets.required() {
            match leaves.get(path).map(Option::as_deref) {
                Some(Some(Field::Leaf(leaf))) => needed.push(leaf.clone()),
                Some(_) => {}
                None => entry.wrong(format!("needs {path}"), format!("write {path} = \"COLUMN\"")),
            }
        }
        Some(Self { needed, tree: Tree::new(&leaves) })
    }

    fn is_there(&self, row: Row<'_>) -> bool {
        self.needed.is_empty() || self.needed.iter().any(|leaf| leaf.has_value(row))
    }
}
