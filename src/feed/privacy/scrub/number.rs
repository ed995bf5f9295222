//! Numbers that are told by their own digits: phones, ID numbers, bank cards. A number is matched only where its groups
//! of digits begin and end, so what is part of a longer number is left alone.

use super::{
    ScrubFound,
    digits::Digits,
    view::{Span, View},
};
use crate::feed::privacy::check_digit;

/// The number that begins at a place. Nothing before `floor` is touched or counts: it is found already.
#[inline] // asked at every character, nearly always in vain
pub(super) fn at(view: &View, place: usize, floor: usize) -> Option<Span> {
    if !view.get(place).is_ascii_digit() || (place > floor && view.before(place).is_ascii_digit()) {
        return None;
    }
    with_surroundings(view, place, floor)
}

fn with_surroundings(view: &View, place: usize, floor: usize) -> Option<Span> {
    let (found, end) = by_digits(view, place, floor)?;
    let extension = match found {
        ScrubFound::Mobile => called_extension(view, end),
        ScrubFound::Landline => called_extension(view, end).or_else(|| dashed_extension(view, end)),
        _ => None,
    };
    Some(Span { from: with_opening(view, place, end, floor), to: extension.unwrap_or(end), found })
}

fn by_digits(view: &View, place: usize, floor: usize) -> Option<(ScrubFound, usize)> {
    let digits = Digits::read(view, place);
    id_number(view, &digits)
        .or_else(|| mobile(view, &digits, place, floor))
        .or_else(|| landline(view, &digits, place, floor))
        .or_else(|| card(&digits))
}

fn id_number(view: &View, digits: &Digits) -> Option<(ScrubFound, usize)> {
    let values = digits.values();
    let is_one = |from_digits: &[u8], groups: &[usize]| {
        check_digit::is_id_18(from_digits) && groups.len() <= 6 && groups.iter().all(|length| *length >= 2)
    };
    if let Some(shape) = digits.shape(0, 18)
        && is_one(&values[..18], shape.groups())
    {
        return Some((ScrubFound::IdNumber, digits.end(18)));
    }
    if let Some(shape) = digits.shape(0, 17)
        && let Some(end) = after_x(view, digits.end(17))
        && is_one(&[&values[..17], &[10]].concat(), shape.groups())
    {
        return Some((ScrubFound::IdNumber, end));
    }
    let is_old = digits.shape(0, 15)?.is_solid() && check_digit::is_id_15(&values[..15]);
    // Codes of towns' cells look like numbers of people born before 1921, who are too few to matter.
    (is_old && (values[6], values[7]) > (2, 0)).then(|| (ScrubFound::IdNumber, digits.end(15)))
}

/// After the `X` that closes an ID number.
pub(super) fn after_x(view: &View, place: usize) -> Option<usize> {
    let closes = view.get(place).eq_ignore_ascii_case(&'x') && !view.get(place + 1).is_ascii_alphabetic();
    closes.then_some(place + 1)
}

/// 11 digits, also in two or three groups, in pairs or one by one, also behind a country code.
fn mobile(view: &View, digits: &Digits, place: usize, floor: usize) -> Option<(ScrubFound, usize)> {
    let values = digits.values();
    let prefix = [&[][..], &[0], &[8, 6], &[0, 0, 8, 6]].into_iter().find(|prefix| {
        values.strip_prefix(*prefix).is_some_and(|rest| matches!(rest, [1, 3..=9, ..]))
            && (prefix.len() != 1 || !digits.begins(1)) // a lone 0 before a number is not part of it
    })?;
    let shape = digits.shape(prefix.len(), prefix.len() + 11)?;
    let is_spelled_so = match shape.groups() {
        [11] => true,
        [3, 4, 4] if shape.is_dotted() => true,
        // Part of a code with dashes, such as 2021-138-1234-5678.
        _ if shape.is_dotted() || tied_digits(view, place, floor) >= 4 => false,
        [3, 2, 2, 2, 2] | [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] => true,
        groups => groups.len() <= 3 && shape.every_group_has(3),
    };
    is_spelled_so.then(|| (ScrubFound::Mobile, digits.end(prefix.len() + 11)))
}

