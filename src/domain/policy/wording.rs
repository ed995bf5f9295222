//! A limit as a regulation words it: `2紧急工作时`, `5个工作日`, `十五个工作日`.
//!
//! Tables of limits are typed in twice, as words and as a number with a unit, and the two have been seen to differ: `2紧急工作时`
//! kept as working hours is due a night later than it says.

use crate::domain::calendar::Unit;

/// What the words call a unit; a longer name stands before one that it ends with.
const NAMES: [(&str, Unit); 14] = [
    ("紧急工作小时", Unit::UrgentHour),
    ("紧急工作时", Unit::UrgentHour),
    ("紧急工作日", Unit::UrgentDay),
    ("工作小时", Unit::WorkHour),
    ("工作时", Unit::WorkHour),
    ("工作日", Unit::WorkDay),
    ("自然日", Unit::NaturalDay),
    ("日历日", Unit::NaturalDay),
    ("小时", Unit::UrgentHour),
    ("分钟", Unit::Minute),
    ("分", Unit::Minute),
    ("天", Unit::NaturalDay),
    ("日", Unit::NaturalDay),
    ("时", Unit::UrgentHour),
];

/// The number and the unit; None where the words are not of this form.
pub fn read(text: &str) -> Option<(u32, Unit)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.strip_suffix("以内").or_else(|| text.strip_suffix('内')).unwrap_or(&text);
    let (number, unit) = NAMES.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))?;
    let number = number.strip_suffix('个').unwrap_or(number);
    let is_plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let count = if is_plain { number.parse().ok()? } else { chinese(number)? };
    Some((count, unit))
}

/// `五`, `十`, `十五`, `二十`, `三十五`.
fn chinese(text: &str) -> Option<u32> {
    let digit = |text: &str| {
        let place = "一二三四五六七八九".chars().position(|c| text == c.to_string());
        place.map(|place| place as u32 + 1).or((text == "两").then_some(2))
    };
    let Some((tens, ones)) = text.split_once('十') else { return digit(text) };
    let tens = if tens.is_empty() { 1 } else { digit(tens)? };
    let ones = if ones.is_empty() { 0 } else { digit(ones)? };
    Some(tens * 10 + ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_unit_are_read_from_the_words() {
        for (text, count, unit) in [
            ("2紧急工作时", 2, Unit::UrgentHour),
            ("8 工作时", 8, Unit::WorkHour),
            ("5个工作日内", 5, Unit::WorkDay),
            ("十五个工作日", 15, Unit::WorkDay),
            ("三十五日", 35, Unit::NaturalDay),
            ("两个紧急工作日", 2, Unit::UrgentDay),
            ("15分钟", 15, Unit::Minute),
            ("24小时以内", 24, Unit::UrgentHour),
        ] {
            assert_eq!(read(text), Some((count, unit)), "{text}");
        }
    }

    #[test]
    fn other_words_are_not_guessed_at() {
        for text in ["", "当日", "尽快", "工作日", "1.5工作时", "5 days", "+5工作日", "百个工作日"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
