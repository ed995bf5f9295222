//! How commands write what they found: a label and a text on a line, or JSON.

use std::io::Write;

use serde_json::{Value, json};

use crate::config::Problem;
pub(super) use crate::report::table::write_line;

/// The faults of a file one by one, for programs.
pub(super) fn problems(all: &[Problem]) -> Vec<Value> {
    let told = |one: &Problem| json!({"place": one.place, "what": one.what, "remedy": one.remedy});
    all.iter().map(told).collect()
}

pub(super) fn write_json(value: &Value, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}
