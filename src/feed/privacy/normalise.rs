//! One spelling for each name, phone number and ID number, so that one person has one pseudonym.

use super::{check_digit, fold::fold};

/// What people write where a name is asked for and none is given; one pseudonym for them all would look like one person.
const NOBODY: [&str; 10] = ["无", "没有", "匿名", "不详", "未知", "保密", "未提供", "不愿透露", "无名氏", "null"];

/// `None` when nothing is left that could be a name.
pub(super) fn name(spelled: &str) -> Option<String> {
    let plain: String = spelled.chars().filter_map(fold).collect();
    let words: Vec<_> = plain.split_whitespace().collect();
    // A space in a Chinese name (张 三) says nothing; between words of other names it does.
    let name = if plain.is_ascii() { words.join(" ").to_lowercase() } else { words.concat() };
    let is_name = name.chars().any(char::is_alphabetic) && !NOBODY.contains(&name.as_str());
    is_name.then_some(name)
}

/// Digits only, without the country code: a mobile as 11 digits, a landline with its leading zero.
/// Where several numbers are given the first counts.
pub(super) fn phone(spelled: &str) -> Option<String> {
    let plain: String = spelled.chars().filter_map(fold).collect();
    let digits_of = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let digits = plain.split([',', '、', ';', '/', '|', '\n']).map(digits_of).find(|digits| digits.len() >= 5)?;
    if is_one_repeated(&digits) {
        return None;
    }
    let abroad = plain.trim_start_matches([' ', '(']).starts_with('+') || digits.starts_with("0086");
    let without_zeros = digits.strip_prefix("00").unwrap_or(&digits);
    let home = without_zeros.strip_prefix("86").filter(|home| abroad || is_mobile(home));
    let number = home.unwrap_or(&digits);
    Some(match number.strip_prefix('0') {
        Some(mobile) if is_mobile(mobile) => mobile.into(),
        None if home.is_some() && !is_mobile(number) => format!("0{number}"),
        _ => number.into(),
    })
}

/// Letters upper-case, 15 digits widened to 18.
pub(super) fn id_number(spelled: &str) -> Option<String> {
    let plain = spelled.chars().filter_map(fold).filter(char::is_ascii_alphanumeric);
    let number: String = plain.map(|letter| letter.to_ascii_uppercase()).collect();
    if number.is_empty() || is_one_repeated(&number) {
        return None;
    }
    let digits = id_digits(&number);
    let is_old = digits.as_deref().is_some_and(check_digit::is_id_15);
    let wide = digits.filter(|_| is_old).map(|digits| check_digit::widened(&digits));
    Some(wide.map_or(number, |wide| {
        wide.iter().map(|digit| if *digit == 10 { 'X' } else { (b'0' + digit) as char }).collect()
    }))
}

/// The digits of an ID number in its one spelling; `None` when it holds anything else.
pub(super) fn id_digits(number: &str) -> Option<Vec<u8>> {
    let last = number.len().checked_sub(1)?;
    let digit = |(place, letter): (usize, u8)| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'X' if place == last => Some(10),
        _ => None,
    };
    number.bytes().enumerate().map(digit).collect()
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn is_one_repeated(text: &str) -> bool {
    text.bytes().all(|byte| byte == text.as_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_phone_number_are_one() {
        let spellings = [
            "13812345678",
            "138 1234 5678",
            "138-1234-5678",
            "+86 13812345678",
            "+8613812345678",
            "8613812345678",
            "008613812345678",
            "013812345678",
            "（+86）138-1234-5678",
            "１３８１２３４５６７８",
            "13812345678，13912345678",
            "\u{202D}13812345678\u{202C}",
        ];
        for spelled in spellings {
            assert_eq!(phone(spelled).as_deref(), Some("13812345678"), "{spelled}");
        }
        for spelled in ["021-65432109", "(021)65432109", "+86 21 6543 2109", "0086-021-65432109"] {
            assert_eq!(phone(spelled).as_deref(), Some("02165432109"), "{spelled}");
        }
    }

    #[test]
    fn what_is_no_phone_number_has_no_spelling() {
        for spelled in ["", " ", "无", "-", "000", "00000000000", "11111111111", "110"] {
            assert_eq!(phone(spelled), None, "{spelled}");
        }
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        for spelled in ["张三", " 张三 ", "张 三", "张　三", "张\u{200B}三"] {
            assert_eq!(name(spelled).as_deref(), Some("张三"), "{spelled:?}");
        }
        assert_eq!(name("John  SMITH "), name("Ｊohn Smith"));
        assert_eq!(name("买买提•阿不都"), name("买买提·阿不都"));
        for spelled in ["", " 　", "匿名", "无", "——", "***", "/"] {
            assert_eq!(name(spelled), None, "{spelled:?}");
        }
    }

    #[test]
    fn spellings_of_one_id_number_are_one() {
        for spelled in ["11010519491231002X", "11010519491231002x", "110105 19491231 002Ｘ", "110105491231002"] {
            assert_eq!(id_number(spelled).as_deref(), Some("11010519491231002X"), "{spelled}");
        }
        assert_eq!(id_number("e1234 5678").as_deref(), Some("E12345678"), "a passport stays what it is");
        assert_eq!(id_number("000000000000000000"), None);
    }
}