/// Area code and 7 or 8 digits.
fn landline(view: &View, digits: &Digits, place: usize, floor: usize) -> Option<(ScrubFound, usize)> {
    let values = digits.values();
    let abroad = match values {
        [0, 0, 8, 6, ..] => 4,
        [8, 6, ..] if view.before(place) == '+' || digits.begins(2) => 2,
        _ => 0,
    };
    let area = area_code(&values[abroad..], abroad > 0)?;
    let (local, shape) =
        [8, 7].into_iter().find_map(|local| Some((local, digits.shape(abroad, abroad + area + local)?)))?;
    let is_spelled_so = match *shape.groups() {
        [_] => true,
        _ if shape.is_dotted() || tied_digits(view, place, floor) > 0 => false,
        [first, _] => first == area,
        [first, second, 4] => first == area && second + 4 == local,
        _ => false,
    };
    is_spelled_so.then(|| (ScrubFound::Landline, digits.end(abroad + area + local)))
}

/// The length of the area code: 010, 02x, and four digits from 031x on. A third digit 0 is rare among area codes and
/// common among days of the year (0306).
fn area_code(values: &[u8], abroad: bool) -> Option<usize> {
    let zero = match values {
        [0, ..] => 1,
        _ if abroad => 0,
        _ => return None,
    };
    match values[zero..] {
        [1, 0, ..] | [2, ..] => Some(zero + 2),
        [7, 0, 1, ..] | [9, 0, _, ..] => Some(zero + 3),
        [3..=9, 1..=9, _, ..] => Some(zero + 3),
        _ => None,
    }
}

fn card(digits: &Digits) -> Option<(ScrubFound, usize)> {
    let count = (16..=19).rev().find(|count| {
        digits.shape(0, *count).is_some_and(|shape| is_in_fours(shape.groups()))
            && check_digit::is_card(&digits.values()[..*count])
    })?;
    Some((ScrubFound::BankCard, digits.end(count)))
}

/// Solid, or in fours as printed on a card, the last group with what is left.
pub(super) fn is_in_fours(groups: &[usize]) -> bool {
    groups.split_last().is_some_and(|(_, printed)| printed.iter().all(|length| *length == 4))
}

/// How many digits a dash ties to the number from the left.
fn tied_digits(view: &View, place: usize, floor: usize) -> usize {
    if !matches!(view.before(place), '-' | '_') {
        return 0;
    }
    (floor..place - 1).rev().take(4).take_while(|before| view.get(*before).is_ascii_digit()).count()
}

/// `转801`, `转分机 801`, `ext. 801`
fn called_extension(view: &View, end: usize) -> Option<usize> {
    let words = ["转分机号", "转分机", "转", "分机号", "分机", "ext"];
    let start = view.run_end(end, |letter| matches!(letter, ' ' | ',' | '('));
    let word = words.into_iter().find(|word| view.has(start, word))?;
    let number = view.run_end(start + word.chars().count(), |letter| matches!(letter, ' ' | ':' | '.' | '-'));
    short_number(view, number)
}

/// `-801`, but not the year of `-2021-03-06`
fn dashed_extension(view: &View, end: usize) -> Option<usize> {
    if view.get(end) != '-' {
        return None;
    }
    let after = short_number(view, end + 1)?;
    (!matches!(view.get(after), '-' | '_') || !view.get(after + 1).is_ascii_digit()).then_some(after)
}

/// Up to six digits that do not begin a number of their own.
fn short_number(view: &View, from: usize) -> Option<usize> {
    let end = view.run_end(from, |letter| letter.is_ascii_digit());
    ((1..=6).contains(&(end - from)) && by_digits(view, from, from).is_none()).then_some(end)
}

/// `+` and an opening bracket belong to the number that follows.
fn with_opening(view: &View, place: usize, end: usize, floor: usize) -> usize {
    let mut from = place;
    if from > floor && view.before(from) == '+' {
        from -= 1;
    }
    let brackets = |bracket| view.slice(from, end).iter().filter(|letter| **letter == bracket).count();
    if from > floor && view.before(from) == '(' && brackets(')') > brackets('(') {
        from -= 1;
    }
    from
}
