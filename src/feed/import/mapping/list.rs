//! A list of objects in an event's data, like the assignments of a snapshot: which columns make which element.

use super::{
    Context,
    columns::Row,
    data::{self, Field, Tree},
    error::MappingError,
    keys::Entry,
    leaf::Leaf,
    target::Targets,
};
use crate::feed::import::{clock::Clock, fault::RowProblem};

#[derive(Clone, Debug)]
pub(super) struct List(Vec<Element>);

#[derive(Clone, Debug)]
struct Element {
    /// What an element cannot be without. Where all of it is empty, the row has no such element.
    needed: Vec<Leaf>,
    tree: Tree,
}

impl List {
    /// `[[event.data.assignments]]`, once for each element that a row can have.
    pub(super) fn read(entry: &Entry<'_>, targets: &Targets, context: &mut Context) -> Result<Self, MappingError> {
        let elements = entry.items()?;
        if elements.is_empty() {
            return Err(entry.wrong("needs at least one element"));
        }
        elements.iter().map(|element| Element::read(element, targets, context)).collect::<Result<_, _>>().map(Self)
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
    fn read(entry: &Entry<'_>, targets: &Targets, context: &mut Context) -> Result<Self, MappingError> {
        let leaves = data::read(&entry.section()?, targets, context)?;
        let mut needed = Vec::new();
        for (path, _) in targets.0.iter().filter(|(_, target)| target.is_required) {
            match leaves.get(path) {
                Some(Field::Leaf(leaf)) => needed.push(leaf.clone()),
                _ => return Err(entry.wrong(format!("needs {path}"))),
            }
        }
        Ok(Self { needed, tree: Tree::new(&leaves) })
    }

    fn is_there(&self, row: Row<'_>) -> bool {
        self.needed.is_empty() || self.needed.iter().any(|leaf| leaf.has_value(row))
    }
}
