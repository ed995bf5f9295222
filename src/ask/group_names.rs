//! Names beside the codes of a table's groups: of the names file, of the streams' files, and as the cases call them.

use std::collections::BTreeMap;

use crate::store::{
    Store, StoreError,
    kpi::{self, Dimension},
};

/// For each dimension of a grouping, the names of its codes.
#[derive(Debug, Default)]
pub struct GroupNames(Vec<(Dimension, BTreeMap<String, String>)>);

impl GroupNames {
    /// `known` are the names that are told besides, which go before those that the cases say.
    pub async fn read(
        group_by: &[Dimension],
        store: &Store,
        known: impl Fn(Dimension) -> BTreeMap<String, String>,
    ) -> Result<Self, StoreError> {
        let mut all = Vec::with_capacity(group_by.len());
        for dimension in group_by {
            let mut names: BTreeMap<String, String> = kpi::names(store, *dimension).await?.into_iter().collect();
            names.extend(known(*dimension));
            all.push((*dimension, names));
        }
        Ok(Self(all))
    }

    /// The code, and behind it its name where it has another.
    pub fn name(&self, group: &mut [String]) {
        for (code, (_, names)) in group.iter_mut().zip(&self.0) {
            if let Some(name) = names.get(code).filter(|name| *name != code && !name.is_empty()) {
                *code = format!("{code} {name}");
            }
        }
    }

    /// Is it a code of the dimension that has a name, or the name of one?
    pub fn has(&self, dimension: Dimension, word: &str) -> bool {
        let names = self.0.iter().filter(|(known, _)| *known == dimension).flat_map(|(_, names)| names);
        names.into_iter().any(|(code, name)| code == word || name == word)
    }

    /// The name of a code of one of the dimensions, or the code where it has none.
    pub fn of<'a>(&'a self, dimension: Dimension, code: &'a str) -> &'a str {
        let names = self.0.iter().find(|(known, _)| *known == dimension).map(|(_, names)| names);
        names.and_then(|names| names.get(code)).filter(|name| !name.is_empty()).map_or(code, String::as_str)
    }
}
