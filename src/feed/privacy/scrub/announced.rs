//! What is taken for personal after a word that says so. There a number may also be mistyped: without its check digit,
//! or a digit short.

use super::{
    ScrubFound,
    digits::Digits,
    number,
    view::{Span, View},
};
use crate::feed::privacy::check_digit;

/// A local number, or a mobile with a digit too few or too many.
pub(super) fn phone(view: &View, start: usize) -> Option<Span> {
    let digits = Digits::read(view, start);
    let values = digits.values();
    let local = [8, 7].into_iter().find(|count| {
        let is_local = |groups: &[usize]| matches!(groups, [_] | [3, 4] | [4, 4]);
        digits.shape(0, *count).is_some_and(|shape| is_local(shape.groups()) && !shape.is_dotted())
            && values[0] >= 2
            && !check_digit::is_recent_day(&values[..*count])
    });
    if let Some(count) = local {
        return Some(Span { from: start, to: digits.end(count), found: ScrubFound::Landline });
    }
    let count = (10..=13).find(|count| digits.shape(0, *count).is_some_and(|shape| shape.is_solid()))?;
    let is_mistyped = count != 11 && matches!(values, [1, 3..=9, ..]);
    is_mistyped.then(|| Span { from: start, to: digits.end(count), found: ScrubFound::Mobile })
}

pub(super) fn id_number(view: &View, start: usize) -> Option<Span> {
    let digits = Digits::read(view, start);
    let is_number = |count| digits.shape(0, count).is_some_and(|shape| shape.every_group_has(2));
    let to = match [18, 17, 15].into_iter().find(|count| is_number(*count))? {
        17 => number::after_x(view, digits.end(17)).unwrap_or(digits.end(17)),
        count => digits.end(count),
    };
    Some(Span { from: start, to, found: ScrubFound::IdNumber })
}

pub(super) fn card(view: &View, start: usize) -> Option<Span> {
    if number::at(view, start, start).is_some() {
        return None; // its own digits say what it is
    }
    let digits = Digits::read(view, start);
    let count =
        (12..=21).rev().find(|count| digits.shape(0, *count).is_some_and(|it| number::is_in_fours(it.groups())))?;
    Some(Span { from: start, to: digits.end(count), found: ScrubFound::BankCard })
}

/// Passports and permits: one to three letters and six to nine digits.
pub(super) fn document(view: &View, start: usize) -> Option<Span> {
    let digits = view.run_end_within(start, 4, |letter| letter.is_ascii_alphabetic());
    let to = view.run_end_within(digits, 10, |letter| letter.is_ascii_digit());
    let is_one =
        (1..=3).contains(&(digits - start)) && (6..=9).contains(&(to - digits)) && !view.get(to).is_ascii_alphabetic();
    is_one.then_some(Span { from: start, to, found: ScrubFound::Document })
}

/// At least six characters, the first a letter; or a number.
pub(super) fn wechat(view: &View, end_of_word: usize, start: usize) -> Option<Span> {
    // `通过微信12345反映` names the hotline: without `号`, `:` or `ID` a number is no account, nor is a plain word.
    let is_introduced = view.slice(end_of_word, start).iter().any(|letter| matches!(letter, '号' | ':' | 'd' | 'D'));
    // Before the whole of it is looked at: what begins otherwise may be as long as the text, and hold as many labels.
    if !view.get(start).is_ascii_alphabetic() {
        return qq(view, start).filter(|_| is_introduced);
    }
    let to = view.run_end(start, is_account);
    let id = view.slice(start, to);
    let is_id = id.len() >= 6
        && id.iter().filter(|letter| letter.is_ascii_alphanumeric()).count() >= 5 // as the glance expects
        && (is_introduced || !id.iter().all(char::is_ascii_alphabetic));
    is_id.then_some(Span { from: start, to, found: ScrubFound::Account })
}

/// Five to twelve digits.
pub(super) fn qq(view: &View, start: usize) -> Option<Span> {
    let to = view.run_end_within(start, 13, is_account);
    let is_id = (5..=12).contains(&(to - start))
        && view.slice(start, to).iter().all(char::is_ascii_digit)
        && !(view.has(start, "12345") && to - start == 5)
        && number::at(view, start, start).is_none();
    is_id.then_some(Span { from: start, to, found: ScrubFound::Account })
}

fn is_account(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}
