//! `[values.NAME]`: the file's words for things, and ours.

use std::collections::{BTreeMap, HashMap};

use super::{error::MappingError, keys::Entry};

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
    pub(super) fn read_all(entry: Option<&Entry<'_>>) -> Result<BTreeMap<String, Self>, MappingError> {
        let Some(entry) = entry else { return Ok(BTreeMap::new()) };
        entry
            .section()?
            .entries()
            .into_iter()
            .map(|(name, entry)| Ok((name.to_owned(), Self::read(name, &entry)?)))
            .collect()
    }

    fn read(name: &str, entry: &Entry<'_>) -> Result<Self, MappingError> {
        let section = entry.section()?;
        let (map, default, keep) = (section.get("map"), section.get("default"), section.get("keep"));
        section.finish()?;
        let map = match map {
            Some(map) => map
                .section()?
                .entries()
                .into_iter()
                .map(|(from, to)| Ok((from.trim().to_owned(), to.scalar()?)))
                .collect::<Result<_, MappingError>>()?,
            None => HashMap::new(),
        };
        let keep = keep.map(|keep| keep.flag()).transpose()?.unwrap_or(false);
        let otherwise = match (default, keep) {
            (Some(default), true) => return Err(default.wrong("either `default` or `keep`, not both")),
            (Some(default), false) => Otherwise::Default(default.scalar()?),
            (None, true) => Otherwise::Keep,
            (None, false) if map.is_empty() => return Err(entry.wrong("needs `map`: which value becomes which")),
            (None, false) => Otherwise::Reject,
        };
        Ok(Self { name: name.to_owned(), map, otherwise })
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
