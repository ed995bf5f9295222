//! The lines of a case as text.

use std::io::{self, Write};

use crate::report::table::{printable, width};

const COLUMN: usize = 20;

/// A label and what it stands for, in two columns.
pub(super) fn line(label: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "{label}{}{}", " ".repeat(COLUMN.saturating_sub(width(label)).max(1)), printable(text))
}

/// The English under the Chinese.
pub(super) fn twin(zh: &str, en: &str, label: &str, out: &mut impl Write) -> io::Result<()> {
    line(label, zh, out)?;
    line("", en, out)
}
