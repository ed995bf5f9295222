//! Cuts text into the pieces of JSON, whatever state it is in.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// With its quotes; the closing one is missing where the text ends first.
    Text(&'a str),
    /// Letters, digits and whatever is no ASCII: a number, `true`, or anything else without quotes.
    Word(&'a str),
    /// ASCII punctuation, the marks of JSON among it.
    Mark(char),
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.rest = self.rest.trim_start_matches(|letter: char| letter.is_ascii() && !is_seen(letter));
        let first = self.rest.chars().next()?;
        let (length, token): (usize, fn(&'a str) -> Token<'a>) = match first {
            '"' => (text_length(self.rest), Token::Text),
            letter if is_word(letter) => (word_length(self.rest), Token::Word),
            mark => {
                self.rest = &self.rest[1..]; // ASCII: one byte
                return Some(Token::Mark(mark));
            }
        };
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(token(piece))
    }
}

fn is_seen(letter: char) -> bool {
    letter.is_ascii_graphic()
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii()
}

/// A number's sign, point and exponent belong to its word.
fn word_length(text: &str) -> usize {
    text.find(|letter| !is_word(letter) && !matches!(letter, '.' | '+' | '-' | '_')).unwrap_or(text.len())
}

fn text_length(text: &str) -> usize {
    let mut is_escaped = true; // the opening quote does not close
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_broken_json_is_cut_into_its_pieces() {
        let cut = |text| Tokens::new(text).collect::<Vec<_>>();
        let (open, colon, comma) = (Token::Mark('{'), Token::Mark(':'), Token::Mark(','));
        let whole = [open, Token::Text(r#""a\"b""#), colon, Token::Word("1.5e3"), comma];
        assert_eq!(cut(r#"{ "a\"b" : 1.5e3,"#), whole);
        assert_eq!(cut("{张三:\u{0}\"李"), [open, Token::Word("张三"), colon, Token::Text("\"李")]);
        assert_eq!(cut("-1"), [Token::Mark('-'), Token::Word("1")]);
        assert_eq!(cut(r#""\"#), [Token::Text(r#""\"#)]);
    }
}
