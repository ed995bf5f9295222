//! Values that no map lists and no condition asks for: they are counted, because somebody forgot them.

use std::{borrow::Cow, sync::Arc};

use super::{
    columns::{Columns, Row, Slot},
    condition::Condition,
    take::Take,
    values::ValueMap,
};

/// A value, and all who may know it: what one condition leaves another takes, or a map.
#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Watch {
    take: Take,
    /// Under which the values are counted.
    pub(in crate::feed::import) column: Slot,
    conditions: Vec<Condition>,
    maps: Vec<Arc<ValueMap>>,
}

/// Gathered while the mapping is read.
#[derive(Debug, Default)]
pub(super) struct Watches(Vec<Watch>);

impl Watches {
    pub(super) fn map(&mut self, take: &Take, map: &Arc<ValueMap>) {
        if let Some(watch) = self.of(take) {
            watch.maps.push(Arc::clone(map));
        }
    }

    pub(super) fn conditions(&mut self, when: &[Condition], columns: &Columns) {
        for condition in when.iter().filter(|condition| condition.knows_values()) {
            if let Some(watch) = self.of(&Take::of_column(condition.column, columns)) {
                watch.conditions.push(condition.clone());
            }
        }
    }

    /// The one of this column or these columns; none for a constant.
    fn of(&mut self, take: &Take) -> Option<&mut Watch> {
        let column = *take.slots().first()?;
        let place = self.0.iter().position(|watch| watch.take == *take).unwrap_or(self.0.len());
        if place == self.0.len() {
            self.0.push(Watch { take: take.clone(), column, conditions: Vec::new(), maps: Vec::new() });
        }
        self.0.get_mut(place)
    }

    pub(super) fn done(self) -> Vec<Watch> {
        self.0
    }
}

impl Watch {
    /// Are its values text of which nothing may be shown?
    pub(in crate::feed::import) fn is_text(&self) -> bool {
        self.conditions.iter().any(Condition::is_pattern)
    }

    /// The value, where nobody knows it.
    pub(in crate::feed::import) fn unknown<'r>(&'r self, row: Row<'r>) -> Option<Cow<'r, str>> {
        let text = self.take.value(row)?;
        let is_known = self.maps.iter().any(|map| map.lists(&text))
            || self.conditions.iter().any(|condition| condition.mentions(&text));
        (!is_known).then_some(text)
    }
}
