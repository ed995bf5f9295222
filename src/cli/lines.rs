//! How commands write what they found: a label and a text on a line, or JSON.

use std::io::Write;

pub(super) use crate::report::table::write_line;

pub(super) fn write_json(value: &serde_json::Value, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}
