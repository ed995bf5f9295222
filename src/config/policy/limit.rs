//! A limit: `{ n = 2, unit = "URGENT_HOUR", text = "2紧急工作时" }`.

use crate::{
    document::TomlEntry,
    domain::{
        calendar::{Convention, Limit, LimitError, Unit},
        policy::wording,
    },
};

pub(super) fn read(entry: &TomlEntry<'_>) -> Option<Limit> {
    let section = entry.section()?;
    let count = section.require("n", "how many of the unit").and_then(|entry| entry.count());
    let unit = section
        .require("unit", "one of MINUTE, URGENT_HOUR, WORK_HOUR, WORK_DAY, URGENT_DAY, NATURAL_DAY")
        .and_then(|entry| entry.choice(&Unit::ALL.map(|unit| (unit.name(), unit))));
    let convention = section.optional("convention", None, |entry| {
        entry.choice(&Convention::ALL.map(|convention| (convention.name(), Some(convention))))
    });
    let text = section.get("text");
    section.finish();
    let (count, unit) = (count?, unit?);
    if let Some(text) = text {
        compare(&text, count, unit);
    }
    Limit::new(count, unit, convention?).map_err(|error| entry.wrong(error.to_string(), remedy(error))).ok()
}

/// The words of the regulation and what was made of them.
fn compare(entry: &TomlEntry<'_>, count: u32, unit: Unit) {
    let Some(text) = entry.text() else { return };
    match wording::read(text) {
        None => entry.wrong(
            format!("{text:?} cannot be read as a number and a unit"),
            "write it as 5个工作日 or 2紧急工作时, or leave the key out",
        ),
        Some((stated, its_unit)) if (stated, its_unit) != (count, unit) => entry.wrong(
            format!("{text:?} says {stated} {}, but n and unit say {count} {}", its_unit.name(), unit.name()),
            "correct the one that is wrong",
        ),
        Some(_) => {}
    }
}

fn remedy(error: LimitError) -> &'static str {
    match error {
        LimitError::NoConvention(_) => "leave `convention` out",
        LimitError::NoWorkSeconds(_) => "count it in WORK_DAY, or by another convention",
        LimitError::Zero => "write at least 1",
        LimitError::TooLong(_) => "write a shorter one",
    }
}
