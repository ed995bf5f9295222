//! Literal strings that the same event states to be personal.

use super::{Found, find::Span, view::View};
use crate::feed::privacy::{fold::fold, normalise};

pub(super) struct Known {
    letters: Vec<char>,
    found: Found,
}

/// `known` in any order; where several begin at one place the longest is meant.
pub(super) fn all(view: &View, known: &[Known]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut place = 0;
    while place < view.len() {
        let here = known.iter().filter_map(|known| known.at(view, place)).max_by_key(|span| span.to);
        spans.extend(here);
        place = here.map(|span| span.to).or_else(|| view.token_end(place)).unwrap_or(place + 1);
    }
    spans
}

impl Known {
    pub(super) fn new(literal: &str) -> Option<Self> {
        let letters: Vec<char> = literal.trim().chars().filter_map(fold).collect();
        let is_name = letters.iter().any(|letter| letter.is_alphabetic());
        let digits = letters.iter().filter(|letter| letter.is_ascii_digit()).count();
        // Two letters tell a name; four digits tell nobody, and taking them out would hide the number they are part of.
        (letters.len() >= 2 && (is_name || digits >= 5)).then(|| Self { found: kind(&letters), letters })
    }

    /// A literal does not match inside a longer word or number.
    fn at(&self, view: &View, place: usize) -> Option<Span> {
        let to = place + self.letters.len();
        let is_there = to <= view.len()
            && self.letters.iter().zip(view.slice(place, to)).all(|(ours, theirs)| ours.eq_ignore_ascii_case(theirs))
            && !is_one_run(view.before(place), view.get(place))
            && !is_one_run(view.before(to), view.get(to));
        is_there.then_some(Span { from: place, to, found: self.found })
    }
}

fn is_one_run(left: char, right: char) -> bool {
    left.is_ascii_digit() && right.is_ascii_digit() || left.is_ascii_alphabetic() && right.is_ascii_alphabetic()
}

fn kind(letters: &[char]) -> Found {
    let text: String = letters.iter().collect();
    let digits = letters.iter().filter(|letter| letter.is_ascii_digit()).count();
    let is_number = digits >= 5 && letters.iter().all(|letter| !letter.is_alphabetic() || *letter == 'X');
    match normalise::phone(&text) {
        _ if text.contains('@') => Found::Email,
        _ if is_number && digits >= 15 => Found::IdNumber,
        Some(phone) if is_number && phone.starts_with('1') => Found::Mobile,
        Some(_) if is_number => Found::Landline,
        _ if digits == 0 && letters.len() <= 12 => Found::Name,
        _ => Found::Other,
    }
}
