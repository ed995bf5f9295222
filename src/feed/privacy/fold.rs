//! Spellings of one character: full-width forms, the many spaces, dashes and dots, and characters that nobody sees.

/// The plain spelling of a character; `None` for one that is not seen and may stand inside a number
/// (marks that phones copy along with a number from the contact list, the keycap behind a digit emoji).
pub(super) fn fold(spelled: char) -> Option<char> {
    Some(match spelled {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(spelled as u32 - 0xFF01 + 0x21)?,
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}' | '\u{FF65}' => '·',
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => return None,
        '\u{20E3}' | '\u{FE0F}' | '\u{FEFF}' => return None,
        plain => plain,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_character_are_the_same() {
        let folded = |text: &str| text.chars().filter_map(fold).collect::<String>();
        assert_eq!(folded("１３８－１２３４　（Ａ）"), "138-1234 (A)");
        assert_eq!(folded("1\u{FE0F}\u{20E3}3\u{200B}8—\u{202C}"), "138-");
        assert_eq!(folded("买买提・阿不都 ‧"), "买买提·阿不都 ·");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for spelled in (0..=0x10FFFF).filter_map(char::from_u32) {
            if let Some(plain) = fold(spelled) {
                assert_eq!(fold(plain), Some(plain), "{spelled:?}");
            }
        }
    }
}
