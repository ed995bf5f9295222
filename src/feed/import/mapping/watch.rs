//! Values that no map lists and no condition asks for: they are counted, because somebody forgot them.

use std::sync::Arc;

use super::{
    columns::{Row, Slot},
    condition::Condition,
    take::Take,
    values::ValueMap,
};

/// What is looked at, and who knows its values.
#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Watch {
    /// Under which the values are counted.
    pub(in crate::feed::import) column: Slot,
    known: Known,
}

#[derive(Clone, Debug)]
enum Known {
    Map(Take, Arc<ValueMap>),
    Conditions(Vec<Condition>),
}

/// Gathered while the mapping is read.
#[derive(Debug, Default)]
pub(super) struct Watches(Vec<Watch>);

impl Watches {
    pub(super) fn map(&mut self, take: &Take, map: &Arc<ValueMap>) {
        if let Some(column) = take.slots().first() {
            self.0.push(Watch { column: *column, known: Known::Map(take.clone(), Arc::clone(map)) });
        }
    }

    /// Conditions on one column belong together: what one leaves, another takes.
    pub(super) fn conditions(&mut self, when: &[Condition]) {
        for condition in when {
            let same = self.0.iter_mut().find_map(|watch| match &mut watch.known {
                Known::Conditions(known) if watch.column == condition.column => Some(known),
                _ => None,
            });
            match same {
                Some(known) => known.push(condition.clone()),
                None => {
                    let known = Known::Conditions(vec![condition.clone()]);
                    self.0.push(Watch { column: condition.column, known });
                }
            }
        }
    }

    /// A test whether a cell is filled knows no values.
    pub(super) fn done(mut self) -> Vec<Watch> {
        self.0.retain(|watch| match &watch.known {
            Known::Map(..) => true,
            Known::Conditions(known) => known.iter().any(Condition::knows_values),
        });
        self.0
    }
}

impl Watch {
    /// The value, where nobody knows it.
    pub(in crate::feed::import) fn unknown<'r>(&'r self, row: Row<'r>) -> Option<std::borrow::Cow<'r, str>> {
        match &self.known {
            Known::Map(take, map) => take.value(row).filter(|text| !map.lists(text)),
            Known::Conditions(known) => {
                let text = row.cell(self.column)?;
                (!known.iter().any(|condition| condition.mentions(text))).then_some(text.into())
            }
        }
    }
}
