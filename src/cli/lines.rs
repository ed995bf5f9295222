//! How commands write what they found: a label and a text on a line, or JSON.

use std::io::{self, Write};

use crate::report::table::{printable, width};

pub(super) fn write_json(value: &serde_json::Value, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}

/// A label and what it stands for, in two columns.
pub(super) fn write_line(label: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    const COLUMN: usize = 22;
    writeln!(out, "{label}{}{}", " ".repeat(COLUMN.saturating_sub(width(label)).max(1)), printable(text))
}
