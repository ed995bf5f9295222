//! One way to a field's value: a place in the row, a condition, a map, a default, and for times what is added.

use std::sync::Arc;

use toml::de::DeValue;

use super::{
    Context,
    columns::Row,
    condition::Condition,
    error::{MappingError, listed},
    keys::{Entry, Section},
    nearest::hint,
    plus::Plus,
    take::Take,
    target::{Kind, Target},
    time::bare,
    values::ValueMap,
};
use crate::feed::import::{
    clock::{Bare, Clock},
    fault::{Fault, RowProblem},
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
    pub(super) fn read(target: &Target, entry: &Entry<'_>, context: &mut Context) -> Result<Self, MappingError> {
        let way = match entry.value {
            DeValue::Table(_) => Self::of_section(entry, &entry.section()?, context)?,
            _ => Self::plain(Take::read(entry, &mut context.columns)?),
        };
        way.check(target, entry, &context.clock)?;
        if let Some(map) = &way.map {
            context.watches.map(&way.take, map);
        }
        context.watches.conditions(&way.when, &context.columns);
        Ok(way)
    }

    fn plain(take: Take) -> Self {
        Self { take, when: Vec::new(), map: None, default: None, plus: None, bare: None }
    }

    fn of_section(entry: &Entry<'_>, section: &Section<'_>, context: &mut Context) -> Result<Self, MappingError> {
        let way = Self {
            map: section.get("map").map(|found| named(&found, context)).transpose()?,
            default: section.get("default").map(|found| found.scalar()).transpose()?,
            bare: bare(section)?,
            plus: section.get("plus").map(|found| Plus::read(&found, context)).transpose()?,
            when: match section.get("when") {
                Some(found) => Condition::read_all(&found, &mut context.columns, &context.null_values)?,
                None => Vec::new(),
            },
            take: Take::of_section(entry, section, &mut context.columns)?,
        };
        section.finish()?;
        Ok(way)
    }

    /// What the mapping itself can put here is checked when it is loaded, not at the first row.
    fn check(&self, target: &Target, entry: &Entry<'_>, clock: &Clock) -> Result<(), MappingError> {
        if !matches!(target.kind, Kind::Time { .. }) {
            let key = if self.plus.is_some() { Some("plus") } else { self.bare.map(|_| "bare_date") };
            if let Some(key) = key {
                return Err(entry.wrong(format!("`{key}` is for times, and this is {}", target.kind.in_words())));
            }
        }
        let constant = self.take.constant().filter(|_| self.map.is_none());
        let mapped = self.map.iter().flat_map(|map| map.results()).filter(|text| !text.is_empty());
        for text in constant.into_iter().chain(self.default.as_deref()).chain(mapped) {
            if let Err(fault) = target.kind.write(text, clock, self.bare, &mut Vec::new()) {
                return Err(entry.wrong(format!("cannot become `{text}`: {fault}")));
            }
        }
        Ok(())
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

pub(super) fn named(entry: &Entry<'_>, context: &Context) -> Result<Arc<ValueMap>, MappingError> {
    let name = entry.text()?;
    context.maps.get(name).map(Arc::clone).ok_or_else(|| {
        let names: Vec<&str> = context.maps.keys().map(String::as_str).collect();
        let known = if names.is_empty() { "none".to_owned() } else { listed(&names) };
        entry.wrong(format!("there is no [values.{name}]{}; there are: {known}", hint(name, &names)))
    })
}
