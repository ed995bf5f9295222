//! Regular expressions. A few letters can make megabytes of one, so that a mapping has room for so much and no more.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use crate::document::TomlEntry;

/// Bytes of a pattern as it is run, by steps: small ones are charged little.
const SIZES: [usize; 4] = [4 << 10, 32 << 10, 256 << 10, LARGEST];
const LARGEST: usize = 2 << 20;
/// Of all the patterns of a mapping, which takes some 100 ms to make.
const SIZES_MAX: usize = 6 * LARGEST;

#[derive(Debug)]
pub(super) struct Patterns {
    left: usize,
    /// The same one again costs nothing.
    made: HashMap<String, Regex>,
}

impl Default for Patterns {
    fn default() -> Self {
        Self { left: SIZES_MAX, made: HashMap::new() }
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
            Err(Some(regex::Error::Syntax(what))) => {
                // The first lines of the error draw where it is.
                let what = what.lines().next_back().unwrap_or_default().trim_start_matches("error: ").to_owned();
                entry.refuse(
                    format!("is not a regular expression: {what}"),
                    "a character meant as itself needs a \\ before it",
                )
            }
            Err(Some(_)) => entry.refuse("is too large", "write fewer or smaller repetitions in it"),
            Err(None) => entry.refuse(
                "is too large together with the regular expressions before it",
                "write `in` with a list of values where that is enough, or smaller expressions",
            ),
        }
    }

    /// None: there is no room left.
    fn make(&mut self, text: &str) -> Result<Regex, Option<regex::Error>> {
        let mut refused = None;
        for size in SIZES {
            if size > self.left {
                self.left = 0; // or each that follows would be tried as far as it fits
                return Err(None);
            }
            match RegexBuilder::new(text).size_limit(size).build() {
                Err(too_large @ regex::Error::CompiledTooBig(_)) => refused = Some(too_large),
                made => {
                    self.left -= size;
                    return made.map_err(Some);
                }
            }
        }
        self.left -= LARGEST;
        Err(refused)
    }
}
