//! Counts as text.

use std::fmt::Display;

/// 1234567 as 1,234,567.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `3/4`, or `3` where there is no denominator.
pub fn counts(numerator: i64, denominator: Option<impl Display>) -> String {
    match denominator {
        Some(d) => format!("{numerator}/{d}"),
        None => numerator.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped_by_thousands() {
        let all = [0, 999, 1_000, 121_145, 1_234_567].map(grouped);
        assert_eq!(all, ["0", "999", "1,000", "121,145", "1,234,567"]);
    }
}
