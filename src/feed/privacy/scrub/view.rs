//! A text as the rules read it: one plain character per place, each knowing where it stands in the original.

use std::ops::Range;

use super::ScrubFound;
use crate::feed::privacy::fold::fold;

#[cfg(test)]
thread_local! {
    /// Characters looked at, by which a test sees that scrubbing is linear.
    pub(super) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

pub(super) struct View {
    chars: Vec<char>,
    /// Where each character begins; one more for the end of the text.
    at: Vec<usize>,
}

/// Places in the view, the end not included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) found: ScrubFound,
}

impl View {
    pub(super) fn new(text: &str) -> Self {
        let guess = text.len() / 2 + 1; // Chinese text with numbers in it; a wrong guess costs one allocation
        let (mut chars, mut at) = (Vec::with_capacity(guess), Vec::with_capacity(guess + 1));
        for (place, spelled) in text.char_indices() {
            if let Some(plain) = fold(spelled) {
                chars.push(plain);
                at.push(place);
            }
        }
        at.push(text.len());
        Self { chars, at }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// Beyond the end stands NUL, which no rule looks for.
    pub(super) fn get(&self, place: usize) -> char {
        #[cfg(test)]
        LOOKS.set(LOOKS.get() + 1);
        self.chars.get(place).copied().unwrap_or('\0')
    }

    pub(super) fn before(&self, place: usize) -> char {
        place.checked_sub(1).map_or('\0', |before| self.get(before))
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &[char] {
        #[cfg(test)]
        LOOKS.set(LOOKS.get() + to - from);
        &self.chars[from..to]
    }

    pub(super) fn has(&self, place: usize, word: &str) -> bool {
        let mut at = place;
        word.chars().all(|letter| {
            at += 1;
            self.get(at - 1).eq_ignore_ascii_case(&letter)
        })
    }

    /// The end of the run that `belongs` holds for. Only where the run is then taken or passed over: whoever comes back to it at
    /// every place pays for its length each time.
    pub(super) fn run_end(&self, from: usize, belongs: impl Fn(char) -> bool) -> usize {
        self.run_end_within(from, usize::MAX, belongs)
    }

    /// The same, looking at no more than `most` characters.
    pub(super) fn run_end_within(&self, from: usize, most: usize, belongs: impl Fn(char) -> bool) -> usize {
        let limit = from.saturating_add(most).min(self.len());
        let mut end = from;
        while end < limit && belongs(self.get(end)) {
            end += 1;
        }
        end
    }

    /// After the token that an earlier scrubbing left here.
    #[inline] // asked at every character, nearly always in vain
    pub(super) fn token_end(&self, place: usize) -> Option<usize> {
        if self.get(place) == '〔' { self.after_token(place) } else { None }
    }

    fn after_token(&self, place: usize) -> Option<usize> {
        let (.., token) = ScrubFound::ALL.into_iter().find(|(.., token)| self.has(place, token))?;
        Some(place + token.chars().count())
    }

    /// Takes out what is found already; no rule looks for what then stands there.
    pub(super) fn hide(&mut self, spans: &[Span]) {
        for span in spans {
            self.chars[span.from..span.to].fill('\0');
        }
    }

    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        self.at[from]..self.at[to]
    }
}
