//! What the value maps can give and a field of the contract does not take. A map is tried once for all fields of one kind: there may
//! be thousands of both.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    target::{Kind, Target},
    values::ValueMap,
};
use crate::{
    document::shown,
    feed::import::{
        clock::{Bare, Clock},
        fault::Fault,
    },
};

/// Values of one map that are told.
const TOLD_MAX: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Misfits(Vec<Tried>);

#[derive(Debug)]
struct Tried {
    map: Arc<ValueMap>,
    kind: Kind,
    bare: Option<Bare>,
    misfit: Option<Misfit>,
}

#[derive(Clone, Debug)]
pub(super) struct Misfit {
    /// The first of them, as they are told.
    pub(super) texts: String,
    /// What is wrong with the first.
    pub(super) fault: String,
}

impl Misfits {
    pub(super) fn of(
        &mut self,
        map: &Arc<ValueMap>,
        target: &Target,
        clock: &Clock,
        bare: Option<Bare>,
    ) -> Option<Misfit> {
        let is_same = |tried: &&Tried| Arc::ptr_eq(&tried.map, map) && tried.bare == bare && tried.kind == target.kind;
        if let Some(tried) = self.0.iter().find(is_same) {
            return tried.misfit.clone();
        }
        let results: BTreeSet<&str> = map.results().filter(|text| !text.is_empty()).collect();
        let misfit = Misfit::among(results, target, clock, bare);
        self.0.push(Tried { map: Arc::clone(map), kind: target.kind.clone(), bare, misfit: misfit.clone() });
        misfit
    }
}

impl Misfit {
    /// Those of these texts that cannot stand there.
    pub(super) fn among<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        target: &Target,
        clock: &Clock,
        bare: Option<Bare>,
    ) -> Option<Self> {
        let faulty = texts.into_iter().filter_map(|text| {
            let fault = target.kind.write(text, clock, bare, &mut Vec::new()).err()?;
            Some((text, fault))
        });
        let faulty: Vec<(&str, Fault)> = faulty.collect();
        let (_, fault) = faulty.first()?;
        let first: Vec<String> = faulty.iter().take(TOLD_MAX).map(|(text, _)| format!("`{}`", shown(text))).collect();
        let more = match faulty.len() - first.len() {
            0 => String::new(),
            more => format!(" and {more} more of its map"),
        };
        Some(Self { texts: first.join(", ") + &more, fault: fault.to_string() })
    }
}
