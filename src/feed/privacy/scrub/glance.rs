//! The quick look that lets most texts pass unread: every rule needs an `@`, or five Latin letters and digits with
//! nothing between them but what may stand inside a number.

use crate::feed::privacy::fold::fold;

enum Weight {
    Counts,
    Passes,
    Breaks,
    Settles,
}

/// False only where no rule can find anything.
pub(super) fn may_hold_any(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut place, mut run) = (0, 0);
    while let Some(byte) = bytes.get(place) {
        let (weight, width) = match byte {
            0xE4..=0xE9 => (Weight::Breaks, 3), // most of Chinese: no need to decode
            0..=0x7F => (weight(char::from(*byte)), 1),
            _ => text[place..]
                .chars()
                .next()
                .map_or((Weight::Breaks, 1), |letter| (fold(letter).map_or(Weight::Passes, weight), letter.len_utf8())),
        };
        place += width;
        run = match weight {
            Weight::Counts if run == 4 => return true,
            Weight::Counts => run + 1,
            Weight::Passes => run,
            Weight::Breaks => 0,
            Weight::Settles => return true,
        };
    }
    false
}

fn weight(plain: char) -> Weight {
    match plain {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => Weight::Counts,
        ' ' | '-' | '_' | '.' | '·' | '(' | ')' => Weight::Passes,
        '@' => Weight::Settles,
        _ => Weight::Breaks,
    }
}
