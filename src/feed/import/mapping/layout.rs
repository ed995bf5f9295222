//! `[csv]`: how the file is written.

use encoding_rs::Encoding;
use toml::de::DeValue;

use super::{
    error::MappingError,
    keys::{Entry, Section},
};

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Layout {
    pub(in crate::feed::import) delimiter: u8,
    /// None: found out from the file.
    pub(in crate::feed::import) encoding: Option<&'static Encoding>,
    /// None: the first row has the names.
    pub(in crate::feed::import) header: Option<Vec<String>>,
    /// Title lines above the header.
    pub(in crate::feed::import) skip_lines: usize,
    pub(in crate::feed::import) comment: Option<u8>,
    /// None: quotes are characters like any other.
    pub(in crate::feed::import) quote: Option<u8>,
    pub(in crate::feed::import) null_values: Vec<String>,
    /// Lines that one row may have; a quote left open would swallow the rest of the file.
    pub(in crate::feed::import) max_lines: usize,
    /// None: the first that can be seen.
    pub(in crate::feed::import) sheet: Option<String>,
}

/// Descriptions are written in paragraphs, not in hundreds.
const MAX_LINES: usize = 100;

impl Default for Layout {
    fn default() -> Self {
        Self {
            delimiter: b',',
            encoding: None,
            header: None,
            skip_lines: 0,
            comment: None,
            quote: Some(b'"'),
            null_values: Vec::new(),
            max_lines: MAX_LINES,
            sheet: None,
        }
    }
}

impl Layout {
    pub(super) fn read(entry: Option<&Entry<'_>>) -> Result<Self, MappingError> {
        let mut layout = Self::default();
        let Some(entry) = entry else { return Ok(layout) };
        let section = entry.section()?;
        layout.read_characters(&section)?;
        if let Some(found) = section.get("encoding") {
            layout.encoding = encoding(&found)?;
        }
        if let Some(found) = section.get("header") {
            layout.header = header(&found)?;
        }
        if let Some(found) = section.get("skip_lines") {
            layout.skip_lines = found.count()?;
        }
        if let Some(found) = section.get("null_values") {
            layout.null_values = found.texts()?.iter().map(|text| text.trim().to_owned()).collect();
        }
        if let Some(found) = section.get("max_lines") {
            layout.max_lines = found.count()?;
            if !(1..=10_000).contains(&layout.max_lines) {
                return Err(found.wrong("must be from 1 to 10000"));
            }
        }
        section.finish()?;
        Ok(layout)
    }

    fn read_characters(&mut self, section: &Section<'_>) -> Result<(), MappingError> {
        if let Some(found) = section.get("delimiter") {
            self.delimiter = character(&found)?.ok_or_else(|| found.wrong("must be one character, or \"tab\""))?;
        }
        if let Some(found) = section.get("comment") {
            self.comment = character(&found)?;
        }
        if let Some(found) = section.get("quote") {
            self.quote = character(&found)?;
        }
        if let Some(found) = section.get("quote").filter(|_| self.quote == Some(self.delimiter)) {
            return Err(found.wrong("the quote and the delimiter are the same character"));
        }
        Ok(())
    }
}

/// Empty text switches the thing off.
fn character(entry: &Entry<'_>) -> Result<Option<u8>, MappingError> {
    match entry.text()?.as_bytes() {
        [] => Ok(None),
        b"tab" => Ok(Some(b'\t')),
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n') => Ok(Some(*byte)),
        _ => Err(entry.wrong("must be one ASCII character, like \",\" or \";\" or \"|\", or \"tab\"")),
    }
}

/// Any label of the WHATWG encoding standard; `gbk` and `gb2312` are read as the GB18030 that contains them.
fn encoding(entry: &Entry<'_>) -> Result<Option<&'static Encoding>, MappingError> {
    match entry.text()? {
        "auto" => Ok(None),
        label => match Encoding::for_label_no_replacement(label.as_bytes()) {
            Some(found) => Ok(Some(found)),
            None => Err(entry.wrong("is no encoding known here; usual are \"auto\", \"utf-8\" and \"gb18030\"")),
        },
    }
}

fn header(entry: &Entry<'_>) -> Result<Option<Vec<String>>, MappingError> {
    match entry.value {
        DeValue::Boolean(true) => Ok(None),
        DeValue::Array(_) => {
            let names: Vec<String> = entry.texts()?.iter().map(|name| name.trim().to_owned()).collect();
            if names.is_empty() { Err(entry.wrong("names no column")) } else { Ok(Some(names)) }
        }
        _ => Err(entry.wrong("must be true, or the list of column names when the file has no header")),
    }
}
