//! Tells the structure of JSON, whole or broken, with its values hidden or shown by key.
//!
//! In doubt a piece is hidden: a key counts only right after `{` or `,` inside an object, a value only right after its
//! key, and both only while all that is around them may be shown.

use std::iter::Peekable;

use super::{
    Content, masked, shown,
    token::{Token, Tokens},
};

/// What stood last.
enum Last {
    /// `{` or `,`
    Opening,
    Key(Content),
    /// The colon behind a key.
    Colon(Content),
    Hidden,
    Other,
}

struct Around {
    is_object: bool,
    is_open: bool,
}

pub(super) fn tell(text: &str, told: &mut String, most_chars: usize) {
    let mut teller = Teller { told, around: Vec::new(), last: Last::Other };
    let mut tokens = Tokens::new(text).peekable();
    // Every character is at least a byte and at most four.
    while teller.told.len() <= most_chars * 4 && teller.next(&mut tokens) {}
}

struct Teller<'a> {
    told: &'a mut String,
    around: Vec<Around>,
    last: Last,
}

impl Teller<'_> {
    fn next(&mut self, tokens: &mut Peekable<Tokens<'_>>) -> bool {
        match tokens.next() {
            None => return false,
            Some(Token::Mark(mark)) => self.mark(mark),
            Some(Token::Word(word)) => self.word(word, matches!(tokens.peek(), Some(Token::Mark(',' | '}' | ']')))),
            Some(Token::Text(text)) => {
                let decoded = serde_json::from_str::<String>(text).ok();
                let is_key = tokens.peek() == Some(&Token::Mark(':')) && self.awaits_key();
                match decoded {
                    Some(key) if is_key => self.key(&key),
                    Some(value) => self.value(&value),
                    None => self.hide(text.chars().count().saturating_sub(1)),
                }
            }
        }
        true
    }

    fn awaits_key(&self) -> bool {
        matches!(self.last, Last::Opening) && self.around.last().is_some_and(|around| around.is_object)
    }

    fn is_open(&self) -> bool {
        self.around.last().is_none_or(|around| around.is_open)
    }

    fn key(&mut self, key: &str) {
        let is_plain = shown::is_plain_key(key);
        if is_plain {
            self.told.extend(["\"", key, "\""]);
        } else {
            self.told.push_str(&masked(key.chars().count()));
        }
        self.last = Last::Key(if is_plain && self.is_open() { shown::content(key) } else { Content::Hidden });
    }

    fn value(&mut self, value: &str) {
        match self.last {
            Last::Colon(content @ (Content::Code | Content::Word)) => self.told.push_str(&shown::text(value, content)),
            _ => return self.hide(value.chars().count()),
        }
        self.last = Last::Other;
    }

    /// A number counts only to its end: what is cut short, or goes on behind a space, may be part of a longer one.
    fn word(&mut self, word: &str, is_ended: bool) {
        let content = match self.last {
            Last::Colon(content) if self.is_open() => Some(content),
            _ => None,
        };
        match content {
            Some(_) if matches!(word, "true" | "false" | "null") => self.told.push_str(word),
            Some(content) if is_ended && shown::is_number(word) => self.told.push_str(&shown::number(word, content)),
            _ => return self.hide(word.chars().count()),
        }
        self.last = Last::Other;
    }

    fn hide(&mut self, chars: usize) {
        if matches!(self.last, Last::Hidden) {
            self.told.push(' ');
        }
        self.told.push_str(&masked(chars));
        self.last = Last::Hidden;
    }

    fn mark(&mut self, mark: char) {
        self.told.push(mark);
        match mark {
            '{' | '[' => {
                // The outermost, an element of a list, and what stands under a key for events or cases.
                let is_open = self.is_open()
                    && match self.last {
                        Last::Colon(content) => content == Content::Inner,
                        _ => self.around.last().is_none_or(|around| !around.is_object),
                    };
                self.around.push(Around { is_object: mark == '{', is_open });
            }
            '}' | ']' => drop(self.around.pop()),
            _ => {}
        }
        self.last = match (mark, &self.last) {
            ('{' | ',', _) => Last::Opening,
            (':', Last::Key(content)) => Last::Colon(*content),
            // A sign is a mark of its own; the number behind it is still the value.
            ('-', Last::Colon(content)) => Last::Colon(*content),
            _ => Last::Other,
        };
    }
}
