//! One field of an event's data: where its value comes from, what maps it, and how it is written for the contract.

use std::{io::Write, sync::Arc};

use toml::de::DeValue;

use super::{
    Context,
    columns::Row,
    error::{MappingError, listed},
    keys::Entry,
    nearest::hint,
    take::Take,
    target::{Kind, Target},
    values::ValueMap,
};
use crate::feed::import::{
    clock::{BareDate, Clock},
    fault::{Fault, RowProblem},
};

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Leaf {
    path: String,
    take: Take,
    map: Option<Arc<ValueMap>>,
    /// For an empty cell.
    default: Option<String>,
    target: Target,
}

impl Leaf {
    pub(super) fn read(
        path: &str,
        target: &Target,
        entry: &Entry<'_>,
        context: &mut Context,
    ) -> Result<Self, MappingError> {
        let (mut map, mut default) = (None, None);
        let take = if let DeValue::Table(_) = entry.value {
            let section = entry.section()?;
            map = section.get("map").map(|found| named(&found, context)).transpose()?;
            default = section.get("default").map(|found| found.scalar()).transpose()?;
            let take = Take::of_section(entry, &section, &mut context.columns)?;
            section.finish()?;
            take
        } else {
            Take::read(entry, &mut context.columns)?
        };
        let leaf = Self { path: path.to_owned(), take, map, default, target: target.clone() };
        leaf.check(entry, &context.clock)?;
        Ok(leaf)
    }

    /// What the mapping itself can put here is checked when it is loaded, not at the first row.
    fn check(&self, entry: &Entry<'_>, clock: &Clock) -> Result<(), MappingError> {
        let constant = self.take.constant().filter(|_| self.map.is_none());
        let mapped = self.map.iter().flat_map(|map| map.results()).filter(|text| !text.is_empty());
        for text in constant.into_iter().chain(self.default.as_deref()).chain(mapped) {
            if let Err(fault) = self.target.kind.write(text, clock, &mut Vec::new()) {
                return Err(entry.wrong(format!("cannot become `{text}`: {fault}")));
            }
        }
        Ok(())
    }

    /// Is there anything in the row to make the value of?
    pub(super) fn has_value(&self, row: Row<'_>) -> bool {
        self.take.value(row).is_some() || self.default.is_some()
    }

    /// Appends the value as JSON; false when there is none.
    pub(super) fn write(&self, row: Row<'_>, clock: &Clock, json: &mut Vec<u8>) -> Result<bool, RowProblem> {
        let cell = self.take.value(row);
        let value = match (&self.map, cell.as_deref()) {
            (Some(map), Some(text)) => {
                let listed = map.apply(text).ok_or_else(|| Fault::NotListed { map: map.name.clone() });
                Some(listed.map_err(|fault| fault.at(&self.take.label))?)
            }
            (_, text) => text,
        };
        match value.filter(|text| !text.is_empty()).or(self.default.as_deref()) {
            Some(text) => self.target.kind.write(text, clock, json).map_err(|fault| fault.at(&self.take.label))?,
            None if self.target.is_required => {
                return Err(
                    Fault::Missing { what: format!("`{}`, which the event needs,", self.path) }.at(&self.take.label)
                );
            }
            None => return Ok(false),
        }
        Ok(true)
    }
}

fn named(entry: &Entry<'_>, context: &Context) -> Result<Arc<ValueMap>, MappingError> {
    let name = entry.text()?;
    context.maps.get(name).map(Arc::clone).ok_or_else(|| {
        let names: Vec<&str> = context.maps.keys().map(String::as_str).collect();
        let known = if names.is_empty() { "none".to_owned() } else { listed(&names) };
        entry.wrong(format!("there is no [values.{name}]{}; there are: {known}", hint(name, &names)))
    })
}

const YES: [&str; 8] = ["true", "t", "yes", "y", "1", "是", "已", "√"];
const NO: [&str; 8] = ["false", "f", "no", "n", "0", "否", "未", "×"];

impl Kind {
    /// Appends the text as JSON of this kind.
    fn write(&self, text: &str, clock: &Clock, json: &mut Vec<u8>) -> Result<(), Fault> {
        let wrong = || Fault::WrongKind { wanted: self.in_words() };
        let written = match self {
            Self::Text => serde_json::to_writer(json, text),
            Self::OneOf(names) if names.iter().any(|name| name == text) => serde_json::to_writer(json, text),
            Self::OneOf(_) | Self::List(_) => return Err(wrong()),
            Self::Bool => {
                let text = text.to_lowercase();
                let is_yes = YES.contains(&text.as_str());
                if !is_yes && !NO.contains(&text.as_str()) {
                    return Err(wrong());
                }
                serde_json::to_writer(json, &is_yes)
            }
            Self::Integer { max } => {
                let number = text.parse::<u64>().ok().filter(|number| number <= max).ok_or_else(wrong)?;
                return write!(json, "{number}").map_err(|_| wrong());
            }
            Self::Time { ends_day } => {
                let bare = if *ends_day { BareDate::EndsDay } else { BareDate::StartsDay };
                serde_json::to_writer(json, &clock.read(text, bare)?)
            }
        };
        written.map_err(|_| wrong())
    }
}
