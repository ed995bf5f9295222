//! The words after which a number or an account is personal: `电话：65432109`, `微信号 abc_123`.

use super::{
    announced, plate,
    view::{Span, View},
};

#[derive(Clone, Copy)]
enum Rule {
    Phone,
    IdNumber,
    Card,
    Document,
    Plate,
    WeChat,
    Qq,
}

const LABELS: [(&str, Rule); 31] = [
    ("电话", Rule::Phone),
    ("座机", Rule::Phone),
    ("固话", Rule::Phone),
    ("手机", Rule::Phone),
    ("联系方式", Rule::Phone),
    ("联系号码", Rule::Phone),
    ("来电号码", Rule::Phone),
    ("传真", Rule::Phone),
    ("致电", Rule::Phone),
    ("拨打", Rule::Phone),
    ("tel", Rule::Phone),
    ("phone", Rule::Phone),
    ("身份证", Rule::IdNumber),
    ("证件号", Rule::IdNumber),
    ("银行卡", Rule::Card),
    ("银行账", Rule::Card),
    ("卡号", Rule::Card),
    ("护照", Rule::Document),
    ("通行证", Rule::Document),
    ("回乡证", Rule::Document),
    ("台胞证", Rule::Document),
    ("车牌", Rule::Plate),
    ("牌照", Rule::Plate),
    ("微信", Rule::WeChat),
    ("v信", Rule::WeChat),
    ("weixin", Rule::WeChat),
    ("wechat", Rule::WeChat),
    ("vx", Rule::WeChat),
    ("wx", Rule::WeChat),
    ("qq", Rule::Qq),
    ("扣扣", Rule::Qq),
];

/// What the word at a place announces. What stands before `floor` is found already and no part of the word.
#[inline] // asked at every character, nearly always in vain
pub(super) fn after(view: &View, place: usize, floor: usize) -> Option<Span> {
    if may_begin(view.get(place)) { announced_by(view, place, floor) } else { None }
}

fn announced_by(view: &View, place: usize, floor: usize) -> Option<Span> {
    let is_inside_word = place > floor && view.get(place).is_ascii() && view.before(place).is_ascii_alphanumeric();
    let (word, rule) = LABELS.into_iter().find(|(word, _)| !is_inside_word && view.has(place, word))?;
    let end = place + word.chars().count();
    let start = after_filler(view, end);
    let runs_on = word.is_ascii() && start == end && view.get(end).is_ascii_alphabetic(); // `television`
    if runs_on {
        return None;
    }
    match rule {
        Rule::Phone => announced::phone(view, start),
        Rule::IdNumber => announced::id_number(view, start).or_else(|| announced::document(view, start)),
        Rule::Card => announced::card(view, start),
        Rule::Document => announced::document(view, start),
        Rule::Plate => plate::without_province(view, start),
        Rule::WeChat if is_any_label(view, start) => None, // `微信（wechat）`
        Rule::WeChat => announced::wechat(view, end, start),
        Rule::Qq => announced::qq(view, start),
    }
}

fn is_any_label(view: &View, place: usize) -> bool {
    LABELS.iter().any(|(word, _)| {
        let end = place + word.chars().count();
        view.has(place, word) && !view.get(end).is_ascii_alphanumeric() && !matches!(view.get(end), '_' | '-')
    })
}

#[rustfmt::skip] // one letter a line says nothing
fn may_begin(letter: char) -> bool {
    matches!(
        letter,
        '电' | '座' | '固' | '手' | '联' | '来' | '传' | '致' | '拨' | '身' | '证' | '银' | '卡' | '护' | '通' | '回' | '台'
        | '车' | '牌' | '微' | '扣' | 't' | 'T' | 'p' | 'P' | 'v' | 'V' | 'w' | 'W' | 'q' | 'Q'
    )
}

fn after_filler(view: &View, from: usize) -> usize {
    let is_filler = |letter| "号码是为账帐户群:, (=.-#\"“'‘[【".contains(letter);
    let end = view.run_end_within(from, 8, is_filler);
    let says_id = view.has(end, "id") && !view.get(end + 2).is_ascii_alphanumeric();
    if says_id { view.run_end_within(end + 2, 8, is_filler) } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_passes_the_first_look() {
        for (word, _) in LABELS {
            for first in [word.chars().next().unwrap(), word.chars().next().unwrap().to_ascii_uppercase()] {
                assert!(may_begin(first), "{word}");
            }
        }
    }
}
