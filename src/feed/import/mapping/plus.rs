//! `plus`: a time is another time and so much more, like an opening and its limit.

use std::sync::Arc;

use super::{
    Context,
    columns::Row,
    take::Take,
    values::{ValueMap, named},
};
use crate::{
    document::TomlEntry,
    feed::{
        contract::WireTime,
        import::{
            clock::Clock,
            fault::{Fault, RowProblem},
        },
    },
};

#[derive(Clone, Debug)]
pub(super) struct Plus {
    take: Take,
    map: Option<Arc<ValueMap>>,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Minutes,
    Hours,
    /// By the calendar: the same time of another day.
    Days,
}

impl Plus {
    pub(super) fn read(entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let section = entry.section_like("{ value = 5, unit = \"days\" }")?;
        let unit = section.require("unit", "\"minutes\", \"hours\" or \"days\"").and_then(|found| unit(&found));
        let map = section.given("map", |found| named(found, context.maps.as_ref()));
        let take = Take::of_section(&section, &mut context.columns);
        section.finish();
        if let (Some(take), Some(Some(map))) = (&take, &map) {
            context.watches.map(take, map);
        }
        let constant = take.as_ref().and_then(Take::constant).filter(|_| matches!(map, Some(None)));
        if constant.is_some_and(|text| amount(text).is_none()) {
            return entry.refuse("`value` is no number", "write one like 5 or \"1.5\"");
        }
        Some(Self { take: take?, map: map?, unit: unit? })
    }

    /// None where the row says no limit.
    pub(super) fn after(&self, from: WireTime, row: Row<'_>, clock: &Clock) -> Result<Option<WireTime>, RowProblem> {
        let at = |fault: Fault| fault.at(&self.take.label);
        let Some(cell) = self.take.value(row) else { return Ok(None) };
        let text = match &self.map {
            Some(map) => map.apply(&cell).ok_or_else(|| at(Fault::NotListed { map: map.name.clone() }))?,
            None => &cell,
        };
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || at(Fault::WrongKind { wanted: "a number, as a limit".to_owned() });
        let (whole, fraction) = amount(text).ok_or_else(wrong)?;
        let (days, ms) = match self.unit {
            Unit::Minutes => (0, in_ms(whole, fraction, 60_000)),
            Unit::Hours => (0, in_ms(whole, fraction, 3_600_000)),
            Unit::Days => (whole, in_ms(0, fraction, 86_400_000)),
        };
        clock.later(from, days, ms).map(Some).ok_or_else(|| at(Fault::TimeOutOfRange))
    }
}

fn unit(entry: &TomlEntry<'_>) -> Option<Unit> {
    if entry.text()?.starts_with("work") {
        let remedy = "leave the due away and write the limit there (docs/policy.md)";
        return entry.refuse("is working time, which needs the calendar that the policy has", remedy);
    }
    entry.choice(&[("minutes", Unit::Minutes), ("hours", Unit::Hours), ("days", Unit::Days)])
}

/// Digits, and digits behind a point.
fn amount(text: &str) -> Option<(i64, f64)> {
    let digits = |text: &str| text.len() <= 6 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    (digits(whole) && digits(fraction)).then(|| Some((whole.parse().ok()?, format!("0.{fraction}").parse().ok()?)))?
}

fn in_ms(whole: i64, fraction: f64, unit: i64) -> i64 {
    whole * unit + (fraction * unit as f64).round() as i64
}
