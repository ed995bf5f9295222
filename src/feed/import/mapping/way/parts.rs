//! The parts of a way, each of which is read and tried whatever is wrong with another.

use std::sync::Arc;

use crate::{
    document::TomlEntry,
    feed::import::{
        clock::{Bare, Clock},
        mapping::{
            Context,
            condition::Condition,
            misfits::Misfit,
            plus::Plus,
            take::Take,
            target::{Kind, Target},
            time::bare,
            values::{ValueMap, named},
        },
    },
};

/// None of what cannot be read.
pub(super) struct Parts {
    pub(super) take: Option<Take>,
    pub(super) when: Option<Vec<Condition>>,
    pub(super) map: Option<Option<Arc<ValueMap>>>,
    pub(super) default: Option<Option<String>>,
    pub(super) plus: Option<Option<Plus>>,
    pub(super) bare: Option<Option<Bare>>,
}

impl Parts {
    pub(super) fn read(entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        if !entry.is_table() {
            let take = Take::read(entry, &mut context.columns);
            let (map, default, plus, bare) = (Some(None), Some(None), Some(None), Some(None));
            return Some(Self { take, when: Some(Vec::new()), map, default, plus, bare });
        }
        let section = entry.section()?;
        let map = section.given("map", |found| named(found, context.maps.as_ref()));
        let default = section.given("default", |found| found.scalar());
        let bare = bare(&section);
        let plus = section.given("plus", |found| Plus::read(found, context));
        let when = Condition::of(&section, context);
        let take = Take::of_section(&section, &mut context.columns);
        section.finish();
        Some(Self { take, when, map, default, plus, bare })
    }

    /// What the mapping itself can put here is checked when it is loaded, not at the first row. Times are not, where it is unknown
    /// how they are read.
    pub(super) fn check(&self, target: &Target, entry: &TomlEntry<'_>, context: &mut Context) {
        let is_time = matches!(target.kind, Kind::Time { .. });
        let given = [("plus", !matches!(self.plus, Some(None))), ("bare_date", !matches!(self.bare, Some(None)))];
        for (key, _) in given.into_iter().filter(|(_, is_given)| *is_given && !is_time) {
            let what = format!("`{key}` is for times, and this is {}", target.kind.in_words());
            entry.wrong(what, format!("leave `{key}` out"));
        }
        let unread = Clock::unread();
        let Some(clock) = context.clock.as_ref().or((!is_time).then_some(&unread)) else { return };
        let bare = self.bare.flatten();
        // What a map makes of a constant is among what it can give.
        let constant = self.take.as_ref().and_then(Take::constant).filter(|_| matches!(self.map, Some(None)));
        let default = self.default.as_ref().and_then(Option::as_deref);
        let said = [constant, default.filter(|default| constant != Some(*default))];
        let said = said.into_iter().flatten().filter_map(|text| Misfit::among([text], target, clock, bare));
        let mapped = self.map.iter().flatten().filter_map(|map| context.misfits.of(map, target, clock, bare));
        for Misfit { texts, fault } in said.chain(mapped) {
            let what = format!("cannot become {texts}: {fault}");
            entry.wrong(what, "write a value that the contract takes");
        }
    }
}
