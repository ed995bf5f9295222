//! Vehicle plates: the province's character, a letter, and five characters, or six on the green plates.

use super::{
    ScrubFound, number,
    view::{Span, View},
};

pub(super) fn at(view: &View, place: usize) -> Option<Span> {
    if !is_province(view.get(place)) || !view.get(place + 1).is_ascii_alphabetic() {
        return None;
    }
    let gap = usize::from(matches!(view.get(place + 2), ' ' | '·' | '-' | '.'));
    let serial = place + 2 + gap;
    let to = serial_end(view, serial)?;
    Some(Span { from: place, to, found: ScrubFound::Plate })
}

/// Without the province, where the text says that it is a plate: `车牌A12345`.
pub(super) fn without_province(view: &View, place: usize) -> Option<Span> {
    let to = view.get(place).is_ascii_alphabetic().then(|| serial_end(view, place + 1))??;
    Some(Span { from: place, to, found: ScrubFound::Plate })
}

fn serial_end(view: &View, from: usize) -> Option<usize> {
    let end = (from..from + 7).find(|place| is_end(view, from, *place))?;
    let serial = view.slice(from, end);
    let digits = serial.iter().filter(|letter| letter.is_ascii_digit()).count();
    let is_lettered = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_ascii_alphabetic());
    match serial.len() {
        4 if digits >= 2 && is_purpose(view.get(end)) => Some(end + 1),
        5 if digits >= 3 => Some(end),
        6 if digits >= 4 && (is_lettered(serial.first()) || is_lettered(serial.last())) => Some(end),
        _ => None,
    }
}

/// A phone number may follow at once (`沪AD1234F13812345678`), but not after a digit: that would be one longer number.
fn is_end(view: &View, from: usize, place: usize) -> bool {
    !view.get(place).is_ascii_alphanumeric() || (place > from && number::at(view, place, from).is_some())
}

#[rustfmt::skip] // one letter a line says nothing
fn is_province(letter: char) -> bool {
    matches!(
        letter,
        '京' | '津' | '沪' | '渝' | '冀' | '豫' | '云' | '辽' | '黑' | '湘' | '皖' | '鲁' | '新' | '苏' | '浙' | '赣' | '鄂'
        | '桂' | '甘' | '晋' | '蒙' | '陕' | '吉' | '闽' | '贵' | '粤' | '青' | '藏' | '川' | '宁' | '琼'
    )
}

/// The last character of plates for trailers, learners, police, border traffic and consulates.
fn is_purpose(letter: char) -> bool {
    matches!(letter, '挂' | '学' | '警' | '港' | '澳' | '试' | '超' | '领' | '使')
}
