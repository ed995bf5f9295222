//! What tells a number of one kind from a number of the same length: check digits, birth dates, first digits.
//! Digits are values 0 to 9, not characters; an ID number's `X` is 10.

use jiff::civil::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// An 18-digit ID number (GB 11643): province, birth date and check digit are right.
pub(super) fn is_id_18(digits: &[u8]) -> bool {
    digits.len() == 18
        && is_province(digits)
        && is_date(number(&digits[6..10]), &digits[10..14])
        && u32::from(digits[17]) == id_check_digit(&digits[..17])
}

/// A 15-digit ID number as issued until 1999. It has no check digit, so only province and birth date speak for it.
pub(super) fn is_id_15(digits: &[u8]) -> bool {
    digits.len() == 15 && is_province(digits) && is_date(1900 + number(&digits[6..8]), &digits[8..12])
}

/// The 18-digit form of a 15-digit ID number: the same person, one pseudonym.
pub(super) fn widened(digits: &[u8]) -> Vec<u8> {
    let mut wide = [&digits[..6], &[1, 9], &digits[6..]].concat();
    wide.push(id_check_digit(&wide) as u8);
    wide
}

fn id_check_digit(first_17: &[u8]) -> u32 {
    let sum: u32 = first_17.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    (12 - sum % 11) % 11
}

fn is_province(digits: &[u8]) -> bool {
    matches!(number(&digits[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

fn is_date(year: u32, month_and_day: &[u8]) -> bool {
    let (month, day) = (number(&month_and_day[..2]), number(&month_and_day[2..]));
    (1900..2100).contains(&year) && Date::new(year as i16, month as i8, day as i8).is_ok()
}

/// Eight digits that read as a day of this century's first forty years.
pub(super) fn is_recent_day(digits: &[u8]) -> bool {
    digits.len() == 8 && (2000..2040).contains(&number(&digits[..4])) && is_date(number(&digits[..4]), &digits[4..])
}

/// A bank card: 16 to 19 digits, a first digit that cards in China have, and Luhn's check digit.
/// The first digits matter: one in ten ticket numbers, which begin with a date or a region, passes Luhn by chance.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let issued = match digits {
        [4 | 5 | 6 | 9, ..] | [3, 5, ..] => true,
        [2, ..] if digits.len() > 4 => (2221..=2720).contains(&number(&digits[..4])),
        _ => false,
    };
    issued && (16..=19).contains(&digits.len()) && luhn_sum(digits).is_multiple_of(10)
}

fn luhn_sum(digits: &[u8]) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let one =
        |(place, digit): (usize, &u8)| if place % 2 == 1 { doubled(u32::from(*digit)) } else { u32::from(*digit) };
    digits.iter().rev().enumerate().map(one).sum()
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| if byte == b'X' { 10 } else { byte - b'0' }).collect()
    }

    #[test]
    fn an_id_number_has_province_birth_date_and_check_digit() {
        assert!(is_id_18(&digits("11010519491231002X")));
        assert!(is_id_18(&digits("310113198001011235")));
        assert!(!is_id_18(&digits("440524188001010014")), "born in 1880");
        assert!(!is_id_18(&digits("110105194912310021")), "check digit");
        assert!(!is_id_18(&digits("110105194913310021")), "month 13");
        assert!(!is_id_18(&digits("990105194912310021")), "no such province");
    }

    #[test]
    fn an_old_id_number_and_its_18_digit_form_are_one() {
        assert!(is_id_15(&digits("110105491231002")));
        assert_eq!(widened(&digits("110105491231002")), digits("11010519491231002X"));
    }

    #[test]
    fn a_cell_code_is_no_old_id_number() {
        assert!(!is_id_15(&digits("310113112001005")));
    }

    #[test]
    fn a_card_has_a_first_digit_of_a_card_and_a_check_digit() {
        assert!(is_card(&digits("6222021001116245702")));
        assert!(is_card(&digits("955880123456789015")));
        assert!(is_card(&digits("4111111111111111")));
        assert!(!is_card(&digits("4111111111111112")));
        assert!(!is_card(&digits("2021030610150003")), "a date");
        assert!(!is_card(&digits("0000000000000000")));
    }
}
