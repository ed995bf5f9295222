//! What others wrote, on a terminal.

use std::borrow::Cow;

use crate::feed::contract::envelope::is_unseen;

/// As one line that a terminal only shows: what it would obey, and what nobody sees, is written out.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let one = |letter: char| if is_unseen(letter) { format!("\\u{{{:x}}}", u32::from(letter)) } else { letter.into() };
    Cow::Owned(text.chars().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out_and_the_rest_stands_as_it_is() {
        for (text, wanted) in [
            ("热线 RX-1 \"a\\b\"", "热线 RX-1 \"a\\b\""),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"),
            ("a\u{9b}\u{2028}\u{2029}b", "a\\u{9b}\\u{2028}\\u{2029}b"),
            ("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c"),
        ] {
            assert_eq!(shown(text), wanted);
        }
    }
}
