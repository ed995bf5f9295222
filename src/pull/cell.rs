//! Texts of a database that are times.

use jiff::tz::{Offset, TimeZone};

use super::growth::civil;
use crate::feed::import::GivenCell;

/// What a text of the database stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Text,
    /// A time by the clock of the database.
    Civil,
    /// A time by a clock with this offset.
    Offset(Offset),
    Day,
    /// Bytes that are no text.
    Bytes,
    /// Bits that are a number.
    Bits,
}

/// Times that are none, like `infinity`, stay text.
pub(super) fn of_text(text: &str, meaning: Meaning) -> GivenCell {
    let found = match meaning {
        Meaning::Day if text.len() == 10 => civil(text).map(|at| GivenCell::Day(at.date())),
        Meaning::Civil => civil(text).map(GivenCell::Civil),
        Meaning::Offset(offset) => civil(text).and_then(|at| offset.to_timestamp(at).ok()).map(GivenCell::Instant),
        Meaning::Text | Meaning::Day | Meaning::Bytes | Meaning::Bits => None,
    };
    found.unwrap_or_else(|| GivenCell::Text(text.to_owned()))
}

pub(super) fn of_bytes(bytes: &[u8], meaning: Meaning) -> GivenCell {
    match meaning {
        Meaning::Bytes => GivenCell::Text(hexadecimal(bytes)),
        Meaning::Bits => {
            let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            GivenCell::Text(number.to_string())
        }
        // The decoder writes U+FFFD where bytes were none, and a row that uses it is rejected.
        _ => of_text(&String::from_utf8_lossy(bytes), meaning),
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    format!("\\x{}", data_encoding::HEXLOWER.encode(bytes))
}

/// The same time by the clock of the mapping, where that of the database is another.
pub(super) fn moved(cell: GivenCell, from: Option<&TimeZone>) -> GivenCell {
    match (cell, from) {
        (GivenCell::Civil(at), Some(zone)) => match at.to_zoned(zone.clone()) {
            Ok(at) => GivenCell::Instant(at.timestamp()),
            Err(_) => GivenCell::Civil(at),
        },
        (cell, _) => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_its_column_says_or_else_stays_as_it_is() {
        let shown = |text, meaning| format!("{:?}", of_text(text, meaning));
        assert_eq!(shown("2021-03-06 10:00:00.25", Meaning::Civil), "Civil(2021-03-06T10:00:00.25)");
        assert_eq!(shown("2021-03-06", Meaning::Day), "Day(2021-03-06)");
        let east = Meaning::Offset(Offset::constant(8));
        assert_eq!(shown("2021-03-06 10:00:00", east), "Instant(2021-03-06T02:00:00Z)");
        for (text, meaning) in
            [("infinity", Meaning::Civil), ("2021-03-06", Meaning::Text), ("-infinity", Meaning::Day)]
        {
            assert_eq!(of_text(text, meaning), GivenCell::Text(text.to_owned()));
        }
    }

    #[test]
    fn bytes_are_hexadecimal_bits_a_number_and_broken_text_is_marked() {
        let text = |bytes: &[u8], meaning| match of_bytes(bytes, meaning) {
            GivenCell::Text(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(text(&[0, 0xff], Meaning::Bytes), "\\x00ff");
        assert_eq!(text(&[1, 0], Meaning::Bits), "256");
        assert_eq!(text(b"a\xd6b", Meaning::Text), "a\u{fffd}b");
    }
}
