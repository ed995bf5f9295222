//! A limit: `{ n = 2, unit = "URGENT_HOUR", text = "2紧急工作时" }`.

use crate::{
    document::{TomlEntry, in_quotes},
    domain::{
        calendar::{Convention, Limit, LimitError, Unit},
        policy::wording,
    },
};

pub(super) fn read(entry: &TomlEntry<'_>) -> Option<Limit> {
    let section = entry.section_like("{ n = 5, unit = \"WORK_DAY\" }")?;
    let count = section.require("n", "how many of the unit").and_then(|entry| entry.count());
    let unit = section
        .require("unit", "one of MINUTE, URGENT_HOUR, WORK_HOUR, WORK_DAY, URGENT_DAY, NATURAL_DAY")
        .and_then(|entry| entry.choice(&Unit::ALL.map(|unit| (unit.name(), unit))));
    let convention = section.optional("convention", None, |entry| {
        entry.choice(&Convention::ALL.map(|convention| (convention.name(), Some(convention))))
    });
    let text = section.get("text");
    section.finish();
    if let Some(text) = text {
        compare(&text, count.zip(unit));
    }
    let (count, unit) = (count?, unit?);
    Limit::new(count, unit, convention?).map_err(|error| entry.wrong(error.to_string(), remedy(error))).ok()
}

/// The words of the regulation and what was made of them.
fn compare(entry: &TomlEntry<'_>, given: Option<(u32, Unit)>) {
    let Some(text) = entry.text() else { return };
    match wording::read(text) {
        None => entry.wrong(
            format!("{} cannot be read as a number and a unit", in_quotes(text)),
            "write it as 5个工作日 or 2紧急工作时, or leave the key out",
        ),
        Some((stated, its_unit)) => {
            if let Some((count, unit)) = given.filter(|given| *given != (stated, its_unit)) {
                let (text, its_unit, unit) = (in_quotes(text), its_unit.name(), unit.name());
                entry.wrong(
                    format!("{text} says {stated} {its_unit}, but n and unit say {count} {unit}"),
                    "correct the one that is wrong",
                );
            }
        }
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
