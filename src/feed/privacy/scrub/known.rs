//! Literal strings that the same event states to be personal.

use super::{
    ScrubFound,
    view::{Span, View},
};
use crate::feed::privacy::{fold::fold, normalise};

pub(super) struct Known {
    letters: Vec<char>,
    /// How much of what came last before each letter is also how all begins: by it the search never goes back in the text (Knuth,
    /// Morris, Pratt). A name may be as long as a message.
    borders: Vec<usize>,
    found: ScrubFound,
}

/// `known` in any order; where several begin at one place the longest is meant.
pub(super) fn all(view: &View, known: &[Known]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut found: Vec<_> = known.iter().map(|known| known.all(view).peekable()).collect();
    let mut place = 0;
    while place < view.len() {
        let mut here: Option<Span> = None;
        for spans in &mut found {
            while spans.next_if(|span| span.from < place).is_some() {}
            let one = spans.next_if(|span| span.from == place);
            here = [here, one].into_iter().flatten().max_by_key(|span| span.to);
        }
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
        (letters.len() >= 2 && (is_name || digits >= 5)).then(|| Self {
            found: kind(&letters),
            borders: borders(&letters),
            letters,
        })
    }

    /// Where the literal stands, overlapping places among them, each looked at in turn.
    fn all<'a>(&'a self, view: &'a View) -> impl Iterator<Item = Span> + 'a {
        let mut matched = 0;
        (0..view.len()).filter_map(move |place| {
            matched = self.matched_after(matched, view.get(place));
            let to = place + 1;
            let is_there = matched == self.letters.len();
            if is_there {
                matched = self.borders[matched - 1];
            }
            let from = to - self.letters.len().min(to);
            (is_there && self.stands_alone(view, from, to)).then_some(Span { from, to, found: self.found })
        })
    }

    /// How many of our first letters the text ends with, after one more letter.
    fn matched_after(&self, mut matched: usize, letter: char) -> usize {
        while matched > 0 && !self.letters[matched].eq_ignore_ascii_case(&letter) {
            matched = self.borders[matched - 1];
        }
        matched + usize::from(self.letters[matched].eq_ignore_ascii_case(&letter))
    }

    /// A literal does not match inside a longer word or number.
    fn stands_alone(&self, view: &View, from: usize, to: usize) -> bool {
        !is_one_run(view.before(from), view.get(from)) && !is_one_run(view.before(to), view.get(to))
    }
}

fn borders(letters: &[char]) -> Vec<usize> {
    let mut borders = vec![0; letters.len()];
    let mut border = 0;
    for place in 1..letters.len() {
        while border > 0 && !letters[border].eq_ignore_ascii_case(&letters[place]) {
            border = borders[border - 1];
        }
        border += usize::from(letters[border].eq_ignore_ascii_case(&letters[place]));
        borders[place] = border;
    }
    borders
}

fn is_one_run(left: char, right: char) -> bool {
    left.is_ascii_digit() && right.is_ascii_digit() || left.is_ascii_alphabetic() && right.is_ascii_alphabetic()
}

fn kind(letters: &[char]) -> ScrubFound {
    let text: String = letters.iter().collect();
    let digits = letters.iter().filter(|letter| letter.is_ascii_digit()).count();
    let is_number = digits >= 5 && letters.iter().all(|letter| !letter.is_alphabetic() || *letter == 'X');
    match normalise::phone(&text) {
        _ if text.contains('@') => ScrubFound::Email,
        _ if is_number && digits >= 15 => ScrubFound::IdNumber,
        Some(phone) if is_number && phone.starts_with('1') => ScrubFound::Mobile,
        Some(_) if is_number => ScrubFound::Landline,
        _ if digits == 0 && letters.len() <= 12 => ScrubFound::Name,
        _ => ScrubFound::Other,
    }
}
