//! How commands write what they found: a label and a text on a line, or JSON.

use std::io::Write;

use serde_json::Value;

pub(super) use crate::report::table::write_line;
use crate::{config::Problem, report::json};

/// The faults of a file one by one, for programs.
pub(super) fn problems(all: &[Problem]) -> Vec<Value> {
    let told = |one: &Problem| serde_json::json!({"place": one.place, "what": one.what, "remedy": one.remedy});
    all.iter().filter(|one| one.more() == 0).map(told).collect()
}

/// How many faults of it are not among them.
pub(super) fn more(all: &[Problem]) -> usize {
    all.iter().map(Problem::more).sum()
}

pub(super) fn write_json(value: &Value, out: &mut impl Write) -> anyhow::Result<()> {
    Ok(json::write(value, out)?)
}
