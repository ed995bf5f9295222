//! One way to a field's value: a place in the row, a condition, a map, a default, and for times what is added.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Context,
    columns::Row,
    condition::Condition,
    plus::Plus,
    take::Take,
    target::{Kind, Target},
    time::bare,
    values::{ValueMap, named},
};
use crate::{
    document::TomlEntry,
    feed::import::{
        clock::{Bare, Clock},
        fault::{Fault, RowProblem},
    },
};

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
        let way = match entry.is_table() {
            true => Self::of_section(entry, context)?,
            false => Self::plain(Take::read(entry, &mut context.columns)?),
        };
        way.check(target, entry, context.clock.as_ref());
        if let Some(map) = &way.map {
            context.watches.map(&way.take, map);
        }
        context.watches.conditions(&way.when, &context.columns);
        Some(way)
    }

    fn plain(take: Take) -> Self {
        Self { take, when: Vec::new(), map: None, default: None, plus: None, bare: None }
    }

    fn of_section(entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let section = entry.section()?;
        let map = section.optional("map", None, |found| named(found, context.maps.as_ref()).map(Some));
        let default = section.optional("default", None, |found| found.scalar().map(Some));
        let bare = bare(&section);
        let plus = section.optional("plus", None, |found| Plus::read(found, context).map(Some));
        let when = Condition::of(&section, context);
        let take = Take::of_section(&section, &mut context.columns);
        section.finish();
        Some(Self { take: take?, when: when?, map: map?, default: default?, plus: plus?, bare: bare? })
    }

    /// What the mapping itself can put here is checked when it is loaded, not at the first row. Times are not, where it is unknown
    /// how they are read.
    fn check(&self, target: &Target, entry: &TomlEntry<'_>, clock: Option<&Clock>) {
        let is_time = matches!(target.kind, Kind::Time { .. });
        let only_of_times = if self.plus.is_some() { Some("plus") } else { self.bare.map(|_| "bare_date") };
        if let Some(key) = only_of_times.filter(|_| !is_time) {
            let what = format!("`{key}` is for times, and this is {}", target.kind.in_words());
            return entry.wrong(what, format!("leave `{key}` out"));
        }
        let unread = Clock::unread();
        let Some(clock) = clock.or((!is_time).then_some(&unread)) else { return };
        let constant = self.take.constant().filter(|_| self.map.is_none());
        let mapped = self.map.iter().flat_map(|map| map.results()).filter(|text| !text.is_empty());
        let possible: BTreeSet<&str> = constant.into_iter().chain(self.default.as_deref()).chain(mapped).collect();
        for text in possible {
            if let Err(fault) = target.kind.write(text, clock, self.bare, &mut Vec::new()) {
                entry.wrong(format!("cannot become `{text}`: {fault}"), "write a value that the contract takes");
            }
        }
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
