//! `[csv]`: how the file is written.

use encoding_rs::Encoding;

use crate::document::{Section, TomlEntry, in_quotes};

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
    /// What cannot be read is as if it were not there.
    pub(super) fn read(entry: Option<&TomlEntry<'_>>) -> Self {
        let mut layout = Self::default();
        let Some(section) = entry.and_then(|entry| entry.section_like("[csv] with keys of its own")) else {
            return layout;
        };
        layout.read_characters(&section);
        layout.encoding = section.get("encoding").and_then(|found| encoding(&found)).unwrap_or_default();
        layout.header = section.get("header").and_then(|found| header(&found));
        if let Some(lines) = section.get("skip_lines").and_then(|found| found.count()) {
            layout.skip_lines = lines as usize;
        }
        let nulls = section.get("null_values").and_then(|found| trimmed(&found));
        layout.null_values = nulls.unwrap_or_default();
        if let Some(lines) = section.get("max_lines").and_then(|found| max_lines(&found)) {
            layout.max_lines = lines;
        }
        section.finish();
        layout
    }

    fn read_characters(&mut self, section: &Section<'_>) {
        let delimiter = section.optional("delimiter", Some(self.delimiter), |found| {
            let is_written = !found.any_text()?.is_empty();
            if is_written { character(found) } else { found.refuse("is empty", "write one character, or \"tab\"") }
        });
        self.comment = section.get("comment").and_then(|found| character(&found)).flatten();
        let quoted = section.get("quote");
        let quote = quoted.as_ref().map_or(Some(self.quote), character);
        if let (Some(found), Some(quote), Some(delimiter)) = (quoted, quote, delimiter)
            && quote == delimiter
        {
            found.wrong("the quote and the delimiter are the same character", "write another one");
        }
        self.quote = quote.unwrap_or(self.quote);
        self.delimiter = delimiter.flatten().unwrap_or(self.delimiter);
    }
}

/// Empty text switches the thing off.
fn character(entry: &TomlEntry<'_>) -> Option<Option<u8>> {
    match entry.any_text()?.as_bytes() {
        [] => Some(None),
        b"tab" => Some(Some(b'\t')),
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n') => Some(Some(*byte)),
        _ => entry.refuse("is not one ASCII character", "write one, like \",\" or \";\" or \"|\", or \"tab\""),
    }
}

/// Any label of the WHATWG encoding standard; `gbk` and `gb2312` are read as the GB18030 that contains them.
fn encoding(entry: &TomlEntry<'_>) -> Option<Option<&'static Encoding>> {
    let label = entry.text()?;
    if label == "auto" {
        return Some(None);
    }
    let found = Encoding::for_label_no_replacement(label.as_bytes());
    found.map(Some).or_else(|| {
        entry.refuse(
            format!("{} is no encoding known here", in_quotes(label)),
            "usual are \"auto\", \"utf-8\" and \"gb18030\"",
        )
    })
}

fn header(entry: &TomlEntry<'_>) -> Option<Vec<String>> {
    let remedy = "write true, or the list of column names when the file has no header";
    if !entry.is_list() {
        return if entry.is_true() { None } else { entry.refuse("is neither true nor a list", remedy) };
    }
    let names = trimmed(entry)?;
    if names.is_empty() { entry.refuse("is an empty list", remedy) } else { Some(names) }
}

fn trimmed(entry: &TomlEntry<'_>) -> Option<Vec<String>> {
    entry.each(|item| item.any_text().map(|text| text.trim().to_owned()))
}

fn max_lines(entry: &TomlEntry<'_>) -> Option<usize> {
    entry.count_in(1..=10_000).map(|lines| lines as usize)
}
