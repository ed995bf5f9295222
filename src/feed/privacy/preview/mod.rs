//! What may be shown of a message that could not be understood: its structure, and the values that say where it belongs
//! and what it is. All else is a count of characters, `‹3字›`. One reader serves whole and broken JSON alike, so that a
//! message cut short cannot show more than a whole one.

mod binary;
mod shown;
mod structure;
mod token;
mod words;

#[cfg(test)]
mod tests;

use serde::de::IgnoredAny;

const MOST_CHARS: usize = 2000;
/// Of a long message the beginning is enough; bytes that are no text take three times their memory here.
const LOOKED_AT: usize = 1024 * 1024;

/// What a key's values are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Content {
    /// Ids, times and codes, which are ASCII: anything else among them is out of place and not shown.
    Code,
    /// Words of a vocabulary, which may be Chinese.
    Word,
    /// Events or cases: what it contains is shown by its own keys.
    Inner,
    Hidden,
}

/// At most 2,000 characters, one line, fit for logs. What is shown of a Chinese word under a key that holds words
/// (`category_name`, `town`) is shown as it stands: a name that a feeder puts there is not known for one.
pub(crate) fn preview(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(told) = binary::told(bytes) {
        return told;
    }
    let is_whole = str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    let mut told = if is_whole { String::new() } else { format!("‹不是完整的JSON，{}字节› ", bytes.len()) };
    structure::tell(&String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]), &mut told, MOST_CHARS);
    shortened(&told, MOST_CHARS)
}

/// A text that should be an id or a code, as the value of such a key is shown.
pub(crate) fn preview_of_code(text: &str) -> String {
    shown::text(text, Content::Code)
}

fn masked(chars: usize) -> String {
    format!("‹{chars}字›")
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}
