//! Regular expressions. A few letters can make megabytes of one, so that a mapping has room for so much and no more.

use std::collections::HashMap;

use regex_automata::meta::{Builder, Config, Regex};

use crate::document::TomlEntry;

/// Bytes of one as it is run.
const LARGEST: usize = 10 << 20;
/// Of all those of a mapping, which takes some 200 ms to make.
const ROOM: usize = 24 << 20;
/// Of its text, and of all texts the classes (`\w`, `[…]`): to read them takes time, long before it is known how large one is.
const TEXT_MAX: usize = 4_000;
const CLASSES_MAX: usize = 1_000;
/// A class costs so much more without regard to case.
const FOLDED: usize = 20;

#[derive(Debug)]
pub(super) struct Patterns {
    room: usize,
    classes: usize,
    /// That there is no room is told of the first that finds none: it follows for the others.
    is_full: bool,
    /// The same one again costs nothing.
    made: HashMap<String, Regex>,
}

enum Refused {
    Syntax(String),
    TooLarge,
    NoRoom,
}

impl Default for Patterns {
    fn default() -> Self {
        Self { room: ROOM, classes: CLASSES_MAX, is_full: false, made: HashMap::new() }
    }
}

impl Patterns {
    pub(super) fn read(&mut self, entry: &TomlEntry<'_>) -> Option<Regex> {
        let text = entry.any_text()?;
        if let Some(made) = self.made.get(text) {
            return Some(made.clone());
        }
        match self.make(text) {
            Ok(made) => {
                self.made.insert(text.to_owned(), made.clone());
                Some(made)
            }
            Err(Refused::Syntax(what)) => entry.refuse(
                format!("is not a regular expression: {what}"),
                "a character meant as itself needs a \\ before it",
            ),
            Err(Refused::TooLarge) => entry.refuse("is too large", "write fewer or smaller repetitions in it"),
            Err(Refused::NoRoom) if std::mem::replace(&mut self.is_full, true) => None,
            Err(Refused::NoRoom) => entry.refuse(
                "is too large together with the other regular expressions of the mapping",
                "write `in` with a list of values where that is enough, or smaller expressions",
            ),
        }
    }

    fn make(&mut self, text: &str) -> Result<Regex, Refused> {
        if text.len() > TEXT_MAX {
            return Err(Refused::TooLarge);
        }
        self.classes = self.classes.checked_sub(classes(text)).ok_or(Refused::NoRoom)?;
        let most = LARGEST.min(self.room);
        let made = Builder::new().configure(Config::new().nfa_size_limit(Some(most))).build(text);
        let error = match made {
            Ok(made) => {
                self.room = self.room.saturating_sub(made.memory_usage());
                return Ok(made);
            }
            Err(error) => error,
        };
        if let Some(syntax) = error.syntax_error() {
            // The first lines of the error draw where it is.
            let what = syntax.to_string();
            let last = what.lines().next_back().unwrap_or_default();
            return Err(Refused::Syntax(last.trim_start_matches("error: ").to_owned()));
        }
        // It took as long as one that is taken.
        self.room -= most;
        Err(if most == LARGEST { Refused::TooLarge } else { Refused::NoRoom })
    }
}

/// What its classes cost, of which it has so many at most. Without regard to case each letter of a class is looked for in the other.
fn classes(text: &str) -> usize {
    let escaped = text.as_bytes().windows(2).filter(|pair| pair[0] == b'\\' && b"pPwWdDsS".contains(&pair[1]));
    let count = escaped.count() + text.matches('[').count();
    count * if ignores_case(text) { FOLDED } else { 1 }
}

/// `(?i)`, alone or among other flags.
fn ignores_case(text: &str) -> bool {
    let flags = |group: &str| {
        group.chars().take_while(|letter| letter.is_ascii_alphabetic() || *letter == '-').any(|flag| flag == 'i')
    };
    text.split("(?").skip(1).any(flags)
}
