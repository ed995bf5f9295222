//! JSON for programs, as every command writes it.

use std::io::{self, Write};

use serde::Serialize;

/// Over several lines, and a line break at the end.
pub fn write(value: &(impl Serialize + ?Sized), out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
