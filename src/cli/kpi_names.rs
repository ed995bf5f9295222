//! Names beside the codes of a table's groups: of the names file, of the streams' files, and as the cases call them.

use std::collections::BTreeMap;

use super::setup::Setup;
use crate::{
    config::{self, names::Names},
    store::{
        Store,
        kpi::{self, Dimension},
    },
};

/// For each dimension of a grouping, the names of its codes.
#[derive(Debug)]
pub struct GroupNames(Vec<BTreeMap<String, String>>);

impl GroupNames {
    pub async fn read(group_by: &[Dimension], setup: &Setup, store: &Store) -> anyhow::Result<Self> {
        let mut all = Vec::with_capacity(group_by.len());
        if group_by.is_empty() {
            return Ok(Self(all));
        }
        let file = config::names::load(setup.settings.names.file.as_deref())?;
        let chinese =
            |names: &Names| names.iter().map(|(code, name)| (code.clone(), name.texts().0.to_owned())).collect();
        for dimension in group_by {
            let mut names: BTreeMap<String, String> = kpi::names(store, *dimension).await?.into_iter().collect();
            names.extend::<BTreeMap<_, _>>(match dimension {
                Dimension::Stream => {
                    setup.files.iter().map(|file| (file.name.clone(), file.title.zh.clone())).collect()
                }
                Dimension::Channel => chinese(&file.channel),
                Dimension::Town => chinese(&file.town),
                Dimension::Community => chinese(&file.community),
                Dimension::Unit => chinese(&file.unit),
                _ => BTreeMap::new(),
            });
            all.push(names);
        }
        Ok(Self(all))
    }

    /// The code, and behind it its name where it has another.
    pub fn name(&self, group: &mut [String]) {
        for (code, names) in group.iter_mut().zip(&self.0) {
            if let Some(name) = names.get(code).filter(|name| *name != code && !name.is_empty()) {
                *code = format!("{code} {name}");
            }
        }
    }
}
