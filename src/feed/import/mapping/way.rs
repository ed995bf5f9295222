//! One way to a field's value: a place in the row, a condition, a map, a default, and for times what is added.

mod parts;

use std::sync::Arc;

use super::{
    Context,
    columns::Row,
    condition::Condition,
    plus::Plus,
    take::Take,
    target::{Kind, Target},
    values::ValueMap,
};
use crate::{
    document::TomlEntry,
    feed::import::{
        clock::{Bare, Clock},
        fault::{Fault, RowProblem},
    },
};
use parts::Parts;

#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) take: Take,
    when: Vec<Condition>,
    map: Option<Arc<ValueMap>>,
    /// For an empty cell.
    default: Option<String>,
    plus: Option<Plus>,
    bare: Option<Bare>,
}

impl Way {
    pub(super) fn read(target: &Target, entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let parts = Parts::read(entry, context)?;
        parts.check(target, entry, context);
        let Parts { take, when, map, default, plus, bare } = parts;
        let way = Self { take: take?, when: when?, map: map?, default: default?, plus: plus?, bare: bare? };
        if let Some(map) = &way.map {
            context.watches.map(&way.take, map);
        }
        context.watches.conditions(&way.when, &context.columns);
        Some(way)
    }

    pub(super) fn holds(&self, row: Row<'_>) -> bool {
        self.when.iter().all(|condition| condition.holds(row))
    }

    /// Is there anything in the row to make the value of?
    pub(super) fn has_value(&self, row: Row<'_>) -> bool {
        self.holds(row) && (self.take.value(row).is_some() || self.default.is_some())
    }

    /// Appends the value as JSON; false when this way gives none.
    pub(super) fn write(
        &self,
        target: &Target,
        row: Row<'_>,
        clock: &Clock,
        json: &mut Vec<u8>,
    ) -> Result<bool, RowProblem> {
        if !self.holds(row) {
            return Ok(false);
        }
        let cell = self.take.value(row);
        let value = match (&self.map, cell.as_deref()) {
            (Some(map), Some(text)) => {
                let listed = map.apply(text).ok_or_else(|| Fault::NotListed { map: map.name.clone() });
                Some(listed.map_err(|fault| fault.at(&self.take.label))?)
            }
            (_, text) => text,
        };
        let Some(text) = value.filter(|text| !text.is_empty()).or(self.default.as_deref()) else { return Ok(false) };
        match (&self.plus, &target.kind) {
            (Some(plus), Kind::Time { ends_day }) => {
                let bare = if *ends_day { Bare::of_due } else { Bare::of_time }(self.bare.or(clock.bare));
                let from = clock.read(text, bare).map_err(|fault| fault.at(&self.take.label))?;
                let Some(time) = plus.after(from, row, clock)? else { return Ok(false) };
                serde_json::to_writer(json, &time).map_err(|_| Fault::TimeOutOfRange.at(&self.take.label))?;
            }
            _ => target.kind.write(text, clock, self.bare, json).map_err(|fault| fault.at(&self.take.label))?,
        }
        Ok(true)
    }
}
