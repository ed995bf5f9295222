//! What stands in brackets behind an event: `(due 03-09 18:00; to u1; level 3)`.

use smol_str::SmolStr;

use super::{LifeError, Setting};
use crate::domain::time::Due;

pub(super) struct Said<'a> {
    rest: Vec<&'a str>,
    setting: &'a Setting<'a>,
}

impl<'a> Said<'a> {
    pub(super) fn new(text: &'a str, setting: &'a Setting<'a>) -> Self {
        Self { rest: text.split("; ").filter(|one| !one.is_empty()).collect(), setting }
    }

    /// Was the word said?
    pub(super) fn takes(&mut self, word: &str) -> bool {
        self.take(|said| (said == word).then_some(())).is_some()
    }

    /// `u1` of `to u1`; empty where nothing was said.
    pub(super) fn value(&mut self, word: &str) -> SmolStr {
        self.maybe(word).unwrap_or_default().into()
    }

    pub(super) fn maybe(&mut self, word: &str) -> Option<&'a str> {
        self.take(|said| said.strip_prefix(word)?.strip_prefix(' '))
    }

    /// `solved` is yes, `not solved` is no.
    pub(super) fn answer(&mut self, word: &str) -> Option<bool> {
        if self.takes(word) { Some(true) } else { self.takes(&format!("not {word}")).then_some(false) }
    }

    pub(super) fn due(&mut self) -> Result<Option<Due>, LifeError> {
        let Some(text) = self.maybe("due") else { return Ok(None) };
        let at = self.setting.instant(text)?;
        Ok(Some(Due { at, is_exclusive: at.is_midnight(&self.setting.stream.zone) }))
    }

    /// All of it was understood.
    pub(super) fn finish(self, what: &str) -> Result<(), LifeError> {
        let not_said = |said: &&str| LifeError::NotSaid { what: what.to_owned(), said: (*said).to_owned() };
        self.rest.first().map_or(Ok(()), |said| Err(not_said(said)))
    }

    fn take<T>(&mut self, is: impl Fn(&'a str) -> Option<T>) -> Option<T> {
        let (place, found) = self.rest.iter().enumerate().find_map(|(place, said)| Some((place, is(said)?)))?;
        self.rest.remove(place);
        Some(found)
    }
}
