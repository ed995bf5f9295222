//! `[values.NAME]`: the file's words for things, and ours.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::document::{TomlEntry, shown};

/// Those of `[values]` by their names; none of one that is there and cannot be read.
pub(super) type ValueMaps = BTreeMap<String, Option<Arc<ValueMap>>>;

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct ValueMap {
    pub(super) name: String,
    map: HashMap<String, String>,
    otherwise: Otherwise,
}

/// For a value that is not listed.
#[derive(Clone, Debug)]
enum Otherwise {
    Reject,
    Keep,
    Default(String),
}

impl ValueMap {
    pub(super) fn read_all(entry: &TomlEntry<'_>) -> Option<ValueMaps> {
        let read = |(name, entry): (&str, TomlEntry<'_>)| (name.to_owned(), Self::read(name, &entry).map(Arc::new));
        let section = entry.section_like("[values.NAME] with map = { \"THEIRS\" = \"OURS\" }")?;
        Some(section.entries().into_iter().map(read).collect())
    }

    fn read(name: &str, entry: &TomlEntry<'_>) -> Option<Self> {
        let section = entry.section_like("{ map = { \"THEIRS\" = \"OURS\" } }")?;
        let default = section.get("default");
        let otherwise = default.as_ref().map(TomlEntry::scalar);
        let keep = section.optional("keep", false, TomlEntry::flag);
        let map = match default.is_some() || keep != Some(false) {
            true => section.optional("map", HashMap::new(), pairs),
            false => section.require("map", NEEDED).and_then(|found| some_pairs(&found)),
        };
        section.finish();
        let otherwise = match (otherwise, keep?) {
            (Some(_), true) => {
                let default = default?;
                return default.refuse("stands beside `keep`, and only one of them can hold", "leave one of the two");
            }
            (Some(to), false) => Otherwise::Default(to?),
            (None, true) => Otherwise::Keep,
            (None, false) => Otherwise::Reject,
        };
        Some(Self { name: name.to_owned(), map: map?, otherwise })
    }

    /// None when the value is not listed and nothing says what then. Empty text stands for "no value".
    pub(super) fn apply<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        match (self.map.get(text), &self.otherwise) {
            (Some(to), _) | (None, Otherwise::Default(to)) => Some(to),
            (None, Otherwise::Keep) => Some(text),
            (None, Otherwise::Reject) => None,
        }
    }

    /// Whoever wrote the map thought of this value.
    pub(super) fn lists(&self, text: &str) -> bool {
        self.map.contains_key(text)
    }

    /// Everything that the map itself can give.
    pub(super) fn results(&self) -> impl Iterator<Item = &str> {
        let default = match &self.otherwise {
            Otherwise::Default(to) => Some(to),
            Otherwise::Keep | Otherwise::Reject => None,
        };
        self.map.values().chain(default).map(String::as_str)
    }
}

/// The map that an entry names.
pub(super) fn named(entry: &TomlEntry<'_>, maps: Option<&ValueMaps>) -> Option<Arc<ValueMap>> {
    let name = entry.text()?;
    let maps = maps?;
    maps.get(name).cloned().unwrap_or_else(|| {
        let what = format!("there is no [values.{}]", shown(name));
        entry.no_such(what, name, || maps.keys().map(String::as_str).collect())
    })
}

const NEEDED: &str = "which value becomes which, or `default`, or `keep`";

fn some_pairs(entry: &TomlEntry<'_>) -> Option<HashMap<String, String>> {
    let found = pairs(entry)?;
    if found.is_empty() { entry.refuse("is empty", format!("write {NEEDED}")) } else { Some(found) }
}

fn pairs(entry: &TomlEntry<'_>) -> Option<HashMap<String, String>> {
    let read = |(from, to): (&str, TomlEntry<'_>)| to.scalar().map(|to| (from.trim().to_owned(), to));
    let section = entry.section_like("{ \"THEIRS\" = \"OURS\" }, one for each value")?;
    let read: Vec<Option<(String, String)>> = section.entries().into_iter().map(read).collect();
    read.into_iter().collect()
}
