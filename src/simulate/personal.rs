//! Personal data that nobody has: names that say so, born in 1900, numbers of one dummy block. Well formed,
//! check digits included, so that what must be found in a text can be found.

use smol_str::{SmolStr, format_smolstr};

const SURNAMES: [&str; 16] =
    ["张", "王", "李", "赵", "陈", "刘", "杨", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"];
const GIVEN: [&str; 8] = ["测试", "示例", "样例", "演示", "虚构", "假名", "试用", "样本"];

pub fn name(person: u32) -> SmolStr {
    let (surname, given) = (SURNAMES[person as usize % 16], GIVEN[person as usize / 16 % 8]);
    format_smolstr!("{surname}{given}")
}

pub fn mobile(person: u32) -> SmolStr {
    format_smolstr!("1380000{:04}", person % 10_000)
}

pub fn landline(person: u32) -> SmolStr {
    format_smolstr!("021-5550{:04}", person % 10_000)
}

pub fn plate(person: u32) -> SmolStr {
    format_smolstr!("沪A{:05}", person % 1_000)
}

/// An ID number (GB 11643) of somebody born in 1900.
pub fn id_number(person: u32) -> SmolStr {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (month, day) = (person % 12 + 1, person / 12 % 28 + 1);
    let body = format_smolstr!("3101131900{month:02}{day:02}{:03}", person % 1_000);
    let sum: u32 = digits(&body).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    format_smolstr!("{body}{}", b"10X98765432"[sum as usize % 11] as char)
}

/// A card number of 19 digits with its Luhn digit.
pub fn bank_card(person: u32) -> SmolStr {
    let body = format_smolstr!("6222000000{:08}", person % 100_000_000);
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = (0..).zip(digits(&body)).map(|(nth, digit)| if nth % 2 == 1 { doubled(digit) } else { digit }).sum();
    format_smolstr!("{body}{}", (10 - sum % 10) % 10)
}

fn digits(text: &str) -> impl Iterator<Item = u32> {
    text.bytes().map(|byte| u32::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_right_length_and_check_digits() {
        assert_eq!((mobile(7).len(), id_number(7).len(), bank_card(7).len()), (11, 18, 19));
        for person in 0..300 {
            let id = id_number(person);
            let value = |byte: u8| if byte == b'X' { 10 } else { u32::from(byte - b'0') };
            // ISO 7064 MOD 11-2: read from the left, doubling, the whole leaves 1.
            let left = id.bytes().fold(0, |left, byte| (left * 2 + value(byte)) % 11);
            assert_eq!(left, 1, "{id}");
            let luhn: u32 = bank_card(person)
                .bytes()
                .rev()
                .enumerate()
                .map(|(nth, byte)| u32::from(byte - b'0') * if nth % 2 == 1 { 2 } else { 1 })
                .map(|n| n / 10 + n % 10)
                .sum();
            assert_eq!(luhn % 10, 0, "{}", bank_card(person));
        }
    }
}
