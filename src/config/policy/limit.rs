//! A limit: `{ n = 2, unit = "URGENT_HOUR", text = "2紧急工作时" }`.

use crate::{
    config::document::Entry,
    domain::{
        calendar::{Convention, Limit, LimitError, Unit},
        policy::wording,
    },
};

pub(super) fn read(entry: &Entry<'_>) -> Option<Limit> {
    let section = entry.section()?;
    let count = section.require("n", "how many of the unit").and_then(|entry| entry.count());
    let unit = section
        .require("unit", "one of MINUTE, URGENT_HOUR, WORK_HOUR, WORK_DAY, URGENT_DAY, NATURAL_DAY")
        .and_then(|entry| entry.choice(&Unit::ALL.map(Unit::name), Unit::from_name));
    let convention = section
        .get("convention")
        .map(|entry| entry.choice(&Convention::ALL.map(Convention::name), Convention::from_name));
    let text = section.get("text");
    section.finish();
    let (count, unit) = (count?, unit?);
    if let Some(text) = text {
        compare(&text, count, unit);
    }
    // A convention that cannot be read is told already.
    let convention = convention.map_or(Some(None), |read| read.map(Some))?;
    Limit::new(count, unit, convention).map_err(|error| entry.wrong(error.to_string(), remedy(error))).ok()
}

/// The words of the regulation and what was made of them.
fn compare(entry: &Entry<'_>, count: u32, unit: Unit) {
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
