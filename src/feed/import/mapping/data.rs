//! An event's data as a tree of fields, checked against the contract.

mod list;

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Context,
    columns::Row,
    leaf::Leaf,
    target::{Kind, Targets},
};
use list::List;

use crate::{
    document::{Section, TomlEntry, listed, shown},
    feed::import::{clock::Clock, fault::RowProblem},
};

/// Fields by path, as `[fields]` or an event's `data` gives them. None: it is there, and cannot be read, so that it is not missing.
/// Shared, because each event that takes the fields of `[fields]` has them.
pub(super) type Leaves = BTreeMap<String, Option<Arc<Field>>>;

#[derive(Clone, Debug)]
pub(super) enum Field {
    Leaf(Leaf),
    List(List),
}

impl Field {
    fn label(&self) -> Option<&str> {
        match self {
            Self::Leaf(leaf) => Some(leaf.label()),
            Self::List(_) => None,
        }
    }

    fn write(&self, row: Row<'_>, clock: &Clock, json: &mut Vec<u8>) -> Result<bool, RowProblem> {
        match self {
            Self::Leaf(leaf) => leaf.write(row, clock, json),
            Self::List(list) => list.write(row, clock, json),
        }
    }
}

pub(super) fn read(section: &Section<'_>, targets: &Targets, context: &mut Context) -> Leaves {
    let mut leaves = Leaves::new();
    read_group(section, "", targets, context, &mut leaves);
    leaves
}

/// `category.code = …` and `category = { code = … }` are the same to TOML, and to us the quoted `"category.code"` too.
fn read_group(section: &Section<'_>, prefix: &str, targets: &Targets, context: &mut Context, leaves: &mut Leaves) {
    for (name, entry) in section.entries() {
        let path = format!("{prefix}{name}");
        if let Some(target) = targets.0.get(&path) {
            let field = match &target.kind {
                Kind::List(of_each) => List::read(&entry, of_each, context).map(Field::List),
                _ => Leaf::read(&path, target, &entry, context).map(Field::Leaf),
            };
            leaves.insert(path, field.map(Arc::new));
        } else if !targets.is_group(&path) {
            refuse_unknown(&path, &entry, targets, leaves);
        } else if entry.is_table() {
            let Some(section) = entry.section() else { continue };
            read_group(&section, &format!("{path}."), targets, context, leaves);
        } else {
            let inside = format!("{path}.");
            let own: Vec<&str> = targets.names().filter(|known| known.starts_with(&inside)).collect();
            entry.wrong("has parts of its own", format!("write one of {}", listed(&own)));
            leaves.extend(own.into_iter().map(|part| (part.to_owned(), None)));
        }
    }
}

fn refuse_unknown(path: &str, entry: &TomlEntry<'_>, targets: &Targets, leaves: &mut Leaves) {
    let names: Vec<&str> = targets.names().collect();
    // `town` for `place.town`: a missing group is further from the mark than any slip.
    let inside = format!(".{path}");
    let inner = names.iter().copied().find(|name| name.ends_with(&inside));
    let what = format!("the contract has no field `{}` here", shown(path));
    // What is only misspelt is not missing.
    if let Some(meant) = entry.misnames(what, inner.unwrap_or(path), &names) {
        leaves.entry(meant.to_owned()).or_insert(None);
    }
}

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Tree(Vec<Node>);

#[derive(Clone, Debug)]
enum Node {
    Field(String, Arc<Field>),
    Group(String, Tree),
}

impl Tree {
    pub(super) fn new(leaves: &Leaves) -> Self {
        let mut tree = Self(Vec::new());
        for (path, field) in leaves {
            if let Some(field) = field {
                tree.insert(path, field);
            }
        }
        tree
    }

    fn insert(&mut self, path: &str, field: &Arc<Field>) {
        let Some((group, rest)) = path.split_once('.') else {
            self.0.push(Node::Field(path.to_owned(), Arc::clone(field)));
            return;
        };
        for node in &mut self.0 {
            match node {
                Node::Group(name, tree) if name == group => return tree.insert(rest, field),
                _ => {}
            }
        }
        let mut tree = Self(Vec::new());
        tree.insert(rest, field);
        self.0.push(Node::Group(group.to_owned(), tree));
    }

    /// The columns of the field at this place (`details/due_at`), in words; empty where the mapping has none for it.
    pub(in crate::feed::import) fn label(&self, place: &str) -> &str {
        let (name, inside) = place.split_once('/').unwrap_or((place, ""));
        let found = self.0.iter().find_map(|node| match node {
            Node::Field(own, field) if own == name => field.label(),
            Node::Group(own, tree) if own == name => Some(tree.label(inside)),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// Appends the JSON object of this row. Fields without a value, and groups without fields, are left out.
    pub(in crate::feed::import) fn write(
        &self,
        row: Row<'_>,
        clock: &Clock,
        json: &mut Vec<u8>,
    ) -> Result<bool, RowProblem> {
        let start = json.len();
        for node in &self.0 {
            let before = json.len();
            json.push(if before == start { b'{' } else { b',' });
            let name = match node {
                Node::Field(name, _) | Node::Group(name, _) => name,
            };
            json.push(b'"'); // names of the contract need no escapes
            json.extend_from_slice(name.as_bytes());
            json.extend_from_slice(b"\":");
            let is_there = match node {
                Node::Field(_, field) => field.write(row, clock, json)?,
                Node::Group(_, tree) => tree.write(row, clock, json)?,
            };
            if !is_there {
                json.truncate(before);
            }
        }
        let is_filled = json.len() > start;
        json.extend_from_slice(if is_filled { b"}" } else { b"{}" });
        Ok(is_filled)
    }
}
