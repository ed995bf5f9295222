//! Names and values of a file as they are repeated to its reader.

/// Letters of it; more do not help to find it.
const SHOWN_MAX: usize = 80;

/// Letters of what is said, which may be another's words.
const SAID_MAX: usize = 1000;

/// Not longer than helps, and with nothing that a terminal would obey or that would begin another line.
pub fn shown(text: &str) -> String {
    within(text, SHOWN_MAX)
}

pub(super) fn said(text: &str) -> String {
    within(text, SAID_MAX)
}

fn within(text: &str, max: usize) -> String {
    let mut shown = String::new();
    let mut letters = text.chars();
    for letter in letters.by_ref().take(max) {
        match letter {
            '"' | '\'' | '\\' => shown.push(letter),
            _ => shown.extend(letter.escape_debug()),
        }
    }
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The same in quotes.
pub fn in_quotes(text: &str) -> String {
    format!("\"{}\"", shown(text))
}
